"""What reads a registry's static side, as the parts of trust ask it: by path, below a ceiling. `packctl.trust.static.Static` is one."""

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from packspec.digests import Digest


class Wish(Struct, frozen=True):
    """A file that is wanted: its path, and the most bytes that are read of it."""

    path: str
    ceiling_bytes: int
    sha256: Digest | None = None
    """Its digest, where a signed document says it: then a mirror that has other bytes is passed over."""


class Reads(Protocol):
    """The registry, or a mirror of it. Nothing it gives is trusted."""

    def read(self, path: str, ceiling_bytes: int) -> bytes | None:
        """The file at `path`, at most one byte more than the ceiling; None if there is none. Raises when it cannot be reached."""
        ...

    def read_all(self, wanted: Iterable[Wish]) -> list[bytes | None]:
        """Several files at once, in the order asked."""
        ...
