"""Refusals of the resolver as people read them."""

from typing import Any

from packctl.resolve.explain import MOST_SENTENCES
from packctl.resolve.refusals import WayOut
from tests.support.scenarios import explanation, needs, refusal

Packs = dict[str, dict[str, dict[str, Any]]]
STORY: Packs = {
    "acme/story-kit": {
        "2.7.1": {},
        "3.0.0": needs("birdsong/audio-core ^2.0"),
        "3.1.0": needs("birdsong/audio-core ^2.0"),
    },
    "birdsong/sounds-animals": {
        "3.0.1": needs("birdsong/audio-core ^0.9"),
        "3.2.0": needs("birdsong/audio-core ^0.9"),
        "4.0.2": {},
    },
    "birdsong/audio-core": {"0.9.4": {}, "2.0.0": {}},
}
STORY_ROOT = {"dependencies": {"acme/story-kit": "^3", "birdsong/sounds-animals": "^3"}}


def test_two_wishes_that_need_different_versions_are_told_in_two_sentences() -> None:
    assert explanation(STORY_ROOT, STORY) == (
        "Because birdsong/sounds-animals <4.0.0 depends on birdsong/audio-core ^0.9\n"
        "and acme/story-kit >=3.0.0 depends on birdsong/audio-core ^2.0,\n"
        "  birdsong/sounds-animals <4.0.0 cannot go with acme/story-kit >=3.0.0.\n"
        "So, because the root asks for acme/story-kit ^3\n"
        "and birdsong/sounds-animals ^3, there is no solution."
    )


def test_the_derivation_holds_every_step_and_what_it_rests_on() -> None:
    assert [tuple(step) for step in refusal(STORY_ROOT, STORY).derivation] == [
        (
            1,
            (
                "birdsong/sounds-animals <4.0.0 depends on birdsong/audio-core ^0.9",
                "acme/story-kit >=3.0.0 depends on birdsong/audio-core ^2.0",
            ),
            "birdsong/sounds-animals <4.0.0 cannot go with acme/story-kit >=3.0.0",
        ),
        (2, (1, "the root asks for birdsong/sounds-animals ^3"), "acme/story-kit >=3.0.0 cannot be used"),
        (3, (2, "the root asks for acme/story-kit ^3"), "there is no solution"),
    ]


def test_the_story_ends_with_what_has_not_changed() -> None:
    error = refusal(STORY_ROOT, STORY)
    assert error.story()[-1] == "the root and pack.lock are unchanged."
    assert error.fix() == ["change one of the ranges in the root"]
    error.ways_out = (
        WayOut("packctl add acme/story-kit@^3 birdsong/sounds-animals@^4", "3.1.0 and 4.0.2"),
        WayOut("packctl add acme/story-kit@^2", "2.7.1"),
    )
    assert error.story()[-5:] == [
        "Either change works (both tried just now):",
        "  packctl add acme/story-kit@^3 birdsong/sounds-animals@^4    gives 3.1.0 and 4.0.2",
        "  packctl add acme/story-kit@^2                               gives 2.7.1",
        "",
        "the root and pack.lock are unchanged.",
    ]
    assert error.fix()[0] == "packctl add acme/story-kit@^3 birdsong/sounds-animals@^4"
    error.ways_out = ()
    assert "No change of a single wish helps (each was tried just now)." in error.story()
    error.all_tried = False
    assert "No change of a single wish helps (not all could be tried in the time there is)." in error.story()


def test_a_chain_is_told_with_every_second_step_folded() -> None:
    packs: Packs = {
        "p/foo": {"1.0.0": needs("p/bar ^2")},
        "p/bar": {"2.0.0": needs("p/baz ^3")},
        "p/baz": {"1.0.0": {}, "3.0.0": {}},
    }
    assert explanation({"dependencies": {"p/foo": "^1", "p/baz": "^1"}}, packs) == (
        "Because p/bar depends on p/baz ^3\n"
        "and p/foo depends on p/bar ^2,\n"
        "  p/foo needs p/baz ^3.\n"
        "So, because the root asks for p/baz ^1\n"
        "and p/foo ^1, there is no solution."
    )


def test_what_is_used_again_further_down_has_a_number() -> None:
    packs: Packs = {
        "p/foo": {"1.0.0": needs("p/a ^1", "p/b ^1"), "1.1.0": needs("p/x ^1", "p/y ^1")},
        "p/a": {"1.0.0": needs("p/b ^2")},
        "p/b": {"1.0.0": {}, "2.0.0": {}},
        "p/x": {"1.0.0": needs("p/y ^2")},
        "p/y": {"1.0.0": {}, "2.0.0": {}},
    }
    assert explanation({"dependencies": {"p/foo": "^1"}}, packs) == (
        "Because p/a depends on p/b ^2\n"
        "and p/foo 1.0.0 depends on p/b ^1,\n"
        "  p/a cannot go with p/foo 1.0.0.\n"
        "And because p/foo 1.0.0 depends on p/a ^1,\n"
        "  p/foo 1.0.0 cannot be used (1).\n"
        "\n"
        "Because p/x depends on p/y ^2\n"
        "and p/foo 1.1.0 depends on p/x ^1,\n"
        "  p/foo 1.1.0 needs p/y ^2.\n"
        "And because p/foo 1.1.0 depends on p/y ^1,\n"
        "  p/foo 1.1.0 cannot be used.\n"
        "And because p/foo 1.0.0 cannot be used (1),\n"
        "  p/foo cannot be used.\n"
        "So, because the root asks for p/foo ^1, there is no solution."
    )


def test_a_range_without_versions_names_the_newest() -> None:
    assert explanation({"dependencies": {"p/a": "^9"}}, {"p/a": {"1.0.0": {}, "2.0.0": {}}}) == (
        "There is no solution, because the root asks for p/a ^9, and no version matches (newest is 2.0.0)."
    )


def test_M19_a_range_with_prereleases_only_names_the_option() -> None:
    assert explanation({"dependencies": {"p/a": "^2"}}, {"p/a": {"1.0.0": {}, "2.0.0-rc.1": {}}}) == (
        "There is no solution, because the root asks for p/a ^2, and only prereleases match, such as 2.0.0-rc.1 (--pre allows them)."
    )


def test_a_pack_that_does_not_exist_is_told_where_it_is_needed() -> None:
    assert explanation({"dependencies": {"p/a": "^1"}}, {"p/a": {"1.0.0": needs("p/zz ^1")}}) == (
        "Because p/a depends on p/zz ^1, and there is no such pack\nand the root asks for p/a ^1, there is no solution."
    )


def test_M19_yanked_and_recalled_releases_are_told_as_such() -> None:
    packs: Packs = {"p/a": {"1.0.0": {"yanked": True}, "1.1.0": {"recalled": True}}}
    assert explanation({"dependencies": {"p/a": "^1"}}, packs) == (
        "Because p/a 1.1.0 was recalled\n"
        "and the root asks for p/a ^1,\n"
        "  p/a 1.0.0 is needed.\n"
        "So, because p/a 1.0.0 was yanked, there is no solution."
    )


def test_a_host_that_does_not_fit_is_told_like_a_conflict() -> None:
    packs: Packs = {
        "p/a": {"1.0.0": {"hosts": {"storybook": ">=1.4,<3"}}, "1.1.0": needs("p/b ^1")},
        "p/b": {"1.0.0": {"hosts": {"storybook": "<2"}}},
    }
    assert explanation({"dependencies": {"p/a": "^1"}, "host": {"apps": {"storybook": "3.1"}}}, packs) == (
        "Because p/a 1.1.0 depends on p/b ^1\n"
        "and p/b needs storybook <2, and [host] has storybook 3.1,\n"
        "  p/a 1.1.0 cannot be used.\n"
        "So, because p/a 1.0.0 needs storybook >=1.4,<3, and [host] has storybook 3.1\n"
        "and the root asks for p/a ^1, there is no solution."
    )


def test_policy_is_told_like_a_conflict() -> None:
    packs: Packs = {"p/a": {"1.0.0": {"license": "GPL-3.0-only"}, "1.1.0": {"license": "CC-BY-4.0"}}}
    assert explanation({"dependencies": {"p/a": "^1"}, "policy": {"licenses": ["MIT"]}}, packs) == (
        "Because p/a 1.1.0 has the terms CC-BY-4.0, which [policy] does not allow\n"
        "and the root asks for p/a ^1,\n"
        "  p/a 1.0.0 is needed.\n"
        "So, because p/a 1.0.0 has the terms GPL-3.0-only, which [policy] does not allow, there is no solution."
    )


def test_conflicts_overrides_and_enhancements_have_their_own_words() -> None:
    ask = {"dependencies": {"p/a": "^1", "p/b": "2.x"}}
    b: dict[str, dict[str, Any]] = {"1.0.0": {}, "2.0.0": {}}
    assert explanation(ask, {"p/a": {"1.0.0": {"conflicts": {"p/b": ">=2"}}}, "p/b": b}).startswith(
        "Because p/a conflicts with p/b >=2\n"
    )
    enhances = {"dependencies": {"p/b": {"version": "^1", "kind": "enhances"}}}
    assert explanation(ask, {"p/a": {"1.0.0": enhances}, "p/b": b}).startswith("Because p/a enhances only p/b ^1\n")
    overridden = {"dependencies": {"p/a": "^1"}, "overrides": {"p/b": "3"}}
    assert explanation(overridden, {"p/a": {"1.0.0": needs("p/b ^1")}, "p/b": b}) == (
        "Because p/a depends on p/b 3 (overridden), and no version matches (newest is 2.0.0)\n"
        "and the root asks for p/a ^1, there is no solution."
    )


def test_one_pack_that_is_wished_twice_is_told_in_one_sentence() -> None:
    ask = {"dependencies": {"p/a": "^1"}, "groups": {"lessons": {"p/a": "^2"}}}
    assert explanation(ask, {"p/a": {"1.0.0": {}, "2.0.0": {}}}) == (
        "Because the root asks for p/a ^1\nand p/a ^2, there is no solution."
    )


def test_of_a_long_proof_the_end_is_told_and_the_derivation_has_it_all() -> None:
    count = 200
    packs: Packs = {
        f"p/n{i:03}": {f"1.{v}.0": needs(f"p/n{i + 1:03} >=1.{max(0, v - 1)}") for v in range(3)} for i in range(count)
    }
    packs[f"p/n{count:03}"] = {f"1.{v}.0": needs("p/end ^2") for v in range(3)}
    packs["p/end"] = {"1.0.0": {}, "2.0.0": {}}
    error = refusal({"dependencies": {"p/n000": "*", "p/end": "^1"}}, packs)
    assert len(error.derivation) > 200
    assert error.proof.lines[0].startswith("... ") and error.proof.lines[0].endswith("--json has them all ...")
    assert (
        sum(line.startswith(("Because", "And because", "Thus", "So")) for line in error.proof.lines) <= MOST_SENTENCES
    )
    assert error.proof.lines[-1].endswith("there is no solution.")
