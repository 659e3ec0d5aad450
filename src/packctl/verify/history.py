"""V3: the lock's checkpoint, as far as this machine can tell without asking: signed, witnessed, one history with what was seen before."""

from packctl.trust.evidence import RegistryEvidence
from packctl.trust.log import Log, LogFiles, open_locked
from packctl.trust.memory import Seen
from packctl.verify.home import Home
from packspec.errors import PackError
from packspec.lockfile import LockedRegistry
from packspec.log.checkpoint import (
    Checkpoint,
    LogForked,
    LogShrank,
    NoteKey,
    OpenedCheckpoint,
    SignedNote,
    WitnessesMissing,
    check_extends,
    open_checkpoint,
)
from packspec.log.proofs import verify_consistency
from packspec.trustfiles import TrustFiles


def lock_checkpoint(
    home: Home, kept: RegistryEvidence | None, trust: TrustFiles, locked: LockedRegistry, quorum: int
) -> OpenedCheckpoint | None:
    """The lock's checkpoint, signed by the log, witnessed, and one history with what was seen last; None if that cannot be told here.

    Raises LogSignature, WitnessesMissing, LogForked, LogShrank, BadNote.
    """
    opened = open_locked(locked, trust.log)
    witnesses = _witnesses(kept, trust, opened.checkpoint, quorum)
    if witnesses is None:
        need = max(quorum, trust.log.quorum)
        if need:
            raise WitnessesMissing(trust.log.origin, need, 0)
        witnesses = ()
    if not is_one_history(home, opened, home.memory.seen()):
        return None
    return OpenedCheckpoint(opened.checkpoint, witnesses, opened.note)


def _witnesses(
    evidence: RegistryEvidence | None, trust: TrustFiles, locked: Checkpoint, quorum: int
) -> tuple[NoteKey, ...] | None:
    """Who vouches for the lock's checkpoint: the witnesses of the kept note, which is that checkpoint or provably extends it."""
    kept = _newer(evidence, trust, locked, quorum) if evidence else None
    return kept.witnesses if kept else None


def newer_checkpoint(evidence: RegistryEvidence, trust: TrustFiles, locked: Checkpoint) -> Checkpoint | None:
    """The checkpoint of the kept note, which provably extends the lock's; None if nothing proves it. Raises LogSignature, BadNote."""
    kept = _newer(evidence, trust, locked, 0)
    return kept.checkpoint if kept else None


def _newer(evidence: RegistryEvidence, trust: TrustFiles, locked: Checkpoint, quorum: int) -> OpenedCheckpoint | None:
    data = evidence.note()
    if data is None:
        return None
    kept = open_checkpoint(SignedNote.parse(data), trust.log, quorum)
    newer, proof = kept.checkpoint, evidence.consistency()
    if newer == locked:
        return kept
    if proof is None or not verify_consistency(locked.size, locked.root, newer.size, newer.root, proof):
        return None
    return kept


def is_one_history(home: Home, locked: OpenedCheckpoint, seen: Seen) -> bool:
    """Whether the lock's checkpoint and the last one seen are of one history; False if the tiles to tell are not here.

    Raises LogForked (both notes are kept then).
    """
    last = seen.checkpoint
    if last is None or seen.note is None or seen.knows(locked.checkpoint):
        return True
    older, newer = (locked.checkpoint, last) if locked.checkpoint.size <= last.size else (last, locked.checkpoint)
    log = Log(OpenedCheckpoint(newer, (), locked.note), LogFiles(home.state, None, home.address))
    try:
        check_extends(older, newer, log.read_hashes)
    except (LogForked, LogShrank) as error:
        error.kept = str(home.memory.keep_fork(seen.note, locked.note))
        raise
    except PackError:
        return False
    return True
