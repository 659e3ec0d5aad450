"""Laws of the resolver, on random small worlds, against a search through all combinations."""

import functools
import random
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from packctl.resolve.known import KnownPack
from packctl.resolve.refusals import NoSolution
from packctl.resolve.run import Resolution, resolve
from packctl.resolve.terms import positions
from packctl.resolve.wanted import Candidate, Wanted, Wish
from packspec.facts import ConflictWith, Dependency, DependencyKind, Facts
from packspec.names import PackName
from packspec.ranges import Range
from packspec.versions import Version

NAMES = [PackName(f"p/{letter}") for letter in "abcdef"]
RANGES = [Range.parse(text) for text in ("*", "^1", "^2", "^3", ">=2", "<3", "1 || 3", ">=1 <3", "^9")]
VERSIONS = [Version.parse(text) for text in ("1.0.0", "2.0.0", "3.0.0")]

Packs = Mapping[PackName, tuple[Candidate, ...]]
Chosen = dict[PackName, Candidate]


class World:
    def __init__(self, packs: Packs) -> None:
        self.packs = packs

    def candidates(self, pack: PackName) -> tuple[Candidate, ...] | None:
        return self.packs.get(pack)


names = st.sampled_from(NAMES)
ranges = st.sampled_from(RANGES)
kinds: st.SearchStrategy[DependencyKind] = st.sampled_from(
    ["requires", "requires", "requires", "enhances", "compatible"]
)


states = st.sampled_from(["published"] * 6 + ["yanked", "recalled"])
Needs = dict[PackName, tuple[Range, DependencyKind]]


@functools.cache  # a strategy that is made anew for every release costs more than what it draws
def relations(name: PackName) -> tuple[st.SearchStrategy[Needs], st.SearchStrategy[dict[PackName, Range]]]:
    """What a release of `name` may need, and what it may not stand."""
    others = st.sampled_from([other for other in NAMES if other != name])
    needs = st.dictionaries(others, st.tuples(ranges, kinds), max_size=3)
    return needs, st.dictionaries(others, ranges, max_size=1)


def draw_release(draw: st.DrawFn, name: PackName, version: Version) -> Candidate:
    needs, hates = relations(name)
    dependencies = [
        Dependency(pack=pack, range=one, kind=kind, optional=False) for pack, (one, kind) in sorted(draw(needs).items())
    ]
    conflicting = draw(hates)
    conflicts = [ConflictWith(pack=pack, range=one) for pack, one in sorted(conflicting.items())]
    facts = Facts(
        kind="content", dependencies=tuple(dependencies), conflicts=tuple(conflicts), hosts={}, packages=(), features=()
    )
    return Candidate(version, facts, draw(states))


some_versions, some_names = st.integers(1, 3), st.integers(2, len(NAMES))


@st.composite
def worlds(draw: st.DrawFn) -> Packs:
    return {
        name: tuple(draw_release(draw, name, version) for version in VERSIONS[: draw(some_versions)])
        for name in NAMES[: draw(some_names)]
    }


wishes = st.lists(st.builds(Wish, names, ranges), min_size=1, max_size=3).map(tuple)


def is_right(chosen: Chosen, asked: tuple[Wish, ...]) -> bool:
    """Whether a choice fulfils everything, said once more and simply."""
    if not all(wish.pack in chosen and wish.range.allows(chosen[wish.pack].version) for wish in asked):
        return False
    for release in chosen.values():
        if release.state != "published":
            return False
        for dependency in release.facts.dependencies:
            other = chosen.get(dependency.pack)
            if other is None and dependency.kind == "requires":
                return False
            if other is not None and not dependency.range.allows(other.version):
                return False
        for conflict in release.facts.conflicts:
            other = chosen.get(conflict.pack)
            if other is not None and conflict.range.allows(other.version):
                return False
    return True


def can_be_solved(packs: Packs, asked: tuple[Wish, ...], chosen: Chosen, todo: list[PackName]) -> bool:
    """Tries every combination of what is needed."""
    waiting = [pack for pack in todo if pack not in chosen]
    if not waiting:
        return is_right(chosen, asked)
    pack = waiting[0]
    for release in packs.get(pack, ()):
        needed = [one.pack for one in release.facts.dependencies if one.kind == "requires"]
        if can_be_solved(packs, asked, {**chosen, pack: release}, waiting[1:] + needed):
            return True
    return False


def solved(packs: Packs, wanted: Wanted) -> Resolution | None:
    try:
        return resolve(wanted, World(packs))
    except NoSolution as error:
        _check_proof(error)
        return None


def _check_proof(error: NoSolution) -> None:
    """It ends where it must, and every step rests on facts and on steps before it."""
    assert error.derivation[-1].so == "there is no solution"
    assert "there is no solution" in error.proof.lines[-1].lower()
    for place, step in enumerate(error.derivation):
        assert step.id == place + 1
        assert all(isinstance(cause, str) or cause <= place for cause in step.because)


def versions_of(resolution: Resolution | None) -> dict[str, str] | None:
    return None if resolution is None else {str(pack): str(one.version) for pack, one in resolution.packs.items()}


@settings(max_examples=300, deadline=None)
@given(worlds(), wishes)
def test_a_solution_is_found_if_and_only_if_there_is_one(packs: Packs, asked: tuple[Wish, ...]) -> None:
    asked = tuple(wish for wish in asked if wish.pack in packs)
    resolution = solved(packs, Wanted(asked))
    assert (resolution is not None) == can_be_solved(packs, asked, {}, [wish.pack for wish in asked])
    if resolution is not None:
        assert is_right({pack: one.candidate for pack, one in resolution.packs.items()}, asked)


@settings(max_examples=100, deadline=None)
@given(worlds(), wishes)
def test_nothing_is_chosen_that_nobody_needs(packs: Packs, asked: tuple[Wish, ...]) -> None:
    asked = tuple(wish for wish in asked if wish.pack in packs)
    resolution = solved(packs, Wanted(asked))
    if resolution is not None:
        reached: set[PackName] = set()
        todo = [wish.pack for wish in asked]
        while todo:
            pack = todo.pop()
            if pack not in reached:
                reached.add(pack)
                todo += resolution.packs[pack].needs
        assert reached == set(resolution.packs)


@settings(max_examples=100, deadline=None)
@given(worlds(), wishes)
def test_what_was_solved_and_locked_is_solved_alike(packs: Packs, asked: tuple[Wish, ...]) -> None:
    asked = tuple(wish for wish in asked if wish.pack in packs)
    first = solved(packs, Wanted(asked))
    if first is not None:
        locked = {pack: one.version for pack, one in first.packs.items()}
        again = solved(packs, Wanted(asked, locked=locked))
        assert versions_of(again) == versions_of(first)
        assert again is not None and again.attempts == 1


@settings(max_examples=20, deadline=None)
@given(worlds(), wishes, st.integers(0, 2**32))
def test_M21_the_order_of_the_inputs_does_not_matter(packs: Packs, asked: tuple[Wish, ...], seed: int) -> None:
    shuffle = random.Random(seed)
    asked = tuple(wish for wish in asked if wish.pack in packs)

    def outcome(shuffled: Packs, in_this_order: tuple[Wish, ...]) -> object:
        try:
            return versions_of(resolve(Wanted(in_this_order), World(shuffled)))
        except NoSolution as error:
            return error.proof.lines, error.derivation

    first = outcome(packs, asked)
    for _ in range(100):
        items = list(packs.items())
        shuffle.shuffle(items)
        shuffled = {pack: tuple(shuffle.sample(list(of), len(of))) for pack, of in items}
        assert outcome(shuffled, tuple(shuffle.sample(asked, len(asked)))) == first


texts = st.sampled_from(["1", "2", "1.2", "x", "1.2.3-b", "2.0.0-0", "2.0.0", "1.3.0"])
conditions = st.builds(str.__add__, st.sampled_from(["", "^", "~", "<", "<=", ">", ">="]), texts)
wanted_ranges = st.lists(st.lists(conditions, min_size=1, max_size=2).map(" ".join), min_size=1, max_size=2).map(
    " || ".join
)
LADDER = """
    0.0.0-a 0.0.0 0.9.0 1.0.0-0 1.0.0 1.2.0-0 1.2.0 1.2.3-a 1.2.3-b 1.2.3-c 1.2.3 1.2.4-b 1.3.0-0 1.3.0 1.9.0
    2.0.0-0 2.0.0-rc.1 2.0.0 2.0.1-0 2.1.0 3.0.0-0 3.0.0
"""


@settings(max_examples=300, deadline=None)
@given(wanted_ranges, st.booleans())
def test_M19_a_set_of_versions_is_what_the_range_allows_one_by_one(text: str, prereleases: bool) -> None:
    facts = Facts(kind="content", dependencies=(), conflicts=(), hosts={}, packages=(), features=())
    versions = [Version.parse(version) for version in LADDER.split()]
    releases = [Candidate(version, facts) for version in versions]
    known = KnownPack(PackName("p/a"), releases, Wanted((), prereleases=prereleases))
    wanted = Range.parse(text)
    allowed = [n for n, version in enumerate(versions) if wanted.allows(version, prereleases)]
    assert positions(known.matching(wanted)) == allowed
    assert positions(known.with_prereleases(wanted)) == [n for n, v in enumerate(versions) if wanted.allows(v, True)]
