"""Which project: the nearest pack.toml in the start folder or above it, or the workspace that names it; its pack.lock, and what both say.

Everything above a folder counts, whoever wrote it, because a project's file can only add to its user's demands (docs/spec/project.md).
"""

from pathlib import Path

from msgspec import Struct

from packctl.members import member_bytes
from packctl.places import PACK_TOML, find_up, project_root
from packspec import limits
from packspec.errors import Damaged, NotFound, Where
from packspec.lockfile import FILE, Lock, LockMissing, parse_lock
from packspec.lockfile.parse import LOCK_BYTES
from packspec.manifest import Manifest, parse_manifest
from packspec.project import Project, parse_project
from packspec.workspace import file_of, with_members


class NoProject(NotFound):
    """There is no pack.toml in the folder or above it."""

    folder: str

    code = "project.not-found"

    def what(self) -> str:
        return f"no {PACK_TOML} in {self.folder} or above it"

    def why(self) -> str:
        return "this command works on a project, which is a folder with a pack.toml"

    def fix(self) -> list[str]:
        return ["packctl init", "or name the folder: packctl -C DIR ..."]


class Unreadable(Damaged):
    """A file of the project is there and cannot be read."""

    path: str
    reason: str

    code = "project.unreadable"

    def what(self) -> str:
        return f"{self.path} cannot be read"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "the system does not let packctl read it"

    def fix(self) -> list[str]:
        return ["make it a file that you can read"]

    def where(self) -> Where:
        return Where(self.path)


class Place(Struct, frozen=True):
    """Where a project lies: the folder that holds its pack.toml. Only names; nothing has been read."""

    folder: Path
    member: str = ""
    """The member of the workspace that a command was started in, relative and with slashes; empty: the project itself."""

    @property
    def file(self) -> str:
        """The pack.toml of the folder that a command was started in, as a path in the project."""
        return file_of(self.member)

    @property
    def manifest(self) -> Path:
        """Its pack.toml."""
        return self.folder / PACK_TOML

    @property
    def lock(self) -> Path:
        """Its pack.lock, whether it is there or not."""
        return self.folder / FILE

    def manifest_bytes(self) -> bytes:
        """The bytes of pack.toml, up to one more than may be read. Raises NoProject, Unreadable."""
        data = _read(self.manifest, limits.MANIFEST_BYTES)
        if data is None:
            raise NoProject(str(self.folder))
        return data

    def lock_bytes(self) -> bytes | None:
        """The bytes of pack.lock; None if there is none. Raises Unreadable."""
        return _read(self.lock, LOCK_BYTES)

    def read_project(self) -> Project:
        """What pack.toml wants, and those of the workspace's members. Raises ManifestFaults, LoosensTrust, NoProject, Unreadable,
        NoMember, TooManyFolders.
        """
        project = parse_project(self.manifest_bytes())
        return with_members(project, member_bytes(self.folder, project))

    def read_manifest(self) -> Manifest:
        """What pack.toml says about the pack in this folder. Raises ManifestFaults, NoProject, Unreadable."""
        return parse_manifest(self.manifest_bytes(), strict=True)

    def read_lock(self) -> Lock | None:
        """What was chosen; None if there is no pack.lock. Raises LockBroken, LockTooNew, Unreadable."""
        data = self.lock_bytes()
        return None if data is None else parse_lock(data)

    def require_lock(self) -> Lock:
        """As `read_lock`, where there must be one. Raises LockMissing too."""
        lock = self.read_lock()
        if lock is None:
            raise LockMissing
        return lock


def find_project(start: Path) -> Place:
    """The project that `start`, an absolute folder, lies in; for a member of a workspace, the workspace. Raises NoProject."""
    found, nearest = project_root(start), find_up(start, PACK_TOML)
    if found is None or nearest is None:
        raise NoProject(str(start))
    member = nearest.parent.relative_to(found.parent).as_posix()
    return Place(found.parent, "" if member == "." else member)


def find_nearest(start: Path) -> Place:
    """The nearest folder with a pack.toml, whatever workspace it belongs to: for what is about that one pack. Raises NoProject."""
    found = find_up(start, PACK_TOML)
    if found is None:
        raise NoProject(str(start))
    return Place(found.parent)


def _read(path: Path, limit: int) -> bytes | None:
    """At most one byte more than `limit`: the parser says that it is too large, and nobody reads a disk full."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(str(path), error.strerror or type(error).__name__) from error
