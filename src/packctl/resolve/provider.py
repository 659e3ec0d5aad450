"""Provider: indexes, lock, wishes and rules in the solver's words (docs/spec/resolver.md).

An index is read when the first incompatibility names its pack. What a release says of a pack that nobody needs (a conflict, kinds enhances
and compatible) waits until that pack is read for another reason, and never reads it.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeAlias

from packctl.resolve.incompatibility import Incompatibility
from packctl.resolve.known import KnownPack, Some
from packctl.resolve.partial import Rank
from packctl.resolve.reasons import AlreadyChosen, Asked, ConflictsWith, DependsOn, Exceeded, Excluded
from packctl.resolve.rules import constraints_of
from packctl.resolve.terms import States, positions
from packctl.resolve.wanted import Indexes, Wanted, Wish
from packspec.facts import ConflictWith, Dependency
from packspec.names import PackName
from packspec.ranges import Range
from packspec.versions import Version

Extra: TypeAlias = tuple[PackName, Dependency]
"""An optional dependency that is tried or was added, and of which pack."""


class Shelf:
    """The packs read so far, under the rules of one `Wanted`; shared by resolutions that differ in their wishes alone."""

    def __init__(self, wanted: Wanted, indexes: Indexes) -> None:
        self.wanted = wanted
        self._indexes = indexes
        self._known: dict[PackName, KnownPack] = {}
        self._constraints = constraints_of(wanted)

    def __contains__(self, pack: PackName) -> bool:
        return pack in self._known

    def get(self, pack: PackName) -> KnownPack:
        """A pack, its index read now if it was not. Raises what the indexes raise."""
        known = self._known.get(pack)
        if known is None:
            known = self._known[pack] = KnownPack(pack, self._indexes.candidates(pack), self.wanted, self._constraints)
        return known


class Provider:
    """The source of one search: what holds from the start, what a choice brings with it, and which choice comes next."""

    def __init__(
        self,
        shelf: Shelf,
        wishes: Iterable[Wish],
        preferred: Mapping[PackName, Version],
        extras: frozenset[Extra] = frozenset(),
    ) -> None:
        self._shelf = shelf
        self._wishes = sorted(wishes, key=lambda wish: (wish.pack, wish.range.text, wish.kind, wish.file, wish.origin))
        self._preferred = preferred
        self._extras = extras
        self._asked_for = {wish.pack for wish in self._wishes if wish.kind == "requires"}
        self._met: set[PackName] = set()
        self._said: dict[PackName, set[Dependency | ConflictWith]] = {}
        self._tried: dict[PackName, States] = {}
        """The first choice of each pack."""
        self._waiting: dict[PackName, list[Callable[[KnownPack], Incompatibility | None]]] = {}
        self._written: dict[tuple[str, States], str] = {}
        self._due: list[Incompatibility] = []

    def start(self) -> Iterable[Incompatibility]:
        """The wishes, by name."""
        for wish in self._wishes:
            if wish.kind == "requires":
                self._due.append(self._ask(wish, self._meet(wish.pack)))
            else:
                self._once_met(wish.pack, partial(self._restrict_by_wish, wish))
        for extra in sorted(self._extras, key=lambda extra: (extra[0], extra[1].pack, extra[1].range.text)):
            self._due.append(self._keep(extra, self._meet(extra[0])))
        return self._flush()

    def everything(self, name: str) -> States:
        """All states of a pack that was met."""
        return self._shelf.get(PackName(name)).everything

    def rank(self, name: str, left: States) -> Rank:
        """What the project asks for comes first, then what has the fewest versions left, then by name.

        So a project gets the newest of what it names itself, and a pack that leaves no choice shows its conflicts early.
        """
        return name not in self._asked_for, left.bit_count(), name

    def choose(self, name: str, left: States) -> States:
        """What is preferred, where it is left; else the newest, or the lowest."""
        if (preferred := self._preferred.get(PackName(name))) is not None:
            kept = self._shelf.get(PackName(name)).having([preferred])
            if kept & left:
                return kept
        return left & -left if self._shelf.wanted.lowest else 1 << (left.bit_length() - 1)

    def incompatibilities(self, name: str, state: States, decided: Mapping[str, States]) -> Iterable[Incompatibility]:
        """What a release says of other packs, each said for all releases that say the same; nothing twice. And what no limit allows."""
        known = self._shelf.get(PackName(name))
        facts = known.candidate(state).facts
        clauses: tuple[Dependency | ConflictWith, ...] = (*facts.dependencies, *facts.conflicts)
        for clause in clauses:
            self._say(known, clause)
        if self._tried.setdefault(known.name, state) != state:
            # What was chosen first did not hold. What all others say of packs that were met is said now: it takes no index more, and what
            # rules them all out is found by propagation instead of by a conflict for each.
            for clause in known.clauses:
                if clause.pack in self._met:
                    self._say(known, clause)
        if self._shelf.wanted.limits:
            self._hold_limits({**decided, name: state})
        return self._flush()

    def _hold_limits(self, states: Mapping[str, States]) -> None:
        """A limit that is exceeded forbids what it names, and all that is as bad."""
        packs = {PackName(name): self._shelf.get(PackName(name)) for name in sorted(states)}
        chosen = {pack: known.candidate(states[pack]) for pack, known in packs.items()}
        for limit in self._shelf.wanted.limits:
            if (clash := limit(chosen)) is not None:
                together = [Some(packs[pack], packs[pack].being(clash.packs[pack])) for pack in sorted(clash.packs)]
                terms = [(some.known.name, some.states) for some in together]
                assert terms and all(states[name] & term for name, term in terms), "a limit names what was chosen"
                self._due.append(Incompatibility(terms, Exceeded(tuple(together), clash.why)))

    def _say(self, known: KnownPack, clause: Dependency | ConflictWith) -> None:
        said = self._said.setdefault(known.name, set())
        if clause in said:
            return
        said.add(clause)
        if isinstance(clause, ConflictWith):
            self._exclude(known, clause)
        elif clause.pack != known.name and (not clause.optional or (known.name, clause) in self._extras):
            self._depend(known, clause)

    def _depend(self, known: KnownPack, dependency: Dependency) -> None:
        who = known.saying(dependency)
        if dependency.kind == "requires":
            self._due.append(self._need(known, who, dependency, self._meet(dependency.pack)))
        else:
            self._once_met(dependency.pack, partial(self._restrict, known, who, dependency))

    def _exclude(self, known: KnownPack, conflict: ConflictWith) -> None:
        who = known.saying(conflict)
        self._once_met(conflict.pack, partial(self._conflict, known, who, conflict.range))

    def _need(self, known: KnownPack, who: States, dependency: Dependency, other: KnownPack) -> Incompatibility:
        wanted, note = self._effective(dependency.pack, dependency.range)
        matching = self._matching(other, wanted)
        note += "" if matching else _nothing(other, wanted)
        fact = DependsOn(Some(known, who), dependency.kind, f"{other.name} {_shown(wanted)}", note)
        terms = [(str(known.name), who)]
        return Incompatibility([*terms, (other.name, other.everything ^ matching)] if matching else terms, fact)

    def _restrict(
        self, known: KnownPack, who: States, dependency: Dependency, other: KnownPack
    ) -> Incompatibility | None:
        wanted, note = self._effective(dependency.pack, dependency.range)
        outside = other.any_version & ~self._matching(other, wanted)
        fact = DependsOn(Some(known, who), dependency.kind, f"{other.name} {_shown(wanted)}", note)
        return Incompatibility([(known.name, who), (other.name, outside)], fact) if outside else None

    def _conflict(self, known: KnownPack, who: States, wanted: Range, other: KnownPack) -> Incompatibility | None:
        matching = other.with_prereleases(wanted)
        if known is other:
            return Incompatibility([(known.name, who & matching)], Excluded(Some(known, who), "conflicts with itself"))
        fact = ConflictsWith(Some(known, who), f"{other.name} {_shown(wanted)}")
        return Incompatibility([(known.name, who), (other.name, matching)], fact) if matching else None

    def _ask(self, wish: Wish, known: KnownPack) -> Incompatibility:
        wanted, _note = self._effective(wish.pack, wish.range)
        matching = self._matching(known, wanted)
        fact = Asked(wish, _shown(wanted), "" if matching else _nothing(known, wanted))
        return Incompatibility([(known.name, known.everything ^ matching)] if matching else [], fact)

    def _restrict_by_wish(self, wish: Wish, known: KnownPack) -> Incompatibility | None:
        wanted, _note = self._effective(wish.pack, wish.range)
        outside = known.any_version & ~self._matching(known, wanted)
        return Incompatibility([(known.name, outside)], Asked(wish, _shown(wanted))) if outside else None

    def _keep(self, extra: Extra, known: KnownPack) -> Incompatibility:
        """An optional dependency must not be had by leaving out who asks for it, or by another release that does not ask."""
        asking = known.saying(extra[1])
        return Incompatibility([(known.name, known.everything ^ asking)], AlreadyChosen(Some(known, asking)))

    def _effective(self, pack: PackName, wanted: Range) -> tuple[Range, str]:
        override = self._shelf.wanted.overrides.get(pack)
        return (wanted, "") if override is None else (override, " (overridden)")

    def _matching(self, known: KnownPack, wanted: Range) -> States:
        matching = known.matching(wanted)
        self._written.setdefault((known.name, matching), _shown(wanted))
        return matching

    def _meet(self, pack: PackName) -> KnownPack:
        """Reads a pack's index if need be; what rules out its versions, and what waited for it, becomes due."""
        known = self._shelf.get(pack)
        if pack not in self._met:
            self._met.add(pack)
            for why, states in known.excluded.items():
                self._due.append(Incompatibility([(pack, states)], Excluded(Some(known, states), why)))
            self._due += filter(None, [make(known) for make in self._waiting.pop(pack, [])])
        return known

    def _once_met(self, pack: PackName, make: Callable[[KnownPack], Incompatibility | None]) -> None:
        if pack not in self._met:
            self._waiting.setdefault(pack, []).append(make)
        elif made := make(self._shelf.get(pack)):
            self._due.append(made)

    def _flush(self) -> list[Incompatibility]:
        due, self._due = self._due, []
        return due

    def phrase(self, name: str, states: States, needed: bool) -> str:
        """Versions in words: where they are what somebody needs, as the range that was written; else as runs of known versions."""
        written = self._written.get((name, states)) if needed else None
        return f"{name} {written}" if written else self._shelf.get(PackName(name)).phrase(states)


def _shown(wanted: Range) -> str:
    return wanted.text.strip() or "*"


def _nothing(known: KnownPack, wanted: Range) -> str:
    """Why no version matches a range, to be added to it."""
    if not known.exists:
        return ", and there is no such pack"
    if not known.candidates:
        return ", and it has no releases"
    if prereleases := positions(known.with_prereleases(wanted)):
        newest = known.candidates[prereleases[-1]].version
        return f", and only prereleases match, such as {newest} (--pre allows them)"
    return f", and no version matches (newest is {known.candidates[-1].version})"
