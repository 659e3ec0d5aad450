"""Signed things from fixed seeds: the key of a name, documents with sensible fields, publisher chains with their leaves."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from packspec.digests import Digest
from packspec.facts import Facts
from packspec.names import PackName, PublisherName
from packspec.signing import dsse
from packspec.signing.approval import Approval
from packspec.signing.documents import BlobRef
from packspec.signing.keys import PrivateKey
from packspec.signing.publisher import (
    PAYLOAD_TYPE,
    Chain,
    Compromised,
    CountingKeys,
    KeyRole,
    LoggedRoot,
    PublisherRoot,
    Rooted,
    RootKey,
    follow,
)
from packspec.signing.statement import Statement
from packspec.versions import Version

HOUR = 3600
START = 1_800_000_000
"""The time of the first leaf: 2027-01-15T08:00:00Z."""
PACK = PackName.parse("acme/farm-animals")
ACME = PublisherName.parse("acme")
ANCHOR = Digest.of(b"root 1 of acme")


@cache
def key(name: str) -> PrivateKey:
    """The P-256 key of `name`, always the same."""
    return PrivateKey.from_seed("p256", hashlib.sha512(name.encode()).digest())


@cache
def log_key(name: str) -> PrivateKey:
    """The Ed25519 key of `name`, always the same."""
    return PrivateKey.from_seed("ed25519", hashlib.sha512(name.encode()).digest())


def no_facts() -> Facts:
    """The facts of content that needs nothing."""
    return Facts(kind="content", dependencies=(), conflicts=(), hosts={}, packages=(), features=())


def a_statement(version: str = "1.2.0", archive: bytes = b"archive", facts: Facts | None = None) -> Statement:
    """A statement about acme/farm-animals."""
    return Statement(
        v=1,
        pack=PACK,
        version=Version.parse(version),
        publisher=PublisherName("acme"),
        anchor=ANCHOR,
        archive=BlobRef(sha256=Digest.of(archive), size=len(archive)),
        tree=BlobRef(sha256=Digest.of(b"tree"), size=4),
        content=Digest.of(b"content"),
        manifest=Digest.of(b"manifest"),
        files=3,
        unpacked=20_480,
        license="CC-BY-4.0",
        paid=False,
        facts=facts or no_facts(),
        attached=(),
        created="2027-01-15T08:00:00Z",
    )


def an_approval(statement: object, **changes: object) -> Approval:
    """An approval of `statement` and of the archive of `a_statement`."""
    fields: dict[str, object] = {
        "v": 1,
        "statement": statement,
        "archive": Digest.of(b"archive"),
        "pack": PACK,
        "version": Version.parse("1.2.0"),
        "decision": "approved",
        "submission": "S-1042",
        "checks": Digest.of(b"check report"),
        "safety": "none",
        "at": START,
    }
    return Approval(**{**fields, **changes})  # type: ignore[arg-type]


def role(names: Sequence[str], threshold: int = 1, packs: dict[str, tuple[str, ...]] | None = None) -> KeyRole:
    """The keys of `names` with a threshold; `packs` restricts some of them."""
    entries = tuple(RootKey(key=key(name).public, name=name, packs=(packs or {}).get(name)) for name in names)
    return KeyRole(threshold=threshold, keys=entries)


@dataclass
class PublisherHistory:
    """A publisher's roots in the making; `add` signs one more, as log entry `index` at time `at`, `chain` verifies them all."""

    publisher: PublisherName = ACME
    logged: list[LoggedRoot] = field(default_factory=list)
    owners: KeyRole = field(default_factory=lambda: role(["owner"]))

    def root(
        self,
        release: KeyRole,
        owners: KeyRole | None = None,
        compromised: Sequence[Compromised] = (),
        previous: Digest | None = None,
        version: int | None = None,
    ) -> PublisherRoot:
        """The next root, unsigned. Says what is asked, also where that is wrong."""
        return PublisherRoot(
            v=1,
            publisher=self.publisher,
            version=version or len(self.logged) + 1,
            previous=previous or (self.logged[-1].digest if self.logged else None),
            owners=owners or self.owners,
            release=release,
            compromised=tuple(sorted(compromised, key=lambda row: row.key)),
            contact="keys@acme.example",
            created="2027-01-15T08:00:00Z",
        )

    def step(self, root: PublisherRoot, signers: Sequence[str], index: int, at: int) -> LoggedRoot:
        """`root` signed by the keys of `signers`, with its leaf; not added."""
        envelope = dsse.sign(root.encode(), PAYLOAD_TYPE, [key(name) for name in signers])
        return LoggedRoot(envelope, envelope.digest, index, at)

    def add(self, root: PublisherRoot, index: int, at: int, signers: Sequence[str] = ("owner",)) -> "PublisherHistory":
        """Adds `root`, signed by `signers`."""
        self.logged.append(self.step(root, signers, index, at))
        self.owners = root.owners
        return self

    @property
    def chain(self) -> Chain:
        """All of it, verified."""
        return follow(Chain(self.publisher), self.logged)


def root(number: int, names: Sequence[str], threshold: int = 1, **more: object) -> PublisherRoot:
    """Root `number` of acme with these release keys, unsigned; `more` are fields, and `packs` per name."""
    packs = more.pop("packs", None)
    return PublisherHistory().root(
        role(names, threshold, packs),  # type: ignore[arg-type]
        version=number,
        previous=None if number == 1 else Digest.of(b"before"),
        **more,  # type: ignore[arg-type]
    )


def chain_of(*roots: tuple[PublisherRoot, int, int], resets: Sequence[int] = ()) -> Chain:
    """A chain taken as verified: roots with index and time of their leaves; those whose version is in `resets` came by a reset."""
    rooted = (Rooted(root, Digest.of(root.encode()), index, at, root.version in resets) for root, index, at in roots)
    return Chain(ACME, tuple(rooted))


def names(found: CountingKeys) -> tuple[list[str], int]:
    """The names of the keys that count, and the threshold."""
    return [entry.name for entry in found.keys], found.threshold
