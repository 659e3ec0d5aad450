"""The project that is verified: what was interrupted is ended, lock and state are read, and its large files are begun (V1).

Loads nothing that judges signatures, so that the files are being hashed while that is loaded.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from packctl.install.apply import recover
from packctl.project.find import Place, find_project
from packctl.project.state import InstallState
from packctl.session import Session
from packctl.verify.ahead import Ahead
from packspec.errors import NotFound
from packspec.lockfile import Lock
from packspec.names import PackName


class NotInLock(NotFound):
    """A pack was named that the project's lock does not have."""

    pack: str

    code = "project.not-in-lock"

    def what(self) -> str:
        return f"{self.pack} is not in pack.lock"

    def why(self) -> str:
        return "verify looks at what the project has locked, by its full name"

    def fix(self) -> list[str]:
        return ["packctl list", f"packctl add {self.pack}"]


class Opened(Struct, frozen=True):
    """A project that was read. `packs` is the folder that its packs lie in, `folder` its name in the project, with slashes."""

    place: Place
    packs: Path
    folder: str
    lock: Lock
    state: InstallState
    ahead: Ahead


@contextmanager
def open_project(session: Session, names: Collection[PackName]) -> Iterator[Opened]:
    """The project of this folder; the large files of `names` (empty: of all packs) are being hashed until it is left.

    Raises NoProject, LockMissing, LockBroken, NotInLock, StateBroken, DiskFailed.
    """
    place, folder = find_project(session.folder), str(session.rules.install.dir)
    packs = place.folder / folder
    recover(place.folder, folder)
    lock = place.require_lock()
    for name in sorted(names):
        if lock.find(name) is None:
            raise NotInLock(name)
    state = InstallState.load(packs)
    with Ahead() as ahead:
        ahead.begin(packs, state, names)
        yield Opened(place, packs, packs.relative_to(place.folder).as_posix(), lock, state, ahead)
