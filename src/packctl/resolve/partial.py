"""PartialSolution: what is decided and derived so far, in order, and when each thing became true (docs/spec/resolver.md)."""

from typing import NamedTuple

from packctl.resolve.incompatibility import Incompatibility
from packctl.resolve.terms import LEFT_OUT, States


class Assignment(NamedTuple):
    """One step: `states` became all that is left by it alone, `after` all that is left by it and everything before."""

    name: str
    position: int
    level: int
    """How many decisions stand at or before it."""
    states: States
    after: States
    cause: Incompatibility | None
    """None for a decision."""


class PartialSolution:
    """The assignments in order. `left` holds what is left of every name that has one."""

    def __init__(self) -> None:
        self.left: dict[str, States] = {}
        self.decided: dict[str, States] = {}
        self.wanted: dict[str, None] = {}
        """Names that must be chosen and are not decided yet, in no order that matters."""
        self._assignments: list[Assignment] = []
        self._of_name: dict[str, list[Assignment]] = {}

    @property
    def level(self) -> int:
        """How many decisions have been made."""
        return len(self.decided)

    def decide(self, name: str, states: States) -> None:
        """Chooses one version."""
        self.decided[name] = states
        del self.wanted[name]
        self._add(name, states, None)

    def derive(self, name: str, states: States, cause: Incompatibility) -> None:
        """Leaves only `states`, because the rest would fulfil `cause`."""
        self._add(name, states, cause)
        if name not in self.decided and not self.left[name] & LEFT_OUT:
            self.wanted[name] = None

    def _add(self, name: str, states: States, cause: Incompatibility | None) -> None:
        before = self.left.get(name)
        after = states if before is None else before & states
        made = Assignment(name, len(self._assignments), self.level, states, after, cause)
        self._assignments.append(made)
        self._of_name.setdefault(name, []).append(made)
        self.left[name] = after

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
        """Takes back everything after the last assignment of `level`."""
        while self._assignments and self._assignments[-1].level > level:
            undone = self._assignments.pop()
            of_name = self._of_name[undone.name]
            of_name.pop()
            if of_name:
                self.left[undone.name] = of_name[-1].after
            else:
                del self.left[undone.name]
            if undone.cause is None:
                del self.decided[undone.name]
            if undone.name not in self.decided and not self.left.get(undone.name, LEFT_OUT) & LEFT_OUT:
                self.wanted[undone.name] = None
            else:
                self.wanted.pop(undone.name, None)
