"""The static side: files that anybody may fetch, at the paths of `packspec.site`, ready for nginx or a CDN.

Only immutable or signed files are written here. An immutable file is written once; writing other bytes to its path is our bug and refused.
What changes (the TUF timestamp, the checkpoint) is replaced in one step. Paths are relative, with `/`.
"""

import threading
from pathlib import Path
from typing import Protocol

from packspec.digests import Digest
from packspec.errors import Bug
from registry_server.blobs import BlobMissing, Blobs, FolderBlobs
from registry_server.durable import Disk, Watch, unwatched
from registry_server.sources import BlobSource, FileSource, MemorySource, chunks_of, whole


class ImmutableChanged(Bug):
    """Other bytes were to be written where a file stands that never changes."""

    path: str

    code = "registry.immutable-changed"

    def what(self) -> str:
        return f"the static file {self.path} already has other content"


class BadPublicPath(Bug):
    """A path outside the static side. Paths come from `packspec.site` alone."""

    path: str

    code = "registry.bad-public-path"

    def what(self) -> str:
        return f"not a path of the static side: {self.path!r}"


class Public(Protocol):
    """The static side. Every write is on the disk when it returns."""

    def write(self, path: str, data: bytes) -> None:
        """Writes an immutable file; the same bytes again are fine. Raises ImmutableChanged."""
        ...

    def replace(self, path: str, data: bytes) -> None:
        """Writes a file that may change, in one step: readers see the old or the new one."""
        ...

    def place(self, path: str, blobs: Blobs, digest: Digest) -> None:
        """Shows a blob at its immutable path, without copying it where links work. Raises BlobMissing."""
        ...

    def read(self, path: str) -> bytes | None:
        """The bytes of a small file; None if there is none."""
        ...

    def open(self, path: str) -> BlobSource | None:
        """A file to be read in pieces; the caller closes. None if there is none."""
        ...

    def remove(self, path: str) -> None:
        """Takes a file away; a missing one is fine."""
        ...

    def paths(self, prefix: str = "") -> list[str]:
        """The paths of all files that begin with `prefix`, sorted."""
        ...


def is_path(path: str) -> bool:
    """Whether every part of `path` is an ordinary name, so that it can be one of the static side."""
    parts = path.split("/")
    return not any(
        part in ("", ".", "..") or part.startswith(".new-") or "\\" in part or "\0" in part for part in parts
    )


def check_path(path: str) -> None:
    """Raises BadPublicPath unless `path` can be one of the static side."""
    if not is_path(path):
        raise BadPublicPath(path)


class FolderPublic:
    """The static side as a folder, world-readable so that a web server under another user can serve it."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._root = root
        self._disk = disk

    def write(self, path: str, data: bytes) -> None:
        """Writes an immutable file; the same bytes again are fine. Raises ImmutableChanged."""
        there = self.read(path)
        if there == data:
            return
        if there is not None:
            raise ImmutableChanged(path)
        self.replace(path, data)

    def replace(self, path: str, data: bytes) -> None:
        """Writes a file that may change, in one step."""
        target = self._path(path)
        self._disk.make_folder(target.parent, 0o755)
        self._disk.write(target, [data], mode=0o644)

    def place(self, path: str, blobs: Blobs, digest: Digest) -> None:
        """Shows a blob at its immutable path: a link where both are folders on one file system, else a copy. Raises BlobMissing."""
        target = self._path(path)
        if target.is_file():
            return
        if not blobs.has(digest):
            raise BlobMissing(digest)
        self._disk.make_folder(target.parent, 0o755)
        if isinstance(blobs, FolderBlobs):
            blobs.path(digest).chmod(0o644)  # both names are one file; its folder keeps the private name private
            if self._disk.link(blobs.path(digest), target):
                return
        with blobs.open(digest) as source:
            self._disk.write(target, chunks_of(source), mode=0o644)

    def read(self, path: str) -> bytes | None:
        """The bytes of a small file; None if there is none."""
        try:
            return self._path(path).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def open(self, path: str) -> BlobSource | None:
        """A file to be read in pieces; the caller closes. None if there is none."""
        target = self._path(path)
        try:
            return FileSource(target) if target.is_file() else None
        except (FileNotFoundError, NotADirectoryError):
            return None

    def remove(self, path: str) -> None:
        """Takes a file away; a missing one is fine."""
        self._disk.remove(self._path(path))

    def paths(self, prefix: str = "") -> list[str]:
        """The paths of all files that begin with `prefix`, sorted."""
        found = (file.relative_to(self._root).as_posix() for file in self._root.rglob("*") if file.is_file())
        return sorted(path for path in found if path.startswith(prefix) and "/.new-" not in f"/{path}")

    def _path(self, path: str) -> Path:
        check_path(path)
        return self._root.joinpath(*path.split("/"))


class MemoryPublic:
    """The static side in memory, for tests. `before` is told of every change, as a disk would be."""

    def __init__(self, before: Watch = unwatched) -> None:
        self._files: dict[str, bytes] = {}
        self._before = before
        self._lock = threading.Lock()

    def write(self, path: str, data: bytes) -> None:
        """Writes an immutable file; the same bytes again are fine. Raises ImmutableChanged."""
        there = self.read(path)
        if there is not None and there != data:
            raise ImmutableChanged(path)
        if there is None:
            self.replace(path, data)

    def replace(self, path: str, data: bytes) -> None:
        """Writes a file that may change."""
        check_path(path)
        self._before("rename", path)
        with self._lock:
            self._files[path] = data

    def place(self, path: str, blobs: Blobs, digest: Digest) -> None:
        """Shows a blob at its immutable path. Raises BlobMissing."""
        if self.read(path) is None:
            self.replace(path, whole(blobs.open(digest)))

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None if there is none."""
        check_path(path)
        return self._files.get(path)

    def open(self, path: str) -> BlobSource | None:
        """A file to be read in pieces; None if there is none."""
        data = self.read(path)
        return None if data is None else MemorySource(data)

    def remove(self, path: str) -> None:
        """Takes a file away; a missing one is fine."""
        check_path(path)
        self._before("remove", path)
        with self._lock:
            self._files.pop(path, None)

    def paths(self, prefix: str = "") -> list[str]:
        """The paths of all files that begin with `prefix`, sorted."""
        with self._lock:
            return sorted(path for path in self._files if path.startswith(prefix))
