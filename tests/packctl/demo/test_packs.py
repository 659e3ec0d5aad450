"""The packs of the demo are packs like any other: they pass every check, and are the same each time they are drawn."""

import hashlib
import json
import zlib

import pytest

from packctl.demo.library import launch_library, releases
from packctl.demo.library.seasonal import holiday_after, season_on
from packctl.demo.pack import Pack, Release, manifest
from packctl.demo.packs import story_packs
from packctl.resolve.refusals import NoSolution
from packctl.resolve.run import resolve
from packctl.resolve.scenario import read_scenario
from packspec.archive import BytesSource
from packspec.archive.read import read_archive
from packspec.archive.write import SourceFile, write_archive
from packspec.assets import asset_faults
from packspec.checks import PackLook
from packspec.manifest import parse_manifest
from packspec.pictures import PixelSize, pixel_size

LIBRARY = {
    "packs/animal-friends": ["1.0.0", "1.1.0", "1.2.0"],
    "packs/ocean-creatures": ["1.0.0", "1.1.0"],
    "packs/dinosaur-adventures": ["1.0.0"],
    "packs/fairy-tale-characters": ["1.0.0", "1.0.1"],
    "packs/community-helpers": ["1.0.0", "1.1.0"],
    "packs/space-explorers": ["1.0.0"],
    "packs/friendly-monsters": ["1.0.0", "1.1.0"],
    "packs/family-and-friends": ["1.0.0", "1.1.0"],
    "packs/nature-backgrounds": ["1.0.0", "1.1.0"],
    "packs/city-scenes": ["1.0.0"],
    "packs/fantasy-worlds": ["1.0.0", "1.1.0"],
    "packs/seasonal-scenes": ["1.0.0"],
    "packs/space-and-planets": ["1.0.0", "1.1.0"],
    "packs/home-and-school": ["1.0.0"],
    "packs/numbers-and-counting": ["1.0.0", "1.1.0", "1.2.0"],
    "packs/alphabet-fun": ["1.0.0", "1.1.0"],
    "packs/shapes-and-colors": ["1.0.0", "1.1.0"],
    "packs/emotions-and-feelings": ["1.0.0"],
    "packs/stem-basics": ["1.0.0"],
    "packs/art-supplies": ["1.0.0", "1.1.0"],
    "packs/decorative-elements": ["1.0.0", "1.1.0"],
    "packs/speech-bubbles": ["1.0.0"],
    "packs/special-effects": ["1.0.0", "1.1.0"],
    "packs/current-season": ["1.0.0"],
    "packs/upcoming-holiday": ["1.0.0"],
}
STORY = {
    "packs/base-shapes": ["1.4.2"],
    "birdsong/audio-core": ["0.9.4", "2.0.0"],
    "birdsong/sounds-animals": ["3.0.1", "3.2.0", "4.0.2"],
    "acme/farm-animals": ["2.0.1", "2.1.0", "2.1.1"],
    "acme/farm-animals-pro": ["1.3.0"],
    "acme/story-kit": ["2.7.1", "3.1.0"],
    "birdsong/sirens": ["1.0.0"],
    "packs/night-songs": ["1.0.0"],
}
EVERY = {**{pack.name: pack for pack in launch_library()}, **story_packs()}


def archive(release: Release) -> bytes:
    data = bytearray()
    write_archive([SourceFile.of(path, content) for path, content in release.files.items()], data.extend)
    return bytes(data)


def test_the_library_holds_the_25_packs_of_the_launch_with_all_their_versions() -> None:
    assert {pack.name: list(pack.versions) for pack in launch_library()} == LIBRARY


def test_the_story_has_the_packs_it_is_about() -> None:
    assert {pack.name: list(pack.versions) for pack in story_packs().values()} == STORY


@pytest.mark.parametrize("name", EVERY)
def test_every_release_passes_the_checks_without_a_finding(name: str) -> None:
    pack = EVERY[name]
    for version in pack.versions:
        files = pack.release(version).files
        said = parse_manifest(files["pack.toml"], strict=True)
        look = PackLook(said.pack.kind)
        for path, data in files.items():
            look.look_at(path, [data])
        assert look.done() == []
        assert asset_faults(said, files) == ()
        assert (str(said.pack.name), str(said.pack.version)) == (name, version)
        assert said.pack.preview or said.pack.category == "sounds"


def test_drawn_twice_every_archive_has_the_same_bytes_and_reads_back() -> None:
    first = [EVERY[pack.name].release(version) for pack in launch_library() for version in pack.versions]
    for one, other in zip(first, releases(), strict=True):
        data = archive(one)
        assert (one.folder, data) == (other.folder, archive(other)), one.folder
        assert len(read_archive(BytesSource(data)).tree.files) == len(one.files)


def test_releases_come_after_what_they_require() -> None:
    seen: set[str] = set()
    for pack in launch_library():
        for version in pack.versions:
            said = parse_manifest(manifest(pack, version).encode(), strict=True)
            required = {
                str(name) for name, wish in said.dependencies.items() if wish.kind == "requires" and not wish.optional
            }
            assert required <= seen, f"{pack.name} {version}"
        seen.add(pack.name)


def test_versions_of_a_pack_differ_in_the_files_that_their_changelog_tells_of() -> None:
    old, new = (EVERY["birdsong/sounds-animals"].release(version).files for version in ("3.0.1", "3.2.0"))
    assert {path for path in new if old.get(path) != new[path]} == {
        "pack.toml",
        "README.md",
        "CHANGELOG.md",
        "chick.wav",
        "goat.wav",
    }
    assert b"## 3.2.0" not in old["CHANGELOG.md"]


def test_an_enhancing_pack_names_files_that_the_other_one_has() -> None:
    for pack in EVERY.values():
        for needs in pack.needs:
            there = EVERY[needs.pack].newest.files
            assert [theirs for theirs in needs.assets.values() if theirs not in there] == [], pack.name


def test_every_pack_of_the_library_tells_for_whom_it_is_and_what_stands_out() -> None:
    for pack in launch_library():
        said = parse_manifest(manifest(pack, pack.versions[-1]).encode(), strict=True)
        assert said.pack.ages is not None
        assert said.pack.subcategory and said.pack.tags and said.pack.features and said.pack.readme
        taught = said.pack.education
        assert taught.focus and taught.objectives and taught.subjects and taught.grades and taught.modalities, pack.name
        assert any(entry.highlight for entry in said.assets)
        assert all(entry.title and entry.tags for entry in said.assets)


def test_drawings_neither_act_nor_fetch() -> None:
    for path, data in _files(".svg"):
        assert b"<script" not in data and b"href" not in data and b" on" not in data, path
        assert data.count(b"http") == 1, path  # the name of SVG itself
        assert pixel_size("image/svg+xml", data) in (PixelSize(512, 512), PixelSize(640, 360)), path


def test_pictures_have_the_size_they_say_and_whole_rows() -> None:
    for path, data in _files(".png"):
        size = pixel_size("image/png", data)
        assert size in (PixelSize(192, 192), PixelSize(240, 135)), path
        start = data.index(b"IDAT") + 4
        length = int.from_bytes(data[start - 8 : start - 4], "big")
        rows = zlib.decompress(data[start : start + length])
        assert len(rows) == size.height * (1 + 4 * size.width), path
        assert len(set(rows)) > 8, f"{path} shows nothing"


def test_sounds_are_heard_and_not_cut_off() -> None:
    for path, data in _files(".wav"):
        samples = memoryview(data[44:]).cast("h")
        assert 400 < len(samples) < 16 * 16_000, path
        assert max(samples) > 200, path
        assert max(abs(sample) for sample in samples) <= 26_214, path


def test_a_circle_is_written_as_these_bytes() -> None:
    data = EVERY["packs/base-shapes"].newest.files["assets/circle.svg"]
    assert data == (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512" role="img">\n'
        b"  <title>Circle</title>\n"
        b'  <path d="M436.5,256C436.5,355.7 355.7,436.5 256,436.5C156.3,436.5 75.5,355.7 75.5,256C75.5,156.3 156.3,75.5 256,75.5'
        b'C355.7,75.5 436.5,156.3 436.5,256Z" fill="#ef6461"/>\n'
        b"</svg>\n"
    )


@pytest.mark.parametrize(
    ("day", "season", "holiday"),
    [
        ((1, 1), "winter", "new-year"),
        ((2, 15), "winter", "earth-day"),
        ((3, 1), "spring", "earth-day"),
        ((6, 1), "summer", "halloween"),
        ((11, 20), "autumn", "winter-holidays"),
        ((12, 1), "winter", "winter-holidays"),
        ((12, 26), "winter", "new-year"),
    ],
)
def test_season_and_holiday_follow_from_the_day(day: tuple[int, int], season: str, holiday: str) -> None:
    assert (season_on(*day), holiday_after(*day)) == (season, holiday)


def test_the_demo_plays_in_autumn_before_the_holidays() -> None:
    titles = {pack.name: pack.title for pack in launch_library()}
    assert titles["packs/current-season"] == "Current Season: Autumn"
    assert titles["packs/upcoming-holiday"] == "Upcoming Holiday: Winter holidays"


def scenario(wishes: dict[str, str]) -> bytes:
    packs: dict[str, dict[str, object]] = {}
    for pack in story_packs().values():
        for version in pack.versions:
            needs = {
                one.pack: {"version": one.range, "kind": one.kind, "optional": one.optional}
                for one in pack.needs_of(version)
            }
            packs.setdefault(pack.name, {})[version] = {"dependencies": needs}
    return json.dumps({"root": {"dependencies": wishes}, "packs": packs}).encode()


def solved(wishes: dict[str, str]) -> dict[str, str]:
    read = read_scenario(scenario(wishes))
    return {str(pack): str(chosen.version) for pack, chosen in resolve(read.wanted, read).packs.items()}


def test_one_wish_and_old_sounds_install_four_packs() -> None:
    assert solved({"acme/farm-animals": "^2.1", "birdsong/sounds-animals": "3.0.1"}) == {
        "acme/farm-animals": "2.1.1",
        "birdsong/audio-core": "0.9.4",
        "birdsong/sounds-animals": "3.0.1",
        "packs/base-shapes": "1.4.2",
    }


def test_the_new_story_kit_does_not_go_with_old_sounds_and_the_reason_names_both() -> None:
    with pytest.raises(NoSolution) as refused:
        solved({"acme/farm-animals": "^2", "birdsong/sounds-animals": "^3", "acme/story-kit": "^3"})
    told = " ".join(refused.value.proof.lines)
    assert "acme/story-kit 3.1.0 depends on birdsong/audio-core ^2.0" in told
    assert "birdsong/sounds-animals <4.0.0 depends on birdsong/audio-core ^0.9" in told


def test_both_ways_out_of_the_conflict_work() -> None:
    with_new_sounds = solved({"acme/farm-animals": "^2", "birdsong/sounds-animals": "^4", "acme/story-kit": "^3"})
    assert (with_new_sounds["acme/story-kit"], with_new_sounds["birdsong/sounds-animals"]) == ("3.1.0", "4.0.2")
    assert (
        solved({"acme/farm-animals": "^2", "birdsong/sounds-animals": "^3", "acme/story-kit": "^2"})["acme/story-kit"]
        == "2.7.1"
    )


def test_the_one_that_costs_money_says_so() -> None:
    said = parse_manifest(manifest(EVERY["acme/farm-animals-pro"], "1.3.0").encode(), strict=True)
    assert said.paid
    assert str(said.price) == "12.00 EUR"


def _files(ending: str) -> list[tuple[str, bytes]]:
    seen: dict[str, tuple[str, bytes]] = {}
    packs: list[Pack] = list(EVERY.values())
    for pack in packs:
        for path, data in pack.newest.files.items():
            if path.endswith(ending):
                seen.setdefault(hashlib.sha256(data).hexdigest(), (f"{pack.name} {path}", data))
    return list(seen.values())
