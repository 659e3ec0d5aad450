"""What this machine last saw of a registry: checkpoint, recalls, time of the timestamp. It is what later answers are compared with.

It lies in `seen.json` of the registry's folder, replaced as a whole and synced, and only ever moves forward: two processes that remember at
once leave the later of both states. Chapter: docs/spec/tuf.md, section Memory.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct, field

from packctl.durable import PRIVATE, Folder, KernelLock
from packspec import SPECIFICATION, limits, wire
from packspec.digests import Digest
from packspec.errors import Damaged, PackError
from packspec.index import Recalls
from packspec.log.checkpoint import Checkpoint, SignedNote

SEEN = "seen.json"
LOCK = "seen.lock"
FORKS = "forks"
SEEN_BYTES = limits.INDEX_BYTES + limits.MIB
PROVEN = 1_000
"""Most earlier checkpoints that are remembered as proven."""


class MemoryBroken(Damaged):
    """What was remembered of a registry cannot be read."""

    path: Path
    reason: str

    code = "trust.memory-broken"

    def what(self) -> str:
        return f"{self.path} is not what packctl remembered of a registry"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "packctl replaces it as a whole, so a disk fault, another program or a person changed it"

    def fix(self) -> list[str]:
        return [
            f"restore {self.path} from a backup; without it packctl no longer notices if the registry goes back behind what it said"
        ]


class _Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    v: int
    signed_at: int = 0
    checkpoint: str = ""
    recalls: str = ""
    proven: list[str] = []


class Seen(Struct, frozen=True):
    """What was seen last. `signed_at` is 0, the others are None, where nothing was."""

    signed_at: int = 0
    """The time of the newest timestamp that verified, seconds since 1970, UTC."""
    note: SignedNote | None = None
    """The newest checkpoint, opened then."""
    recalls: Recalls | None = None
    proven: Mapping[int, bytes] = field(default_factory=dict)
    """Root by size of earlier checkpoints that the newest was proven to extend."""

    @property
    def checkpoint(self) -> Checkpoint | None:
        """What the note says."""
        return Checkpoint.parse(self.note.text) if self.note else None

    def knows(self, checkpoint: Checkpoint) -> bool:
        """Whether this very state of the log was seen, or proven to be a beginning of what was seen."""
        newest = self.checkpoint
        return newest == checkpoint or self.proven.get(checkpoint.size) == checkpoint.root


class Memory:
    """The memory of one registry, in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def seen(self) -> Seen:
        """What was seen last. Raises MemoryBroken, DiskFailed."""
        if not (self.folder / SEEN).exists():
            return Seen()
        with Folder.open(self.folder) as folder:
            return _read(folder)

    def keep(self, now: Seen) -> None:
        """Remembers what was verified just now, unless something newer was remembered meanwhile. Raises MemoryBroken, DiskFailed."""
        known = self.seen()
        if _later(known, now) == known:
            return  # nothing to write, and perhaps nothing may be written: a disk that is mounted read-only
        with Folder.open(self.folder, create=True, mode=0o700) as folder, KernelLock.take(folder, LOCK):
            before = _read(folder) if folder.stat(SEEN) else Seen()
            later = _later(before, now)
            if later != before:
                folder.replace(SEEN, _encode(later), PRIVATE)

    def keep_fork(self, seen: SignedNote, found: SignedNote) -> Path:
        """Keeps two notes that contradict one another, for ever, and says where."""
        data = seen.encode() + b"\n" + found.encode()
        name = f"{Digest.of(data)[:16]}.txt"
        with Folder.open(self.folder, create=True, mode=0o700) as folder, folder.folder(FORKS, create=True) as forks:
            if forks.stat(name) is None:
                forks.replace(name, data)
            return forks.path / name


def _read(folder: Folder) -> Seen:
    path = folder.path / SEEN
    try:
        found = wire.decode(folder.read(SEEN, SEEN_BYTES), _Document)
        if found.v > SPECIFICATION:
            raise MemoryBroken(path, f"format {found.v}, this packctl knows {SPECIFICATION}")
        proven = [Checkpoint.parse_line(line) for line in found.proven]
        return Seen(
            found.signed_at,
            SignedNote.parse(found.checkpoint.encode()) if found.checkpoint else None,
            Recalls.parse(found.recalls.encode()) if found.recalls else None,
            {one.size: one.root for one in proven},
        )
    except MemoryBroken:
        raise
    except (msgspec.DecodeError, PackError) as error:
        raise MemoryBroken(path, str(error)) from error


def _encode(seen: Seen) -> bytes:
    origin = seen.checkpoint.origin if seen.checkpoint else ""
    kept = sorted(seen.proven.items())[-PROVEN:]
    document = _Document(
        v=SPECIFICATION,
        signed_at=seen.signed_at,
        checkpoint=seen.note.encode().decode() if seen.note else "",
        recalls=seen.recalls.encode().decode() if seen.recalls else "",
        proven=[Checkpoint(origin, size, root).line for size, root in kept],
    )
    return msgspec.json.format(wire.encode(document), indent=1) + b"\n"


def _later(before: Seen, now: Seen) -> Seen:
    """The later of two states, part by part. What another process remembered meanwhile was verified by it against the same beginning."""
    old, new = before.checkpoint, now.checkpoint
    is_newer = new is not None and (old is None or new.size >= old.size)
    return Seen(
        max(before.signed_at, now.signed_at),
        now.note if is_newer else before.note,
        now.recalls if now.signed_at >= before.signed_at and now.recalls is not None else before.recalls,
        {**before.proven, **now.proven} if is_newer else before.proven,
    )
