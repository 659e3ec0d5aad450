import json
from typing import Any

import pytest

from packspec import canonical, facts
from packspec.errors import Invalid, Where
from packspec.labels import Label
from packspec.manifest import ManifestFaults, parse_listing, parse_manifest
from packspec.names import PackName
from packspec.ranges import Range
from tests.support.vectors import cases

SMALLEST = """\
[pack]
name = "acme/farm"
version = "1.0.0"
summary = "Animals"
license = "CC0-1.0"
category = "pictures"
"""

WHOLE = """\
[pack]
name = "acme/farm-animals-pro"
version = "1.3.0"
kind = "content"
title = "Farm Animals Pro"
summary = "64 animated farm animals with sounds"
readme = "README.md"
changelog = "CHANGELOG.md"
links = { homepage = "https://acme.example/farm", support = "https://acme.example/help" }
license = "LicenseRef-acme"
license-file = "EULA.md"
category = "characters"
subcategory = "animals"
tags = ["animals", "farm"]
languages = ["en", "de"]
ages = { min = 3, max = 6 }
features = ["sticker_book", "ai_story"]
hosts = { storybook = ">=1.4,<3" }
include = ["assets/**", "README.md", "EULA.md"]
exclude = ["**/*.psd"]
preview = ["assets/cow.svg", "assets/hen.svg"]
early-access = "7d"
conflicts = { "acme/farm-animals-lite" = "*" }
price = { amount = "12.00", currency = "EUR", machines = 3 }

[pack.education]
focus = ["literacy", "math"]
objectives = ["counts to ten", "names eight animals"]
subjects = ["ELA", "MATH"]
grades = ["K_2"]
modalities = ["GAME"]

[dependencies]
"birdsong/sounds-animals" = { version = "^3", kind = "enhances", assets = { "assets/cow.svg" = "cow.ogg" } }
"acme/farm-animals" = "^2"

[[assets]]
path = "assets/cow.svg"
title = "Cow"
type = "sticker"
tags = ["cow"]
teaches = ["animal names"]
features = ["sticker_book"]
order = 1
highlight = true
essential = true
language = "en"
variants = { low = "assets/low/cow.svg" }

[[contents]]
ref = "lo-version-17"
family = "lo-4"
order = 1
highlight = true
"""


def faults_of(text: str | bytes, *, strict: bool = True) -> ManifestFaults:
    with pytest.raises(ManifestFaults) as caught:
        parse_manifest(text.encode() if isinstance(text, str) else text, strict=strict)
    return caught.value


@pytest.mark.parametrize("case", cases("manifest", "bad"), ids=lambda case: case["name"])
def test_M07_M16_M23_every_fault_is_told_with_its_path_and_line(case: dict[str, Any]) -> None:
    told = faults_of(case["toml"]).faults
    assert [(fault.path, fault.line) for fault in told] == [(fault["path"], fault["line"]) for fault in case["faults"]]
    for fault, expected in zip(told, case["faults"], strict=True):
        assert expected["says"] in fault.text


@pytest.mark.parametrize("case", cases("manifest", "unreadable"), ids=lambda case: case["name"])
def test_M01_M03_M05_bytes_that_cannot_be_read_are_one_fault_with_a_line(case: dict[str, Any]) -> None:
    error = faults_of(bytes.fromhex(case["hex"]))
    (fault,) = error.faults
    assert (fault.path, fault.line) == ("", case["line"])
    assert case["says"] in fault.text


def test_M01_the_offset_of_a_wrong_byte_is_in_the_facts() -> None:
    error = faults_of(b'[pack]\nname = "\xff"\n')
    assert error.facts() == {"line 2": "not UTF-8: byte 0xff at offset 15"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a" * (256 * 1024 + 1), "larger than 262144 bytes: 262145"),
        ("a" + ".a" * 20_000 + " = 1", "more than 64 dots in one line"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a = " + "[" * 33 + "]" * 33, "nested deeper than 32"),
        ("a = " + "{a=" * 40 + "1" + "}" * 40, "nested deeper than 32"),
        ("[" + "a." * 40 + "a]", "nested deeper than 32"),
    ],
    ids=["size", "dots", "brackets", "lists", "tables", "header"],
)
def test_M04_size_dots_and_depth_are_bounded_before_anything_else(text: str, says: str) -> None:
    (fault,) = faults_of(text).faults
    assert says in fault.text


def test_M04_a_manifest_at_the_bounds_is_read() -> None:
    dots = "64 dots: " + "." * 64
    text = SMALLEST + f'title = "{dots}"\n'
    text += "#" * (256 * 1024 - len(text))
    assert parse_manifest(text.encode(), strict=True).title == dots


def test_the_whole_manifest_is_read() -> None:
    manifest = parse_manifest(WHOLE.encode(), strict=True)
    assert manifest.title == "Farm Animals Pro"
    assert manifest.paid
    assert str(manifest.price) == "12.00 EUR"
    assert manifest.pack.education.grades == ("K_2",)
    assert manifest.assets[0].variants == {"low": "assets/low/cow.svg"}
    assert manifest.contents[0].ref == "lo-version-17"
    assert manifest.dependencies[PackName("birdsong/sounds-animals")].assets == {"assets/cow.svg": "cow.ogg"}
    assert manifest.lines.of(("assets", 0, "variants", "low")) == 48


def test_facts_are_ascending_by_pack_and_keep_the_texts_of_the_file() -> None:
    assert parse_manifest(WHOLE.encode(), strict=True).facts() == facts.Facts(
        kind="content",
        dependencies=(
            facts.Dependency(
                pack=PackName("acme/farm-animals"), range=Range.parse("^2"), kind="requires", optional=False
            ),
            facts.Dependency(
                pack=PackName("birdsong/sounds-animals"), range=Range.parse("^3"), kind="enhances", optional=False
            ),
        ),
        conflicts=(facts.ConflictWith(pack=PackName("acme/farm-animals-lite"), range=Range.parse("*")),),
        hosts={"storybook": ">=1.4,<3"},
        packages=(),
        features=("sticker_book", "ai_story"),
        ages=facts.Ages(min=3, max=6),
        early_access=604_800,
        category=Label("characters"),
    )


def test_facts_of_the_smallest_manifest_hold_no_more_than_its_kind() -> None:
    manifest = parse_manifest(SMALLEST.encode(), strict=True)
    assert manifest.facts() == facts.Facts(
        kind="content", dependencies=(), conflicts=(), hosts={}, packages=(), features=()
    )
    assert (manifest.title, manifest.paid, manifest.price) == ("farm", False, None)


@pytest.mark.parametrize(
    "more", ['colour = "red"', '[pack.colours]\nred = 1', "[colours]\nred = 1", '[[assets]]\npath = "a"\ncolour = 1'],
    ids=["key", "table-in-pack", "table", "key-in-asset"],
)  # fmt: skip
def test_M06_unknown_keys_are_refused_in_a_folder_and_ignored_in_a_release(more: str) -> None:
    text = f"{SMALLEST}{more}\n"
    assert "is not a key of this table" in faults_of(text).faults[0].text
    assert parse_manifest(text.encode(), strict=False).pack.name == "acme/farm"


def test_M06_known_keys_are_checked_in_a_release_too() -> None:
    assert [fault.path for fault in faults_of(SMALLEST + "early-access = 7\nlater = 1\n", strict=False).faults] == [
        "pack.early-access"
    ]


def test_M12_a_title_may_have_any_script() -> None:
    assert (
        parse_manifest((SMALLEST + 'title = "Ферма, 農場, مزرعة"\n').encode(), strict=True).title
        == "Ферма, 農場, مزرعة"
    )


def test_M23_markup_in_texts_is_kept_as_it_stands() -> None:
    text = SMALLEST + "title = '<script>alert(1)</script> [link=https://evil.example]x[/link]'\n"
    assert (
        parse_manifest(text.encode(), strict=True).title
        == "<script>alert(1)</script> [link=https://evil.example]x[/link]"
    )


def test_tables_of_a_project_may_stand_beside_and_are_named() -> None:
    text = SMALLEST + '[registries]\ndefault = "https://r.example"\n[groups]\nx = { "a/b" = "nonsense" }\n'
    assert parse_manifest(text.encode(), strict=True).project_tables == ("groups", "registries")


@pytest.mark.parametrize(
    ("plans", "paid"),
    [
        ('[[plans]]\nid = "a"\nkind = "free"\n', False),
        ('[[plans]]\nid = "a"\nkind = "perpetual"\namount = "1.00"\ncurrency = "EUR"\n', True),
        ('[[plans]]\nid = "a"\nkind = "trial"\nduration = "7d"\n[[plans]]\nid = "b"\nkind = "free"\n', False),
        ('price = { amount = "0.00", currency = "EUR" }\n', False),
        ('price = { amount = "0.01", currency = "EUR" }\n', True),
    ],
)
def test_a_license_must_be_held_unless_a_plan_is_free(plans: str, paid: bool) -> None:
    assert parse_manifest((SMALLEST + plans).encode(), strict=True).paid is paid


def test_one_fault_is_told_in_one_line_with_the_place_to_open() -> None:
    error = faults_of(SMALLEST + "tags = [1]\n")
    assert error.what() == "pack.toml: pack.tags[0] expected a string, found a whole number"
    assert error.where() == Where("pack.toml", 7)
    assert (error.code, error.kind.exit_code, isinstance(error, Invalid)) == ("project.manifest", 2, True)


def test_several_faults_are_facts_by_line() -> None:
    error = faults_of(SMALLEST + "tags = [1]\nages = { min = 1.5, max = 99 }\n")
    assert error.what() == "pack.toml has 3 faults"
    assert error.facts() == {
        "line 7": "pack.tags[0] expected a string, found a whole number",
        "line 8": "pack.ages.min expected a whole number, found a number with a fraction; "
        "pack.ages.max is 99, at most 18 is allowed",
    }


def test_patterns_in_assets_are_bounded_and_single_files_are_not() -> None:
    files = "".join(f'[[assets]]\npath = "a{n}.svg"\n' for n in range(3_000))
    assert len(parse_manifest((SMALLEST + files).encode(), strict=True).assets) == 3_000
    patterns = "".join(f'[[assets]]\npath = "a{n}*"\n' for n in range(101))
    (fault,) = faults_of(SMALLEST + patterns).faults
    assert (fault.path, fault.line) == ("assets[100].path", 208)


def test_of_thousands_of_faults_the_first_are_told_and_the_others_counted() -> None:
    text = SMALLEST + "".join(f"key{number} = 1\n" for number in range(10_000))
    told = faults_of(text).faults
    assert len(told) == 201
    assert (told[199].path, told[200].text) == ("pack.key199", "and 9800 more faults")


def test_a_listing_has_texts_in_one_more_language() -> None:
    listing = parse_listing(
        'title = "Bauernhof"\nobjectives = ["zählt bis zehn"]\n'.encode(), "listing.de.toml", strict=True
    )
    assert (listing.title, listing.objectives, listing.summary) == ("Bauernhof", ("zählt bis zehn",), None)


def test_faults_of_a_listing_name_its_file() -> None:
    with pytest.raises(ManifestFaults) as caught:
        parse_listing(b"titel = 1\n", "listing.de.toml", strict=True)
    assert caught.value.what() == "listing.de.toml: titel is not a key of this table; did you mean title?"


@pytest.mark.parametrize("case", cases("manifest", "good"), ids=lambda case: case["name"])
def test_a_good_manifest_gives_the_facts_that_are_signed(case: dict[str, Any]) -> None:
    manifest = parse_manifest(case["toml"].encode(), strict=True)
    assert json.loads(canonical.encode(manifest.facts())) == case["facts"]
    assert manifest.paid is case["paid"]
    price = None if manifest.price is None else {"minor": manifest.price.minor, "currency": manifest.price.currency}
    assert price == case.get("price")
    assert parse_manifest(case["toml"].encode(), strict=False) == manifest
