import json
from pathlib import Path

import pytest

from packspec.errors import PackError
from packspec.names import RESERVED, BadName, PackName, PublisherName, ReleaseName, look_alike, skeleton
from packspec.versions import BadVersion, Version

VECTORS = Path(__file__).parents[1] / "vectors" / "names"
GOOD = json.loads((VECTORS / "good.json").read_text("utf-8"))
BAD = json.loads((VECTORS / "bad.json").read_text("utf-8"))
ALIKE = json.loads((VECTORS / "look-alike.json").read_text("utf-8"))
TYPES: dict[str, type[PublisherName] | type[PackName] | type[ReleaseName]] = {
    "publisher": PublisherName,
    "pack": PackName,
    "release": ReleaseName,
}


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row["text"][:40])
def test_M11_a_name_has_one_spelling_and_keeps_it(row: dict[str, str]) -> None:
    assert str(TYPES[row["type"]].parse(row["text"])) == row["text"]


@pytest.mark.parametrize("row", BAD, ids=lambda row: f"{row['type']} {row['reason']}")
def test_M11_M12_what_is_no_name_is_refused_not_folded(row: dict[str, str]) -> None:
    with pytest.raises(BadName) as caught:
        TYPES[row["type"]].parse(row["text"])
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, PackError)
    assert caught.value.code == "project.bad-name"
    assert caught.value.fix()


def test_a_pack_name_has_two_halves() -> None:
    pack = PackName.parse("acme/farm-animals")
    assert pack.publisher == "acme" and type(pack.publisher) is PublisherName
    assert pack.name == "farm-animals"


def test_M10_a_release_is_named_without_build_metadata() -> None:
    release = ReleaseName.of(PackName.parse("acme/farm-animals"), Version.parse("1.0.0-rc.1+build"))
    assert release == "acme/farm-animals@1.0.0-rc.1"
    assert (release.pack, str(release.version)) == ("acme/farm-animals", "1.0.0-rc.1")
    with pytest.raises(BadName, match=r"without build metadata: acme/farm-animals@1\.0\.0"):
        ReleaseName.parse("acme/farm-animals@1.0.0+a")


def test_a_release_with_a_bad_version_is_a_bad_version() -> None:
    with pytest.raises(BadVersion):
        ReleaseName.parse("acme/farm-animals@v1")


def test_a_name_in_capitals_is_refused_with_the_name_that_was_meant() -> None:
    with pytest.raises(BadName) as caught:
        PackName.parse("Acme/Farm")
    assert str(caught.value) == "not a pack's name: 'Acme/Farm' (lower case only)"
    assert caught.value.fix() == ['write "acme/farm"']


@pytest.mark.parametrize(
    "name", ["con", "nul", "com1", "lpt0", "packctl", "admin", "api", "publishers", "tuf", "well-known"]
)
def test_M14_devices_and_words_of_our_routes_are_reserved(name: str) -> None:
    assert PublisherName.parse(name).is_reserved
    assert PackName.parse(f"{name}/icons").is_reserved


def test_M14_a_pack_may_be_called_admin_but_not_con() -> None:
    assert not PackName.parse("acme/admin").is_reserved
    assert PackName.parse("acme/con").is_reserved
    assert not PackName.parse("acme/console").is_reserved


def test_M14_every_reserved_word_could_be_a_name() -> None:
    assert [word for word in sorted(RESERVED) if PublisherName.parse(word) != word] == []


@pytest.mark.parametrize("row", ALIKE, ids=lambda row: f"{row['name']} and {row['other']}")
def test_M13_names_that_look_alike_are_found_from_both_sides(row: dict[str, str | bool]) -> None:
    name, other = str(row["name"]), str(row["other"])
    assert look_alike(name, [other]) == (other if row["alike"] else None), row["reason"]
    assert look_alike(other, [name]) == (name if row["alike"] else None), row["reason"]


def test_M13_the_first_in_order_of_name_is_told() -> None:
    assert look_alike("farmanimals", ["farm-animals", "farmanima1s", "other"]) == "farm-animals"
    assert look_alike("farm-animals", ["farm-animals", "zebra"]) is None


def test_M13_the_skeleton_of_a_name_has_no_look_alike_letters() -> None:
    assert skeleton("c1own-5hop") == skeleton("down-shop")
    assert skeleton("city") != skeleton("dty")
