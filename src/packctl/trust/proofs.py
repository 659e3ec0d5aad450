"""Asks for verdicts: a publisher is proven once for all of its releases, then each release by R1 to R9 (I8, V4).

Where proofs come from is behind `ProofSource`: fetched from a registry for an install, kept in the install state for `verify`. The same
check runs on both, and on the server.
"""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct, field

from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import IndexedRelease, PublisherDocument
from packspec.lockfile import LockedPack
from packspec.log.checkpoint import OpenedCheckpoint
from packspec.log.leaf import LoggedPack
from packspec.names import PackName, PublisherName, ReleaseName
from packspec.packproof import Packproof
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Chain, Locked
from packspec.trustfiles import TrustFiles
from packspec.verdict import (
    Current,
    Evidence,
    LoggedEntry,
    PublisherRootEvidence,
    Verdict,
    check_release,
    prove_publisher,
)
from packspec.verdict.evidence import Known
from packspec.versions import Version


class Claim(Struct, frozen=True):
    """A release that is to be proven.

    `lock` is its line of pack.lock, with `lines` by key, for one that was locked. For one chosen anew, `known` is what the lock knows of
    its publisher from other releases, so that a change of keys or a lower threshold is noticed.
    """

    pack: PackName
    version: Version
    lock: LockedPack | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    known: Locked | None = None
    token: LoggedPack | None = None
    """How the log names it, for a private pack."""

    @property
    def release(self) -> ReleaseName:
        """Its name."""
        return ReleaseName.of(self.pack, self.version)

    @property
    def logged_pack(self) -> LoggedPack:
        """The name under which the log has it."""
        return self.token or LoggedPack(self.pack)


class Proven(Struct, frozen=True):
    """What came of a claim. `packproof` is the file that was judged, `chain` the publisher's verified roots,
    `listed` and `current` what the registry said of the release."""

    claim: Claim
    verdict: Verdict
    packproof: bytes | None
    chain: Chain | None
    listed: IndexedRelease | None
    current: Current | None = None


class ProofSource(Protocol):
    """Where proofs come from. Nothing it gives is trusted; None is what is not at hand, which is nobody's lie."""

    def publisher_document(self, publisher: PublisherName) -> PublisherDocument | None:
        """Which roots there are. May raise any PackError."""
        ...

    def publisher_root(self, publisher: PublisherName, version: int) -> bytes | None:
        """A publisher root in its envelope. May raise any PackError."""
        ...

    def packproof(self, claim: Claim) -> bytes | None:
        """The packproof of a release. May raise any PackError."""
        ...

    def inclusion(self, index: int) -> tuple[bytes, ...] | None:
        """The proof that the entry at `index` is in the log of the checkpoint in use. May raise any PackError."""
        ...


class Given(Struct, frozen=True):
    """What holds for all releases of a registry: its trust files and S, or what is wrong with them, or None."""

    trust: Known[TrustFiles]
    checkpoint: Known[OpenedCheckpoint]
    accepted: frozenset[Digest] = frozenset()
    """Publisher roots that the user named by their digest (`--accept-root`)."""


class Prover:
    """Proves releases of one registry at one checkpoint. `chains` are publishers that were proven at another one already."""

    def __init__(
        self, source: ProofSource, given: Given, chains: Mapping[PublisherName, Known[Chain]] | None = None
    ) -> None:
        self._source = source
        self.given = given
        self._chains = dict(chains or {})

    def chain(self, publisher: PublisherName) -> Known[Chain]:
        """The verified roots of a publisher, what is wrong with them, or None if they are not at hand."""
        if publisher not in self._chains:
            try:
                self._chains[publisher] = self._prove(publisher)
            except PackError as error:
                self._chains[publisher] = error
        return self._chains[publisher]

    def _prove(self, publisher: PublisherName) -> Chain | None:
        trust, opened = self.given.trust, self.given.checkpoint
        if not isinstance(trust, TrustFiles) or not isinstance(opened, OpenedCheckpoint):
            return None
        document = self._source.publisher_document(publisher)
        if document is None:
            return None
        roots = []
        for row in document.roots:
            data = self._source.publisher_root(publisher, row.version)
            logged = self._logged(row.log, row.leaf)
            reset = self._logged(row.reset.log, row.reset.leaf) if row.reset else None
            if data is None or logged is None or (row.reset and reset is None):
                return None
            roots.append(PublisherRootEvidence(Envelope.parse(data), logged, reset))
        return prove_publisher(publisher, roots, opened.checkpoint, trust.resets, trust.policy)

    def _logged(self, index: int, leaf: str) -> LoggedEntry | None:
        proof = self._source.inclusion(index)
        return None if proof is None else LoggedEntry(index, leaf.encode(), proof)

    def prove(self, claim: Claim, listed: Known[IndexedRelease], current: Known[Current]) -> Proven:
        """R1 to R9 for one release. What is wrong is in the verdict, not raised."""
        data = self._packproof(claim)
        chain = self.chain(claim.pack.publisher)
        row = listed if isinstance(listed, IndexedRelease) else None
        evidence = Evidence(
            pack=claim.pack,
            version=claim.version,
            packproof=data,
            proof=self._inclusion(claim, row, data),
            checkpoint=self.given.checkpoint,
            publisher=chain,
            trust=self.given.trust,
            current=current,
            listed=listed,
            lock=claim.lock,
            lock_lines=claim.lines,
            known=claim.known,
            accepted=self.given.accepted,
            token=claim.token,
        )
        return Proven(
            claim,
            check_release(evidence),
            data if isinstance(data, bytes) else None,
            chain if isinstance(chain, Chain) else None,
            row,
            current if isinstance(current, Current) else None,
        )

    def _packproof(self, claim: Claim) -> Known[bytes]:
        try:
            return self._source.packproof(claim)
        except PackError as error:
            return error

    def _inclusion(
        self, claim: Claim, listed: IndexedRelease | None, packproof: Known[bytes]
    ) -> tuple[bytes, ...] | None:
        if listed is not None:
            index = listed.log
        elif claim.lock is not None:
            index = claim.lock.log_index
        elif isinstance(packproof, bytes):
            try:
                index = Packproof.parse(packproof).proof.index
            except PackError:
                return None
        else:
            return None
        return self._source.inclusion(index)
