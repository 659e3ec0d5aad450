from typing import Any, get_args

import pytest

from packspec.facts import PackKind
from packspec.media import MEDIA_TYPES, kind_fault, magic_fault, media_type
from packspec.pictures import pixel_size
from tests.support.vectors import cases


@pytest.mark.parametrize("case", cases("media", "good"), ids=lambda case: case["name"])
def test_a_file_is_known_by_its_ending_and_its_first_bytes_agree(case: dict[str, Any]) -> None:
    data = bytes.fromhex(case["hex"])
    row = media_type(case["name"])
    assert row is not None
    assert (row.name, row.asset_type) == (case["media"], case["type"])
    assert magic_fault(case["name"], data) is None
    assert kind_fault(case["name"], "module") is None
    size = pixel_size(row.name, data)
    assert (str(size) if size else "") == case.get("pixels", "")


@pytest.mark.parametrize("case", cases("media", "magic"), ids=lambda case: case["name"])
def test_A47_bytes_of_another_kind_are_found_whatever_the_name_says(case: dict[str, Any]) -> None:
    fault = magic_fault(case["path"], bytes.fromhex(case["hex"]))
    assert fault is not None
    assert case["says"] in fault


@pytest.mark.parametrize("case", cases("media", "kinds"), ids=lambda case: case["name"])
def test_A47_what_is_not_in_the_list_is_refused_by_its_name(case: dict[str, Any]) -> None:
    for kind in get_args(PackKind):
        fault = kind_fault(case["name"], kind)
        if kind in case["refused_in"]:
            assert fault is not None and case["says"] in fault
        else:
            assert fault is None


def test_a_text_may_be_cut_off_inside_of_a_character() -> None:
    assert magic_fault("a.txt", "Grüße"[:3].encode()[:-1]) is None


def test_every_first_byte_of_a_picture_counts() -> None:
    png = bytes.fromhex("89504e470d0a1a0a")
    for place in range(len(png)):
        changed = bytearray(png)
        changed[place] ^= 1
        assert magic_fault("a.png", bytes(changed)) is not None


def test_an_svg_with_a_hundred_thousand_comments_takes_no_longer_than_its_length() -> None:
    """A pattern that tried every way to split them would not end."""
    assert magic_fault("a.svg", b"<!-- -->" * 100_000 + b"<html>") is not None
    assert magic_fault("a.svg", b"<!-- -->" * 100_000 + b"<svg>") is None


def test_endings_are_unique_and_the_formats_of_the_marketplace_are_there() -> None:
    endings = [ending for row in MEDIA_TYPES for ending in row.endings]
    assert len(endings) == len(set(endings))
    assert {".webp", ".png", ".svg", ".jpg", ".mp4", ".webm", ".aac", ".ogg", ".wav"} <= set(endings)


@pytest.mark.parametrize(
    ("media", "data"),
    [
        ("image/png", "89504e470d0a1a0a0000000d494844520000020000"),
        ("image/png", "89504e470d0a1a0a0000000d494844520000000000000000"),
        ("image/png", "89504e470d0a1a0a0000000d434844520000020000000200"),
        ("image/jpeg", "ffd8" + "ffe00002" * 1000),
        ("image/jpeg", "ffd8ffe0ffff"),
        ("image/jpeg", "ffd8ffc0001108"),
        ("image/webp", "524946460000000057454250565038580a000000"),
        ("image/svg+xml", "3c737667206865696768743d22313030252220"),
        ("audio/ogg", "4f676753"),
    ],
    ids=["cut", "zero", "no-header", "no-frame", "length-beyond", "cut-frame", "cut-webp", "percent", "no-picture"],
)
def test_A48_a_picture_that_does_not_tell_its_size_has_none(media: str, data: str) -> None:
    assert pixel_size(media, bytes.fromhex(data)) is None


def test_A48_a_size_is_read_and_nothing_is_decoded() -> None:
    claimed = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + (65_535).to_bytes(4, "big") * 2
    assert str(pixel_size("image/png", claimed)) == "65535x65535"
