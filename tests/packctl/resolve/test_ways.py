"""Ways out of a conflict: which are found, and in which order they are told."""

from typing import Any

import pytest

from packctl.resolve.refusals import NoSolution
from packctl.resolve.run import Resolver
from packctl.resolve.wanted import ASKER, Wish
from packctl.resolve.ways import Ways, ways_out
from packspec.names import PackName
from packspec.ranges import Range
from tests.packctl.resolve.test_explain import STORY, STORY_ROOT
from tests.support.scenarios import needs, scenario

Packs = dict[str, dict[str, dict[str, Any]]]


def ways(root: dict[str, Any], packs: Packs, looks: int = 1_000_000) -> Ways:
    """The ways out of a scenario without a solution, if `may_go_on` says yes `looks` times."""
    world = scenario(root, packs)
    resolver, left = Resolver(world.wanted, world), iter(range(looks))
    try:
        resolver.resolve(world.wanted.wishes)
    except NoSolution as refusal:
        return ways_out(resolver, world.wanted.wishes, refusal, lambda: next(left, None) is not None)
    raise AssertionError("there is a solution")


def told(root: dict[str, Any], packs: Packs) -> list[tuple[str, str, str]]:
    """Pack, range, and the version that the pack gets."""
    return [
        (way.wish.pack, way.range.text, str(way.found.packs[way.wish.pack].version)) for way in ways(root, packs).found
    ]


def test_a_step_up_is_told_before_a_step_down() -> None:
    assert told(STORY_ROOT, STORY) == [
        ("birdsong/sounds-animals", "^4", "4.0.2"),
        ("acme/story-kit", "^2", "2.7.1"),
    ]


def test_the_smallest_change_is_told_first_and_no_more_than_three() -> None:
    packs: Packs = {f"p/{name}": {"1.0.0": {"conflicts": {"p/z": "1.0.0"}}} for name in "abcd"}
    wishes = dict.fromkeys(packs, "1.0.0") | {"p/z": "1.x"}
    packs["p/z"] = {"1.0.0": {}, "3.0.0": {}}
    assert told({"dependencies": wishes}, packs) == [("p/z", "^3", "3.0.0")]
    both: Packs = {"p/a": {"1.0.0": needs("p/z ^1"), "2.0.0": {}}, "p/b": {"1.0.0": needs("p/z ^2"), "1.0.4": {}}}
    more: Packs = {"p/c": {"1.0.0": needs("p/z ^2"), "1.3.0": {}}, "p/z": {"1.0.0": {}, "2.0.0": {}}}
    assert told({"dependencies": {"p/a": "1.0.0", "p/b": "1.0.0"}}, both | more) == [
        ("p/b", "^1", "1.0.4"),
        ("p/a", "^2", "2.0.0"),
    ]
    assert told({"dependencies": {"p/a": "1.0.0", "p/c": "1.0.0"}}, both | more) == [
        ("p/c", "^1", "1.3.0"),
        ("p/a", "^2", "2.0.0"),
    ]


def test_a_prerelease_is_a_way_out_where_no_release_is() -> None:
    packs: Packs = {"p/a": {"1.0.0": {}, "2.0.0-rc.1": {}}}
    assert told({"dependencies": {"p/a": "^2"}}, packs) == [("p/a", "^1", "1.0.0")]
    only: Packs = {"p/a": {"2.0.0-rc.1": {}}}
    assert told({"dependencies": {"p/a": "*"}}, only) == [("p/a", "^2.0.0-rc.1", "2.0.0-rc.1")]


def test_what_an_override_decides_is_not_relaxed() -> None:
    packs: Packs = {"p/a": {"1.0.0": needs("p/b ^1")}, "p/b": {"1.0.0": {}, "2.0.0": {}}}
    root = {"dependencies": {"p/a": "^1", "p/b": "^2"}, "overrides": {"p/b": "9"}}
    assert told(root, packs) == []


def test_a_wish_that_the_proof_does_without_is_not_tried() -> None:
    world = scenario(
        {"dependencies": {"p/a": "^9", "p/z": "^1"}},
        {"p/a": {"1.0.0": {}}, "p/z": {"1.0.0": {}, "2.0.0": needs("p/read *")}, "p/read": {"1.0.0": {}}},
    )
    asked: list[str] = []

    class Watched:
        def candidates(self, pack: str) -> object:
            asked.append(pack)
            return world.candidates(pack)  # type: ignore[arg-type]

    resolver = Resolver(world.wanted, Watched())  # type: ignore[arg-type]
    try:
        resolver.resolve(world.wanted.wishes)
    except NoSolution as refusal:
        found = ways_out(resolver, world.wanted.wishes, refusal, lambda: True)
        assert [way.wish.pack for way in found.found] == ["p/a"]
    assert asked == ["p/a", "p/z"]


def test_a_question_stays_while_the_wishes_of_the_project_are_changed() -> None:
    packs: Packs = {"p/a": {"1.0.0": needs("p/b ^1"), "2.0.0": {}}, "p/b": {"1.0.0": {"yanked": True}, "2.0.0": {}}}
    world = scenario({"dependencies": {"p/a": "^1"}, "locked": {"p/b": "1.0.0"}}, packs)
    resolver = Resolver(world.wanted, world)
    question = Wish(PackName("p/b"), Range.parse("2.0.0"), file=ASKER)
    with pytest.raises(NoSolution) as caught:
        resolver.resolve(world.wanted.wishes, question=question)
    assert caught.value.proof.lines == (
        "Because p/a 1.0.0 depends on p/b ^1",
        "and you ask for p/b 2.0.0,",
        "  p/a 1.0.0 cannot be used.",
        "So, because the root asks for p/a ^1, there is no solution.",
    )
    found = ways_out(resolver, world.wanted.wishes, caught.value, lambda: True, question).found
    assert [(way.range.text, str(way.found.packs[question.pack].version)) for way in found] == [("^2", "2.0.0")]


def test_M19_a_yanked_release_that_is_asked_about_is_told_like_a_conflict() -> None:
    world = scenario({}, {"p/b": {"1.0.0": {"yanked": True}}})
    with pytest.raises(NoSolution) as caught:
        Resolver(world.wanted, world).resolve([], question=Wish(PackName("p/b"), Range.parse("1.0.0"), file=ASKER))
    assert caught.value.proof.lines == ("Because p/b was yanked", "and you ask for p/b 1.0.0, there is no solution.")


def test_nothing_is_told_that_was_not_solved_again_before_time_was_over() -> None:
    found = ways(STORY_ROOT, STORY, looks=0)
    assert (found.found, found.all_tried) == ((), False)
    some = ways(STORY_ROOT, STORY, looks=9)
    assert [way.wish.pack for way in some.found] == ["acme/story-kit"]
    assert not some.all_tried
