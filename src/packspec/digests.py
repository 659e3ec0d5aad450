"""Digest: SHA-256 as 64 lower-case hex digits; `sha256:` in front of it only in files and texts for people."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import ClassVar, Self

_HEX = re.compile(r"[0-9a-f]{64}")


class Digest(str):
    """A SHA-256 digest. `str(digest)` is its 64 hex digits."""

    __slots__ = ()
    PATTERN: ClassVar[str] = "^[0-9a-f]{64}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads 64 lower-case hex digits. Raises ValueError for anything else."""
        if not _HEX.fullmatch(text):
            raise ValueError(f"not a SHA-256 digest in lower-case hex: {text[:80]!r}")
        return cls(text)

    @classmethod
    def parse_labelled(cls, text: str) -> Self:
        """Reads the form for people, `sha256:` and 64 digits. Raises ValueError."""
        label, _, rest = text.partition(":")
        if label != "sha256":
            raise ValueError(f"expected sha256: and 64 hex digits, got {text[:80]!r}")
        return cls.parse(rest)

    @classmethod
    def of(cls, data: bytes | memoryview) -> Self:
        """The digest of bytes in memory."""
        return cls(hashlib.sha256(data).hexdigest())

    @classmethod
    def of_chunks(cls, chunks: Iterable[bytes | memoryview]) -> Self:
        """The digest of a stream, read once."""
        running = hashlib.sha256()
        for chunk in chunks:
            running.update(chunk)
        return cls(running.hexdigest())

    @property
    def raw(self) -> bytes:
        """The 32 bytes."""
        return bytes.fromhex(self)

    @property
    def labelled(self) -> str:
        """The form for files and people: `sha256:` and 64 digits."""
        return f"sha256:{self}"

    @property
    def short(self) -> str:
        """For one line of text, never for a comparison: `sha256:41be9d0c...c2a107`."""
        return f"sha256:{self[:8]}...{self[-6:]}"

    def same(self, other: str) -> bool:
        """Whether both are equal, in constant time."""
        return hmac.compare_digest(self.encode("ascii"), other.encode("utf-8", "replace"))
