"""Resolve: from what is wanted and the indexes to one version of each pack, or to an explanation (docs/spec/resolver.md, steps I6 and I7).

First everything that is required is solved. Then optional dependencies are added one by one in order of name, each if a solution with it
exists. A project whose wishes are relaxed is solved by `Resolver.resolve` with other wishes, without reading an index again.
"""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from msgspec import Struct

from packctl.resolve.explain import Proof, conclusion
from packctl.resolve.incompatibility import Incompatibility
from packctl.resolve.known import KnownPack
from packctl.resolve.provider import Extra, Provider, Shelf
from packctl.resolve.refusals import GaveUp, NoSolution, ReleaseYanked
from packctl.resolve.solver import STEPS, OutOfSteps, Solver, Unsolvable
from packctl.resolve.wanted import Candidate, Indexes, Wanted, Wish
from packspec.index.missing import NoSuchPack, NoSuchRelease
from packspec.names import PackName
from packspec.ranges import Range
from packspec.versions import Version


class Chosen(Struct, frozen=True):
    """One release of the solution."""

    candidate: Candidate
    needs: tuple[PackName, ...]
    """The packs of the solution that it depends on, ascending: what `needs` of a lock names."""

    @property
    def version(self) -> Version:
        """Its version."""
        return self.candidate.version


class LeftOut(Struct, frozen=True):
    """An optional dependency that could not be had."""

    pack: PackName
    range: Range
    by: str
    """Who asks for it: a pack, or the project's file."""
    why: str


class Resolution(Struct, frozen=True):
    """One version of each pack that is needed, by name."""

    packs: Mapping[PackName, Chosen]
    left_out: tuple[LeftOut, ...]
    attempts: int
    """How many solutions were tried, optional dependencies included."""
    steps: int


def resolve(wanted: Wanted, indexes: Indexes, max_steps: int = STEPS) -> Resolution:
    """Solves a project.

    Raises NoSolution and GaveUp; NoSuchPack, NoSuchRelease, ReleaseYanked and ReleaseRecalled for what is wrong with one wish by itself;
    and what the indexes raise.
    """
    return Resolver(wanted, indexes, max_steps).resolve(wanted.wishes)


class _Optional(Struct):
    """An optional dependency to be tried."""

    pack: PackName
    range: Range
    wish: Wish | None = None
    extra: Extra | None = None

    @property
    def by(self) -> str:
        """Who asks for it; empty: the project."""
        return self.extra[0] if self.extra else ""

    @property
    def order(self) -> tuple[str, str, str]:
        return self.pack, self.by, self.range.text


class Resolver:
    """Resolutions under the same rules and indexes; what was read is kept between them."""

    def __init__(self, wanted: Wanted, indexes: Indexes, max_steps: int = STEPS) -> None:
        self.wanted = wanted
        self._shelf = Shelf(wanted, indexes)
        self._max_steps = max_steps

    def known(self, pack: PackName) -> KnownPack:
        """All releases of a pack, its index read if need be. Raises what the indexes raise."""
        return self._shelf.get(pack)

    @property
    def overridden(self) -> Collection[PackName]:
        """Packs whose ranges an override replaces: what a wish says of them does not count."""
        return self.wanted.overrides.keys()

    def resolve(
        self, wishes: Iterable[Wish], may_go_on: Callable[[], bool] = lambda: True, question: Wish | None = None
    ) -> Resolution:
        """Solves for these wishes. Raises as the function `resolve` does, and Stopped if `may_go_on` says no.

        `question` is one more wish. What keeps it out is told as a proof, even if the release that it names was yanked or recalled.
        """
        asked = () if question is None else (question,)
        search = _Search(self._shelf, (*wishes, *asked), self._max_steps, may_go_on)
        for wish in search.required:
            self._check_by_itself(wish, is_question=wish is question)
        search.solve_required()
        search.add_optional()
        return search.resolution()

    def _check_by_itself(self, wish: Wish, *, is_question: bool) -> None:
        """What is wrong with a wish whatever else is asked is told by its own code."""
        if wish.kind != "requires":
            return
        known = self._shelf.get(wish.pack)
        if not known.exists:
            raise NoSuchPack(wish.pack, "" if is_question else " ".join(filter(None, [wish.file, wish.origin])))
        exact = _exact(self.wanted.overrides.get(wish.pack, wish.range))
        if exact is None:
            return
        release = next((one for one in known.candidates if one.version == exact), None)
        if release is None:
            newest = str(known.candidates[-1].version) if known.candidates else ""
            raise NoSuchRelease(wish.pack, str(exact), newest)
        if is_question:
            return
        if release.state == "recalled" and not release.only_warns:
            from packspec.verdict import ReleaseRecalled  # late: it loads cryptography

            raise ReleaseRecalled(f"{wish.pack} {exact}", release.reason)
        if release.state == "yanked" and self.wanted.locked.get(wish.pack) != exact:
            raise ReleaseYanked(wish.pack, str(exact), release.reason)


def _exact(wanted: Range) -> Version | None:
    """The one version that a range names, if it is written as one version."""
    match wanted.plain:
        case (((comparator,)),) if comparator.operator == "=":
            return comparator.version
        case _:
            return None


class _Search:
    """One resolution: the required part, then what is optional."""

    def __init__(self, shelf: Shelf, wishes: tuple[Wish, ...], max_steps: int, may_go_on: Callable[[], bool]) -> None:
        self.required = tuple(wish for wish in wishes if not wish.optional)
        self._optional_wishes = tuple(wish for wish in wishes if wish.optional)
        self._shelf = shelf
        self._max_steps = max_steps
        self._may_go_on = may_go_on
        self._extras: frozenset[Extra] = frozenset()
        self._chosen: dict[PackName, Candidate] = {}
        self._left_out: list[LeftOut] = []
        self._attempts = 0
        self._steps = 0

    def solve_required(self) -> None:
        """Everything but optional dependencies, keeping what is locked. Raises NoSolution, GaveUp."""
        self._chosen = self._solve(self.required, self._extras, self._shelf.wanted.locked)

    def add_optional(self) -> None:
        """Tries each optional dependency of the project and of what is chosen, the lowest name first, until none is left to try.

        What was chosen before is kept where it can be. One that cannot be had is left out with the reason.
        """
        tried: set[tuple[str, str, str]] = set()
        while waiting := [one for one in self._optional_now() if one.order not in tried]:
            one = min(waiting, key=lambda one: one.order)
            tried.add(one.order)
            required = (*self.required, one.wish) if one.wish else self.required
            extras = self._extras | {one.extra} if one.extra else self._extras
            try:
                chosen = self._solve(required, extras, self._versions())
            except (NoSolution, GaveUp) as error:
                self._leave_out(one, error.why())
                continue
            if not self._reached(required, chosen, extras).issuperset(chosen):
                self._leave_out(one, f"nothing would need {one.by} any more")
                continue
            self._chosen, self.required, self._extras = chosen, required, extras

    def _leave_out(self, one: "_Optional", why: str) -> None:
        self._left_out.append(LeftOut(one.pack, one.range, one.by or self._shelf.wanted.file, why))

    def _reached(
        self, required: tuple[Wish, ...], chosen: Mapping[PackName, Candidate], extras: frozenset[Extra]
    ) -> set[PackName]:
        """The packs that the wishes lead to."""
        reached: set[PackName] = set()
        todo = [wish.pack for wish in required if wish.kind == "requires"]
        while todo:
            pack = todo.pop()
            if pack not in reached:
                reached.add(pack)
                todo += _needs(pack, chosen[pack], extras)
        return reached

    def _optional_now(self) -> list[_Optional]:
        found = [_Optional(wish.pack, wish.range, wish=wish) for wish in self._optional_wishes]
        for pack, candidate in self._chosen.items():
            for dependency in candidate.facts.dependencies:
                if dependency.optional and dependency.pack != pack:
                    found.append(_Optional(dependency.pack, dependency.range, extra=(pack, dependency)))
        return found

    def _versions(self) -> dict[PackName, Version]:
        return {**self._shelf.wanted.locked, **{pack: candidate.version for pack, candidate in self._chosen.items()}}

    def _solve(
        self, wishes: tuple[Wish, ...], extras: frozenset[Extra], preferred: Mapping[PackName, Version]
    ) -> dict[PackName, Candidate]:
        provider = Provider(self._shelf, wishes, preferred, extras)
        solver = Solver(provider, self._max_steps - self._steps, self._may_go_on)
        try:
            with _no_search_for_garbage():
                states = solver.solve()
        except Unsolvable as failure:
            raise self._no_solution(provider, failure.root) from None
        except OutOfSteps as failure:
            releases = {
                name: self._shelf.get(PackName(name)).candidate(state) for name, state in failure.decided.items()
            }
            tried = tuple(f"{name} {releases[name].version}" for name in sorted(releases))
            raise GaveUp(self._shelf.wanted.file, self._max_steps, tried) from None
        finally:
            self._attempts += solver.attempts
            self._steps += solver.steps
        return {PackName(name): self._shelf.get(PackName(name)).candidate(states[name]) for name in sorted(states)}

    def _no_solution(self, provider: Provider, root: Incompatibility) -> NoSolution:
        def say(incompatibility: Incompatibility) -> str:
            return conclusion(incompatibility, provider.phrase, provider.everything)

        return NoSolution(self._shelf.wanted.file, Proof(root, say))

    def resolution(self) -> Resolution:
        """What was found."""
        packs = {pack: Chosen(one, _needs(pack, one, self._extras)) for pack, one in self._chosen.items()}
        return Resolution(packs, tuple(self._left_out), self._attempts, self._steps)


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """A search makes very many objects that live until its end, and no circles of them: looking for some took a third of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _needs(pack: PackName, candidate: Candidate, extras: frozenset[Extra]) -> tuple[PackName, ...]:
    """What a release depends on, those optional dependencies included that were added, ascending."""
    return tuple(
        dependency.pack
        for dependency in candidate.facts.dependencies
        if dependency.kind == "requires" and (not dependency.optional or (pack, dependency) in extras)
    )
