"""Constraints from outside: what a license, an age or a quota forbids is a term of the same solver, told in the same prose."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from packctl.resolve.constraint import Clash, Limit
from packctl.resolve.refusals import NoSolution
from packctl.resolve.run import resolve
from packctl.resolve.wanted import Candidate
from packspec.names import PackName
from packspec.versions import Version
from tests.support.scenarios import needs, scenario

Packs = dict[str, dict[str, dict[str, Any]]]


def unlicensed(*packs: str, since: str) -> Any:
    """Releases of these packs from a version on need a license that this machine does not have."""
    first = Version.parse(since)

    def excludes(pack: PackName, release: Candidate) -> str | None:
        return "needs a license, and 2 of 2 seats are taken" if pack in packs and release.version >= first else None

    return excludes


def room(limit: int, sizes: Mapping[str, int]) -> Limit:
    """All packs together have at most so many MB; the first number of a version times the pack's size is what it takes."""

    def takes(pack: PackName, release: Candidate) -> int:
        return release.version.major * sizes.get(pack, 0)

    def at_least(pack: PackName, least: int, release: Candidate) -> bool:
        return takes(pack, release) >= least

    def exceeded(chosen: Mapping[PackName, Candidate]) -> Clash | None:
        largest = sorted(chosen, key=lambda pack: (-takes(pack, chosen[pack]), pack))
        total, named = 0, []
        for pack in largest:
            total += takes(pack, chosen[pack])
            named.append(pack)
            if total > limit:
                tests = {pack: partial(at_least, pack, takes(pack, chosen[pack])) for pack in named}
                return Clash(tests, f"together need {total} MB, and there is room for {limit} MB")
        return None

    return exceeded


def solved(root: dict[str, Any], packs: Packs, **rules: Any) -> dict[str, str]:
    world = scenario(root, packs)
    found = resolve(replace(world.wanted, **rules), world)
    return {str(pack): str(one.version) for pack, one in found.packs.items()}


def test_a_constraint_from_outside_decides_with_the_ranges() -> None:
    packs: Packs = {"p/a": {"1.0.0": needs("p/b ^1"), "2.0.0": needs("p/b ^2")}, "p/b": {"1.4.0": {}, "2.0.0": {}}}
    root = {"dependencies": {"p/a": "*"}}
    assert solved(root, packs) == {"p/a": "2.0.0", "p/b": "2.0.0"}
    assert solved(root, packs, constraints=(unlicensed("p/b", since="2.0.0"),)) == {"p/a": "1.0.0", "p/b": "1.4.0"}


def test_a_constraint_from_outside_is_told_in_the_proof_with_the_versions_it_holds_for() -> None:
    packs: Packs = {"p/a": {"2.0.0": needs("p/b >=2")}, "p/b": {"1.4.0": {}, "2.0.0": {}, "2.1.0": {}}}
    with pytest.raises(NoSolution) as caught:
        solved({"dependencies": {"p/a": "^2"}}, packs, constraints=(unlicensed("p/b", since="2.0.0"),))
    assert caught.value.proof.lines == (
        "Because p/a depends on p/b >=2",
        "and p/b >=2.0.0 needs a license, and 2 of 2 seats are taken,",
        "  p/a cannot be used.",
        "So, because the root asks for p/a ^2, there is no solution.",
    )


THREE: dict[str, dict[str, Any]] = {"1.0.0": {}, "2.0.0": {}, "3.0.0": {}}


def test_a_limit_moves_packs_to_versions_that_fit_together() -> None:
    packs: Packs = {"p/a": THREE, "p/b": THREE, "p/c": THREE}
    root = {"dependencies": {"p/a": "*", "p/b": "*", "p/c": ">=2"}}
    sizes = {"p/a": 10, "p/b": 10, "p/c": 10}
    assert solved(root, packs) == {"p/a": "3.0.0", "p/b": "3.0.0", "p/c": "3.0.0"}
    assert solved(root, packs, limits=(room(60, sizes),)) == {"p/a": "2.0.0", "p/b": "1.0.0", "p/c": "3.0.0"}
    assert solved(root, packs, limits=(room(40, sizes),)) == {"p/a": "1.0.0", "p/b": "1.0.0", "p/c": "2.0.0"}


def test_a_limit_that_cannot_be_kept_is_told_as_a_conflict_between_what_exceeds_it() -> None:
    packs: Packs = {"p/a": {"2.0.0": {}}, "p/b": {"1.0.0": needs("p/c *")}, "p/c": {"1.0.0": {}}}
    with pytest.raises(NoSolution) as caught:
        solved({"dependencies": {"p/a": "*", "p/b": "*"}}, packs, limits=(room(25, {"p/a": 10, "p/b": 1, "p/c": 10}),))
    assert caught.value.proof.lines == (
        "Because p/a and p/c together need 30 MB, and there is room for 25 MB",
        "and p/b depends on p/c *,",
        "  p/a cannot go with p/b.",
        "So, because the root asks for p/a *",
        "and p/b *, there is no solution.",
    )


def test_an_optional_dependency_that_a_limit_forbids_is_left_out() -> None:
    packs: Packs = {"p/a": {"1.0.0": {"dependencies": {"p/b": {"version": "*", "optional": True}}}}, "p/b": THREE}
    world = scenario({"dependencies": {"p/a": "*"}}, packs)
    found = resolve(replace(world.wanted, limits=(room(5, {"p/b": 10}),)), world)
    assert list(found.packs) == ["p/a"]
    assert "p/b together need 10 MB" in found.left_out[0].why


def test_a_limit_that_names_something_else_than_what_was_chosen_is_a_fault() -> None:
    def wrong(chosen: Mapping[PackName, Candidate]) -> Clash | None:
        return Clash({pack: lambda one: False for pack in chosen}, "are too many")

    with pytest.raises(AssertionError, match="names what was chosen"):
        solved({"dependencies": {"p/a": "*"}}, {"p/a": THREE}, limits=(wrong,))
