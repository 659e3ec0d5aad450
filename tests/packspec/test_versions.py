import json
from itertools import pairwise
from pathlib import Path

import pytest

from packspec.errors import PackError
from packspec.versions import BadVersion, Version

VECTORS = Path(__file__).parents[1] / "vectors" / "versions"
GOOD = json.loads((VECTORS / "good.json").read_text("utf-8"))
BAD = json.loads((VECTORS / "bad.json").read_text("utf-8"))
ORDER = json.loads((VECTORS / "order.json").read_text("utf-8"))


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row["version"][:40])
def test_M08_M09_a_version_is_read_into_its_parts_and_written_again(row: dict[str, object]) -> None:
    version = Version.parse(str(row["version"]))
    assert (version.major, version.minor, version.patch) == (row["major"], row["minor"], row["patch"])
    assert (list(version.prerelease), list(version.build)) == (row["prerelease"], row["build"])
    assert str(version) == row["version"]
    assert version.is_prerelease is bool(row["prerelease"])


@pytest.mark.parametrize("row", BAD, ids=lambda row: row["reason"])
def test_M08_M09_what_is_no_version_is_refused_with_one_code(row: dict[str, str]) -> None:
    with pytest.raises(BadVersion) as caught:
        Version.parse(row["version"])
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, PackError)
    assert caught.value.code == "project.bad-version"
    assert caught.value.fix()


def test_M08_the_tables_are_large_enough() -> None:
    assert len(GOOD) >= 35
    assert len(BAD) >= 40


def test_M09_versions_are_ordered_by_precedence() -> None:
    versions = [Version.parse(text) for text in ORDER]
    for lower, higher in pairwise(versions):
        assert lower < higher and higher > lower and lower <= higher and higher >= lower and lower != higher
    by_text = sorted(versions, key=str)
    assert by_text != versions and sorted(by_text) == versions


def test_M10_versions_that_differ_in_build_alone_are_one_version() -> None:
    a, b = Version.parse("1.0.0+a"), Version.parse("1.0.0+b")
    assert a == b and hash(a) == hash(b) and len({a, b, Version.parse("1.0.0")}) == 1
    assert not a < b and not a > b and a <= b and a >= b
    assert str(a.without_build()) == "1.0.0"


def test_a_version_is_not_equal_to_its_text() -> None:
    assert (Version.parse("1.0.0") == "1.0.0") is False


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v1.2.3", "without v: 1.2.3"),
        ("1.2", "three numbers are needed, found 2"),
        ("1.02.3", "a number begins with 0"),
        ("1.2.3\n", "blanks around it"),
        ("\u0661.2.3", "only ASCII letters, digits, dot, hyphen and plus are allowed"),
        ("", "it is empty"),
        ("1.2.x", "expected 1.2.3, 1.2.3-beta.1 or 1.2.3+build"),
    ],
)
def test_the_refusal_names_the_slip(text: str, reason: str) -> None:
    with pytest.raises(BadVersion) as caught:
        Version.parse(text)
    assert caught.value.reason == reason


def test_a_version_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Version.parse("1.0.0").major = 2  # type: ignore[misc]
