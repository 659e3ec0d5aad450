"""What a download is asked for: bytes known by their digest, or a piece of an archive, whose files are checked one by one afterwards."""

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from packspec.digests import Digest


class Wanted(Struct, frozen=True):
    """Immutable bytes. `ceiling_bytes` is known before anything is asked: from the lock, the index or a limit."""

    url: str
    sha256: Digest
    name: str
    """For people: `acme/icons 1.0.0`."""
    ceiling_bytes: int
    size_bytes: int | None = None
    """The exact length where a signed document says it."""
    headers: Mapping[str, str] | None = None
    mirrors: tuple[str, ...] = ()
    """Where else the same bytes lie, asked in this order when `url` does not give them."""

    @property
    def file_name(self) -> Digest:
        """The name of its file in the folder of downloads."""
        return self.sha256

    @property
    def length(self) -> int:
        """Bytes, at most: a size that somebody signed may be nonsense, too."""
        return self.ceiling_bytes if self.size_bytes is None else min(self.size_bytes, self.ceiling_bytes)


class Piece(Struct, frozen=True, dict=True):
    """The bytes [start, end) of `whole`, whose size is known. Nobody can check them before the files in them are unpacked."""

    whole: Wanted
    start: int
    end: int

    @property
    def name(self) -> str:
        """For people, as that of the whole."""
        return self.whole.name

    @property
    def length(self) -> int:
        """Bytes."""
        return self.end - self.start

    @cached_property
    def file_name(self) -> Digest:
        """The name of its file in the folder of downloads. A digest, of what it is: its bytes have none that anybody signed."""
        return Digest.of(f"piece {self.whole.sha256} {self.start} {self.end}".encode())
