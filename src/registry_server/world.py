"""World: everything outside the process that the server touches, in one value. Tests exchange it; nothing else is global."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TextIO

from sqlalchemy import Connection

from packspec.errors import Conflict, Damaged
from registry_server.blobs import Blobs, FolderBlobs
from registry_server.db.engine import Database
from registry_server.db.sqlite import sqlite_url
from registry_server.durable import Disk, Watch, unwatched
from registry_server.logs import Log
from registry_server.memory import Memory
from registry_server.public import FolderPublic, Public
from registry_server.settings import Settings
from registry_server.signer import OnlineKeys
from registry_server.staging import Staging

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class DataInUse(Conflict):
    """Another process has the data folder open."""

    folder: str
    option: str = "--data"

    code = "registry.data-in-use"

    def what(self) -> str:
        return f"another registry-server uses {self.folder}"

    def why(self) -> str:
        return "one process writes a data folder at a time, so that log and static side have one order"

    def fix(self) -> list[str]:
        return [f"stop the other process, or choose another folder with {self.option}"]


class FolderUnusable(Damaged):
    """The data folder cannot be made, or not be written."""

    folder: str
    reason: str
    option: str = "--data"

    code = "registry.folder-unusable"

    def what(self) -> str:
        return f"{self.folder} cannot be used as the folder of {self.option}"

    def facts(self) -> dict[str, str]:
        return {"system": self.reason}

    def why(self) -> str:
        return "a registry writes its database, keys and packs there, a witness its key and what it signed"

    def fix(self) -> list[str]:
        return [f"make it writable for this user, or choose another folder with {self.option}"]


@dataclass(frozen=True)
class DataFolder:
    """Where things are below the data folder. The offline root keys are never there."""

    root: Path
    option: str = "--data"
    """What names it on the command line."""

    @property
    def database(self) -> Path:
        """The SQLite file, where that is the database."""
        return self.root / "registry.sqlite3"

    @property
    def blobs(self) -> Path:
        """Private bytes by digest."""
        return self.root / "blobs"

    @property
    def public(self) -> Path:
        """The static side, for nginx or a CDN."""
        return self.root / "public"

    @property
    def staging(self) -> Path:
        """Uploads under way."""
        return self.root / "staging"

    @property
    def keys(self) -> Path:
        """The online keys."""
        return self.root / "keys"

    @contextmanager
    def hold(self, shared: bool = False) -> Iterator[None]:
        """Keeps other processes out until the end, or with `shared` those that want it for themselves; the kernel lets go when one dies.

        Raises DataInUse, FolderUnusable.
        """
        with self._opened("lock") as lock:
            if fcntl is not None:
                try:
                    fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
                except OSError as error:
                    raise DataInUse(str(self.root), self.option) from error
            yield

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """Lets one process at a time make what is missing; the others wait, and find it made. Raises FolderUnusable."""
        with self._opened("begin.lock") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _opened(self, name: str) -> IO[bytes]:
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            return (self.root / name).open("a+b")
        except OSError as error:
            raise FolderUnusable(str(self.root), error.strerror or str(error), self.option) from error

    def free_bytes(self) -> int:
        """Bytes that the disk can still take."""
        return shutil.disk_usage(self.root).free


@dataclass
class World:
    """What a call may reach. `now` gives seconds since the epoch, UTC; `randomness` gives that many unpredictable bytes."""

    settings: Settings
    folder: DataFolder
    database: Database
    blobs: Blobs
    public: Public
    staging: Staging
    disk: Disk
    log: Log
    now: Callable[[], int]
    randomness: Callable[[int], bytes]
    signer: OnlineKeys | None = None
    """The online keys; None until they are read from the data folder."""
    goes_by_database: bool = False
    """Whether the time of a transaction is the database's rather than `now`; a test moves its own clock."""
    witnessed: dict[str, int] = field(default_factory=dict)
    """How many entries of the log each witness signed for last, by address, as far as this process knows."""
    memory: Memory = field(default_factory=Memory)
    """What rooms remember as long as this process lives."""

    @property
    def online(self) -> OnlineKeys:
        """The online keys, read when they are first wanted, and again where another process changed them. Raises KeyUnreadable."""
        if self.signer is None or not self.signer.is_of_now(self.folder.keys):
            self.signer = OnlineKeys.read(self.folder.keys)
        return self.signer

    def time_in(self, db: Connection) -> int:
        """The time of a transaction: the database's, where several machines share one, so that no end depends on who is asked."""
        return (self.database.time(db) if self.goes_by_database else None) or self.now()

    def close(self) -> None:
        """Lets go of the database."""
        self.database.close()


@dataclass(frozen=True)
class Surroundings:
    """What a process brings along: clock, randomness, where the log goes, and who watches writes."""

    now: Callable[[], int]
    randomness: Callable[[int], bytes]
    log_to: TextIO
    before: Watch = unwatched
    goes_by_database: bool = False


def open_world(settings: Settings, surroundings: Surroundings) -> World:
    """The world of a server in service, on the folder that the settings name. Nothing is created or changed."""
    folder = DataFolder(Path(settings.server.data).absolute())
    disk = Disk(surroundings.before)
    url = settings.database.url.reveal() or sqlite_url(folder.database)
    blobs = FolderBlobs(folder.blobs, disk)
    return World(
        settings=settings,
        folder=folder,
        database=Database(url, settings.database, surroundings.before),
        blobs=blobs,
        public=FolderPublic(folder.public, disk),
        staging=Staging(folder.staging, disk, blobs, settings.publish),
        disk=disk,
        log=Log(surroundings.log_to, surroundings.now),
        now=surroundings.now,
        randomness=surroundings.randomness,
        goes_by_database=surroundings.goes_by_database,
    )
