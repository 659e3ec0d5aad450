"""KnownPack: the versions of a pack, ascending, and how ranges and texts become bits of them and back (docs/spec/resolver.md)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, reduce
from itertools import groupby
from operator import or_
from typing import NamedTuple, TypeAlias

from packctl.resolve.constraint import Constraint
from packctl.resolve.rules import constraints_of
from packctl.resolve.terms import States, all_states, any_version, chosen, positions, span
from packctl.resolve.wanted import Candidate, Wanted
from packspec.facts import ConflictWith, Dependency
from packspec.names import PackName
from packspec.ranges import Comparators, Range
from packspec.versions import Key, Version

MOST_RUNS = 3
"""More runs of versions than this are not told one by one."""


class KnownPack:
    """A pack whose index was read. `exists` is false for one that the registry does not have: it has no versions.

    `constraints` are those of `wanted`, where somebody has made them already.
    """

    def __init__(
        self,
        name: PackName,
        candidates: Iterable[Candidate] | None,
        wanted: Wanted,
        constraints: Iterable[Constraint] | None = None,
    ) -> None:
        self.name = name
        self.exists = candidates is not None
        self.candidates = sorted(candidates or (), key=lambda candidate: candidate.version)
        self._keys = [candidate.version.key for candidate in self.candidates]
        self._releases = _either(chosen(n) for n, one in enumerate(self.candidates) if not one.version.is_prerelease)
        self.locked: Version | None = wanted.locked.get(name)
        self._prereleases = wanted.prereleases
        self._constraints = constraints_of(wanted) if constraints is None else tuple(constraints)
        self._matching: dict[str, States] = {}

    @property
    def everything(self) -> States:
        """All states of it."""
        return all_states(len(self.candidates))

    @property
    def any_version(self) -> States:
        """Chosen at whatever version."""
        return any_version(len(self.candidates))

    @cached_property
    def excluded(self) -> Mapping[str, States]:
        """Versions that cannot be used at all, by the reason, in order of the versions."""
        found: dict[str, States] = {}
        for position, candidate in enumerate(self.candidates):
            for excludes in self._constraints:
                why = excludes(self.name, candidate)
                if why is not None:
                    found[why] = found.get(why, 0) | chosen(position)
                    break
        return found

    def matching(self, wanted: Range) -> States:
        """The versions in a range. A locked prerelease stays in a range that would have it but for the prerelease rule."""
        states = self._matching.get(wanted.text)
        if states is None:
            if self._prereleases:
                states = self.with_prereleases(wanted)
            else:
                named = [self._within(together) & (self._releases | self._named(together)) for together in wanted.plain]
                states = _either(named)
                if self.locked is not None and self.locked.is_prerelease:
                    states |= self.with_prereleases(wanted) & self.having([self.locked])
            self._matching[wanted.text] = states
        return states

    def with_prereleases(self, wanted: Range) -> States:
        """The versions in a range, prereleases included: of a conflict always, because a prerelease of what conflicts does so too."""
        return _either(self._within(together) for together in wanted.including)

    def _within(self, together: Comparators) -> States:
        """Versions that fulfil all comparators, by halving: what `Range.allows` does version by version, without the prerelease rule."""
        low, high = 0, len(self._keys)
        for operator, version in together:
            if operator in (">", ">=", "="):
                low = max(low, (bisect_right if operator == ">" else bisect_left)(self._keys, version.key))
            if operator in ("<", "<=", "="):
                high = min(high, (bisect_left if operator == "<" else bisect_right)(self._keys, version.key))
        return span(low, high)

    def _named(self, together: Comparators) -> States:
        """Prereleases of the three numbers that some comparator names with a prerelease."""
        states = 0
        for _operator, version in together:
            if version.prerelease:
                numbers = version.key[:3]
                low = bisect_left(self._keys, numbers, key=_numbers)
                states |= span(low, bisect_right(self._keys, numbers, key=_numbers))
        return states

    def having(self, versions: Iterable[Version]) -> States:
        """The states chosen at one of `versions`, those that exist."""
        states = 0
        for version in versions:
            position = bisect_left(self._keys, version.key)
            if position < len(self._keys) and self._keys[position] == version.key:
                states |= chosen(position)
        return states

    def saying(self, clause: Dependency | ConflictWith) -> States:
        """The versions that say exactly this of another pack."""
        return self._sayings[clause]

    @property
    def clauses(self) -> Iterable[Dependency | ConflictWith]:
        """Everything that its versions say of other packs, in order of the versions."""
        return self._sayings

    @cached_property
    def _sayings(self) -> Mapping[Dependency | ConflictWith, States]:
        found: dict[Dependency | ConflictWith, States] = {}
        for position, candidate in enumerate(self.candidates):
            clauses: tuple[Dependency | ConflictWith, ...] = (*candidate.facts.dependencies, *candidate.facts.conflicts)
            for clause in clauses:
                found[clause] = found.get(clause, 0) | chosen(position)
        return found

    def being(self, test: Callable[[Candidate], bool]) -> States:
        """The states chosen at a version that a test holds for."""
        return _either(chosen(position) for position, candidate in enumerate(self.candidates) if test(candidate))

    def candidate(self, state: States) -> Candidate:
        """The release that a single state chooses."""
        return self.candidates[positions(state)[0]]

    def phrase(self, states: States) -> str:
        """Versions as runs of what is known: `acme/icons >=1.2.0 <2.0.0`; the name alone for all versions.

        A prerelease that is not among `states` does not interrupt a run, as it would not be in a range written so.
        """
        inside = set(positions(states))
        versions = [
            (position in inside, candidate.version)
            for position, candidate in enumerate(self.candidates)
            if position in inside or not candidate.version.is_prerelease
        ]
        runs = [_range_of(*run) for run in _runs(versions)]
        if len(runs) > MOST_RUNS:
            return f"{self.name} {' || '.join(runs[: MOST_RUNS - 1])} || ... ({len(inside)} versions)"
        return " ".join(filter(None, [self.name, " || ".join(runs)]))


def _numbers(key: Key) -> tuple[int, int, int]:
    return key[:3]


def _either(states: Iterable[States]) -> States:
    return reduce(or_, states, 0)


class Some(NamedTuple):
    """Some versions of a pack, put into words only when somebody reads them: most facts are never told."""

    known: KnownPack
    states: States

    def __str__(self) -> str:
        return self.known.phrase(self.states)


Run: TypeAlias = tuple[Version | None, list[Version], Version | None]
"""The last version before it, its versions, the first version after it."""


def _runs(versions: list[tuple[bool, Version]]) -> list[Run]:
    """Unbroken runs of what is inside."""
    runs: list[Run] = []
    before: Version | None = None
    for is_inside, group in groupby(versions, key=lambda one: one[0]):
        members = [version for _inside, version in group]
        if is_inside:
            runs.append((before, members, None))
        elif runs:
            runs[-1] = (*runs[-1][:2], members[0])
        before = members[-1]
    return runs


def _range_of(before: Version | None, members: list[Version], after: Version | None) -> str:
    """The shortest range that has these of the known versions; empty for all of them."""
    if len(members) == 1 and (before or after):
        return str(members[0])
    lower = f">={_border(before, members[0])}" if before else ""
    upper = f"<{_border(members[-1], after)}" if after else ""
    return " ".join(filter(None, [lower, upper]))


def _border(below: Version, above: Version) -> str:
    """The roundest version above `below` up to `above`: between 3.2.0 and 4.0.2 that is 4.0.0."""
    if above.is_prerelease or (below.major, below.minor) == (above.major, above.minor):
        return str(above)
    return f"{above.major}.0.0" if below.major != above.major else f"{above.major}.{above.minor}.0"
