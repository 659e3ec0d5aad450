"""The two doors to the database: `reading()`, a read-only snapshot, and `writing()`, one write transaction at a time.

So it is on both databases (`sqlite`, `postgresql`), and a room does not know which it is on. Writers of this process queue, and share
commits (`writers`); other processes are waited for as long as the settings say, then `DatabaseBusy`. Driver errors become ours here and
nowhere else; `IntegrityError` passes, because only a room's store knows which rule a constraint stands for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from packspec.errors import PackError
from registry_server.db.faults import DatabaseBusy
from registry_server.db.sqlite import Sqlite
from registry_server.db.writers import Writers
from registry_server.durable import Watch, unwatched
from registry_server.settings import DatabaseSettings

STATIC_SIDE = 1
"""A place for one process at a time: `Database.turn`."""


class Brand(Protocol):
    """What differs from database to database."""

    def prepare(self, engine: Engine, read_only: bool) -> None: ...

    def begin_reading(self, connection: Connection) -> sa.RootTransaction: ...

    def begin(self, connection: Connection) -> sa.RootTransaction: ...

    def before_migrating(self, connection: Connection) -> None: ...

    def check_migrated(self, connection: Connection) -> None: ...

    def after_migrating(self, connection: Connection) -> None: ...

    def take_turn(self, connection: Connection, place: int) -> None: ...

    def time(self, connection: Connection) -> int | None: ...

    def meaning(self, error: DBAPIError, snapshot: bool) -> PackError | None: ...


class Database:
    """A database with its two doors."""

    def __init__(self, url: str, settings: DatabaseSettings, before: Watch = unwatched) -> None:
        self._settings = settings
        self._before = before
        self.is_sqlite = url.startswith("sqlite")
        self._brand = _brand_of(url, settings.wait_seconds)
        self._writer = self._engine(url, connections=1, read_only=False)
        self._reader = self._engine(url, connections=settings.readers, read_only=True)
        self.writers = Writers(self._begin, self._commit, settings.wait_seconds)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot: everything read inside it is of one moment. Writing fails. Raises DatabaseBusy or DatabaseGone."""
        with self._wall(snapshot=True), self._reader.connect() as connection, self._brand.begin_reading(connection):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction: stored whole at the end, or not at all if anything is raised. Raises DatabaseBusy, DatabaseGone, NoSpace."""
        with self._wall(), self.writers.turn() as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A write transaction in which tables may be rebuilt: foreign keys are checked at its end instead of during it."""
        with self._wall(), self._writer.connect() as connection:
            self._brand.before_migrating(connection)
            try:
                with self._brand.begin(connection):
                    yield connection
                    self._brand.check_migrated(connection)
                    self._before("commit", "database")
            finally:
                self._brand.after_migrating(connection)

    @contextmanager
    def turn(self, place: int) -> Iterator[None]:
        """Being the only process of all that share the database at `place`. Writers go on: it is another lock than theirs."""
        if self.is_sqlite:  # one process writes such a registry
            yield
            return
        with self._wall(snapshot=True), self._reader.connect() as connection, connection.begin():
            self._brand.take_turn(connection, place)
            yield

    def time(self, connection: Connection) -> int | None:
        """The database's own time, for a database that several machines may use; None where this machine's is as good."""
        return self._brand.time(connection)

    def close(self) -> None:
        """Closes all connections."""
        self._reader.dispose()
        self._writer.dispose()

    def _begin(self) -> Connection:
        connection = self._writer.connect()
        try:
            self._before("begin", "database")
            self._brand.begin(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _commit(self, connection: Connection) -> None:
        self._before("commit", "database")
        connection.commit()

    def _engine(self, url: str, connections: int, read_only: bool) -> Engine:
        engine = sa.create_engine(
            url if self.is_sqlite else f"postgresql+psycopg://{url.partition('://')[2]}",
            poolclass=QueuePool,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=self._settings.wait_seconds,
            pool_pre_ping=not self.is_sqlite,  # after a restart of the database the first request finds a dead connection
            connect_args={} if self.is_sqlite else self._over_the_network(),
        )
        self._brand.prepare(engine, read_only)
        return engine

    def _over_the_network(self) -> dict[str, object]:
        """A machine that went away without a word is noticed within a minute."""
        keepalives = {"keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3}
        return {"connect_timeout": self._settings.wait_seconds, "application_name": "registry-server", **keepalives}

    @contextmanager
    def _wall(self, snapshot: bool = False) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:
            raise DatabaseBusy(self._settings.wait_seconds) from error
        except DBAPIError as error:
            meaning = self._brand.meaning(error, snapshot)
            if meaning is None:
                raise
            raise meaning from error


def _brand_of(url: str, wait_seconds: int) -> Brand:
    if url.startswith("sqlite"):
        return Sqlite(wait_seconds)
    from registry_server.db.postgresql import PostgreSQL  # its dialect takes a while to load

    return PostgreSQL(wait_seconds)
