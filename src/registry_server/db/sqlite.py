"""SQLite: WAL, `synchronous=FULL` (an answered write survives power loss), foreign keys, and `BEGIN IMMEDIATE` for writes, because a read
that turns into a write fails at once whatever the busy timeout."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from packspec.errors import PackError
from registry_server.db.faults import DatabaseBusy, DatabaseGone
from registry_server.durable import NoSpace


def sqlite_url(path: Path) -> str:
    """The SQLAlchemy address of a SQLite file."""
    return sa.URL.create("sqlite", database=str(path)).render_as_string()


class Sqlite:
    """How a SQLite file is opened, begun, and understood."""

    def __init__(self, wait_seconds: int) -> None:
        self._wait_seconds = wait_seconds

    def prepare(self, engine: Engine, read_only: bool) -> None:
        """Sets up every connection of `engine`."""
        sa.event.listen(engine, "connect", _pragmas(read_only))

    def begin_reading(self, connection: Connection) -> sa.RootTransaction:
        """A snapshot."""
        return _begun(connection, "BEGIN")

    def begin(self, connection: Connection) -> sa.RootTransaction:
        """A write transaction. Writers of other processes are waited for, in slices short enough for a signal to come through."""
        deadline = time.monotonic() + self._wait_seconds
        while True:
            try:
                return _begun(connection, "BEGIN IMMEDIATE")
            except OperationalError as error:
                if not _is_locked(error) or time.monotonic() > deadline:
                    raise

    def before_migrating(self, connection: Connection) -> None:
        """Tables are rebuilt by making new ones: foreign keys are looked at in the end."""
        _pragma(connection, "foreign_keys=OFF")

    def after_migrating(self, connection: Connection) -> None:
        """The connection is as it was."""
        _pragma(connection, "foreign_keys=ON")

    def check_migrated(self, connection: Connection) -> None:
        """Raises RuntimeError if the transaction would leave a reference to nothing."""
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError(f"a migration broke a foreign key of table {broken[0]}")

    def take_turn(self, connection: Connection, place: int) -> None:
        """One process writes a SQLite registry, so there is nobody to take turns with."""

    def time(self, connection: Connection) -> int | None:
        """The file has no clock of its own: the machine's is as good."""
        return None

    def meaning(self, error: DBAPIError, snapshot: bool) -> PackError | None:
        """What the driver's error is to us; None for a mistake of ours, or a constraint, which only a room's store can read."""
        reason = str(error.orig)
        if not isinstance(error, OperationalError):
            # exactly this class: damaged, or no database at all
            return DatabaseGone(reason) if type(error) is DatabaseError else None
        if _is_locked(error):
            return DatabaseBusy(self._wait_seconds)
        if "disk is full" in reason or ("readonly database" in reason and not snapshot):
            return NoSpace("database", reason)
        if any(words in reason for words in _OUR_FAULT):
            return None
        return DatabaseGone(reason)


_OUR_FAULT = ("no such table", "no such column", "has no column", "syntax error", "readonly database", "no such module")
"""Reasons that are mistakes in our statements: they stay what they are and are answered as our fault."""


def _is_locked(error: OperationalError) -> bool:
    name = getattr(error.orig, "sqlite_errorname", "")
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _pragmas(read_only: bool) -> Callable[[sqlite3.Connection, object], None]:
    def prepare(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; _begin does
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


def _begun(connection: Connection, statement: str) -> sa.RootTransaction:
    """A transaction, begun here and not by a listener: with one, SQLAlchemy announces every statement, which takes a fifth of its time."""
    transaction = connection.begin()
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError:
        transaction.close()
        raise
    return transaction


def _pragma(connection: Connection, pragma: str) -> None:
    """Sets a pragma outside any transaction, where alone this one has an effect."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute(f"PRAGMA {pragma}")
