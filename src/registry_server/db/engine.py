"""The two doors to the database: `reading()`, a read-only snapshot, and `writing()`, one write transaction at a time.

On SQLite: WAL, `synchronous=FULL` (an answered write survives power loss), foreign keys, and `BEGIN IMMEDIATE` for writes, because a read
that turns into a write fails at once whatever the busy timeout. Writers of this process queue for one connection; against other processes
the wait is bounded, then `DatabaseBusy`. Driver errors become ours here and nowhere else; `IntegrityError` passes, because only a
room's store knows which rule a constraint stands for.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from packspec.errors import Unavailable
from registry_server.durable import NoSpace, Watch, unwatched
from registry_server.settings import DatabaseSettings


class DatabaseBusy(Unavailable):
    """Another writer kept the database longer than a request waits."""

    waited_seconds: int

    code = "registry.database-busy"
    retry_after_seconds = 2

    def what(self) -> str:
        return "the registry is busy with other writes"

    def facts(self) -> dict[str, str]:
        return {"waited": f"{self.waited_seconds} s"}

    def why(self) -> str:
        return "nothing was changed"

    def fix(self) -> list[str]:
        return ["try again in a few seconds"]


class DatabaseGone(Unavailable):
    """The database cannot be reached or read."""

    reason: str

    code = "registry.database-gone"
    retry_after_seconds = 10

    def what(self) -> str:
        return "the registry cannot use its database now"

    def operator_facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "downloads do not need it and go on"

    def fix(self) -> list[str]:
        return ["try again later; if it stays, tell the registry's admin"]


def sqlite_url(path: Path) -> str:
    """The SQLAlchemy address of a SQLite file."""
    return sa.URL.create("sqlite", database=str(path)).render_as_string()


class Database:
    """A database with its two doors."""

    def __init__(self, url: str, settings: DatabaseSettings, before: Watch = unwatched) -> None:
        self._settings = settings
        self._before = before
        self._writer = self._engine(url, connections=1, read_only=False)
        self._reader = self._engine(url, connections=settings.readers, read_only=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether rows are in a SQLite file."""
        return self._writer.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot: everything read inside it is of one moment. Writing fails. Raises DatabaseBusy or DatabaseGone."""
        with self._wall(snapshot=True), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction: stored whole at the end, or not at all if anything is raised. Raises DatabaseBusy, DatabaseGone, NoSpace."""
        with self._wall(), self._writer.connect() as connection:
            self._before("begin", "database")
            transaction = self._begin(connection)
            with transaction:
                yield connection
                self._before("commit", "database")

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A write transaction in which tables may be rebuilt: foreign keys are checked at its end instead of during it."""
        with self._wall(), self._writer.connect() as connection:
            if self.is_sqlite:
                _pragma(connection, "foreign_keys=OFF")
            try:
                with self._begin(connection):
                    yield connection
                    if self.is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                        raise RuntimeError(f"a migration broke a foreign key of table {broken[0]}")
                    self._before("commit", "database")
            finally:
                if self.is_sqlite:
                    _pragma(connection, "foreign_keys=ON")

    def close(self) -> None:
        """Closes all connections."""
        self._reader.dispose()
        self._writer.dispose()

    def _begin(self, connection: Connection) -> sa.RootTransaction:
        deadline = time.monotonic() + self._settings.wait_seconds
        while True:
            try:
                return connection.begin()
            except OperationalError as error:
                if not _is_locked(error) or time.monotonic() > deadline:
                    raise

    def _engine(self, url: str, connections: int, read_only: bool) -> Engine:
        engine = sa.create_engine(
            url,
            poolclass=QueuePool,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=self._settings.wait_seconds,
        )
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _prepare_sqlite(read_only))
            sa.event.listen(engine, "begin", _begin_sqlite("BEGIN" if read_only else "BEGIN IMMEDIATE"))
        return engine

    @contextmanager
    def _wall(self, snapshot: bool = False) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:
            raise DatabaseBusy(self._settings.wait_seconds) from error
        except OperationalError as error:
            reason = str(error.orig)
            if _is_locked(error):
                raise DatabaseBusy(self._settings.wait_seconds) from error
            if "disk is full" in reason or ("readonly database" in reason and not snapshot):
                raise NoSpace("database", reason) from error
            if any(words in reason for words in _OUR_FAULT):
                raise
            raise DatabaseGone(reason) from error
        except DatabaseError as error:
            if type(error) is not DatabaseError:
                raise  # a constraint, which only a room's store can read, or a mistake of ours
            raise DatabaseGone(str(error.orig)) from error  # damaged, or no database at all


_OUR_FAULT = ("no such table", "no such column", "has no column", "syntax error", "readonly database", "no such module")
"""Reasons that are mistakes in our statements: they stay what they are and are answered as our fault."""


def _is_locked(error: OperationalError) -> bool:
    name = getattr(error.orig, "sqlite_errorname", "")
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _prepare_sqlite(read_only: bool) -> Callable[[sqlite3.Connection, object], None]:
    def prepare(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; _begin_sqlite does
        for pragma in (
            "busy_timeout=250",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    return prepare


def _begin_sqlite(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin


def _pragma(connection: Connection, pragma: str) -> None:
    """Sets a pragma outside any transaction, where alone this one has an effect."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute(f"PRAGMA {pragma}")
