"""pack.lock to a Lock and back, byte for byte the same on every system; is it stale? (docs/spec/lockfile.md)

The file is for machines: one order of entries and keys, LF, no dates, addresses or paths. Reading is lenient about that form and strict
about everything else, so that a lock can be merged by hand and is still never misread.
"""

from packspec.lockfile.entries import (
    FORMAT,
    HEADER,
    IndexToken,
    Lock,
    LockedPack,
    LockedRegistry,
    LogLine,
    LogSignature,
    Need,
)
from packspec.lockfile.faults import FILE, LockBroken, LockMissing, LockStale, LockTooNew
from packspec.lockfile.inputs import check_current, inputs_digest
from packspec.lockfile.parse import conflict_sides, parse_lock

__all__ = [
    "FILE", "FORMAT", "HEADER", "IndexToken", "Lock", "LockBroken", "LockMissing", "LockStale", "LockTooNew", "LockedPack",
    "LockedRegistry", "LogLine", "LogSignature", "Need", "check_current", "conflict_sides", "inputs_digest", "parse_lock",
]  # fmt: skip
