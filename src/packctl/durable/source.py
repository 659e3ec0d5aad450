"""`FileSource`: an open file as a source of bytes, for the reader of archives and for uploads in pieces."""

import os
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from packctl.durable.failures import Asked
from packspec.digests import Digest

_BLOCK_BYTES = 1 << 20


class FileSource:
    """An open file that can be read anywhere. Closes the descriptor that it is given. Threads may share it."""

    def __init__(self, fd: int, place: str) -> None:
        self._fd = fd
        self._place = place
        self._size = os.fstat(fd).st_size

    @property
    def size(self) -> int:
        """How many bytes there were when it was opened."""
        return self._size

    def read_at(self, offset: int, length: int) -> bytes:
        """The `length` bytes from `offset` on; fewer where the file ends. Raises DiskFailed."""
        with Asked("read", self._place):
            return _read_at(self._fd, length, offset)

    def digest(self) -> Digest:
        """The SHA-256 of all its bytes. Raises DiskFailed."""
        return Digest.of_chunks(self.blocks())

    def blocks(self) -> Iterator[bytes]:
        """All its bytes from the first on, 1 MiB at a time. Raises DiskFailed."""
        for offset in range(0, self._size, _BLOCK_BYTES):
            yield self.read_at(offset, min(_BLOCK_BYTES, self._size - offset))

    def close(self) -> None:
        """Lets the file go."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


if sys.platform == "win32":
    from threading import Lock

    _ONE_AT_A_TIME = Lock()

    def _read_at(fd: int, length: int, offset: int) -> bytes:
        with _ONE_AT_A_TIME:  # Windows has no pread
            os.lseek(fd, offset, os.SEEK_SET)
            return os.read(fd, length)

else:

    def _read_at(fd: int, length: int, offset: int) -> bytes:
        return os.pread(fd, length, offset)
