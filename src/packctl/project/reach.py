"""How a pack comes into a project: every path from what pack.toml names, over what pack.lock says that packs need, to it."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

MOST_PATHS = 100
"""More paths than this are not listed: there can be exponentially many."""
MOST_STEPS = 20_000
"""After so many beginnings of paths the search ends, because circles can hide paths from it."""


class Paths(NamedTuple):
    """Paths, the shortest first, then by name. `complete` is false if there may be more."""

    found: tuple[tuple[str, ...], ...]
    complete: bool


def paths_to(target: str, starts: Iterable[str], needs: Mapping[str, Sequence[str]]) -> Paths:
    """Every path from one of `starts` to `target`, both included, that comes to no pack twice."""
    far = _distances(target, needs)
    waiting: list[tuple[int, tuple[str, ...]]] = [(far[start], (start,)) for start in set(starts) if start in far]
    heapq.heapify(waiting)
    found: list[tuple[str, ...]] = []
    for _step in range(MOST_STEPS):
        if not waiting or len(found) == MOST_PATHS:
            break
        _length, path = heapq.heappop(waiting)
        if path[-1] == target:
            found.append(path)
            continue
        for need in needs.get(path[-1], ()):
            if need in far and need not in path:
                heapq.heappush(waiting, (len(path) + far[need], (*path, need)))
    return Paths(tuple(found), not waiting)


def _distances(target: str, needs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many steps each pack is away from `target`; those that do not lead to it are left out."""
    needed_by: dict[str, list[str]] = {}
    for pack, others in needs.items():
        for other in others:
            needed_by.setdefault(other, []).append(pack)
    far, row = {target: 0}, [target]
    for one in row:  # which grows
        for pack in needed_by.get(one, ()):
            if pack not in far:
                far[pack] = far[one] + 1
                row.append(pack)
    return far
