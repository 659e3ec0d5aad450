"""Solver: PubGrub over names and states; pure, and knows nothing of packs (docs/spec/resolver.md).

It derives what must hold (unit propagation), learns from each conflict the incompatibility at its root and jumps back to where that could
have been known (conflict resolution), and otherwise decides one name at a time. Complete: it finds a solution if there is one. The same
source gives the same solution, because nothing here depends on hashes, time or the order of a dict that the source did not order.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from packctl.resolve.incompatibility import Incompatibility, resolve
from packctl.resolve.partial import Assignment, PartialSolution, Rank
from packctl.resolve.terms import States

_ALL_HOLD: tuple[str, States] = ("", 0)
_ALWAYS: tuple[str, States] = ("", 1)

LOOKS_BETWEEN_CHECKS = 5_000
"""After so many looks `may_go_on` is asked again: some hundredths of a second."""

STEPS = 5_000_000
"""After how many looks at an incompatibility the solver gives up: some 10 seconds. A project of 1,000 packs takes thousands."""


class Source(Protocol):
    """What the solver asks, and asks no more than it must."""

    def start(self) -> Iterable[Incompatibility]:
        """What holds from the start: the wishes."""
        ...

    def everything(self, name: str) -> States:
        """All states of a name that occurred in an incompatibility."""
        ...

    def rank(self, name: str, left: States) -> Rank:
        """Of the names that must be chosen, the one with the lowest rank is decided next. `left` is what is left of it."""
        ...

    def choose(self, name: str, left: States) -> States:
        """Which one of the states that are left of a name."""
        ...

    def incompatibilities(self, name: str, state: States, decided: Mapping[str, States]) -> Iterable[Incompatibility]:
        """Everything that must be known once `name` is at `state`, beside what is decided; what was given before may be left out."""
        ...


class Unsolvable(Exception):
    """There is no solution; `root` has no terms, and its causes say why."""

    def __init__(self, root: Incompatibility) -> None:
        super().__init__(root)
        self.root = root


class OutOfSteps(Exception):
    """Gave up: neither a solution nor the proof that there is none was found in that many steps."""

    def __init__(self, steps: int, decided: dict[str, States]) -> None:
        super().__init__(steps, decided)
        self.steps = steps
        self.decided = decided


class Stopped(Exception):
    """Whoever asked had no more time."""


class Solver:
    """One search. `solve` once, then read `steps` and `attempts`.

    `may_go_on` is asked before each decision and now and then between; if it says no, the search ends with Stopped.
    """

    def __init__(self, source: Source, max_steps: int = STEPS, may_go_on: Callable[[], bool] = lambda: True) -> None:
        self._source = source
        self._max_steps = max_steps
        self._may_go_on = may_go_on
        self._next_check = min(LOOKS_BETWEEN_CHECKS, max_steps)
        self._partial = PartialSolution(source.rank)
        self._of_name: dict[str, list[tuple[States, str, States, Incompatibility]]] = {}
        self._all: dict[str, States] = {}
        self.steps = 0
        """How often an incompatibility was looked at."""
        self.attempts = 1
        """How many solutions were tried: one, and one more for each conflict."""

    def solve(self) -> dict[str, States]:
        """One state for each name that is needed. Raises Unsolvable, OutOfSteps, Stopped, and whatever the source raises."""
        self._propagate({}, self._add(self._source.start()))
        while self._partial.wanted:
            if not self._may_go_on():
                raise Stopped
            name = self._partial.next_wanted()
            state = self._source.choose(name, self._partial.left[name])
            fresh = self._add(self._source.incompatibilities(name, state, self._partial.decided))
            if fresh:  # they may already rule the choice out; if not, it is chosen again at once
                self._propagate({}, fresh)
            else:
                self._partial.decide(name, state)
                self._propagate({name: None}, [])
        return dict(self._partial.decided)

    def _add(self, incompatibilities: Iterable[Incompatibility]) -> list[Incompatibility]:
        fresh = list(incompatibilities)
        for incompatibility in fresh:
            terms = incompatibility.terms
            for name, states in terms:
                other = next((term for term in terms if term[0] != name), _ALWAYS)
                self._of_name.setdefault(name, []).append((states, *other, incompatibility))
                if name not in self._all:
                    self._all[name] = self._source.everything(name)
        return fresh

    def _propagate(self, changed: dict[str, None], fresh: list[Incompatibility]) -> None:
        """Unit propagation: derives all that follows from what changed, from the newest incompatibility to the oldest.

        Learned ones are newest and say most. After a conflict the fresh ones are looked at again: what they gave may be taken back.
        """
        todo = fresh
        while todo or changed:
            if todo:
                looks, todo = todo, []
            else:
                name = next(iter(changed))
                del changed[name]
                looks = self._now_holding(name) if name in self._partial.left else []
            for incompatibility in looks:
                open_term = self._open_term(incompatibility)
                if open_term is None:
                    continue
                conflict = open_term is _ALL_HOLD
                while open_term is _ALL_HOLD:  # what is kept may hold the learned one, too
                    incompatibility = self._learn(incompatibility)
                    open_term = self._open_term(incompatibility)
                assert open_term is not None, "the jump back goes where one term is open"
                name, states = open_term
                self._partial.derive(name, self._all[name] ^ states, incompatibility)
                changed[name] = None
                if conflict:
                    todo = fresh
                    break

    def _now_holding(self, name: str) -> list[Incompatibility]:
        """The incompatibilities whose term of `name` holds, newest first: only these can force something because of a change of it."""
        lefts = self._partial.left
        left = lefts[name]
        return [
            one
            for states, other, other_states, one in reversed(self._of_name[name])
            # the second half spares a look at most of them: another term cannot hold any more
            if not left & ~states and lefts.get(other, other_states) & other_states
        ]

    def _open_term(self, incompatibility: Incompatibility) -> tuple[str, States] | None:
        """The one term that does not hold yet, if all others hold; `_ALL_HOLD` for a conflict; None if there is nothing to do."""
        self.steps += 1
        if self.steps > self._next_check:
            self._check()
        found = _ALL_HOLD
        left_of, everything = self._partial.left, self._all
        for term in incompatibility.terms:
            name, states = term
            left = left_of.get(name)
            if left is None:
                left = everything[name]
            common = left & states
            if common == left:
                continue  # it holds
            if not common or found is not _ALL_HOLD:
                return None  # it cannot hold any more, or it is the second that may
            found = term
        return found

    def _check(self) -> None:
        if self.steps > self._max_steps:
            raise OutOfSteps(self._max_steps, dict(self._partial.decided))
        if not self._may_go_on():
            raise Stopped
        self._next_check = min(self.steps + LOOKS_BETWEEN_CHECKS, self._max_steps)

    def _learn(self, conflict: Incompatibility) -> Incompatibility:
        """Conflict resolution: goes back from the conflict to its root, takes back what the root forbids, and gives the root.

        It goes back one level only, although the root often rests on earlier ones alone: what follows is filed at its own level anyhow, and
        decisions that have nothing to do with the conflict need not be made again.
        """
        first = conflict
        self.attempts += 1
        while conflict.terms:
            latest, previous_level = self._satisfiers(conflict)
            if latest.cause is None or previous_level < latest.level:
                self._partial.back_to(latest.level - 1)
                if conflict is not first:
                    self._add([conflict])
                return conflict
            conflict = resolve(conflict, latest.cause, latest.name, self._all[latest.name])
        raise Unsolvable(conflict)

    def _satisfiers(self, conflict: Incompatibility) -> tuple[Assignment, int]:
        """The assignment that made the last term hold, and the last decision on which it rests that all others do."""
        held = [(self._partial.satisfier(name, states), states) for name, states in conflict.terms]
        latest, latest_states = max(held, key=lambda one: one[0][:2])
        previous_level = max((found.level for found, _states in held if found is not latest), default=0)
        if latest.states & ~latest_states:  # it needed an earlier assignment of the same name
            earlier = self._partial.satisfier(latest.name, latest_states | ~latest.states)
            previous_level = max(previous_level, earlier.level)
        return latest, previous_level
