"""R4's first half: a publisher's roots are in the log and are a chain. Done once for all releases of the publisher."""

from collections.abc import Sequence

from msgspec import Struct

from packspec.errors import PackError
from packspec.log.checkpoint import Checkpoint
from packspec.log.leaf import Leaf, ResetLeaf, RootLeaf, leaf_hash, parse_leaf
from packspec.log.proofs import verify_inclusion
from packspec.names import PublisherName
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Chain, LoggedRoot, PublisherChanged, Reset, follow
from packspec.trustfiles import Resets, TrustPolicy


class LoggedEntry(Struct, frozen=True):
    """A log entry, byte for byte, where it is said to stand, and the inclusion proof for the checkpoint in use, from tiles or kept."""

    index: int
    entry: bytes
    proof: tuple[bytes, ...]

    def is_in(self, checkpoint: Checkpoint) -> bool:
        """Whether the proof holds for the log of this checkpoint."""
        return verify_inclusion(leaf_hash(self.entry), self.index, checkpoint.size, self.proof, checkpoint.root)


class PublisherRootEvidence(Struct, frozen=True):
    """A publisher root in its envelope, with its log entry, and the `reset` entry that announced it, if one did."""

    envelope: Envelope
    logged: LoggedEntry
    reset: LoggedEntry | None = None


def prove_publisher(
    publisher: PublisherName,
    roots: Sequence[PublisherRootEvidence],
    checkpoint: Checkpoint,
    resets: Resets,
    policy: TrustPolicy,
) -> Chain:
    """The verified roots of `publisher`, from root 1 to the newest.

    Raises PublisherChanged for an entry that is not in the log or speaks of something else and for a root that does not follow, and what
    `signing.publisher.follow` raises.
    """
    if not roots:
        raise PublisherChanged(publisher, 1, "the registry lists no roots")
    logged: list[LoggedRoot] = []
    announced: list[Reset] = []
    for version, evidence in enumerate(roots, start=1):
        leaf = _proven(publisher, version, evidence.logged, checkpoint)
        if not isinstance(leaf, RootLeaf) or (leaf.publisher, leaf.version) != (publisher, version):
            raise PublisherChanged(publisher, version, "its log entry is about something else")
        logged.append(LoggedRoot(evidence.envelope, leaf.root, evidence.logged.index, leaf.at))
        if evidence.reset is not None:
            announced.extend(_announced(publisher, version, evidence.reset, checkpoint, resets, policy))
    return follow(Chain(publisher), logged, announced)


def _announced(
    publisher: PublisherName,
    version: int,
    entry: LoggedEntry,
    checkpoint: Checkpoint,
    resets: Resets,
    policy: TrustPolicy,
) -> list[Reset]:
    """The reset, if the registry's offline keys list it too: an entry alone could be the server's own."""
    leaf = _proven(publisher, version, entry, checkpoint)
    if not isinstance(leaf, ResetLeaf) or leaf.publisher != publisher:
        raise PublisherChanged(publisher, version, "the entry of its reset is about something else")
    row = resets.row_for(publisher, leaf.new)
    if row is None or row.old != leaf.old:
        return []
    return [
        Reset(
            publisher=publisher,
            old_version=row.old.version,
            old_digest=row.old.sha256,
            new_version=row.new.version,
            new_digest=row.new.sha256,
            index=entry.index,
            at=leaf.at,
            delay_seconds=policy.reset_delay,
        )
    ]


def _proven(publisher: PublisherName, version: int, entry: LoggedEntry, checkpoint: Checkpoint) -> Leaf:
    if not entry.is_in(checkpoint):
        raise PublisherChanged(publisher, version, f"it is not in the log at entry {entry.index}")
    try:
        return parse_leaf(entry.entry)
    except PackError as error:
        raise PublisherChanged(publisher, version, f"its log entry cannot be read: {error}") from error
