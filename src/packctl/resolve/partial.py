"""PartialSolution: what is decided and derived so far, and on which decisions each thing rests (docs/spec/resolver.md).

The level of a derivation is that of the last decision it rests on, which may be lower than the level at which it was found; it is filed
there. So going back takes back exactly what rests on later decisions, and nothing that rests on earlier ones alone is found twice.
"""

import heapq
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from packctl.resolve.incompatibility import Incompatibility
from packctl.resolve.terms import LEFT_OUT, States

Rank: TypeAlias = tuple[bool, int, str]
"""What is compared to find the next name; the name itself is its end."""


class Assignment(NamedTuple):
    """One step. Steps are ordered by level, then by number; each rests on steps before it alone."""

    level: int
    """The number of the last decision it rests on, from 1; 0 if it rests on none."""
    number: int
    name: str
    states: States
    """What it leaves of the name by itself."""
    after: States
    """What is left of the name by it and everything before it."""
    cause: Incompatibility | None
    """None for a decision."""


class PartialSolution:
    """The assignments in order. `left` holds what is left of every name that has one.

    `rank` tells which of the wanted names comes next, from what is left of it.
    """

    def __init__(self, rank: Callable[[str, States], Rank]) -> None:
        self.left: dict[str, States] = {}
        self.decided: dict[str, States] = {}
        self.wanted: dict[str, None] = {}
        """Names that must be chosen and are not decided yet, in no order that matters."""
        self._of_name: dict[str, list[Assignment]] = {}
        self._names_of_level: list[dict[str, None]] = [{}]
        self._number = 0
        self._rank = rank
        self._ranked: list[Rank] = []
        """A heap with the rank of every wanted name, and older ranks of these and others, which count no more."""

    def next_wanted(self) -> str:
        """The wanted name with the lowest rank; there must be one."""
        while True:
            rank = self._ranked[0]
            name = rank[-1]
            if name in self.wanted and rank == self._rank(name, self.left[name]):
                return name
            heapq.heappop(self._ranked)

    def decide(self, name: str, states: States) -> None:
        """Chooses one version."""
        self.decided[name] = states
        self._names_of_level.append({})
        self._add(len(self.decided), name, states, None)

    def derive(self, name: str, states: States, cause: Incompatibility) -> None:
        """Leaves only `states`, because the rest would fulfil `cause`, all other terms of which hold."""
        level = 0
        for other, term in cause.terms:
            if other != name:
                level = max(level, self.satisfier(other, term).level)
        self._add(level, name, states, cause)

    def _add(self, level: int, name: str, states: States, cause: Incompatibility | None) -> None:
        of_name = self._of_name.setdefault(name, [])
        later = []
        while of_name and of_name[-1].level > level:
            later.append(of_name.pop())
        self._number += 1
        after = of_name[-1].after & states if of_name else states
        of_name.append(Assignment(level, self._number, name, states, after, cause))
        for one in reversed(later):
            after &= one.states
            of_name.append(one._replace(after=after))
        self._names_of_level[level][name] = None
        self._note(name, after)

    def _note(self, name: str, left: States) -> None:
        self.left[name] = left
        if name in self.decided or left & LEFT_OUT:
            self.wanted.pop(name, None)
        else:
            self.wanted[name] = None
            heapq.heappush(self._ranked, self._rank(name, left))

    def satisfier(self, name: str, states: States) -> Assignment:
        """The first assignment after which only `states` were left of `name`. There must be one."""
        of_name = self._of_name[name]
        low, high = 0, len(of_name) - 1
        while low < high:  # what is left only shrinks, so the first one can be halved for
            middle = (low + high) // 2
            if of_name[middle].after & ~states:
                low = middle + 1
            else:
                high = middle
        return of_name[low]

    def back_to(self, level: int) -> None:
        """Takes back all that rests on decisions after `level`."""
        while len(self._names_of_level) > level + 1:
            for name in self._names_of_level.pop():
                of_name = self._of_name[name]
                while of_name and of_name[-1].level > level:
                    if of_name.pop().cause is None:
                        del self.decided[name]
                if of_name:
                    self._note(name, of_name[-1].after)
                else:
                    self.left.pop(name, None)
                    self.wanted.pop(name, None)
