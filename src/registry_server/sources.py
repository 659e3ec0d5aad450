"""Bytes that are read in pieces, from a file or from memory: what blobs and files of the static side are opened as."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, Self

CHUNK_BYTES = 1 << 20


class Source(Protocol):
    """Bytes that are read in pieces: what `packspec.archive` calls a ByteSource, and an end."""

    @property
    def size(self) -> int: ...

    def read_at(self, offset: int, length: int) -> bytes: ...

    def close(self) -> None: ...


class FileSource:
    """A file, opened once: what was checked is what is read, whatever happens to its name meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        self._size = os.fstat(self._descriptor).st_size

    @property
    def size(self) -> int:
        """Bytes in the file when it was opened."""
        return self._size

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`; fewer only at the end."""
        return os.pread(self._descriptor, length, offset)

    def fileno(self) -> int:
        """The open file's number."""
        return self._descriptor

    def close(self) -> None:
        """Ends reading."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class MemorySource:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @property
    def size(self) -> int:
        """How many bytes."""
        return len(self.data)

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`; fewer only at the end."""
        return self.data[offset : offset + length]

    def close(self) -> None:
        """Nothing to end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


BlobSource = FileSource | MemorySource


def whole(source: BlobSource) -> bytes:
    """All bytes of `source`, which is closed then: for what is known to be small."""
    with source:
        return b"".join(chunks_of(source))


def chunks_of(source: Source, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """The bytes of `source` from `start`, in pieces of at most 1 MiB. `length` None: to the end."""
    left = source.size - start if length is None else length
    while left > 0 and (chunk := source.read_at(start, min(left, CHUNK_BYTES))):
        yield chunk
        start += len(chunk)
        left -= len(chunk)
