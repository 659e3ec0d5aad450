"""The strict reader of archives against every vector, sweeps over bytes and bits, and sources that misbehave."""

import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from packspec import codes
from packspec.archive import BytesSource
from packspec.archive.directory import BadEndRecord, NotAPack
from packspec.archive.layout import Entry
from packspec.archive.read import read_archive, read_file, read_files, read_layout
from packspec.archive.rules import ArchiveLimits, BadMethod, Form, TooBig, TooManyFiles
from packspec.archive.unpack import BadCrc, BadStream, unpack_file
from packspec.archive.write import SourceFile, write_archive
from packspec.digests import Digest
from packspec.errors import PackError, Untrusted
from packspec.tree import Tree, TreeEntry, TreeMismatch, check_digests, check_same
from tests.support.raw_zip import MANIFEST, MANIFEST_FILE, Around, Raw, deflated, raw_zip, raw_zip_of, verdict_tree
from tests.support.vectors import cases

BAD_GROUPS = (
    "begin-and-end", "layout", "headers", "modes", "paths", "clashes", "order", "methods-and-sizes", "streams",
)  # fmt: skip
BAD = [pytest.param(case, id=f"{group}-{case['name']}") for group in BAD_GROUPS for case in cases("archive", group)]
GOOD = [pytest.param(case, id=case["name"]) for case in cases("archive", "good")]


def refusal(data: bytes, limits: ArchiveLimits = ArchiveLimits()) -> PackError:
    """The error with which an archive is refused."""
    with pytest.raises(PackError) as caught:
        verdict_tree(data, limits)
    return caught.value


def codes_of(row: str) -> dict[str, str]:
    """Name and code of every refusal for the archives that belong to a row of the catalog of attacks."""
    found = {}
    for group in BAD_GROUPS:
        for case in cases("archive", group):
            if row in case["rows"]:
                found[case["name"]] = refusal(bytes.fromhex(case["archive"])).code
    assert found, f"no vector for {row}"
    return found


def only(code: str, row: str) -> None:
    assert set(codes_of(row).values()) == {code}


@pytest.mark.parametrize("case", BAD)
def test_every_bad_archive_is_refused_with_its_code(case: dict[str, Any]) -> None:
    error = refusal(bytes.fromhex(case["archive"]))
    assert error.code == case["code"], error.what()
    assert error.facts() | case.get("facts", {}) == error.facts()
    assert isinstance(error, Untrusted)
    assert error.code in codes.explanations()
    texts = [error.what(), error.why(), *error.fix(), *error.facts().values()]
    assert error.fix() and all(text and text.isprintable() and len(text) < 700 for text in texts)


@pytest.mark.parametrize("case", GOOD)
def test_every_good_archive_gives_its_tree(case: dict[str, Any]) -> None:
    archive = read_archive(BytesSource(bytes.fromhex(case["archive"])))
    assert archive.tree.encode().decode() == case["tree"]
    assert archive.tree.digest == case["tree_digest"]
    assert archive.tree.content == case["content"]
    assert archive.manifest_bytes == MANIFEST


def test_A01_A02_A03_A04_A05_A06_A07_A10_A31_illegal_paths_are_refused_on_every_platform() -> None:
    for row in ("A01", "A02", "A03", "A04", "A05", "A06", "A07", "A10", "A31"):
        only("archive.path", row)


def test_A08_A17_paths_that_are_one_somewhere_are_refused() -> None:
    only("archive.path-clash", "A08")
    only("archive.path-clash", "A17")


def test_A09_folding_is_foreseen() -> None:
    assert set(codes_of("A09").values()) == {"archive.path", "archive.path-clash"}


def test_A11_names_in_unknown_code_pages_are_refused() -> None:
    assert codes_of("A11") == {
        "no-utf8-flag": "archive.central",
        "not-utf8": "archive.path",
        "overlong-slash": "archive.path",
        "surrogate": "archive.path",
    }


def test_A12_A33_A46_extra_paths_encryption_and_dates_are_refused() -> None:
    only("archive.central", "A12")
    only("archive.central", "A33")
    assert codes_of("A46") == {
        "time": "archive.central",
        "date": "archive.central",
        "date-zero": "archive.central",
        "descending": "archive.order",
        "order-by-utf16": "archive.order",
    }


def test_A13_A14_A15_only_plain_files_are_accepted() -> None:
    for row in ("A13", "A14", "A15"):
        only("archive.mode", row)


def test_A16_a_path_occurs_once() -> None:
    only("archive.order", "A16")


def test_A19_A23_A24_gaps_overlaps_and_unlisted_files_are_refused_from_offsets_alone() -> None:
    for row in ("A19", "A23", "A24"):
        only("archive.layout", row)


def test_A20_A22_A29_there_is_one_end_and_it_is_the_end() -> None:
    only("archive.end-record", "A22")
    layout_tells = {"end-record-in-comment", "sizes-0xffffffff"}
    for name, code in (codes_of("A20") | codes_of("A29")).items():
        expected = "archive.layout" if name in layout_tells else "archive.end-record"
        assert code == ("archive.central" if name == "file-comment" else expected), name


def test_A21_A41_A44_files_of_other_formats_are_not_packs() -> None:
    assert set(codes_of("A21").values()) == {"archive.not-a-pack", "archive.layout"}
    assert set(codes_of("A41").values()) == {"archive.not-a-pack", "archive.end-record"}
    assert set(codes_of("A44").values()) == {"archive.not-a-pack", "archive.end-record"}


def test_A25_A26_A27_A28_A39_streams_that_lie_are_refused() -> None:
    only("archive.ratio", "A25")
    only("archive.deflate", "A26")
    only("archive.deflate", "A27")
    only("archive.deflate", "A39")
    assert codes_of("A28")["size-wrapped"] == "archive.deflate"


def test_A32_an_archive_inside_an_archive_is_opaque() -> None:
    case = next(case for case in cases("archive", "good") if "A32" in case["rows"])
    data = bytes.fromhex(case["archive"])
    tree = verdict_tree(data)
    assert b"".join(read_file(BytesSource(data), tree.files[1])) == raw_zip()


def test_A34_A35_A36_A40_A42_methods_checksums_descriptors_and_extra_fields() -> None:
    only("archive.method", "A34")
    only("archive.crc", "A35")
    assert set(codes_of("A36").values()) == {"archive.central", "archive.local"}
    assert set(codes_of("A40").values()) == {"archive.central", "archive.local", "archive.layout"}
    assert set(codes_of("A42").values()) == {"archive.order", "archive.path-clash", "archive.method"}


def test_A45_nothing_and_folders_are_refused_and_empty_files_are_not() -> None:
    assert codes_of("A45") == {
        "no-files": "archive.not-a-pack",
        "no-files-behind-a-header": "archive.not-a-pack",
        "only-folders": "archive.mode",
        "folder-entry": "archive.path",
    }
    assert verdict_tree(raw_zip(Raw("empty"))).files[1] == TreeEntry(
        "empty",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",  # type: ignore[arg-type]
        0,
        0,
        180,
    )


LOCAL_FIELDS = (
    "signature",
    "needed",
    "flags",
    "method",
    "time",
    "date",
    "crc",
    "packed",
    "size",
    "path_bytes",
    "extra_bytes",
)


@pytest.mark.parametrize("field", LOCAL_FIELDS)
def test_A18_a_local_header_that_differs_in_any_field_is_refused(field: str) -> None:
    file = deflated("text.txt", b"the same line again and again\n" * 20)
    assert refusal(raw_zip(file.changed(local={field: 1}))).code == "archive.local"


CENTRAL_FIELDS = (*LOCAL_FIELDS, "made_by", "comment_bytes", "disk", "internal", "external", "offset")


@pytest.mark.parametrize("field", CENTRAL_FIELDS)
def test_A18_a_directory_entry_that_differs_in_any_field_is_refused(field: str) -> None:
    file = deflated("text.txt", b"the same line again and again\n" * 20)
    other = {"method": "archive.method", "external": "archive.mode", "offset": "archive.layout"}
    sizes = {
        "crc": "archive.local",
        "packed": "archive.layout",
        "size": "archive.method",
        "path_bytes": "archive.layout",
    }
    expected = (other | sizes).get(field, "archive.central")
    assert refusal(raw_zip(file.changed(central={field: 1}))).code == expected


SWEPT = raw_zip(Raw("a.txt", b"alpha\n"), deflated("b.txt", b"the same line again and again\n" * 8))


def test_A37_every_prefix_is_refused() -> None:
    assert {refusal(SWEPT[:length]).code for length in range(len(SWEPT))} == {
        "archive.not-a-pack",
        "archive.end-record",
    }


def test_A38_every_flipped_bit_is_refused_or_changes_nothing() -> None:
    content = verdict_tree(SWEPT).content
    harmless = []
    for bit in range(8 * len(SWEPT)):
        flipped = bytearray(SWEPT)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            tree = verdict_tree(bytes(flipped))
        except PackError:
            continue
        assert tree.content == content
        harmless.append(bit // 8)
    last_byte_of_the_stream = verdict_tree(SWEPT).files[2].end - 1
    assert set(harmless) <= {last_byte_of_the_stream}


@pytest.mark.parametrize(("count", "end_bytes"), [(65_534, 22), (65_535, 98), (100_000, 98)])
def test_A30_up_to_100_000_files_are_read(count: int, end_bytes: int) -> None:
    files = [SourceFile.of("pack.toml", MANIFEST), *(SourceFile.of(f"f{n:06}", b"") for n in range(count - 1))]
    out = bytearray()
    tree = write_archive(files, out.extend)
    layout = read_layout(BytesSource(bytes(out)))
    assert len(tree.files) == len(layout.entries) == count
    directory_bytes = 46 + 9 + (count - 1) * (46 + 7)
    assert len(out) == layout.directory_offset + directory_bytes + end_bytes


def test_A30_one_file_more_is_refused_by_writer_and_reader() -> None:
    files = [SourceFile.of("pack.toml", MANIFEST), *(SourceFile.of(f"f{n:06}", b"") for n in range(100_000))]
    with pytest.raises(TooManyFiles):
        write_archive(files, lambda _: None)
    out = bytearray()
    write_archive(files, out.extend, ArchiveLimits(files=100_001))
    with pytest.raises(TooManyFiles):
        read_layout(BytesSource(bytes(out)))


def test_A30_A29_a_zip64_record_is_compared_whole() -> None:
    files = (MANIFEST_FILE, *(Raw(f"f{n:06}") for n in range(65_534)))
    good = raw_zip_of(files)
    assert len(read_layout(BytesSource(good)).entries) == 65_535
    end = len(good) - 98
    for at in range(end, end + 76):
        broken = bytearray(good)
        broken[at] ^= 1
        error = refusal(bytes(broken))
        assert error.code in ("archive.end-record", "archive.too-many"), at


class Forgetful:
    """A source that gives fewer bytes than it promises from the n-th reading on."""

    def __init__(self, data: bytes, good_reads: int) -> None:
        self._data = data
        self._left = good_reads
        self.size = len(data)

    def read_at(self, offset: int, length: int) -> bytes:
        self._left -= 1
        data = self._data[offset : offset + length]
        return data if self._left >= 0 else data[:-1]


def test_a_source_that_gives_too_little_is_refused_wherever_it_does() -> None:
    reads = 0
    while True:
        source = Forgetful(SWEPT, reads)
        try:
            read_files(source, read_layout(source))
        except NotAPack:
            reads += 1
            continue
        break
    assert reads == 7


def test_A50_what_is_delivered_is_what_was_checked() -> None:
    class Exchanged(BytesSource):
        """The same file, exchanged for another with the same structure after the structure was read."""

        reads = 0

        def read_at(self, offset: int, length: int) -> bytes:
            data = super().read_at(offset, length)
            return data.replace(b"alpha\n", b"omega\n")

    layout = read_layout(BytesSource(SWEPT))
    with pytest.raises(BadCrc):
        read_files(Exchanged(SWEPT), layout)


def test_files_arrive_in_order_and_are_done_only_when_checked() -> None:
    events: list[str] = []

    def open_sink(entry: Entry) -> Any:
        events.append(f"open {entry.path}")
        return (lambda chunk: events.append(f"{len(chunk)} bytes")) if entry.path != "a.txt" else None

    source = BytesSource(SWEPT)
    read_files(source, read_layout(source), open_sink, on_done=lambda file: events.append(f"done {file.path}"))
    assert events == [
        "open pack.toml", "106 bytes", "done pack.toml", "open a.txt", "done a.txt", "open b.txt", "240 bytes", "done b.txt",
    ]  # fmt: skip


def test_a_broken_file_is_never_done() -> None:
    done: list[str] = []
    source = BytesSource(raw_zip(Raw("a.txt", b"alpha\n"), Raw("b.txt", b"beta\n", both={"crc": 7})))
    with pytest.raises(BadCrc):
        read_files(source, read_layout(source), on_done=lambda file: done.append(file.path))
    assert done == ["pack.toml", "a.txt"]


def signed_with(**changes: Any) -> Tree:
    """The tree of SWEPT with the second file changed."""
    first, second, third = verdict_tree(SWEPT).files
    values = {name: getattr(second, name) for name in ("path", "sha256", "size", "packed", "offset")} | changes
    return Tree((first, TreeEntry(**values), third))


@pytest.mark.parametrize(
    "changes",
    [{"path": "A.txt"}, {"sha256": "0" * 64}, {"size": 7}, {"packed": 5}, {"offset": 181}],
    ids=lambda c: next(iter(c)),
)
def test_A43_an_archive_that_is_not_the_signed_tree_is_refused(changes: dict[str, Any]) -> None:
    signed = signed_with(**changes)
    source = BytesSource(SWEPT)
    with pytest.raises(TreeMismatch) as caught:
        read_archive(source, signed=signed)
    assert caught.value.fact == next(iter(changes))
    with pytest.raises(TreeMismatch):
        check_same(verdict_tree(SWEPT), signed)


def test_A43_missing_and_extra_files_are_refused() -> None:
    tree = verdict_tree(SWEPT)
    for signed in (Tree(tree.files[:2]), Tree((*tree.files, TreeEntry("c", tree.files[0].sha256, 1, 1, 400)))):
        with pytest.raises(TreeMismatch) as caught:
            read_archive(BytesSource(SWEPT), signed=signed)
        assert caught.value.fact == "number of files"


def test_A43_digests_of_tree_and_content_are_compared() -> None:
    tree = verdict_tree(SWEPT)
    other = verdict_tree(raw_zip())
    check_digests(tree, tree.digest, tree.content)
    with pytest.raises(TreeMismatch, match="digest of the content differs"):
        check_digests(tree, tree.digest, other.content)
    with pytest.raises(TreeMismatch, match="digest of the tree differs"):
        check_digests(tree, other.digest, tree.content)


def test_a_broken_manifest_is_a_typed_refusal_after_all_archive_checks() -> None:
    manifest = Raw("pack.toml", b"[pack\n")
    with pytest.raises(PackError) as caught:
        read_archive(BytesSource(raw_zip_of((manifest,))))
    assert caught.value.code == "project.manifest"
    with pytest.raises(BadCrc):
        read_archive(BytesSource(raw_zip_of((manifest, Raw("a.txt", b"x", both={"crc": 7})))))


def pieces(data: bytes, length: int) -> Iterator[bytes]:
    return (data[start : start + length] for start in range(0, len(data), length))


@pytest.mark.parametrize("length", [1, 3, 1000])
def test_a_single_file_is_unpacked_from_its_byte_range(length: int) -> None:
    for entry in verdict_tree(SWEPT).files:
        packed = SWEPT[entry.offset : entry.end]
        content = b"".join(unpack_file(pieces(packed, length), entry))
        assert len(content) == entry.size
        with pytest.raises(BadStream):
            list(unpack_file(pieces(packed[:-1], length), entry))
        with pytest.raises(BadStream):
            list(unpack_file(pieces(packed + b"x", length), entry))


def test_a_single_file_with_another_digest_is_refused_at_its_end() -> None:
    entry = verdict_tree(SWEPT).files[1]
    arrived = []
    with pytest.raises(TreeMismatch) as caught:
        for chunk in unpack_file([b"omega\n"], entry):
            arrived.append(chunk)
    assert arrived == [b"omega\n"]
    assert caught.value.facts()["file"] == "a.txt"


def test_a_file_of_a_layout_is_checked_by_its_crc() -> None:
    data = raw_zip(Raw("a.txt", b"alpha\n", both={"crc": 7}))
    source = BytesSource(data)
    manifest, entry = read_layout(source).entries
    assert b"".join(read_file(source, manifest)) == MANIFEST
    with pytest.raises(BadCrc):
        list(read_file(source, entry))


def test_limits_can_be_lowered() -> None:
    file = Raw("a.txt", b"x" * 100)
    data = raw_zip(file)
    size = len(data)
    assert verdict_tree(data, ArchiveLimits(archive_bytes=size, file_bytes=106, unpacked_bytes=206, files=2))
    for limits in (
        ArchiveLimits(archive_bytes=size - 1),
        ArchiveLimits(file_bytes=105),
        ArchiveLimits(unpacked_bytes=205),
    ):
        assert isinstance(refusal(data, limits), TooBig)
    assert refusal(data, ArchiveLimits(files=1)).facts() == {"limit": "1", "found": "2"}
    with pytest.raises(ValueError, match="below 4 GiB"):
        ArchiveLimits(archive_bytes=1 << 32)


def test_another_form_begins_with_another_file_and_may_allow_stored_files_only() -> None:
    form = Form("carry.json", 1000, stored_only=True)
    stored = raw_zip_of((Raw("carry.json", b"{}"), Raw("a", b"a" * 500)))
    source = BytesSource(stored)
    assert [file.path for file in read_files(source, read_layout(source, form=form)).files] == ["carry.json", "a"]
    with pytest.raises(BadMethod):
        read_layout(BytesSource(raw_zip_of((Raw("carry.json", b"{}"), deflated("a", b"a" * 500)))), form=form)
    assert refusal(stored).code == "archive.order"


def test_A20_a_hidden_end_record_in_a_file_changes_nothing() -> None:
    inner = raw_zip(Raw("evil.txt", b"evil"))
    tree = verdict_tree(raw_zip(Raw("a.pack", inner[-22:]), Raw("b.pack", inner)))
    assert [file.path for file in tree.files] == ["pack.toml", "a.pack", "b.pack"]


def test_A24_a_bomb_of_overlapping_files_is_refused_before_anything_is_unpacked() -> None:
    kernel = deflated("k", bytes(1 << 15))
    assert kernel.packed is not None
    names = [f"f{n:05}" for n in range(5_000)]
    offset = len(MANIFEST_FILE.local_part())
    files = [Raw(names[0], kernel.content, kernel.packed)]
    files += [Raw(name, kernel.content, kernel.packed, present=False, central={"offset": offset}) for name in names[1:]]
    assert refusal(raw_zip(*files)).code == "archive.layout"


def test_A39_a_flood_of_empty_blocks_is_bounded() -> None:
    flood = b"\x00\x00\x00\xff\xff" * 200_000
    file = Raw("a", b"x" * (len(flood) + 6), flood + b"\x03\x00")
    assert refusal(raw_zip(file)).code == "archive.deflate"


def test_the_end_record_of_an_empty_zip_is_no_pack() -> None:
    empty = struct.pack("<L4H2LH", 0x06054B50, 0, 0, 0, 0, 0, 0, 0)
    assert isinstance(refusal(empty), NotAPack)
    assert isinstance(refusal(b"PK\3\4" + bytes(200) + empty[:-2] + b"\1\0"), BadEndRecord)


def test_crc_vectors_are_what_zlib_says() -> None:
    assert zlib.crc32(b"alpha\n") == 0x9F606EEC
    assert raw_zip(around=Around()) == bytes.fromhex(cases("archive", "good")[0]["archive"])


def test_large_files_that_are_read_beside_the_small_ones_are_checked_like_them() -> None:
    files = {f"assets/{name}.bin": name.encode() * 1_100_000 for name in "abc"} | {"assets/z.txt": b"small"}
    source = BytesSource(raw_zip(*(Raw(path, data) for path, data in files.items())))
    layout = read_layout(source)
    alone, found, done = read_files(source, layout), dict[str, bytes](), list[str]()

    def keep(entry: Entry) -> Any:
        def add(chunk: bytes) -> None:
            found[entry.path] = found.get(entry.path, b"") + chunk

        return add

    assert read_files(source, layout, keep, on_done=lambda file: done.append(file.path), at_once=3) == alone
    assert {path: data for path, data in found.items() if path != "pack.toml"} == files
    assert sorted(done) == sorted(["pack.toml", *files])
    damaged = Tree(
        tuple(replace(file, sha256=Digest("0" * 64)) if "b.bin" in file.path else file for file in alone.files)
    )
    done.clear()
    with pytest.raises(TreeMismatch):
        read_files(source, layout, on_done=lambda file: done.append(file.path), signed=damaged, at_once=3)
    assert "assets/b.bin" not in done
