"""Carry files: their header, their structure, and how releases are shared out among parts (docs/spec/carry.md)."""

import re
import zlib
from pathlib import Path

import pytest

from packspec.archive import BytesSource, layout
from packspec.archive.write import SourceFile
from packspec.canonical import ClientTooOld
from packspec.carry import CarriedRelease, Carry, CarryBroken, CarryFile, parse_header, share_out, size_of, write_carry
from packspec.digests import Digest
from packspec.names import PackName
from packspec.versions import Version
from tests.support import vectors

CHAPTER = (Path(__file__).parents[2] / "docs" / "spec" / "carry.md").read_text("utf-8")
GOOD = {case["name"]: case for case in vectors.cases("carry", "good")}


@pytest.mark.parametrize("case", GOOD.values(), ids=GOOD)
def test_a_good_header_is_read_and_has_the_id_of_its_set(case):
    carry, found = parse_header(case["json"].encode(), "farm.carry")
    assert (found, carry.part) == (case["id"], case["part"])
    assert [f"{row.pack} {row.version} in {row.part}" for row in carry.releases] == case["releases"]


def test_parts_of_one_set_have_one_id():
    assert GOOD["part 1 of 2"]["id"] == GOOD["part 2 of 2"]["id"]


@pytest.mark.parametrize("case", vectors.cases("carry", "bad"), ids=lambda case: case["name"])
def test_a_bad_header_is_refused(case):
    with pytest.raises((CarryBroken, ClientTooOld)) as refused:
        parse_header(case["json"].encode(), "farm.carry")
    assert refused.value.code == case["code"]


def zipped(files: list[tuple[str, bytes]], method: int = layout.STORED) -> bytes:
    """An archive of files as they are given, whatever rules they break."""
    body, directory = b"", b""
    for path, data in files:
        packed = data if method == layout.STORED else zlib.compress(data, 9, -15)
        crc, raw = zlib.crc32(data), path.encode()
        directory += layout.central_header(raw, crc, len(packed), len(data), len(body))
        body += layout.local_header(raw, crc, len(packed), len(data)) + packed
    return body + directory + layout.end_records(len(files), len(directory), len(body))


SMALLEST = GOOD["one release"]["json"].encode()


@pytest.mark.parametrize("case", vectors.cases("carry", "structure"), ids=lambda case: case["name"])
def test_an_archive_of_other_files_is_no_carry_file(case):
    files = [(path, SMALLEST if text is None else text.encode()) for path, text in case["files"]]
    with pytest.raises(CarryBroken) as refused:
        CarryFile.open(BytesSource(zipped(files)), "farm.carry")
    assert refused.value.code == case["code"]


def test_a_file_that_is_packed_is_refused_before_anything_is_unpacked():
    bomb = zipped([("carry.json", SMALLEST), ("blobs/x", b"\0" * 5_000_000)], layout.DEFLATE)
    with pytest.raises(CarryBroken) as refused:
        CarryFile.open(BytesSource(bomb), "farm.carry")
    assert "must be STORED" in refused.value.reason


def test_a_changed_byte_of_any_file_is_a_damage_and_no_accusation():
    data = zipped([("carry.json", SMALLEST), ("tuf/1.root.json", b"{}"), ("tuf/timestamp.json", b"[]")])
    at = data.index(b"[]")
    opened = CarryFile.open(BytesSource(data[:at] + b"X" + data[at + 1 :]), "farm.carry")
    with pytest.raises(CarryBroken) as refused:
        opened.check_sums()
    assert "tuf/timestamp.json" in refused.value.reason


def row(number: int, size: int, part: int = 1) -> CarriedRelease:
    return CarriedRelease(
        pack=PackName("acme/farm"),
        version=Version.parse(f"1.{number}.0"),
        archive=Digest.of(b"%d" % number),
        size=size,
        part=part,
    )


def test_releases_are_shared_out_in_their_order_and_an_archive_stands_once():
    rows = [row(0, 600), row(1, 600), row(2, 50, part=0), row(3, 9_000), row(1, 600), row(4, 10)]
    needed = [1_200, 1_200, 700, 9_600, 1_200, 1_900]
    assert [one.part for one in share_out(rows, needed, 2_000)] == [1, 2, 0, 3, 2, 4]


def test_what_is_written_is_read_again_and_is_as_large_as_was_told():
    carry = parse_header(SMALLEST, "farm.carry")[0]
    files = [SourceFile.of("tuf/timestamp.json", b"{}"), SourceFile.of("blobs/sha256/aa/x", b"moo")]
    written = bytearray()
    write_carry(carry, files, written.extend)
    opened = CarryFile.open(BytesSource(bytes(written)), "farm.carry")
    assert (opened.carry, opened.paths()) == (carry, ["blobs/sha256/aa/x", "tuf/timestamp.json"])
    assert opened.read("blobs/sha256/aa/x", 1) == b"mo"  # one byte more than the ceiling, so that whoever asked notices
    assert opened.read("blobs/sha256/aa/y", 9) is None
    assert len(written) == size_of([SourceFile.of("carry.json", SMALLEST), *files])


def test_the_chapter_names_every_field_and_its_example_is_one():
    for field in Carry.__struct_fields__:
        assert f"| `{field}`" in CHAPTER or f"`{field}`," in CHAPTER or f", `{field}`" in CHAPTER, field
    example = re.search(r"```json\n(.*)\n```", CHAPTER)
    assert example is not None
    assert parse_header(example[1].replace("7d1f…", "7d1f04c2" * 8).encode(), "example")[0].log == 12
