"""Digest: SHA-256 as 64 lower-case hex digits; `sha256:` in front of it only in files and texts for people."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import ClassVar, Self

from packspec.errors import Invalid
from packspec.patterns import pattern

_HEX = pattern(r"[0-9a-f]{64}")


class BadDigest(Invalid, ValueError):
    """A text is not a SHA-256 digest in its one spelling."""

    text: str
    wanted: str

    code = "trust.bad-digest"

    def what(self) -> str:
        return f"not a SHA-256 digest: {self.text[:80]!r}"

    def facts(self) -> dict[str, str]:
        return {"expected": self.wanted}

    def why(self) -> str:
        return "a digest has one spelling, so that equal digests are equal texts"

    def fix(self) -> list[str]:
        return ["copy the whole digest from the output that printed it"]


class Digest(str):
    """A SHA-256 digest. `str(digest)` is its 64 hex digits."""

    __slots__ = ()
    PATTERN: ClassVar[str] = "^[0-9a-f]{64}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads 64 lower-case hex digits. Raises BadDigest for anything else."""
        if not _HEX.fullmatch(text):
            raise BadDigest(text, "64 lower-case hex digits")
        return cls(text)

    @classmethod
    def parse_labelled(cls, text: str) -> Self:
        """Reads the form for people, `sha256:` and 64 digits. Raises BadDigest."""
        label, _, rest = text.partition(":")
        if label != "sha256" or not _HEX.fullmatch(rest):
            raise BadDigest(text, "sha256: and 64 lower-case hex digits")
        return cls(rest)

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
