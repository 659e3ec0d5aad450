"""SQL that was compiled once in a process serves every registry in it.

SQLAlchemy keeps compiled statements with an engine, and a test has an engine of its own: compiling took a quarter of the time of a registry
that does little. All engines on SQLite files speak the same dialect, so one memory does for all.
"""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Compiled
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Compiled] = LRUCache(2000)


def share() -> None:
    """From here on every new engine on SQLite uses the one memory."""
    create = sa.create_engine

    def sharing(*given: Any, **options: Any) -> sa.Engine:
        engine: sa.Engine = create(*given, **options)
        if type(engine.dialect) is SQLiteDialect_pysqlite:
            engine._compiled_cache = _COMPILED
        return engine

    for_good = pytest.MonkeyPatch()
    for_good.setattr(sa, "create_engine", sharing)
    for_good.setattr(SQLiteDialect_pysqlite, "__eq__", lambda one, other: type(one) is type(other))
    for_good.setattr(SQLiteDialect_pysqlite, "__hash__", lambda one: hash(type(one)))
