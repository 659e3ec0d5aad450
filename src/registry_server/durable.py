"""The one module that writes what must survive: files and folders with their fsyncs, in the order that makes a crash harmless.

Every operation is announced to `before` first, so a test can count them and end the process ahead of the n-th
(tests/support/kill.py). A file appears under its name complete or not at all: write, fsync, rename, fsync the folder.
"""

import errno
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from packspec.errors import Unavailable

Watch = Callable[[str, str], None]
"""Called with the name and the object of an operation, before it is done."""


def unwatched(operation: str, target: str) -> None:
    """The watch of a server in service: nobody counts."""


class NoSpace(Unavailable):
    """The disk is full, or may not be written."""

    target: str
    reason: str

    code = "registry.no-space"
    retry_after_seconds = 60

    def what(self) -> str:
        return f"the registry cannot store anything now: {self.reason}"

    def why(self) -> str:
        return "nothing was changed; reading goes on"

    def fix(self) -> list[str]:
        return ["try again later; if it stays, tell the registry's admin"]


_FULL = {errno.ENOSPC: "its disk is full", errno.EDQUOT: "its quota is used up", errno.EROFS: "its disk is read-only"}


class Disk:
    """Durable file operations below one watch. Paths are absolute; modes are 0600 and 0700 unless a file is public."""

    def __init__(self, before: Watch = unwatched) -> None:
        self.before = before

    def make_folder(self, path: Path, mode: int = 0o700) -> None:
        """Makes `path` and what is missing above it, each synced into its parent. An existing folder is left as it is."""
        if path.is_dir():
            return
        self.make_folder(path.parent, mode)
        self._tell("mkdir", path)
        with self._wall(path):
            try:
                path.mkdir(mode=mode)
            except FileExistsError:
                return
            self._sync_folder(path.parent)

    def write(self, path: Path, chunks: Iterable[bytes], mode: int = 0o600) -> None:
        """Puts the bytes of `chunks` at `path`, whatever was there. What `chunks` raises leaves `path` as it was."""
        with self.new_file(path.parent, mode) as file:
            for chunk in chunks:
                file.write(chunk)
            file.finish(path)

    @contextmanager
    def new_file(self, folder: Path, mode: int = 0o600) -> Iterator["NewFile"]:
        """A file without a name yet, in `folder`. Unless `finish` gives it one, it is gone at the end."""
        self.make_folder(folder)
        self._tell("create", folder)
        with self._wall(folder):
            descriptor, name = tempfile.mkstemp(prefix=".new-", dir=folder)
            if mode != 0o600:
                os.fchmod(descriptor, mode)
        file = NewFile(self, descriptor, Path(name))
        try:
            yield file
        finally:
            file.drop()

    def append(self, path: Path, offset: int, chunk: bytes) -> None:
        """Writes `chunk` at `offset`, which is the file's end. Not synced: `sync` does that once, at the end."""
        self._tell("append", path)
        with self._wall(path):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            try:
                _write_all(descriptor, chunk, offset)
            finally:
                os.close(descriptor)

    def sync(self, path: Path) -> None:
        """Forces the bytes of `path` to the disk."""
        self._tell("fsync", path)
        with self._wall(path):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Gives a synced file its name; an existing file of that name is replaced in one step."""
        self.make_folder(target.parent)
        self._tell("rename", target)
        with self._wall(target):
            source.replace(target)
            self._sync_folder(target.parent)

    def link(self, source: Path, target: Path) -> bool:
        """Gives a file a second name; whether the file system can. An existing `target` is left as it is."""
        self.make_folder(target.parent)
        self._tell("link", target)
        try:
            os.link(source, target)
        except FileExistsError:
            return True
        except OSError as error:
            if error.errno in _FULL:
                raise NoSpace(target.name, _FULL[error.errno]) from error
            return False
        self._sync_folder(target.parent)
        return True

    def remove(self, path: Path) -> None:
        """Takes a file away; a missing one is fine."""
        self._tell("remove", path)
        path.unlink(missing_ok=True)

    def _tell(self, operation: str, path: Path) -> None:
        self.before(operation, str(path))

    @contextmanager
    def _wall(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise NoSpace(path.name, _FULL[error.errno]) from error

    def _sync_folder(self, folder: Path) -> None:
        self._tell("fsync-folder", folder)
        if os.name == "nt":  # a folder cannot be opened there; NTFS journals names itself
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class NewFile:
    """A file that has no name yet."""

    def __init__(self, disk: Disk, descriptor: int, path: Path) -> None:
        self._disk = disk
        self._descriptor = descriptor
        self._path: Path | None = path
        self._size = 0

    def write(self, chunk: bytes) -> None:
        """Adds bytes at the end."""
        assert self._path is not None
        self._disk.before("write", str(self._path))
        with self._disk._wall(self._path):
            _write_all(self._descriptor, chunk, self._size)
        self._size += len(chunk)

    def finish(self, target: Path) -> None:
        """Syncs the bytes and gives the file its name."""
        assert self._path is not None
        self._disk.before("fsync", str(target))
        with self._disk._wall(target):
            os.fsync(self._descriptor)
        self._close()
        self._disk.rename(self._path, target)
        self._path = None

    def drop(self) -> None:
        """Closes the file, and removes it if it never got a name."""
        self._close()
        if self._path is not None:
            self._disk.remove(self._path)
            self._path = None

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _write_all(descriptor: int, chunk: bytes, offset: int) -> None:
    left = memoryview(chunk)
    while left:
        written = os.pwrite(descriptor, left, offset)
        offset += written
        left = left[written:]
