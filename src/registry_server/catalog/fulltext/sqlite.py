"""Search by SQLite's FTS5.

Each word goes in as a quoted string, so operators, columns and stars in it are text, and the tokenizer splits it as it split what it is
compared with.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from registry_server.catalog.fulltext.words import COLUMNS, words

_TABLE = sa.table("pack_text", sa.column("rowid"), *(sa.column(name) for name in COLUMNS))
# The table's name as an expression is what MATCH and bm25 take; both are SQLite's.
_MARK = "\x01"
"""What no text of a pack holds, to find where something was marked."""
_ITSELF: sa.ColumnElement[str] = sa.literal_column("pack_text")


def keep(db: Connection, pack_id: int, texts: dict[str, str]) -> None:
    """Makes a pack findable by `texts`, one per column, and by nothing that was said of it before."""
    forget(db, pack_id)
    db.execute(_TABLE.insert(), {"rowid": pack_id, **texts})


def forget(db: Connection, pack_id: int) -> None:
    """Makes a pack unfindable."""
    db.execute(_TABLE.delete().where(_TABLE.c.rowid == pack_id))


def matching(text: str) -> sa.Subquery | None:
    """The packs with every word of `text`, as `pack_id` and `rank` (the lower the better); None if there is no word in it."""
    query = _query(text)
    if not query:
        return None
    rank = sa.func.bm25(_ITSELF, *COLUMNS.values())
    found = sa.select(_TABLE.c.rowid.label("pack_id"), rank.label("rank"))
    return found.where(_ITSELF.op("MATCH")(query)).subquery("found")


def matched(db: Connection, text: str, pack_ids: Sequence[int]) -> dict[int, list[str]]:
    """In which of `COLUMNS` words of `text` occur, by pack, what weighs most first: where FTS5 itself would mark them."""
    query = _query(text)
    if not query or not pack_ids:
        return {}
    marks = [sa.func.highlight(_ITSELF, number, _MARK, _MARK).label(name) for number, name in enumerate(COLUMNS)]
    wanted = sa.select(_TABLE.c.rowid.label("pack_id"), *marks)
    rows = db.execute(wanted.where(_ITSELF.op("MATCH")(query), _TABLE.c.rowid.in_(pack_ids)))
    return {row.pack_id: [name for name in COLUMNS if _MARK in (getattr(row, name) or "")] for row in rows}


def _query(text: str) -> str:
    """The words of `text` as FTS5 takes them; empty if there are none."""
    quoted = ['"' + word.replace('"', '""') + '"' for word in words(text)]
    if not quoted:
        return ""
    quoted[-1] += "*"
    return " ".join(quoted)
