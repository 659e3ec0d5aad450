"""A pack.lock with the marks of a merge: both sides are read, and the one that knows more of the log is taken (docs/spec/lockfile.md)."""

from packspec.errors import PackError
from packspec.lockfile import Lock, conflict_sides, parse_lock


def mended_lock(data: bytes) -> Lock:
    """The lock, or of two sides the one with the larger checkpoints; of sides that know as much, ours. Raises as `parse_lock`.

    That the larger checkpoint extends the other one is compared when the registry is asked (`other_side`).
    """
    sides = _sides(data)
    return max(sides, key=_known) if sides else parse_lock(data)


def other_side(data: bytes) -> Lock | None:
    """The side that `mended_lock` does not take; None where there is none that can be read."""
    sides = _sides(data)
    return min(reversed(sides), key=_known) if len(sides) == 2 else None


def _sides(data: bytes) -> list[Lock]:
    found = []
    for side in conflict_sides(data) or ():
        try:
            found.append(parse_lock(side))
        except PackError:
            continue
    return found


def _known(lock: Lock) -> int:
    return sum(registry.log.size for registry in lock.registries)
