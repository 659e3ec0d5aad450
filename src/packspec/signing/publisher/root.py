"""PublisherRoot: one list of a publisher's keys (docs/spec/publisher-root.md)."""

from itertools import pairwise
from typing import Annotated, Self

from msgspec import Meta

from packspec.digests import Digest
from packspec.names import PackName, PublisherName
from packspec.signing import documents
from packspec.signing.documents import Count, Created, Format
from packspec.signing.keys import PublicKey
from packspec.signing.keyset import check_people_keys, check_threshold
from packspec.wire import SignedDocument

PAYLOAD_TYPE = "application/vnd.packctl.publisher-root.v1+json"
NAME = "publisher root"


class RootKey(SignedDocument, frozen=True, kw_only=True):
    """A key with the name its holder gave it. `packs`, for release keys only: the second halves of the names it may sign; absent: all."""

    key: PublicKey
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    packs: Annotated[tuple[str, ...], Meta(min_length=1)] | None = None

    def may_sign(self, pack: PackName) -> bool:
        """Whether it may sign releases of `pack`, whose publisher is this root's."""
        return self.packs is None or pack.name in self.packs

    def __str__(self) -> str:
        return f"{self.name} ({self.key.fingerprint})"


class KeyRole(SignedDocument, frozen=True, kw_only=True):
    """Keys of which `threshold` must sign."""

    threshold: int
    keys: tuple[RootKey, ...]

    @property
    def public_keys(self) -> tuple[PublicKey, ...]:
        """The keys without their names."""
        return tuple(entry.key for entry in self.keys)


class Compromised(SignedDocument, frozen=True, kw_only=True):
    """A stolen key: `key`, its id, counts for no leaf with index >= `since`."""

    key: Digest
    since: Count


class PublisherRoot(SignedDocument, frozen=True, kw_only=True):
    """Who may sign for a publisher: owners sign the next root and nothing else, release keys sign statements and nothing else.

    Making one that breaks a rule raises what reading it raises: DuplicateKey, BadKey, Malformed; ValueError becomes Malformed.
    """

    v: Format
    publisher: PublisherName
    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    owners: KeyRole
    release: KeyRole
    compromised: tuple[Compromised, ...]
    contact: Annotated[str, Meta(min_length=1, max_length=320)]
    created: Created
    previous: Digest | None = None
    """Digest of the root before; absent in root 1 only."""

    def __post_init__(self) -> None:
        if (self.version == 1) != (self.previous is None):
            raise ValueError("previous stands in every root but the first")
        check_people_keys(f"{NAME} {self.version}", self.keys)
        check_threshold(f"owners of {NAME} {self.version}", self.owners.threshold, self.owners.keys)
        check_threshold(f"release keys of {NAME} {self.version}", self.release.threshold, self.release.keys)
        _check_packs(self)
        for before, after in pairwise(self.compromised):
            if before.key >= after.key:
                raise ValueError("compromised: each key once, in ascending order of key id")

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        """Reads a root whose digest or signatures were verified. Raises Malformed, NotCanonical, ClientTooOld, BadKey, DuplicateKey."""
        return documents.read(payload, cls, NAME)

    def encode(self) -> bytes:
        """The payload to sign. Raises what `parse` would raise."""
        return documents.write(self, NAME)

    @property
    def keys(self) -> tuple[PublicKey, ...]:
        """All its keys, owners first."""
        return (*self.owners.public_keys, *self.release.public_keys)


def _check_packs(root: PublisherRoot) -> None:
    if any(entry.packs is not None for entry in root.owners.keys):
        raise ValueError("packs stands at release keys only; owner keys sign no packs")
    for entry in root.release.keys:
        for name in entry.packs or ():
            PackName.parse(f"{root.publisher}/{name}")
        for before, after in pairwise(entry.packs or ()):
            if before >= after:
                raise ValueError("packs: each name once, in ascending order")
