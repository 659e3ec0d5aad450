"""Did two lock files see the same log? If not, their signed checkpoints are the proof that the registry told two stories.

A lock keeps the log's own signature of its checkpoint, so a line that somebody edited is told from one that the registry signed: only what
the log signed proves anything (docs/spec/lockfile.md).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from packctl.durable import read_named
from packctl.trust.log import open_locked
from packctl.trust.registry import TrustedRegistry
from packspec.errors import Invalid
from packspec.lockfile import Lock, LockBroken, LockedRegistry, LockTooNew, parse_lock
from packspec.lockfile.parse import LOCK_BYTES
from packspec.log.checkpoint import (
    BadNote,
    Checkpoint,
    LogForked,
    LogShrank,
    LogSignature,
    OpenedCheckpoint,
    check_extends,
)

if TYPE_CHECKING:
    from packctl.session import Session


class NothingToCompare(Invalid):
    """Two locks have no registry in common."""

    first: str
    second: str

    code = "trust.nothing-to-compare"

    def what(self) -> str:
        return f"{self.first} and {self.second} name no registry that both use"

    def why(self) -> str:
        return "only checkpoints of one log can agree or contradict one another"

    def fix(self) -> list[str]:
        return ["compare two lock files with packs of the same registry"]


class Compared(msgspec.Struct, frozen=True):
    """One registry that both locks name: its log, the two sizes, and the size of the log now, which begins with both."""

    registry: str
    origin: str
    first: int
    second: int
    now: int


class Pair(Struct, frozen=True):
    """What two locks say of one log."""

    alias: str
    first: LockedRegistry
    second: LockedRegistry


def compare(session: "Session", first: str, second: str) -> list[Compared]:
    """Compares the locks at these paths, log by log.

    Raises LogForked and LogShrank where they contradict one another or the log of now (both notes are kept as evidence), LogSignature for
    a checkpoint that the log did not sign, NothingToCompare; and what reading locks, opening and refreshing a registry raise.
    """
    locks = [_read(session, path) for path in (first, second)]
    pairs = list(_pairs(*locks))
    if not pairs:
        raise NothingToCompare(first, second)
    return [_compare(session, pair, first, second) for pair in pairs]


def _read(session: "Session", path: str) -> Lock:
    try:
        lock = parse_lock(read_named(session.folder / path, LOCK_BYTES))
        for one in lock.registries:
            Checkpoint.parse_line(one.log)
    except (LockBroken, LockTooNew) as error:
        error.lock_file = path
        raise
    except BadNote as error:
        raise LockBroken(error.reason, lock_file=path) from error
    return lock


def _pairs(first: Lock, second: Lock) -> Iterator[Pair]:
    """By the origin of the log, which is the registry's name for ever; its alias may differ from project to project."""
    for one in first.registries:
        origin = Checkpoint.parse_line(one.log).origin
        for other in second.registries:
            if Checkpoint.parse_line(other.log).origin == origin:
                yield Pair(str(one.name), one, other)


def _compare(session: "Session", pair: Pair, *files: str) -> Compared:
    from packctl.registry.choose import registry_called

    chosen = registry_called(session, pair.alias)
    registry = TrustedRegistry.open(session, chosen.alias, chosen.address)
    registry.refresh()
    first, second = (_open(registry, one, file) for one, file in zip((pair.first, pair.second), files, strict=True))
    small, large = sorted((first.checkpoint, second.checkpoint), key=lambda one: one.size)
    if small.size == large.size and small.root != large.root:
        raise _kept(registry, first, second, LogForked(small.origin, small.line, large.line))
    for one in (first, second):
        try:
            check_extends(one.checkpoint, registry.checkpoint.checkpoint, registry.log.read_hashes)
        except (LogForked, LogShrank) as error:
            raise _kept(registry, one, registry.checkpoint, error) from error
    now = registry.checkpoint.checkpoint
    return Compared(chosen.origin, now.origin, first.checkpoint.size, second.checkpoint.size, now.size)


def _open(registry: TrustedRegistry, locked: LockedRegistry, file: str) -> OpenedCheckpoint:
    """The checkpoint in one of the files. Raises LogSignature, and BadNote for a signature that is none."""
    try:
        return open_locked(locked, registry.trust.log)
    except LogSignature as error:
        error.reason = f"{error.reason}; it stands in {file}, and an edited line proves nothing"
        raise


def _kept(
    registry: TrustedRegistry, one: OpenedCheckpoint, other: OpenedCheckpoint, error: LogForked | LogShrank
) -> LogForked | LogShrank:
    error.kept = str(registry.keep_fork(one.note, other.note))
    return error
