import json
from pathlib import Path

import pytest

from packspec.errors import PackError
from packspec.ranges import BadRange, Range, caret
from packspec.versions import Version

VECTORS = Path(__file__).parents[1] / "vectors" / "ranges"
GOOD = json.loads((VECTORS / "good.json").read_text("utf-8"))
BAD = json.loads((VECTORS / "bad.json").read_text("utf-8"))


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row["range"] or "empty")
def test_M19_a_range_decides_as_npm_does(row: dict[str, list[str]]) -> None:
    """Each row is what node-semver 7 answers, once as it is and once with includePrerelease."""
    wanted = Range.parse(str(row["range"]))
    answers = {
        text: (wanted.allows(Version.parse(text)), wanted.allows(Version.parse(text), include_prereleases=True))
        for key in ("allowed", "only_with_prereleases", "refused")
        for text in row[key]
    }
    assert answers == (
        dict.fromkeys(row["allowed"], (True, True))
        | dict.fromkeys(row["only_with_prereleases"], (False, True))
        | dict.fromkeys(row["refused"], (False, False))
    )
    assert str(wanted) == str(row["range"])


@pytest.mark.parametrize("row", BAD, ids=lambda row: f"{row['reason']} {row['range'][:20]!r}")
def test_what_is_no_range_is_refused_with_one_code(row: dict[str, str]) -> None:
    with pytest.raises(BadRange) as caught:
        Range.parse(row["range"])
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, PackError)
    assert caught.value.code == "project.bad-range"
    assert caught.value.corrected == row.get("corrected", "")
    assert caught.value.fix()


def test_a_comma_is_refused_with_the_range_that_was_meant() -> None:
    with pytest.raises(BadRange) as caught:
        Range.parse(">=1.4, <3")
    assert (
        str(caught.value) == "not a range: '>=1.4, <3' (a blank joins two conditions, not a comma: write \">=1.4 <3\")"
    )
    assert caught.value.fix() == ['write ">=1.4 <3"']


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("^2.0.0-beta", True), ("<2.0.0-0", True), ("^1 || 2.0.0-rc.1", True), ("1 - 2.0.0-rc.1", True),
        ("^2", False), ("1.x", False), ("*", False), ("1.2.x-beta", False), ("1.2.3+beta", False), ("<2", False),
    ],
)  # fmt: skip
def test_M19_a_range_knows_whether_it_names_a_prerelease(text: str, names: bool) -> None:
    assert Range.parse(text).names_prerelease is names


def test_M19_a_prerelease_is_named_only_beside_conditions_that_hold_with_it() -> None:
    wanted = Range.parse("^1.0.0-beta || ^2")
    assert wanted.allows(Version.parse("1.0.0-rc.1"))
    assert not wanted.allows(Version.parse("1.1.0-beta"))
    assert not wanted.allows(Version.parse("2.0.0-beta"))


def test_M10_build_metadata_does_not_matter() -> None:
    assert Range.parse("1.2.3").allows(Version.parse("1.2.3+b"))
    assert Range.parse("1.2.3+a").allows(Version.parse("1.2.3"))


def test_ranges_are_equal_if_they_are_written_alike() -> None:
    assert Range.parse("^1.2") == Range.parse("^1.2")
    assert hash(Range.parse("^1.2")) == hash(Range.parse("^1.2"))
    assert Range.parse("^1.2") != Range.parse("^1.2.0")
    assert Range.parse("^1 ").text == "^1 "


def test_the_range_written_for_a_release_is_its_caret() -> None:
    assert caret(Version.parse("2.1.0+build")).text == "^2.1.0"
    assert caret(Version.parse("2.0.0-beta.1")).text == "^2.0.0-beta.1"
    assert caret(Version.parse("0.2.3")).allows(Version.parse("0.2.9"))


def test_M09_bounds_lie_above_the_largest_number() -> None:
    assert Range.parse("^9223372036854775807").allows(Version.parse("9223372036854775807.1.0"))
    assert Range.parse("~1.9223372036854775807").allows(Version.parse("1.9223372036854775807.3"))
    assert not Range.parse(">9223372036854775807").allows(Version.parse("9223372036854775807.9.9"))
