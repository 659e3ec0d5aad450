"""What verify stands on for one registry: its trust files, the lock's checkpoint, recalls and ages, as they are at hand (V2, V3).

There are two places: the install state of the project, and what this machine keeps of the registry; the newer metadata counts. Nothing
of it is trusted: it is verified from the pinned root on. What is missing is None, what is wrong is the error itself; both go into the
verdicts.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from packctl.session import Session
from packctl.trust.cached import Cached, MetadataMissing, read_cached
from packctl.trust.evidence import RegistryEvidence
from packctl.trust.faults import IndexTooOld, RootMismatch, RootUnknown
from packctl.trust.freshness import Freshness, Limits, Purpose, check_clock, judge
from packctl.trust.log import Log, LogFiles
from packctl.trust.metadata import MetadataFiles
from packctl.trust.opening import check_chain
from packctl.trust.proofs import Claim, Given, Prover
from packctl.trust.recalls import NONE, Restorer, in_force
from packctl.trust.targets import TRUST_FILES, parse_trust_files, read_kept
from packctl.verify.history import lock_checkpoint, newer_checkpoint
from packctl.verify.home import Home, home_of
from packctl.verify.order import Asked
from packspec import limits, site
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import IndexedRelease, PackIndex, PublisherDocument, Recalls
from packspec.lockfile import LockedRegistry
from packspec.log.checkpoint import Checkpoint, OpenedCheckpoint
from packspec.log.leaf import LoggedPack, leaf_hash
from packspec.log.proofs import verify_inclusion
from packspec.names import PackName, PublisherName
from packspec.packproof import ProofMissing
from packspec.signing.publisher import Chain
from packspec.trustfiles import TrustFiles
from packspec.verdict import Current, ReleaseUnlisted
from packspec.verdict.evidence import Known

if TYPE_CHECKING:
    from packctl.trust.registry import TrustedRegistry


class Material(Struct):
    """What is known of one registry without asking it. `faults` are about the registry as a whole."""

    trust: Known[TrustFiles] = None
    checkpoint: Known[OpenedCheckpoint] = None
    cached: Cached | None = None
    recalls: Recalls | None = None
    """None: they are not at hand, which is not the same as that there are none."""
    fresh: Freshness | None = None
    fault_of_age: PackError | None = None
    faults: list[PackError] = field(default_factory=list)
    home: Home | None = None
    kept: RegistryEvidence | None = None
    registry: "TrustedRegistry | None" = None
    """The registry itself, where it was asked."""

    @property
    def given(self) -> Given:
        """For a `Prover`."""
        return Given(self.trust, self.checkpoint)

    @property
    def freshness(self) -> Freshness | None:
        """How old what was used is."""
        return self.cached.freshness if self.cached else self.fresh

    def target(self, name: str) -> bytes | None:
        """A target that verified metadata lists, if it is at hand; None also if the metadata for it is not."""
        if self.cached is None:
            return None
        try:
            listed = self.cached.look_up(name)
        except MetadataMissing:
            return None
        if listed is None:
            return None
        kept = self.kept.target(name) if self.kept else None
        if kept is not None and len(kept) == listed.size and Digest.of(kept).same(listed.sha256):
            return kept
        if self.home is None:
            return None
        return read_kept(self.home.state, listed) or read_kept(self.home.cache, listed)

    def listed(self, claim: Claim, logged: int) -> Known[IndexedRelease]:
        """The release's row, if the pack's index is at hand. `logged` is its log entry: an index from before it cannot list it."""
        pack, token = claim.pack, claim.token
        try:
            if self.cached is None or Checkpoint.parse(self.cached.note.text).size <= logged:
                return None
            data = self.target(site.pack_target(token or LoggedPack(pack)))
            if data is None:
                return None
            row = PackIndex.parse(data, pack).find(claim.version.without_build())
        except PackError as error:
            return error
        return row or ReleaseUnlisted(f"{pack} {claim.version}")

    def current(self, statement: Digest, pack: PackName, prover: Prover) -> Known[Current]:
        """What was last known of a release."""
        if self.cached is None or self.recalls is None:
            return None
        recalls = self.recalls.of(statement)
        if recalls and isinstance(self.trust, TrustFiles) and isinstance(self.checkpoint, OpenedCheckpoint):
            recalls = in_force(self.recalls, statement, pack, self._restorer(self.trust, self.checkpoint, prover))
        return Current(self.cached.signed_at, recalls, self.fault_of_age)

    def _restorer(self, trust: TrustFiles, opened: OpenedCheckpoint, prover: Prover) -> Restorer:
        kept, checkpoint = self.kept, opened.checkpoint

        def entry(index: int) -> bytes | None:
            data = kept.restore_entry(index) if kept else None
            if kept is None or data is None:
                return None
            within, proof = checkpoint, kept.inclusion(index)
            if index >= checkpoint.size:  # what came after the lock's checkpoint, the newer note vouches for
                within, proof = newer_checkpoint(kept, trust, checkpoint) or checkpoint, kept.later_inclusion(index)
            held = proof is not None and verify_inclusion(leaf_hash(data), index, within.size, proof, within.root)
            return data if held else None

        def chain(pack: PackName) -> Known[Chain]:
            return prover.chain(pack.publisher)

        return Restorer(trust, entry, kept.restore_document if kept else lambda digest: None, chain)


def gather(
    session: Session, alias: str, kept: RegistryEvidence | None, locked: LockedRegistry | None, asked: Asked
) -> Material:
    """V2 and V3 for one registry. What is wrong is in the result; only a broken configuration is raised."""
    found = Material(kept=kept)
    try:
        found.home = home_of(session, alias)
    except RootUnknown as error:
        found.faults.append(error)
        found.trust = error
        return found
    _take(found, lambda: _read_metadata(found, locked))
    if found.cached is None:
        return found
    _take(found, lambda: _read_trust(found))
    _take(found, lambda: _judge_age(found, session, asked))
    if isinstance(found.trust, TrustFiles) and locked is not None:
        try:
            quorum = session.rules.policy.witnesses or 0
            found.checkpoint = lock_checkpoint(found.home, kept, found.trust, locked, quorum)
        except PackError as error:
            found.checkpoint = error
    return found


def _take(found: Material, step: Callable[[], None]) -> None:
    try:
        step()
    except PackError as error:
        found.faults.append(error)


def _read_metadata(found: Material, locked: LockedRegistry | None) -> None:
    """V2: the newer of what the install state and this machine have."""
    home = found.home
    assert home is not None
    places: list[MetadataFiles] = [home.metadata, *([found.kept] if found.kept else [])]
    wrong: list[PackError] = []
    for files in places:
        try:
            one = read_cached(files, home.pinned, home.address)
            if found.cached is None or one.signed_at > found.cached.signed_at:
                check_chain(one.chain, files.roots(), home, locked)
                found.cached = one
        except MetadataMissing:
            continue
        except RootMismatch as error:
            # A place that is empty has no root; one with roots has them of another registry.
            wrong += [error] if files.roots() else []
        except PackError as error:
            wrong.append(error)
    found.faults += wrong


def _read_trust(found: Material) -> None:
    data = [found.target(name) for name in TRUST_FILES]
    whole = [one for one in data if one is not None]
    if len(whole) == len(data):
        found.trust = parse_trust_files(whole)
    assert found.home is not None and found.cached is not None
    found.recalls = _recalls(found, found.cached)
    seen = found.home.memory.seen()
    # A recall that any command has learned of counts, whatever an older install state says.
    if seen.recalls is not None and seen.signed_at >= found.cached.signed_at:
        found.recalls = seen.recalls


def _judge_age(found: Material, session: Session, asked: Asked) -> None:
    fresh = found.freshness
    assert fresh is not None
    check_clock(fresh.signed_at, asked.now)
    allowed = Limits(limits.MAX_INDEX_AGE_SECONDS, asked.oldest(session.rules.policy))
    judged = judge(fresh, Purpose.VERIFY, asked.now, allowed, is_online=False)
    if isinstance(judged, IndexTooOld):
        found.fault_of_age = judged


def _recalls(found: Material, cached: Cached) -> Recalls | None:
    try:
        if cached.look_up(site.RECALLS_TARGET) is None:
            return NONE
    except MetadataMissing:
        return None
    data = found.target(site.RECALLS_TARGET)
    return None if data is None else Recalls.parse(data)


class KeptProofs:
    """A `ProofSource` of what is at hand: the install state first, then what this machine keeps of the registry."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._kept = material.kept
        self._cache = material.home.cache if material.home else None

    def publisher_document(self, publisher: PublisherName) -> PublisherDocument | None:
        """Which roots a publisher has: what it says is proven by the log, so the kept list needs no metadata.

        Whoever looked later keeps newer roots as well. The lock's checkpoint proves none of them, so they are left for `--online`.
        """
        kept = self._kept.publisher_document(publisher) if self._kept else None
        if kept is None:
            data = self._material.target(site.publisher_target(publisher))
            kept = None if data is None else PublisherDocument.parse(data, publisher)
        opened = self._material.checkpoint
        if kept is None or not isinstance(opened, OpenedCheckpoint):
            return kept
        return replace(kept, roots=tuple(row for row in kept.roots if row.log < opened.checkpoint.size))

    def publisher_root(self, publisher: PublisherName, version: int) -> bytes | None:
        """A publisher root in its envelope."""
        kept = self._kept.publisher_root(publisher, version) if self._kept else None
        return (
            kept if kept is not None else self._cached(site.publisher_root(publisher, version), limits.ENVELOPE_BYTES)
        )

    def packproof(self, claim: Claim) -> bytes:
        """The packproof of a release. Raises ProofMissing."""
        found = self._kept.packproof(claim) if self._kept else None
        if found is None and claim.token is None:
            found = self._cached(site.packproof(claim.pack, claim.version), limits.PACKPROOF_BYTES)
        if found is None:
            raise ProofMissing(f"{claim.pack} {claim.version}")
        return found

    def inclusion(self, index: int) -> tuple[bytes, ...] | None:
        """The proof that an entry is in the log of the lock's checkpoint: kept, or made of kept tiles."""
        opened, home = self._material.checkpoint, self._material.home
        if home is None or not isinstance(opened, OpenedCheckpoint):
            return None
        # Proofs of an install from another pack.lock prove nothing about this one's checkpoint.
        if self._kept and self._kept.log.checkpoint == opened.checkpoint.line:
            kept = self._kept.inclusion(index)
            if kept is not None:
                return kept
        try:
            return Log(opened, LogFiles(home.state, None, home.address)).inclusion(index)
        except PackError:
            return None

    def _cached(self, path: str, ceiling_bytes: int) -> bytes | None:
        return self._cache.read(path, ceiling_bytes) if self._cache else None
