"""`Part`: a download under way, on disk, to be continued by this process or a later one (docs/spec/transfer.md, section 3)."""

import hashlib

from packctl.durable import PRIVATE, Folder, KernelLock, NewFile
from packctl.registry.exchange import BLOCK_BYTES
from packspec.digests import Digest

TAG_BYTES = 512
"""Longest ETag that is kept."""


class Part:
    """A file that is not whole yet, `DIGEST.part`, and beside it the tag of the content it began with, `DIGEST.tag`.

    The kernel lock on the part says who writes it. Whoever finds it taken writes a part of its own, which is not continued later: waiting
    for another process could take for ever.
    """

    def __init__(self, folder: Folder, name: str, lock: KernelLock, *, is_spare: bool) -> None:
        self._folder = folder
        self._name = name
        self._lock = lock
        self._is_spare = is_spare
        self._file: NewFile | None = None
        self.size = 0
        self.tag = ""
        self.grown = 0

    @classmethod
    def take(cls, folder: Folder, digest: Digest) -> "Part":
        """The part of `digest`, or a spare one, for this process alone until the `with` ends."""
        number = 0
        while True:
            name = digest if number == 0 else f"{digest}.{number}"
            if lock := KernelLock.try_take(folder, f"{name}.lock"):
                return cls(folder, name, lock, is_spare=number > 0)
            number += 1

    def begin(self, ceiling: int) -> "tuple[hashlib._Hash, int]":
        """Hashes what is there and opens it for more; from zero where it cannot be continued."""
        self._close()
        hashed = hashlib.sha256()
        self.size, self.grown, self.tag = 0, 0, self._read_tag()
        there = self._folder.stat(f"{self._name}.part")
        if there is None or not self.tag or there.st_size > ceiling:
            self.forget()
            self._file = self._folder.create(f"{self._name}.part", PRIVATE)
            return hashed, 0
        self._file = self._folder.append(f"{self._name}.part")
        self.size = hash_file(self._folder, f"{self._name}.part", hashed)
        return hashed, self.size

    def write(self, block: memoryview) -> None:
        """Appends a block."""
        assert self._file is not None
        self._file.write(block)
        self.size += len(block)
        self.grown += len(block)

    def _read_tag(self) -> str:
        if self._folder.stat(f"{self._name}.tag") is None:
            return ""
        return self._folder.read(f"{self._name}.tag", TAG_BYTES).decode("latin-1")

    def write_tag(self, tag: str) -> None:
        """Remembers the tag of the content that is being written; an empty one means: cannot be continued."""
        if tag != self.tag:
            self._folder.remove(f"{self._name}.tag")
            if tag:
                self._folder.write(f"{self._name}.tag", tag.encode("latin-1"), PRIVATE)
            self.tag = tag

    def finish(self, digest: Digest) -> None:
        """Gives the part its name. Not synced: after a power cut its digest is computed again, and a bad file is fetched again."""
        self._close()
        self._folder.remove(f"{self._name}.tag")
        self._folder.rename(f"{self._name}.part", self._folder, digest)

    def forget(self) -> None:
        """Removes what there is."""
        self._close()
        self._folder.remove(f"{self._name}.part")
        self._folder.remove(f"{self._name}.tag")
        self.size, self.tag = 0, ""

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> "Part":
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._close()
            if self._is_spare or self.size == 0:
                self.forget()
            self._folder.remove(f"{self._name}.lock")


def hash_file(folder: Folder, name: str, hashed: "hashlib._Hash") -> int:
    """Adds a file of `folder` to a running hash; its size in bytes."""
    size = 0
    with folder.reading(name) as file:
        buffer = memoryview(bytearray(BLOCK_BYTES))
        while count := file.readinto(buffer):
            hashed.update(buffer[:count])
            size += count
    return size
