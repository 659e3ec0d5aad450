"""The archive of a pack: a ZIP in the one byte layout of docs/spec/archive.md.

`layout` is the layout itself, `rules` which files in which order and sizes, `write` makes an archive and its tree, `read` is the strict
reader. Here stands what the bytes of an archive come from.
"""

from typing import Protocol


class ByteSource(Protocol):
    """Bytes that can be read anywhere: an open file, a blob, bytes in memory.

    Its own failures (a disk, a network) are its own errors; an answer of another length than asked is refused by the reader.
    """

    @property
    def size(self) -> int:
        """How many bytes there are. It must not change while somebody reads."""
        ...

    def read_at(self, offset: int, length: int) -> bytes:
        """The `length` bytes from `offset` on. The reader only asks for bytes that `size` promises."""
        ...


class BytesSource:
    """A ByteSource in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self._data)

    def read_at(self, offset: int, length: int) -> bytes:
        """The `length` bytes from `offset` on; fewer where the data ends."""
        return self._data[offset : offset + length]
