"""How entries chain, and what it means when a chain does not hold."""

from collections.abc import Iterable

import msgspec

from packspec import wire
from packspec.digests import Digest
from packspec.errors import Damaged

GENESIS = Digest("0" * 64)
"""What the first entry of a stream names as the one before it."""
REGISTRY = "registry"
"""The stream of everything that has no stream of its own."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. Its digest is the SHA-256 of its canonical JSON, `previous` included."""

    stream: str
    number: int
    """From 1, without gaps."""
    previous: str
    """Digest of the entry before, 64 hex digits."""
    at: int
    """Seconds since the epoch, UTC."""
    actor: str
    action: str
    about: str
    reason: str
    request_id: str
    facts: dict[str, str]

    @property
    def document(self) -> bytes:
        """The bytes that are hashed and kept."""
        return msgspec.json.encode(self, order="sorted")

    @property
    def digest(self) -> Digest:
        """What the next entry names."""
        return Digest.of(self.document)


class Head(msgspec.Struct, frozen=True):
    """The end of a stream: how many entries it has, and the digest of the newest."""

    stream: str
    length: int
    digest: Digest


class ChainBroken(Damaged):
    """An entry of the trail was changed, removed or slipped in."""

    stream: str
    number: int
    reason: str

    code = "registry.trail-broken"

    def what(self) -> str:
        return f"the trail {self.stream} does not hold at entry {self.number}"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "somebody changed the database, past the registry"

    def fix(self) -> list[str]:
        return ["compare with a backup from before, and find out who could write to the database"]


def check_chain(head: Head, documents: Iterable[tuple[bytes, str]]) -> None:
    """Follows a stream from its first entry. `documents` gives the kept bytes and digest of each, in order. Raises ChainBroken."""
    previous, number = GENESIS, 0
    for number, (document, digest) in enumerate(documents, 1):
        if Digest.of(document) != digest:
            raise ChainBroken(head.stream, number, "its bytes have another digest")
        entry = wire.decode(document, Entry)
        if (entry.stream, entry.number) != (head.stream, number):
            raise ChainBroken(head.stream, number, f"entry {entry.number} of {entry.stream} stands there")
        if entry.previous != previous:
            raise ChainBroken(head.stream, number, "it does not follow the entry before it")
        previous = Digest(digest)
    if (number, previous) != (head.length, head.digest):
        raise ChainBroken(head.stream, number + 1, f"the stream has {head.length} entries, {number} are left")
