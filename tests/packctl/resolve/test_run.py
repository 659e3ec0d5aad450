"""What the resolver chooses."""

from typing import Any

import pytest

from packctl.resolve.provider import Provider, Shelf
from packctl.resolve.refusals import GaveUp, NoSolution, ReleaseYanked
from packctl.resolve.run import Resolver, resolve
from packctl.resolve.solver import Solver, Unsolvable
from packctl.resolve.wanted import Wish
from packspec.errors import AgainstPolicy, PackError
from packspec.index.missing import NoSuchPack, NoSuchRelease
from packspec.names import PackName
from packspec.ranges import Range
from tests.support.scenarios import needs, refusal, scenario, solution, solved

Packs = dict[str, dict[str, dict[str, Any]]]
THREE: dict[str, dict[str, Any]] = {"1.0.0": {}, "1.1.0": {}, "2.0.0": {}}


def optional(text: str) -> dict[str, object]:
    return {"version": text, "optional": True}


def test_the_newest_in_range_is_chosen_and_nothing_that_nobody_needs() -> None:
    packs: Packs = {"p/a": {"1.0.0": {}, "1.1.0": needs("p/b *"), "2.0.0": {}}, "p/b": THREE, "p/c": THREE}
    assert solution({"dependencies": {"p/a": "^1"}}, packs) == {"p/a": "1.1.0", "p/b": "2.0.0"}


def test_what_is_locked_stays_while_it_fits() -> None:
    packs: Packs = {"p/a": {"1.0.0": needs("p/b ^1"), "1.1.0": needs("p/b ^1")}, "p/b": THREE}
    locked = {"p/a": "1.0.0", "p/b": "1.0.0"}
    assert solution({"dependencies": {"p/a": "^1"}, "locked": locked}, packs) == locked
    assert solution({"dependencies": {"p/a": "^1.1"}, "locked": locked}, packs) == {"p/a": "1.1.0", "p/b": "1.0.0"}
    assert solution({"dependencies": {"p/a": "^1"}}, packs) == {"p/a": "1.1.0", "p/b": "1.1.0"}


def test_a_locked_version_that_is_gone_from_the_index_does_not_matter() -> None:
    assert solution({"dependencies": {"p/a": "^1"}, "locked": {"p/a": "1.0.5"}}, {"p/a": THREE}) == {"p/a": "1.1.0"}


def test_M19_a_prerelease_is_chosen_only_if_it_is_named_or_asked_for_or_locked() -> None:
    packs: Packs = {"p/a": {"1.0.0": {}, "2.0.0-beta.1": {}, "2.0.0-beta.2": {}}}
    assert solution({"dependencies": {"p/a": "*"}}, packs) == {"p/a": "1.0.0"}
    assert solution({"dependencies": {"p/a": "^2.0.0-beta"}}, packs) == {"p/a": "2.0.0-beta.2"}
    assert solution({"dependencies": {"p/a": "*"}, "pre": True}, packs) == {"p/a": "2.0.0-beta.2"}
    assert solution({"dependencies": {"p/a": "*"}, "locked": {"p/a": "2.0.0-beta.1"}}, packs) == {"p/a": "2.0.0-beta.1"}


def test_M19_a_prerelease_that_one_range_names_is_not_named_by_another() -> None:
    packs: Packs = {"p/a": {"1.0.0": needs("p/b ^2")}, "p/b": {"2.0.0-beta.1": {}}}
    refusal({"dependencies": {"p/a": "^1", "p/b": "^2.0.0-beta"}}, packs)


def test_M19_a_yanked_release_is_used_only_if_it_is_locked() -> None:
    packs: Packs = {"p/a": {"1.0.0": {}, "1.1.0": {"yanked": True}}}
    assert solution({"dependencies": {"p/a": "^1"}}, packs) == {"p/a": "1.0.0"}
    assert solution({"dependencies": {"p/a": "^1"}, "locked": {"p/a": "1.1.0"}}, packs) == {"p/a": "1.1.0"}
    assert solution({"dependencies": {"p/a": "1.1.0"}, "locked": {"p/a": "1.1.0"}}, packs) == {"p/a": "1.1.0"}


def test_a_recalled_release_is_never_used() -> None:
    packs: Packs = {"p/a": {"1.0.0": {}, "1.1.0": {"recalled": True}}}
    assert solution({"dependencies": {"p/a": "^1"}, "locked": {"p/a": "1.1.0"}}, packs) == {"p/a": "1.0.0"}


def test_a_deprecated_release_counts_like_any() -> None:
    assert solution({"dependencies": {"p/a": "^1"}}, {"p/a": {"1.0.0": {}, "1.1.0": {"deprecated": True}}}) == {
        "p/a": "1.1.0"
    }


@pytest.mark.parametrize(
    ("wanted", "kind", "code"),
    [
        ({"p/zz": "^1"}, NoSuchPack, "catalog.no-such-pack"),
        ({"p/a": "9.0.0"}, NoSuchRelease, "catalog.no-such-release"),
        ({"p/a": "=1.1.0"}, ReleaseYanked, "policy.release-yanked"),
        ({"p/a": "v1.2.0"}, AgainstPolicy, "policy.release-recalled"),
    ],
)
def test_what_is_wrong_with_one_wish_by_itself_has_its_own_code(
    wanted: dict[str, str], kind: type[PackError], code: str
) -> None:
    packs: Packs = {"p/a": {"1.0.0": {}, "1.1.0": {"yanked": True}, "1.2.0": {"recalled": True}}}
    with pytest.raises(kind) as caught:
        solution({"dependencies": wanted}, packs)
    assert caught.value.code == code
    assert caught.value.what() and caught.value.fix()


def test_M16_a_cycle_resolves() -> None:
    packs: Packs = {
        "p/a": {"1.0.0": needs("p/b ^1")},
        "p/b": {"1.0.0": needs("p/c ^1")},
        "p/c": {"1.0.0": needs("p/a ^1")},
    }
    assert solution({"dependencies": {"p/a": "*"}}, packs) == {"p/a": "1.0.0", "p/b": "1.0.0", "p/c": "1.0.0"}


def test_M16_a_release_that_depends_on_itself_is_not_used() -> None:
    assert solution({"dependencies": {"p/a": "*"}}, {"p/a": {"1.0.0": {}, "2.0.0": needs("p/a *")}}) == {"p/a": "1.0.0"}


def test_M16_a_diamond_takes_the_older_release_that_agrees() -> None:
    packs: Packs = {
        "p/left": {"1.0.0": needs("p/shared ^1"), "2.0.0": needs("p/shared ^2")},
        "p/right": {"1.0.0": needs("p/shared ^1")},
        "p/shared": {"1.0.0": {}, "2.0.0": {}},
    }
    found = solution({"dependencies": {"p/left": "*", "p/right": "*"}}, packs)
    assert found == {"p/left": "1.0.0", "p/right": "1.0.0", "p/shared": "1.0.0"}


def test_conflicting_packs_do_not_go_together() -> None:
    packs: Packs = {"p/a": {"1.0.0": {}, "2.0.0": {"conflicts": {"p/b": ">=1.1"}}}, "p/b": THREE}
    assert solution({"dependencies": {"p/a": "*"}}, packs) == {"p/a": "2.0.0"}
    assert solution({"dependencies": {"p/a": "*", "p/b": "*"}}, packs) == {"p/a": "2.0.0", "p/b": "1.0.0"}
    assert solution({"dependencies": {"p/a": "*", "p/b": "2"}}, packs) == {"p/a": "1.0.0", "p/b": "2.0.0"}


@pytest.mark.parametrize("kind", ["enhances", "compatible"])
def test_what_is_enhanced_is_not_installed_for_its_sake_but_kept_in_range(kind: str) -> None:
    packs: Packs = {"p/a": {"1.0.0": {"dependencies": {"p/b": {"version": "^1", "kind": kind}}}}, "p/b": THREE}
    assert solution({"dependencies": {"p/a": "*"}}, packs) == {"p/a": "1.0.0"}
    assert solution({"dependencies": {"p/a": "*", "p/b": "*"}}, packs) == {"p/a": "1.0.0", "p/b": "1.1.0"}
    of_root = {"p/a": "*", "p/b": {"version": "1.0.x", "kind": kind}}
    assert solution({"dependencies": of_root}, packs) == {"p/a": "1.0.0"}
    assert solution({"dependencies": of_root, "groups": {"g": {"p/b": "*"}}}, packs) == {"p/a": "1.0.0", "p/b": "1.0.0"}


def test_the_index_of_a_pack_that_nobody_needs_is_not_asked_for() -> None:
    packs: Packs = {
        "p/a": {
            "1.0.0": needs("p/d *"),
            "2.0.0": {"dependencies": {"p/b": {"version": "^1", "kind": "enhances"}}, "conflicts": {"p/c": "*"}},
        },
        "p/b": THREE,
        "p/c": THREE,
        "p/d": THREE,
    }
    world = scenario({"dependencies": {"p/a": "*"}}, packs)
    asked: list[str] = []

    class Watched:
        def candidates(self, pack: PackName) -> object:
            asked.append(pack)
            return world.candidates(pack)

    resolve(world.wanted, Watched())  # type: ignore[arg-type]
    assert asked == ["p/a"]


def test_an_override_replaces_every_range_of_a_pack() -> None:
    packs: Packs = {"p/a": {"1.0.0": needs("p/b ^1")}, "p/b": THREE, "p/c": THREE}
    root = {"dependencies": {"p/a": "*"}, "overrides": {"p/b": "2.0.0", "p/c": "1.0.0"}}
    assert solution(root, packs) == {"p/a": "1.0.0", "p/b": "2.0.0"}


def test_the_lowest_versions_can_be_asked_for() -> None:
    packs: Packs = {"p/a": {"1.0.0": needs("p/b ^1.1"), "1.1.0": {}}, "p/b": THREE}
    assert solution({"dependencies": {"p/a": "^1"}, "lowest": True}, packs) == {"p/a": "1.0.0", "p/b": "1.1.0"}


def test_groups_are_resolved_together_with_the_rest() -> None:
    root = {"dependencies": {"p/a": "*"}, "groups": {"lessons": {"p/a": "^1", "p/b": "1.0.0"}}}
    assert solution(root, {"p/a": THREE, "p/b": THREE}) == {"p/a": "1.1.0", "p/b": "1.0.0"}


# Rules


@pytest.mark.parametrize(
    ("root", "release"),
    [
        ({"host": {"apps": {"storybook": "3.1"}}}, {"hosts": {"storybook": ">=1.4,<3"}}),
        ({"host": {"python": "3.11"}}, {"python": ">=3.12"}),
        ({"host": {"features": ["ai_story"]}}, {"features": ["sticker_book"]}),
        ({"host": {"packages": {"Pillow": "9.5"}}}, {"packages": ["pillow>=10"]}),
        ({"policy": {"licenses": ["MIT"]}}, {"license": "GPL-3.0-only"}),
        ({"policy": {"min-safety": "certified"}}, {"safety": "attested"}),
        ({"policy": {"min-age": "3d"}, "now": 1_000_000}, {"at": 1_000_000 - 3 * 86_400 + 1}),
        ({"policy": {"ages": {"min": 3, "max": 6}}}, {"ages": {"min": 3, "max": 7}}),
        ({"at": 1_000_000}, {"at": 1_000_001}),
        ({"now": 1_000_000}, {"at": 1_000_000 - 86_400 + 1, "early-access": "1d"}),
    ],
)
def test_a_release_that_a_rule_forbids_gives_way_to_one_it_allows(
    root: dict[str, object], release: dict[str, object]
) -> None:
    older = {"license": "MIT OR GPL-3.0-only", "ages": {"min": 3, "max": 6}, "at": 0}
    packs: Packs = {"p/a": {"1.0.0": older, "1.1.0": older | release}}
    assert solution({"dependencies": {"p/a": "*"}}, packs) in ({"p/a": "1.1.0"}, {"p/a": "1.0.0"})
    assert solution({"dependencies": {"p/a": "*"}, **root}, packs) == {"p/a": "1.0.0"}


def test_what_the_project_does_not_say_of_its_host_is_not_checked() -> None:
    packs: Packs = {
        "p/a": {"1.0.0": {"hosts": {"storybook": ">=9"}, "python": ">=9", "packages": ["x>=9"], "features": ["f"]}}
    }
    assert solution({"dependencies": {"p/a": "*"}}, packs) == {"p/a": "1.0.0"}


def test_a_pack_that_policy_denies_gives_way_to_a_release_without_it() -> None:
    packs: Packs = {"p/a": {"1.0.0": {}, "2.0.0": needs("evil/b *")}, "evil/b": THREE}
    assert solution({"dependencies": {"p/a": "*"}, "policy": {"deny": ["evil/*"]}}, packs) == {"p/a": "1.0.0"}
    assert solution({"dependencies": {"p/a": "*"}, "policy": {"allow": ["p/*"]}}, packs) == {"p/a": "1.0.0"}


def test_early_access_is_for_those_who_have_it_or_had_it_locked() -> None:
    packs: Packs = {"p/a": {"1.0.0": {}, "1.1.0": {"at": 100, "early-access": "1d"}}}
    root = {"dependencies": {"p/a": "*"}, "now": 200}
    assert solution(root, packs) == {"p/a": "1.0.0"}
    assert solution(root | {"early-access": ["p/a"]}, packs) == {"p/a": "1.1.0"}
    assert solution(root | {"locked": {"p/a": "1.1.0"}}, packs) == {"p/a": "1.1.0"}
    assert solution(root | {"now": 100 + 86_400}, packs) == {"p/a": "1.1.0"}


# Optional dependencies


def test_an_optional_dependency_is_had_where_it_can_be() -> None:
    packs: Packs = {
        "p/a": {"1.0.0": {"dependencies": {"p/b": optional("^1")}}},
        "p/b": {"1.0.0": needs("p/c *")},
        "p/c": THREE,
    }
    resolution = solved({"dependencies": {"p/a": "*"}}, packs)
    assert {pack: chosen.needs for pack, chosen in resolution.packs.items()} == {
        "p/a": ("p/b",),
        "p/b": ("p/c",),
        "p/c": (),
    }
    assert resolution.left_out == ()


def test_an_optional_dependency_that_cannot_be_had_is_left_out_with_the_reason() -> None:
    packs: Packs = {"p/a": THREE, "p/b": {"1.0.0": needs("p/a ^1")}}
    resolution = solved({"dependencies": {"p/a": "^2", "p/b": optional("*"), "p/zz": optional("*")}}, packs)
    assert list(resolution.packs) == ["p/a"]
    assert [(one.pack, one.by) for one in resolution.left_out] == [("p/b", "the root"), ("p/zz", "the root")]
    assert "p/b depends on p/a ^1" in resolution.left_out[0].why
    assert "there is no such pack" in resolution.left_out[1].why


def test_of_two_optional_dependencies_that_exclude_each_other_the_first_by_name_is_had() -> None:
    packs: Packs = {"p/a": {"1.0.0": {"conflicts": {"p/b": "*"}}}, "p/b": {"1.0.0": {}}}
    resolution = solved({"dependencies": {"p/b": optional("*"), "p/a": optional("*")}}, packs)
    assert list(resolution.packs) == ["p/a"]
    assert [one.pack for one in resolution.left_out] == ["p/b"]


def test_an_optional_dependency_does_not_cost_what_asks_for_it() -> None:
    packs: Packs = {"p/a": {"1.0.0": {}, "2.0.0": {"dependencies": {"p/b": optional("^9")}}}, "p/b": THREE}
    resolution = solved({"dependencies": {"p/a": "*"}}, packs)
    assert {pack: str(chosen.version) for pack, chosen in resolution.packs.items()} == {"p/a": "2.0.0"}
    assert [(one.pack, one.by) for one in resolution.left_out] == [("p/b", "p/a")]


def test_what_is_required_moves_for_an_optional_dependency_if_it_must() -> None:
    packs: Packs = {"p/a": THREE, "p/b": {"1.0.0": needs("p/a ^1")}}
    assert solution({"dependencies": {"p/a": "*", "p/b": optional("*")}}, packs) == {"p/a": "1.1.0", "p/b": "1.0.0"}


# The search


def test_M17_the_resolver_gives_up_after_its_budget_and_names_what_it_tried() -> None:
    pigeons: Packs = {
        f"p/pigeon{i}": {f"{hole}.0.0": needs(f"p/hole{hole} {i + 1}.x") for hole in range(7)} for i in range(8)
    }
    holes: Packs = {f"p/hole{hole}": {f"{i + 1}.0.0": {} for i in range(8)} for hole in range(7)}
    world = scenario({"dependencies": dict.fromkeys(pigeons, "*")}, pigeons | holes)
    with pytest.raises(GaveUp) as caught:
        resolve(world.wanted, world, max_steps=500)
    assert caught.value.code == "resolve.gave-up"
    assert "p/" in caught.value.facts()["tried last"]
    with pytest.raises(NoSolution):
        resolve(world.wanted, world)


def test_wishes_can_be_relaxed_and_solved_again_without_reading_an_index_twice() -> None:
    world = scenario({"dependencies": {"p/a": "^1", "p/b": "*"}}, {"p/a": THREE, "p/b": {"1.0.0": needs("p/a ^2")}})
    asked: list[str] = []

    class Watched:
        def candidates(self, pack: PackName) -> object:
            asked.append(pack)
            return world.candidates(pack)

    resolver = Resolver(world.wanted, Watched())  # type: ignore[arg-type]
    with pytest.raises(NoSolution):
        resolver.resolve(world.wanted.wishes)
    relaxed = resolver.resolve([Wish(PackName("p/a"), Range.parse("*")), Wish(PackName("p/b"), Range.parse("*"))])
    assert {pack: str(chosen.version) for pack, chosen in relaxed.packs.items()} == {"p/a": "2.0.0", "p/b": "1.0.0"}
    assert sorted(asked) == ["p/a", "p/b"]


def _chain(count: int) -> Packs:
    """Every version asks for one of the next pack that is hardly older; the last asks for what the project does not want."""
    packs: Packs = {
        f"p/n{i:04}": {f"1.{v}.0": needs(f"p/n{i + 1:04} >=1.{max(0, v - 2)}") for v in range(10)} for i in range(count)
    }
    return packs | {f"p/n{count:04}": {"1.9.0": needs("p/end ^2")}, "p/end": {"1.0.0": {}, "2.0.0": {}}}


def _work(count: int) -> int:
    """How often an incompatibility was looked at."""
    world = scenario({"dependencies": {"p/n0000": "*", "p/end": "^1"}}, _chain(count))
    solver = Solver(Provider(Shelf(world.wanted, world), world.wanted.wishes, {}))
    with pytest.raises(Unsolvable):
        solver.solve()
    return solver.steps


def test_M17_the_work_for_a_deep_conflict_grows_with_its_depth_and_no_faster() -> None:
    assert _work(200) <= 2.5 * _work(100)
