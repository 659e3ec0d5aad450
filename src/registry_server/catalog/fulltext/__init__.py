"""Full-text search: the one place where databases differ. `sqlite` uses FTS5, `postgresql` its text vectors; both have the same functions.

The table `pack_text` is made by a migration and is no table of `db.meta`, because it is another thing on every database. What a person
types is words, never a database's own query language; the last word may be the beginning of one. Case and accents do not count.
"""

from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import Connection


class FullText(Protocol):
    """What each of the modules can do."""

    def keep(self, db: Connection, pack_id: int, texts: dict[str, str]) -> None:
        """Makes a pack findable by `texts`, one per column, and by nothing that was said of it before."""
        ...

    def forget(self, db: Connection, pack_id: int) -> None:
        """Makes a pack unfindable."""
        ...

    def matching(self, text: str) -> sa.Subquery | None:
        """The packs with every word of `text`, as `pack_id` and `rank` (the lower the better); None if there is no word in it."""
        ...

    def matched(self, db: Connection, text: str, pack_ids: Sequence[int]) -> dict[int, list[str]]:
        """In which columns words of `text` occur, by pack, what weighs most first."""
        ...


def of(db: Connection) -> FullText:
    """The full-text search of this database."""
    if db.dialect.name == "sqlite":
        from registry_server.catalog.fulltext import sqlite

        return sqlite
    from registry_server.catalog.fulltext import postgresql

    return postgresql
