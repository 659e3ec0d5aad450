"""Bytes by digest: what was submitted, approved and published. Private; `public` shows some of it.

A blob exists whole or not at all, its name is the SHA-256 of its bytes, and it never changes. Two implementations of one Protocol: a
folder, and memory for tests.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from packspec.digests import Digest
from packspec.errors import Invalid, Unavailable
from registry_server.durable import Disk
from registry_server.sources import BlobSource, FileSource, MemorySource, chunks_of


class BlobMissing(Unavailable):
    """Bytes that the registry should have are not in its store: a fault of the storage, never an answer with other bytes."""

    digest: Digest

    code = "registry.blob-missing"

    def what(self) -> str:
        return f"the registry cannot find the bytes of {self.digest.short}"

    def fix(self) -> list[str]:
        return ["try again later; if it stays, tell the registry's admin"]


class BlobTooLarge(Invalid):
    """A stream did not end within its ceiling."""

    ceiling_bytes: int

    code = "registry.blob-too-large"

    def what(self) -> str:
        return f"more than {self.ceiling_bytes} bytes"

    def fix(self) -> list[str]:
        return ["make it smaller, or ask the registry's admin for a higher ceiling"]


class BlobDiffers(Invalid):
    """A stream has another digest than was announced."""

    expected: Digest
    found: Digest

    code = "registry.blob-differs"

    def what(self) -> str:
        return "the bytes have another digest than announced"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected.labelled, "found": self.found.labelled}

    def fix(self) -> list[str]:
        return ["send the bytes again"]


class Blobs(Protocol):
    """The store. `put` and `take` are idempotent: a blob that is there already stays as it is."""

    def has(self, digest: Digest) -> bool:
        """Whether the blob is there, whole."""
        ...

    def open(self, digest: Digest) -> BlobSource:
        """Its bytes; the caller closes. Raises BlobMissing."""
        ...

    def put(self, chunks: Iterable[bytes], ceiling_bytes: int, expected: Digest | None = None) -> Digest:
        """Stores a stream and gives its digest. Raises BlobTooLarge or BlobDiffers, and then nothing was stored."""
        ...

    def take(self, path: Path, expected: Digest, claim: Callable[[], None] = lambda: None) -> None:
        """Moves a staged file into the store. `claim` is called in between: all of it was hashed and is right, and it is still there.

        Raises BlobDiffers; then the file stays.
        """
        ...

    def remove(self, digest: Digest) -> None:
        """Takes a blob away; a missing one is fine. Only garbage collection calls it."""
        ...

    def digests(self) -> Iterator[Digest]:
        """Every blob, in no order."""
        ...


class _Hashing:
    """A stream's digest and ceiling while it passes by."""

    def __init__(self, ceiling_bytes: int) -> None:
        self._running = hashlib.sha256()
        self._left = self._ceiling = ceiling_bytes

    def see(self, chunk: bytes) -> bytes:
        self._left -= len(chunk)
        if self._left < 0:
            raise BlobTooLarge(self._ceiling)
        self._running.update(chunk)
        return chunk

    def check(self, expected: Digest | None) -> Digest:
        found = Digest(self._running.hexdigest())
        if expected is not None and found != expected:
            raise BlobDiffers(expected, found)
        return found


class FolderBlobs:
    """Blobs as files `sha256/aa/DIGEST` below `root`."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._root = root
        self._disk = disk

    def path(self, digest: Digest) -> Path:
        """Where a blob is, or would be."""
        return self._root / "sha256" / digest[:2] / digest

    def has(self, digest: Digest) -> bool:
        """Whether the blob is there, whole."""
        return self.path(digest).is_file()

    def open(self, digest: Digest) -> BlobSource:
        """Its bytes; the caller closes. Raises BlobMissing."""
        try:
            return FileSource(self.path(digest))
        except FileNotFoundError as error:
            raise BlobMissing(digest) from error

    def put(self, chunks: Iterable[bytes], ceiling_bytes: int, expected: Digest | None = None) -> Digest:
        """Stores a stream and gives its digest. Raises BlobTooLarge or BlobDiffers, and then nothing was stored."""
        hashing = _Hashing(ceiling_bytes)
        with self._disk.new_file(self._root / "incoming") as file:
            for chunk in chunks:
                file.write(hashing.see(chunk))
            digest = hashing.check(expected)
            if not self.has(digest):
                file.finish(self.path(digest))
        return digest

    def take(self, path: Path, expected: Digest, claim: Callable[[], None] = lambda: None) -> None:
        """Moves a staged file into the store, after `claim`. Raises BlobDiffers; then the file stays."""
        with FileSource(path) as source:
            _check(chunks_of(source), source.size, expected)
        claim()
        if self.has(expected):
            self._disk.remove(path)
            return
        self._disk.sync(path)
        self._disk.rename(path, self.path(expected))

    def remove(self, digest: Digest) -> None:
        """Takes a blob away; a missing one is fine. Only garbage collection calls it."""
        self._disk.remove(self.path(digest))

    def digests(self) -> Iterator[Digest]:
        """Every blob, in no order."""
        for path in self._root.glob("sha256/??/*"):
            yield Digest.parse(path.name)

    def clean(self) -> None:
        """Removes what a crash left half written. Called once at start, when nobody writes."""
        for path in (self._root / "incoming").glob(".new-*"):
            self._disk.remove(path)


class MemoryBlobs:
    """Blobs in memory, for tests. `before` is told of every change, as a disk would be."""

    def __init__(self, before: Callable[[str, str], None] = lambda operation, target: None) -> None:
        self._blobs: dict[Digest, bytes] = {}
        self._before = before
        self._lock = threading.Lock()

    def has(self, digest: Digest) -> bool:
        """Whether the blob is there."""
        return digest in self._blobs

    def open(self, digest: Digest) -> BlobSource:
        """Its bytes. Raises BlobMissing."""
        try:
            return MemorySource(self._blobs[digest])
        except KeyError as error:
            raise BlobMissing(digest) from error

    def put(self, chunks: Iterable[bytes], ceiling_bytes: int, expected: Digest | None = None) -> Digest:
        """Stores a stream and gives its digest. Raises BlobTooLarge or BlobDiffers, and then nothing was stored."""
        hashing = _Hashing(ceiling_bytes)
        data = b"".join(hashing.see(chunk) for chunk in chunks)
        digest = hashing.check(expected)
        self._before("put", digest)
        with self._lock:
            self._blobs.setdefault(digest, data)
        return digest

    def take(self, path: Path, expected: Digest, claim: Callable[[], None] = lambda: None) -> None:
        """Reads a staged file into memory and removes it, after `claim`. Raises BlobDiffers; then the file stays."""
        with FileSource(path) as source:
            _check(chunks_of(source), source.size, expected)
            claim()
            self.put(chunks_of(source), source.size, expected)
        path.unlink()

    def remove(self, digest: Digest) -> None:
        """Takes a blob away; a missing one is fine."""
        self._before("remove", digest)
        with self._lock:
            self._blobs.pop(digest, None)

    def digests(self) -> Iterator[Digest]:
        """Every blob, in no order."""
        yield from list(self._blobs)


def _check(chunks: Iterable[bytes], size: int, expected: Digest) -> None:
    hashing = _Hashing(size)
    for chunk in chunks:
        hashing.see(chunk)
    hashing.check(expected)
