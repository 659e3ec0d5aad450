"""A registry's log in memory: publishes releases of acme with real signatures, and gives the evidence that a release check asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from packspec import limits
from packspec.digests import Digest
from packspec.facts import Facts
from packspec.index import PackIndex, State
from packspec.labels import Label
from packspec.lockfile import LockedPack
from packspec.log.checkpoint import (
    LOG,
    WITNESS,
    Checkpoint,
    NoteKey,
    OpenedCheckpoint,
    cosign,
    open_checkpoint,
    sign_checkpoint,
)
from packspec.log.leaf import Leaf, LoggedPack, PublishLeaf, RootLeaf, encode_leaf, leaf_hash
from packspec.log.proofs import inclusion_proof
from packspec.log.tiles import Tile, VerifiedTree, edge, edge_root, grow
from packspec.packproof import LogProof, Packproof
from packspec.signing import approval, dsse, statement
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import PAYLOAD_TYPE as ROOT_TYPE
from packspec.signing.publisher import Chain, PublisherRoot
from packspec.signing.statement import Statement, make_statement
from packspec.terms import Terms
from packspec.trustfiles import (
    CooldownRow,
    LogKeyRow,
    LogTrust,
    Resets,
    ReviewerKey,
    ReviewerRow,
    Reviewers,
    TrustFiles,
    TrustPolicy,
)
from packspec.verdict import Current, Evidence, LoggedEntry, PublisherRootEvidence, prove_publisher
from packspec.versions import Version
from tests.support.signing import ACME, PACK, START, a_statement, an_approval, key, log_key, role

ORIGIN = "registry.example/log"
DAY = 86_400


def log_trust(quorum: int = 0, witnesses: Sequence[str] = ("w1.example",)) -> LogTrust:
    """`trust/log.json` with one key of the log."""
    return LogTrust(
        v=1,
        origin=ORIGIN,
        keys=(LogKeyRow(key=NoteKey.of(ORIGIN, LOG, log_key("log").public)),),
        witnesses=tuple(NoteKey.of(name, WITNESS, log_key(name).public) for name in witnesses),
        quorum=quorum,
    )


def trust_files(reviewers: Sequence[str] = ("reviewer",), threshold: int = 1) -> TrustFiles:
    """Trust files of a small registry."""
    row = ReviewerRow(
        start=0, threshold=threshold, keys=tuple(ReviewerKey(key=key(name).public, name=name) for name in reviewers)
    )
    return TrustFiles(
        log=log_trust(),
        reviewers=Reviewers(v=1, sets=(row,), compromised=()),
        policy=TrustPolicy(
            v=1,
            min_client=Version.parse("0.1.0"),
            cooldowns=(CooldownRow(start=0, seconds=limits.COOLDOWN_SECONDS),),
            reset_delay=limits.RESET_DELAY_SECONDS,
            max_age=limits.MAX_INDEX_AGE_SECONDS,
        ),
        resets=Resets(v=1, resets=()),
    )


@dataclass
class Ledger:
    """The log and every document it names. `documents` answers `payload` by digest."""

    trust: TrustFiles = field(default_factory=trust_files)
    entries: list[bytes] = field(default_factory=list)
    tiles: dict[Tile, bytes] = field(default_factory=dict)
    payloads: dict[Digest, bytes] = field(default_factory=dict)
    roots: list[tuple[int, Envelope]] = field(default_factory=list)
    packproofs: dict[Version, bytes] = field(default_factory=dict)
    places: dict[Version, int] = field(default_factory=dict)
    witnesses: Sequence[str] = ()
    reads: int = 0
    at: int = START + 11 * DAY
    """When the index was signed: never before the newest entry."""

    @property
    def size(self) -> int:
        """How many entries the log has."""
        return len(self.entries)

    def payload(self, sha256: Digest) -> bytes | None:
        """The document with this digest."""
        return self.payloads.get(sha256)

    def read_tiles(self, tiles: Sequence[Tile]) -> list[bytes]:
        """A TileReader over what was written."""
        self.reads += len(tiles)
        return [self.tiles[tile] for tile in tiles]

    def log(self, leaf: Leaf) -> int:
        """Adds an entry and its tiles; gives its index."""
        self.at = max(self.at, leaf.at)
        return self.log_bytes(encode_leaf(leaf))

    def log_bytes(self, entry: bytes) -> int:
        """The same for any bytes."""
        old = {tile: self.tiles[tile] for tile in edge(self.size)}
        self.tiles |= grow(self.size, [leaf_hash(entry)], old)
        self.entries.append(entry)
        return self.size - 1

    @property
    def root(self) -> bytes:
        """The root hash, as the log itself knows it."""
        return edge_root(self.size, {tile: self.tiles[tile] for tile in edge(self.size)})

    def checkpoint(self) -> OpenedCheckpoint:
        """The signed checkpoint of now, opened."""
        note = sign_checkpoint(Checkpoint(ORIGIN, self.size, self.root), log_key("log"))
        for name in self.witnesses:
            note = cosign(note, name, log_key(name), START + 10 * DAY)
        return open_checkpoint(note, self.trust.log)

    def tree(self) -> VerifiedTree:
        """The log as a reader sees it through tiles."""
        return VerifiedTree(self.size, self.root, self)

    def prove(self, index: int) -> tuple[bytes, ...]:
        """The inclusion proof of an entry for the checkpoint of now."""
        return inclusion_proof(index, self.size, self.tree().read_hashes)

    def add_root(self, root: PublisherRoot, signers: Sequence[str] = ("owner",), at: int = START) -> Envelope:
        """Signs and logs a root of acme."""
        envelope = dsse.sign(root.encode(), ROOT_TYPE, [key(name) for name in signers])
        index = self.log(RootLeaf(v=1, at=at, publisher=ACME, version=root.version, root=envelope.digest))
        self.roots.append((index, envelope))
        return envelope

    def register(self, release: Sequence[str] = ("release",), threshold: int = 1) -> Digest:
        """Registers acme: root 1 with these release keys. Gives the anchor."""
        root = PublisherRoot(
            v=1,
            publisher=ACME,
            version=1,
            owners=role(["owner"]),
            release=role(list(release), threshold),
            compromised=(),
            contact="keys@acme.example",
            created="2027-01-15T08:00:00Z",
        )
        return self.add_root(root).digest

    def next_root(self, release: Sequence[str] = ("release",), threshold: int = 1, **more: Any) -> PublisherRoot:
        """The root of acme that follows the newest, unsigned."""
        fields: dict[str, Any] = {
            "v": 1,
            "publisher": ACME,
            "version": len(self.roots) + 1,
            "previous": self.roots[-1][1].digest,
            "owners": role(["owner"]),
            "release": role(list(release), threshold),
            "compromised": (),
            "contact": "keys@acme.example",
            "created": "2027-01-15T08:00:00Z",
        }
        return PublisherRoot(**{**fields, **more})

    def root_evidence(self, reset: int | None = None) -> list[PublisherRootEvidence]:
        """All roots of acme with their proofs; `reset` is the entry that announced the last one."""
        found = [PublisherRootEvidence(envelope, self.entry(index)) for index, envelope in self.roots]
        if reset is not None:
            found[-1] = PublisherRootEvidence(found[-1].envelope, found[-1].logged, self.entry(reset))
        return found

    def entry(self, index: int) -> LoggedEntry:
        """An entry with its proof for the checkpoint of now."""
        return LoggedEntry(index, self.entries[index], self.prove(index))

    def publish(
        self,
        version: str = "1.2.0",
        signers: Sequence[str] = ("release",),
        reviewers: Sequence[str] = ("reviewer",),
        at: int = START + 5 * DAY,
        facts: Facts | None = None,
        made: Statement | None = None,
        token: LoggedPack | None = None,
    ) -> int:
        """Publishes a release of acme/farm-animals, signed and approved; gives its index."""
        made = made or replace_anchor(a_statement(version, facts=facts), self.roots[0][1].digest)
        signed = dsse.sign(make_statement(made), statement.PAYLOAD_TYPE, [key(name) for name in signers])
        approved = an_approval(signed.digest, version=made.version, archive=made.archive.sha256, safety="certified")
        approvals = (
            dsse.sign(approval.make_approval(approved), approval.PAYLOAD_TYPE, [key(name) for name in reviewers]),
        )
        self.payloads |= {one.digest: one.payload for one in (signed, *approvals)}
        public = {} if token else {"version": made.version, "publisher": ACME, "archive": made.archive.sha256}
        leaf = PublishLeaf(
            v=1,
            at=at,
            pack=token or LoggedPack(PACK),
            statement=signed.digest,
            approvals=tuple(one.digest for one in approvals),
            **public,  # type: ignore[arg-type]
        )
        index = self.log(leaf)
        proof = LogProof(index, self.prove(index), self.checkpoint().note)
        self.packproofs[made.version] = Packproof(signed, approvals, self.entries[index], proof).encode()
        self.places[made.version] = index
        return index

    def chain(self) -> Chain:
        """The verified roots of acme."""
        return prove_publisher(
            ACME, self.root_evidence(), self.checkpoint().checkpoint, self.trust.resets, self.trust.policy
        )

    def state(self) -> State:
        """The log replayed."""
        state = State()
        for index, entry in enumerate(self.entries):
            state.apply(index, entry, self)
        return state

    def pack_index(self) -> PackIndex:
        """The index of acme/farm-animals."""
        return PackIndex.parse(self.state().target("index/acme/farm-animals.json"), PACK)

    def lock(self, version: str = "1.2.0") -> LockedPack:
        """The lock's row of a release."""
        wanted = Version.parse(version)
        row = self.pack_index().find(wanted)
        assert row is not None
        packproof = Packproof.parse(self.packproofs[wanted])
        signed = statement.read_statement(packproof.statement.payload)
        root = self.chain().in_force(row.log)
        assert root is not None
        return LockedPack(
            name=PACK,
            version=row.version,
            registry=Label("default"),
            needs=(),
            archive=signed.archive.sha256,
            size=signed.archive.size,
            tree=signed.tree.sha256,
            statement=packproof.statement.digest,
            publisher_root_version=root.root.version,
            publisher_root=root.digest,
            publisher_anchor=self.chain().anchor,
            log_index=row.log,
            license=Terms(signed.license),
            paid=signed.paid,
        )

    def evidence(self, version: str = "1.2.0", locked: bool = False) -> Evidence:
        """All evidence about a release, as an install has it."""
        wanted = Version.parse(version)
        return Evidence(
            pack=PACK,
            version=wanted,
            packproof=self.packproofs[wanted],
            proof=self.prove(self.places[wanted]),
            checkpoint=self.checkpoint(),
            publisher=self.chain(),
            trust=self.trust,
            current=Current(as_of=self.at),
            listed=self.pack_index().find(wanted),
            lock=self.lock(version) if locked else None,
        )


def replace_anchor(made: Statement, anchor: Digest) -> Statement:
    """The statement with another first root of its publisher."""
    return replace(made, anchor=anchor)
