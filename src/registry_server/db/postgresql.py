"""PostgreSQL: one writer at a time, as on SQLite, over all processes and machines that share the database.

The lock is an advisory one of the transaction, so it goes with the commit, the rollback or the connection, whatever became of the process.
Its queue is first come, first served. Behind it a transaction sees all that is committed (READ COMMITTED takes a snapshot per statement, so
none is older than the lock); readers have one snapshot (REPEATABLE READ, read only) and wait for nobody. See docs/adr/0023-one-writer.md.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from packspec.errors import PackError
from registry_server.db.faults import DatabaseBusy, DatabaseGone, WrongEncoding
from registry_server.durable import NoSpace

LOCKS = 0x7061636B
"""The first half of our advisory locks' names: "pack". The second says what is locked."""
WRITER = 0
STATEMENT_SECONDS = 30
"""Longest time of one statement of a request; none of ours comes near it."""
IDLE_SECONDS = 60
"""A process that stands still inside a write transaction for so long loses it, and the lock with it."""

_TAKE = sa.text("SELECT pg_advisory_xact_lock(:locks, :place)")
_TIME = sa.text("SELECT floor(extract(epoch FROM clock_timestamp()))::bigint")
_SESSION = (
    "SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false),"
    " set_config('idle_in_transaction_session_timeout', %s, false), set_config('TimeZone', 'UTC', false),"
    # an answered write survives power loss; what is stricter (replicas that must have it, too) stays
    " CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END"
)


class PostgreSQL:
    """How a PostgreSQL database is opened, begun, and understood."""

    def __init__(self, wait_seconds: int) -> None:
        self._wait_seconds = wait_seconds

    def prepare(self, engine: Engine, read_only: bool) -> None:
        """Sets up every connection of `engine`."""
        sa.event.listen(engine, "connect", self._session(read_only))
        if read_only:
            engine.dialect.statement_compiler = _WithoutLocks

    def begin_reading(self, connection: Connection) -> sa.RootTransaction:
        """A snapshot."""
        return connection.begin()

    def begin(self, connection: Connection) -> sa.RootTransaction:
        """A write transaction that is the only one."""
        transaction = connection.begin()
        self.take_turn(connection, WRITER)
        return transaction

    def before_migrating(self, connection: Connection) -> None:
        """A migration may take as long as it takes. Raises WrongEncoding."""
        with connection.begin():
            found = str(connection.scalar(sa.text("SHOW server_encoding")))
            if found != "UTF8":
                raise WrongEncoding(found)
            connection.execute(sa.text("SET statement_timeout = 0"))

    def after_migrating(self, connection: Connection) -> None:
        """The connection is as it was."""
        with connection.begin():
            connection.execute(sa.text(f"SET statement_timeout = '{STATEMENT_SECONDS}s'"))

    def check_migrated(self, connection: Connection) -> None:
        """PostgreSQL checks references all the time."""

    def take_turn(self, connection: Connection, place: int) -> None:
        """Waits until nobody else is at `place`, and is there until the transaction ends."""
        connection.execute(_TAKE, {"locks": LOCKS, "place": place})

    def time(self, connection: Connection) -> int | None:
        """The database's time, seconds since the epoch: the same for every process that uses it."""
        return int(connection.execute(_TIME).scalar_one())

    def meaning(self, error: DBAPIError, snapshot: bool) -> PackError | None:
        """What the driver's error is to us; None for a mistake of ours, or a constraint, which only a room's store can read."""
        reason = " ".join(str(error.orig).split())
        state = getattr(error.orig, "sqlstate", None) or ""
        if state in _BUSY:
            return DatabaseBusy(self._wait_seconds)
        if state in _FULL and not snapshot:
            return NoSpace("database", _FULL[state])  # the server's own words name its files
        if isinstance(error, OperationalError | InterfaceError):
            return DatabaseGone(reason)
        return None

    def _session(self, read_only: bool) -> Callable[[Any, object], None]:
        def prepare(driver: Any, record: object) -> None:
            from psycopg import IsolationLevel

            driver.autocommit = True
            idle = 0 if read_only else IDLE_SECONDS
            driver.execute(_SESSION, (f"{self._wait_seconds}s", f"{STATEMENT_SECONDS}s", f"{idle}s"))
            driver.autocommit = False
            driver.isolation_level = IsolationLevel.REPEATABLE_READ if read_only else IsolationLevel.READ_COMMITTED
            driver.read_only = True if read_only else None  # whether it takes writes, its operator says

        return prepare


_BUSY = {"55P03", "57014", "40001", "40P01", "53300"}
"""A lock, a statement or a place for a connection was waited for in vain; two transactions were in each other's way."""
_FULL = {"53100": "the disk of its database is full", "25006": "its database is read-only"}
"""The disk is full; the database is a standby, or its operator said so."""


class _WithoutLocks(PGCompiler_psycopg):
    """Leaves FOR UPDATE out: a snapshot changes nothing, and PostgreSQL refuses to lock a row in it. SQLite never says it at all."""

    def for_update_clause(self, select: Any, **options: Any) -> str:
        """Nothing."""
        return ""
