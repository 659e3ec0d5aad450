"""SQL that was compiled once in a process serves every registry in it.

SQLAlchemy keeps compiled statements with an engine, and a test has an engine of its own: compiling took a quarter of the time of a registry
that does little. All engines on SQLite files speak the same dialect, so one memory does for all.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[object, object] = LRUCache(2000)


def share() -> None:
    """From here on every new engine on SQLite uses the one memory."""
    create = sa.create_engine

    def sharing(*given: object, **options: object) -> sa.Engine:
        engine = create(*given, **options)
        if type(engine.dialect) is SQLiteDialect_pysqlite:
            engine._compiled_cache = _COMPILED
        return engine

    sa.create_engine = sharing
    SQLiteDialect_pysqlite.__eq__ = lambda one, other: type(one) is type(other)
    SQLiteDialect_pysqlite.__hash__ = lambda one: hash(type(one))
