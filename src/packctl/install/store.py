"""The content store: every file of every pack once, under its digest, shared by all projects of a user (docs/spec/install-state.md).

A file enters whole and hashed, or not at all; each process that uses it hashes it again, so damage is noticed and never linked. No fsync
here: what a power cut leaves half written fails that check and is fetched again. Two processes may fill the store at once: each writes in
a lane of its own and renames, and the same digest means the same bytes.
"""

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from msgspec import Struct, field

from packctl.durable import DiskFailed, Folder, What
from packctl.install.incoming import Expected, Incoming
from packctl.install.lane import Lane
from packctl.install.link import Link
from packctl.install.place import Entry, NotInStore, Placed, Placing
from packctl.install.vouched import Vouched, is_right, is_still, look_ahead
from packspec.digests import Digest
from packspec.tree import TreeEntry

__all__ = ["FILES", "NotInStore", "Placed", "Store"]

FILES = "files"
DAMAGED = "damaged"


class Store(Struct):
    """The store in one folder. `close` it, or use it in a `with`. Safe for threads."""

    folder: Folder
    _files: Folder | None = None
    _shelves: dict[str, Folder] = field(default_factory=dict)
    _lane: Lane | None = None
    _lock: Lock = field(default_factory=Lock)
    _placing: Placing = field(default_factory=Placing)
    vouched: Vouched = field(default_factory=Vouched)
    """What was hashed for this object, and written or seen since."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Opens the store at `path`, making it if there is none."""
        return cls(Folder.open(path, create=True, mode=0o700))

    def has(self, digest: Digest) -> bool:
        """Whether an entry of that digest is there. It may be damaged; whoever uses it finds out."""
        shelf = self._shelf(digest, create=False)
        return shelf is not None and shelf.what(digest) is What.FILE

    def __contains__(self, digest: object) -> bool:
        return isinstance(digest, Digest) and self.has(digest)

    def missing(self, entries: Iterable[TreeEntry]) -> tuple[TreeEntry, ...]:
        """The files of `entries` that must be fetched; of several with one content the first."""
        wanted = {entry.sha256: entry for entry in reversed(list(entries)) if entry.sha256 not in self}
        return tuple(reversed(wanted.values()))

    def put(self, digest: Digest, size: int, chunks: Iterable[bytes], path: str) -> None:
        """Takes a file in. `path` names it in errors. Raises WrongContent, and then nothing is left; DiskFailed.

        A file that is there already is replaced by the same bytes, which also heals a damaged one.
        """
        with self.incoming(digest, size, path) as file:
            for chunk in chunks:
                file.write(chunk)
            file.finish()

    def read(self, digest: Digest, ceiling_bytes: int) -> bytes | None:
        """The bytes of a small file; None if it is not there. One that is damaged is set aside and counts as missing."""
        shelf = self._shelf(digest, create=False)
        if shelf is None or shelf.what(digest) is None:
            return None
        try:
            data = shelf.read(digest, ceiling_bytes)
        except DiskFailed:
            data = b""
        if Digest.of(data).same(digest):
            return data
        self._set_aside(shelf, digest)
        return None

    def incoming(self, digest: Digest, size: int, path: str) -> Incoming:
        """The same, piece by piece: `write`, then `finish`, in a `with` that removes what was not finished. Raises as `put`."""
        lane = self._own_lane()

        def accept(name: str, written: os.stat_result) -> None:
            shelf = self._shelf(digest, create=True)
            assert shelf is not None
            lane.folder.rename(name, shelf, digest)
            status = shelf.stat(digest)
            if status is not None and is_still(status, written):  # another process may have put its own there already
                self.vouched.note(digest, status)

        return Incoming(lane, Expected(digest, size, path), accept)

    def place(self, digest: Digest, size: int, into: Folder, name: str, link: Link, placed: Placed) -> None:
        """Puts the file `digest` into a project as `into`/`name`, after hashing it: what is damaged is set aside and never linked.

        Raises NotInStore, DiskFailed.
        """
        shelf = self._shelf(digest, create=False)
        if shelf is None:
            raise NotInStore(digest, is_damaged=False)
        if not (
            digest in self.vouched
            and self._placing.links_first(link)
            and self._linked(shelf, digest, into, name, placed)
        ):
            self._bring(shelf, digest, size, into, name, link, placed)
        placed.bytes += size

    def _linked(self, shelf: Folder, digest: Digest, into: Folder, name: str, placed: Placed) -> bool:
        """Links a file that this process knows and nobody has touched since; False for any other, and where there can be no link."""
        status = shelf.stat(digest)
        if status is None or not self.vouched.holds(digest, status):
            return False
        return self._placing.link(Entry(shelf, digest, status), into, name, placed)

    def _bring(
        self, shelf: Folder, digest: Digest, size: int, into: Folder, name: str, link: Link, placed: Placed
    ) -> None:
        try:
            fd, status = shelf.open_plain(digest)
        except DiskFailed as error:
            if error.errno == errno.ENOENT:
                raise NotInStore(digest, is_damaged=False) from error
            self._set_aside(shelf, digest)
            raise NotInStore(digest, is_damaged=True) from error
        try:
            with shelf.wrapped(digest):
                if not (self.vouched.holds(digest, status) or is_right(fd, status, digest, size)):
                    self._set_aside(shelf, digest)
                    raise NotInStore(digest, is_damaged=True)
                self._placing.bring(fd, Entry(shelf, digest, status), into, name, link, placed)
        finally:
            os.close(fd)

    def look_ahead(self, entries: Iterable[TreeEntry]) -> None:
        """Hashes the large files of those that will be placed next, several at once. What is wrong with one, `place` tells."""
        wanted = [(shelf, one.sha256, one.size) for one in entries if (shelf := self._shelf(one.sha256, create=False))]
        look_ahead(wanted, self.vouched)

    def set_aside_damaged(self, entries: Iterable[TreeEntry]) -> tuple[TreeEntry, ...]:
        """Reads what is there of `entries` and sets aside what is not right: these. Then they are missing, and can be fetched."""
        found = []
        for entry in entries:
            shelf = self._shelf(entry.sha256, create=False)
            if shelf is not None and shelf.what(entry.sha256) is not None and not _holds(shelf, entry):
                self._set_aside(shelf, entry.sha256)
                found.append(entry)
        return tuple(found)

    def is_same_file(self, digest: Digest, other: os.stat_result) -> bool:
        """Whether an entry is that very file, under another name: then who read the one has read the other."""
        shelf = self._shelf(digest, create=False)
        there = shelf.stat(digest) if shelf is not None else None
        return there is not None and (there.st_dev, there.st_ino) == (other.st_dev, other.st_ino)

    def _set_aside(self, shelf: Folder, digest: Digest) -> None:
        with self.folder.folder(DAMAGED, create=True) as damaged:
            if shelf.what(digest) is What.FOLDER:
                damaged.remove_tree(digest)
            shelf.rename(digest, damaged, digest)

    def _shelf(self, digest: Digest, *, create: bool) -> Folder | None:
        name = digest[:2]
        shelf = self._shelves.get(name)
        if shelf is None:
            with self._lock:
                shelf = self._shelves.get(name)
                if shelf is None:
                    if not create and not self._is_shelf(name):
                        return None
                    shelf = self._shelves[name] = self.folder.descend((FILES, name), create=True)
        return shelf

    def _is_shelf(self, name: str) -> bool:
        if self._files is None:
            if self.folder.what(FILES) is not What.FOLDER:
                return False
            self._files = self.folder.folder(FILES)
        return self._files.what(name) is What.FOLDER

    def enter(self, on_wait: Callable[[], None] = lambda: None) -> None:
        """Takes a lane now: as long as this store is open, nobody removes entries. Waits while somebody does, and says so."""
        self._own_lane(on_wait)

    def _own_lane(self, on_wait: Callable[[], None] = lambda: None) -> Lane:
        with self._lock:
            if self._lane is None:
                self._lane = Lane.take(self.folder, on_wait)
            return self._lane

    def leave(self) -> None:
        """Lets the lane go, if there is one."""
        if self._lane is not None:
            self._lane.close()
            self._lane = None

    def close(self) -> None:
        """Lets go of all folders, and of the lane."""
        self.leave()
        for shelf in self._shelves.values():
            shelf.close()
        self._shelves.clear()
        if self._files is not None:
            self._files.close()
            self._files = None
        self.folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _holds(shelf: Folder, entry: TreeEntry) -> bool:
    try:
        fd, status = shelf.open_plain(entry.sha256)
        try:
            with shelf.wrapped(entry.sha256):
                return is_right(fd, status, entry.sha256, entry.size)
        finally:
            os.close(fd)
    except DiskFailed:
        return False
