"""Search by PostgreSQL's text vectors, one per column for the rank and one of them all, which has the index.

Texts are cut into words here, not by a text search configuration of the server: so the words are those that FTS5 would see, and no server
says it otherwise. A word that is compared holds letters and digits alone, so none can be read as an operator.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR

from registry_server.catalog.fulltext.words import COLUMNS, words

_WORD = re.compile(r"[^\W_]+")
_WORD_CHARACTERS = 200
"""A longer run of letters is no word; PostgreSQL takes none above 2 KB."""
_TEXT_WORDS = 20_000
"""More different words of one text are not findable: a vector holds 1 MB."""

_TSQUERY: sa.types.TypeEngine[object] = TSQUERY()  # type: ignore[assignment]  # it says of itself that it is a text
_TABLE = sa.table("pack_text", sa.column("pack_id"), *(sa.column(name, TSVECTOR) for name in (*COLUMNS, "everything")))


def keep(db: Connection, pack_id: int, texts: dict[str, str]) -> None:
    """Makes a pack findable by `texts`, one per column, and by nothing that was said of it before."""
    forget(db, pack_id)
    found = {name: list(dict.fromkeys(_plain(text)))[:_TEXT_WORDS] for name, text in texts.items()}
    everything = list(dict.fromkeys(word for of_column in found.values() for word in of_column))[:_TEXT_WORDS]
    vectors = {name: _vector(of_column) for name, of_column in {**found, "everything": everything}.items()}
    db.execute(_TABLE.insert().values(pack_id=pack_id, **vectors))


def forget(db: Connection, pack_id: int) -> None:
    """Makes a pack unfindable."""
    db.execute(_TABLE.delete().where(_TABLE.c.pack_id == pack_id))


def matching(text: str) -> sa.Subquery | None:
    """The packs with every word of `text`, as `pack_id` and `rank` (the lower the better); None if there is no word in it."""
    query = _query(text, " & ")
    if query is None:
        return None
    any_word = _query(text, " | ")
    weights = [weight * sa.func.ts_rank(_TABLE.c[name], any_word) for name, weight in COLUMNS.items()]
    rank = sa.literal(0.0) - sum(weights[1:], weights[0])
    found = sa.select(_TABLE.c.pack_id, rank.label("rank"))
    return found.where(_TABLE.c.everything.op("@@")(query)).subquery("found")


def matched(db: Connection, text: str, pack_ids: Sequence[int]) -> dict[int, list[str]]:
    """In which of `COLUMNS` words of `text` occur, by pack, what weighs most first."""
    query = _query(text, " | ")
    if query is None or not pack_ids:
        return {}
    hits = [_TABLE.c[name].op("@@")(query).label(name) for name in COLUMNS]
    rows = db.execute(sa.select(_TABLE.c.pack_id, *hits).where(_TABLE.c.pack_id.in_(pack_ids)))
    return {row.pack_id: [name for name in COLUMNS if getattr(row, name)] for row in rows}


def _plain(text: str) -> Iterable[str]:
    """The words of a text without case and accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return (word[:_WORD_CHARACTERS] for word in _WORD.findall(bare))


def _vector(found: list[str]) -> sa.ColumnElement[object]:
    return sa.func.array_to_tsvector(sa.cast(sa.literal(found, ARRAY(sa.Text)), ARRAY(sa.Text)))


def _query(text: str, between: str) -> sa.ColumnElement[object] | None:
    """The words of `text`, joined by an operator; None if there are none."""
    found = [word for typed in words(text) for word in _plain(typed)]
    if not found:
        return None
    query: sa.Cast[object] = sa.cast(
        between.join([*(f"'{word}'" for word in found[:-1]), f"'{found[-1]}':*"]), _TSQUERY
    )
    return query
