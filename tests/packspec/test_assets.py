from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from packspec.assets import Asset, _Said, asset_faults, resolve_assets
from packspec.digests import Digest
from packspec.manifest import Manifest, goes_in, parse_manifest
from packspec.manifest.schema import AssetEntry
from packspec.pictures import PixelSize

PACK = """\
[pack]
name = "acme/farm"
version = "1.0.0"
summary = "Animals"
license = "LicenseRef-acme"
license-file = "EULA.md"
readme = "README.md"
category = "pictures"
"""
NOTHING = Digest("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")


@dataclass(frozen=True)
class File:
    path: str
    size: int = 0
    sha256: Digest = NOTHING


def manifest(more: str) -> Manifest:
    return parse_manifest((PACK + more).encode(), strict=True)


def assets(more: str, *paths: str) -> dict[str, Asset]:
    return {asset.path: asset for asset in resolve_assets(manifest(more), [File(path) for path in paths])}


def test_a_file_without_an_entry_has_type_and_size_from_itself() -> None:
    (asset,) = resolve_assets(manifest(""), [File("assets/moo.ogg", 1_204)], {"assets/moo.ogg": PixelSize(1, 2)})
    assert asset == Asset(
        path="assets/moo.ogg", size=1_204, sha256=NOTHING, media="audio/ogg", type="sound", pixels="1x2"
    )


def test_a_file_that_nothing_tells_of_is_data() -> None:
    assert assets("", "a.psd")["a.psd"].type == "data"
    assert assets("", "a.psd")["a.psd"].media == ""


def test_files_that_describe_the_pack_are_no_assets() -> None:
    found = assets("", "pack.toml", "README.md", "EULA.md", "listing.de.toml", "listing.txt", "docs/README.md")
    assert list(found) == ["docs/README.md", "listing.txt"]


def test_for_each_key_the_last_entry_that_names_the_file_wins() -> None:
    found = assets(
        """
[[assets]]
path = "**"
tags = ["farm"]
essential = true
order = 5
[[assets]]
path = "cow.svg"
type = "sticker"
tags = ["cow"]
[[assets]]
path = "*.svg"
title = "A drawing"
essential = false
""",
        "cow.svg",
        "hen.svg",
        "moo.ogg",
    )
    cow, hen, moo = found["cow.svg"], found["hen.svg"], found["moo.ogg"]
    assert (cow.type, cow.tags, cow.title, cow.essential, cow.order) == ("sticker", ("cow",), "A drawing", False, 5)
    assert (hen.type, hen.tags, hen.title, hen.essential) == ("prop", ("farm",), "A drawing", False)
    assert (moo.type, moo.tags, moo.title, moo.essential) == ("sound", ("farm",), "", True)


def test_assets_stand_in_the_publishers_order_and_then_by_path() -> None:
    more = '[[assets]]\npath = "z.svg"\norder = 0\n[[assets]]\npath = "m.svg"\norder = 1\n'
    assert list(assets(more, "b.svg", "a.svg", "m.svg", "z.svg")) == ["z.svg", "m.svg", "a.svg", "b.svg"]


def test_a_variant_has_what_is_said_of_its_asset() -> None:
    more = '[[assets]]\npath = "cow.svg"\ntype = "sticker"\nfeatures = ["book"]\nvariants = { low = "low/cow.png" }\n'
    found = assets(more, "cow.svg", "low/cow.png")
    assert found["cow.svg"].variants == {"low": "low/cow.png"}
    low = found["low/cow.png"]
    assert (low.variant_of, low.type, low.features, low.variants, low.media) == (
        "cow.svg",
        "sticker",
        ("book",),
        {},
        "image/png",
    )


def test_what_is_said_of_an_asset_is_put_together_once_for_all_its_variants(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def entries(said: _Said, path: str) -> Iterator[AssetEntry]:
        asked.append(path)
        return iter(said_before(said, path))

    said_before = _Said.entries
    monkeypatch.setattr(_Said, "entries", entries)
    rows = [f'[[assets]]\npath = "a.png"\nvariants = {{ v{n} = "a{n}.png" }}\n' for n in range(50)]
    found = assets("".join(rows), "a.png", *(f"a{n}.png" for n in range(50)))
    assert found["a49.png"].variant_of == "a.png"
    assert asked.count("a.png") == 2


def test_an_install_of_a_part_takes_what_is_for_its_features_and_what_is_for_all() -> None:
    more = '[[assets]]\npath = "a.svg"\nfeatures = ["book", "story"]\nessential = true\n[[assets]]\npath = "b.svg"\nfeatures = ["story"]\n'
    found = assets(more, "a.svg", "b.svg", "c.svg")
    assert [path for path, asset in found.items() if asset.is_for(None)] == ["a.svg", "b.svg", "c.svg"]
    assert [path for path, asset in found.items() if asset.is_for({"book"})] == ["a.svg", "c.svg"]
    assert [path for path, asset in found.items() if asset.is_for(set())] == ["c.svg"]
    assert [path for path, asset in found.items() if asset.is_for(None, essential=True)] == ["a.svg"]


FILES = [
    "pack.toml", "README.md", "EULA.md", "listing.de.toml", "pack.lock", "farm-1.0.0.pack", "farm-1.0.0.pack.statement", ".git/config",
    "a/.hidden/b.svg", "packs/acme/x.svg", "content/acme/x.svg", "a/cow.svg", "a/cow.psd", "a/pack.lock", "packs.md",
]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "folder", "files"),
    [
        ("", "packs", "content/acme/x.svg a/cow.svg a/cow.psd a/pack.lock packs.md"),
        ("", "content", "packs/acme/x.svg a/cow.svg a/cow.psd a/pack.lock packs.md"),
        ('exclude = ["**/*.psd", "content/**"]\n', "packs", "a/cow.svg a/pack.lock packs.md"),
        ('include = ["a/**"]\nexclude = ["**/*.psd"]\n', "packs", "a/cow.svg a/pack.lock"),
        ('include = ["**"]\n', "packs", "content/acme/x.svg a/cow.svg a/cow.psd a/pack.lock packs.md"),
        ('include = ["a/.hidden/*"]\n', "packs", "a/.hidden/b.svg"),
        ('include = []\npreview = ["a/cow.svg"]\n', "packs", "a/cow.svg"),
        ('exclude = ["**"]\n', "packs", ""),
    ],
    ids=["absent", "other-folder", "exclude", "include", "everything", "hidden", "preview", "nothing"],
)
def test_include_and_exclude_say_what_goes_in_beside_what_is_always_in(more: str, folder: str, files: str) -> None:
    chosen = [path for path in FILES if goes_in(path, manifest(more), folder)]
    assert chosen == ["pack.toml", "README.md", "EULA.md", "listing.de.toml", *files.split()]


def test_every_file_that_pack_toml_names_must_be_there() -> None:
    more = """\
changelog = "CHANGELOG.md"
preview = ["cow.svg", "hen.svg"]
[dependencies]
"birdsong/sounds" = { version = "^3", kind = "enhances", assets = { "cow.svg" = "moo.ogg", "pig.svg" = "oink.ogg" } }
[[assets]]
path = "cow.svg"
variants = { low = "low/cow.svg" }
[[assets]]
path = "pig.svg"
[[assets]]
path = "sounds/*"
"""
    told = asset_faults(manifest(more), ["pack.toml", "README.md", "EULA.md", "cow.svg"])
    assert [(fault.path, fault.line) for fault in told] == [
        ("pack.changelog", 9),
        ("pack.preview[1]", 10),
        ('dependencies."birdsong/sounds".assets."pig.svg"', 12),
        ("assets[0].variants.low", 15),
        ("assets[1].path", 17),
        ("assets[2].path", 19),
    ]


def test_nothing_is_said_of_a_pack_that_holds_all_it_names() -> None:
    assert asset_faults(manifest('[[assets]]\npath = "**/*.svg"\n'), ["README.md", "EULA.md", "a/b.svg"]) == ()
