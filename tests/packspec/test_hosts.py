import json
from pathlib import Path

import pytest

from packspec.errors import PackError
from packspec.hosts import (
    BadRequirement,
    ExternalPackage,
    Host,
    HostRange,
    HostVersion,
    Misfit,
    Needs,
    PythonRange,
    fits,
    normal_name,
)

VECTORS = Path(__file__).parents[1] / "vectors" / "hosts"
GOOD = json.loads((VECTORS / "good.json").read_text("utf-8"))
BAD = json.loads((VECTORS / "bad.json").read_text("utf-8"))
RANGES: dict[str, type[HostRange] | type[PythonRange] | type[ExternalPackage]] = {
    "host": HostRange,
    "python": PythonRange,
    "package": ExternalPackage,
}


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row["text"])
def test_a_range_of_hosts_decides_as_PEP_440_does(row: dict[str, list[str]]) -> None:
    wanted = RANGES[str(row["type"])].parse(str(row["text"]))
    assert str(wanted) == str(row["text"])
    assert [text for text in row["allows"] + row["refuses"] if wanted.allows(HostVersion.parse(text))] == row["allows"]
    if isinstance(wanted, ExternalPackage):
        assert wanted.name == str(row["name"])


@pytest.mark.parametrize("row", BAD, ids=lambda row: f"{row['type']} {row['reason']}")
def test_what_is_not_PEP_440_or_508_is_refused_with_one_code(row: dict[str, str]) -> None:
    with pytest.raises(BadRequirement) as caught:
        (RANGES | {"version": HostVersion})[row["type"]].parse(row["text"])
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, PackError)
    assert caught.value.code == "project.bad-requirement"
    assert caught.value.fix()


def test_names_of_Python_packages_have_one_spelling() -> None:
    assert normal_name("Pillow_SIMD") == normal_name("pillow--simd") == "pillow-simd"


V = HostVersion.parse


def _needs(
    hosts: dict[str, str] | None = None,
    python: str | None = None,
    packages: tuple[str, ...] = (),
    features: tuple[str, ...] = (),
) -> Needs:
    return Needs.parse(hosts or {}, python, packages, features)


def test_a_pack_that_names_nothing_fits_everywhere() -> None:
    host = Host({"storybook": V("2.1")}, V("3.11"), frozenset({"ai_story"}), {"pillow": V("11.0")})
    assert fits(_needs(), host) is None


def test_what_the_project_does_not_name_is_not_checked() -> None:
    needs = _needs({"storybook": ">=9"}, ">=9", ("pillow>=99",), ("sticker_book",))
    assert fits(needs, Host()) is None


def test_one_host_that_fits_is_enough() -> None:
    needs = _needs({"storybook": ">=1.4,<3", "readalong": ">=5"})
    assert fits(needs, Host({"storybook": V("3.1"), "readalong": V("5.0")})) is None
    assert fits(needs, Host({"storybook": V("3.1"), "readalong": V("4.9")})) == Misfit(
        "readalong >=5 or storybook >=1.4,<3", "readalong 4.9, storybook 3.1"
    )
    assert fits(needs, Host({"other": V("1")})) == Misfit("readalong >=5 or storybook >=1.4,<3", "none of them")


def test_one_feature_that_is_there_is_enough() -> None:
    needs = _needs(features=("sticker_book", "ai_story"))
    assert fits(needs, Host(features=frozenset({"ai_story"}))) is None
    assert fits(needs, Host(features=frozenset({"karaoke"}))) == Misfit(
        "one of the features sticker_book, ai_story", "karaoke"
    )
    assert fits(_needs(features=("ai_story",)), Host(features=frozenset())) == Misfit(
        "feature ai_story", "none of them"
    )


def test_Python_is_the_one_of_the_project() -> None:
    assert fits(_needs(python=">=3.12"), Host(python=V("3.11"))) == Misfit("Python >=3.12", "Python 3.11")
    assert fits(_needs(python=">=3.11"), Host(python=V("3.11"))) is None


def test_Python_packages_are_compared_where_the_project_names_them() -> None:
    needs = _needs(packages=("Pillow>=10", "numpy>=2"))
    assert fits(needs, Host(packages={"pillow": V("11.0")})) is None
    assert fits(needs, Host(packages={"pillow": V("9.5")})) == Misfit("the Python package Pillow>=10", "pillow 9.5")
