"""The deterministic writer: storing rules, golden bytes, second readings, and what other readers say about its archives."""

import io
import os
import random
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from packspec.archive import BytesSource, write
from packspec.archive.directory import BadCentralHeader
from packspec.archive.read import read_archive
from packspec.archive.rules import ArchiveLimits, BadOrder, Form, TooBig
from packspec.archive.write import SourceChanged, SourceFile, write_archive
from packspec.errors import PackError
from packspec.paths import BadPath, PathClash
from packspec.tree import Tree
from tests.support.raw_zip import MANIFEST, MANIFEST_FILE, Raw, deflated, raw_zip, verdict_tree

PACK = SourceFile.of("pack.toml", MANIFEST)


def written(*files: SourceFile) -> tuple[bytes, Tree]:
    out = bytearray()
    tree = write_archive([*files, PACK], out.extend)
    return bytes(out), tree


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


HELLO = (
    "504b03041400000800000000210024871f91070000000700000009000000"
    "7061636b2e746f6d6c"
    "5b7061636b5d0a"
    "504b03041400000800000000210020303a36060000000600000009000000"
    "68656c6c6f2e747874"
    "68656c6c6f0a"
    "504b010214031400000800000000210024871f910700000007000000090000000000000000000000a48100000000"
    "7061636b2e746f6d6c"
    "504b010214031400000800000000210020303a360600000006000000090000000000000000000000a4812e000000"
    "68656c6c6f2e747874"
    "504b050600000000020002006e0000005b0000000000"
)
"""The archive of docs/spec/archive.md: pack.toml with `[pack]`, hello.txt with `hello`."""


def test_the_bytes_of_a_small_archive_are_for_ever() -> None:
    files = [SourceFile.of("hello.txt", b"hello\n"), SourceFile.of("pack.toml", b"[pack]\n")]
    out = bytearray()
    tree = write_archive(files, out.extend)
    assert out.hex() == HELLO
    assert tree.encode() == (
        b"packtree/v1 2 13\n"
        b"593484c26225c304bdbb732aba6d841117050605aa2fbd7009b2d024bdb2b654 7 7 39 pack.toml\n"
        b"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 6 6 85 hello.txt\n"
    )
    assert tree.digest == "e0ab1ac557d6077785cd8000f7c4b9042d83362d0bf565cd42889fbef0e99756"
    assert tree.content == "30861b6aba89de786295ecf4c04aff008bab102873a05c0e772e002ce597dcb9"


def test_content_of_a_deflated_file_is_equal_whatever_zlib_packs_it() -> None:
    data, tree = written(SourceFile.of("text.txt", b"the same line again and again\n" * 1000))
    other = zlib.compressobj(1, zlib.DEFLATED, -15)
    text = b"the same line again and again\n" * 1000
    packed = other.compress(text) + other.flush()
    repacked = raw_zip(Raw("text.txt", text, packed))
    assert repacked != data
    assert verdict_tree(repacked).content == tree.content
    assert tree.content == "dc8c29be19dcf76b665524a0bb02a26dffe26884954fdfdece0ca0afbf68f016"


def test_order_of_the_files_and_pieces_of_their_bytes_do_not_matter() -> None:
    text = b"".join(b"%d bottles\n" % n for n in range(60_000))

    def in_pieces(length: int) -> Callable[[], Iterator[bytes]]:
        return lambda: (text[at : at + length] for at in range(0, len(text), length))

    whole, _ = written(SourceFile.of("b.txt", text), SourceFile.of("a", b"1"))
    for length in (1000, 65_536, 262_143, 262_144, 300_000):
        pieces, _ = written(SourceFile.of("a", b"1"), SourceFile("b.txt", len(text), in_pieces(length)))
        assert pieces == whole


def is_stored(content: bytes) -> bool:
    _, tree = written(SourceFile.of("x", content))
    entry = tree.files[1]
    return entry.packed == entry.size


def test_what_packs_badly_is_stored() -> None:
    assert is_stored(b"")
    assert is_stored(b"a" * 63)
    assert not is_stored(b"a" * 64)
    assert is_stored(noise(1000))
    assert not is_stored(b"a" * 1000)


def test_a_sixteenth_must_be_saved() -> None:
    def packed_bytes(content: bytes) -> int:
        stream = zlib.compressobj(9, zlib.DEFLATED, -15, 8)
        return len(stream.compress(content)) + len(stream.flush())

    by_saving = {}
    for extra in range(40, 240, 5):
        content = noise(1000) + b"a" * extra
        by_saving[extra] = packed_bytes(content) > len(content) - len(content) // 16
        assert is_stored(content) is by_saving[extra]
    assert set(by_saving.values()) == {True, False}


def test_a_large_file_is_judged_by_its_first_256_kib() -> None:
    assert is_stored(noise(262_144) + b"a" * 2_000_000)
    assert not is_stored(noise(230_000) + b"a" * 2_000_000)
    # Exactly 256 KiB is packed whole, and noise does not pay.
    assert is_stored(noise(262_144))


def test_A25_what_a_reader_would_take_for_a_bomb_is_stored() -> None:
    assert is_stored(bytes(1024 * 1024 + 1))
    assert not is_stored(bytes(1024 * 1024))


def test_pack_toml_is_stored_and_so_is_everything_where_the_form_says_so() -> None:
    manifest = MANIFEST + b"#" * 1000
    out = bytearray()
    tree = write_archive([SourceFile.of("pack.toml", manifest)], out.extend)
    assert tree.files[0].packed == len(manifest)
    form = Form("carry.json", 1000, stored_only=True)
    tree = write_archive([SourceFile.of("x", b"a" * 5000), SourceFile.of("carry.json", b"{}")], out.extend, form=form)
    assert [(file.path, file.packed) for file in tree.files] == [("carry.json", 2), ("x", 5000)]


class Counted:
    """A file that counts how often it is opened and may give other bytes the second time."""

    def __init__(self, first: bytes, later: bytes | None = None) -> None:
        self.first = first
        self.later = first if later is None else later
        self.opened = 0

    def __call__(self) -> Iterable[bytes]:
        self.opened += 1
        return (self.first if self.opened == 1 else self.later,)

    def file(self, path: str) -> SourceFile:
        return SourceFile(path, len(self.first), self)


@pytest.fixture
def tiny_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "HELD_BYTES", 100)


TEXT = b"".join(b"%d bottles\n" % n for n in range(1000))


def test_small_files_are_read_once() -> None:
    text, stored = Counted(TEXT), Counted(noise(5000))
    written(text.file("a"), stored.file("b"))
    assert (text.opened, stored.opened) == (1, 1)


@pytest.mark.usefixtures("tiny_memory")
def test_large_files_are_read_twice_and_give_the_same_archive() -> None:
    text, stored = Counted(TEXT), Counted(noise(5000))
    data, tree = written(text.file("a"), stored.file("b"))
    assert (text.opened, stored.opened) == (2, 2)
    assert data == raw_zip(deflated("a", TEXT), Raw("b", noise(5000)))
    assert verdict_tree(data) == tree


@pytest.mark.usefixtures("tiny_memory")
@pytest.mark.parametrize(
    "later", [TEXT[::-1], TEXT[:-1], TEXT + b"x", b""], ids=["other", "shorter", "longer", "empty"]
)
def test_A50_a_file_that_changes_between_two_readings_is_refused(later: bytes) -> None:
    with pytest.raises(SourceChanged):
        written(Counted(TEXT, later).file("a"))
    with pytest.raises(SourceChanged):
        written(Counted(noise(len(TEXT)), (later * 3)[: len(TEXT) - 1]).file("a"))


@pytest.mark.parametrize("size", [len(TEXT) - 1, len(TEXT) + 1])
def test_a_file_of_another_size_than_announced_is_refused(size: int) -> None:
    with pytest.raises(SourceChanged) as caught:
        written(SourceFile("a", size, lambda: (TEXT,)))
    assert caught.value.code == "archive.source-changed"
    assert caught.value.what() == "a changed while it was packed"


class Untouched:
    """A file that must not be opened."""

    def __call__(self) -> Iterable[bytes]:
        raise AssertionError("opened")


def test_what_the_reader_would_refuse_is_refused_before_any_file_is_read() -> None:
    def refusal(*files: tuple[str, int], limits: ArchiveLimits = ArchiveLimits()) -> type[PackError]:
        with pytest.raises(PackError) as caught:
            write_archive([SourceFile(path, size, Untouched()) for path, size in files], lambda _: None, limits)
        return type(caught.value)

    assert refusal(("pack.toml", 1), ("../x", 1)) is BadPath
    assert refusal(("pack.toml", 1), ("x\ud800", 1)) is BadPath
    assert refusal(("pack.toml", 1), ("a", 1), ("A", 1)) is PathClash
    assert refusal(("pack.toml", 1), ("a", 1), ("a", 1)) is PathClash
    assert refusal(("a", 1)) is BadOrder
    assert refusal() is BadOrder
    assert refusal(("pack.toml", 1), ("a", 512 * 1024 * 1024 + 1)) is TooBig
    assert refusal(("pack.toml", 1), ("a", 1), limits=ArchiveLimits(files=1)).code == "archive.too-many"


def test_limits_on_packed_and_unpacked_bytes_hold_while_writing() -> None:
    files = [PACK, SourceFile.of("a", noise(1000))]
    for limits in (ArchiveLimits(archive_bytes=1000), ArchiveLimits(unpacked_bytes=1000)):
        with pytest.raises(TooBig):
            write_archive(files, lambda _: None, limits)
    with pytest.raises(TooBig):
        write_archive([SourceFile.of("pack.toml", b"#" * 262_145)], lambda _: None)


FILES = {
    "a b.txt": b"blank\n",
    "a.txt": b"alpha\n",
    "a/b/c.txt": b"deep\n" * 100,
    "empty": b"",
    "pictures/cow.bin": noise(5000),
    "text.txt": TEXT,
}


@pytest.fixture
def pack_file(tmp_path: Path) -> Path:
    data, _ = written(*(SourceFile.of(path, content) for path, content in FILES.items()))
    path = tmp_path / "test.pack"
    path.write_bytes(data)
    return path


def extracted(folder: Path) -> dict[str, bytes]:
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert files.pop("pack.toml") == MANIFEST
    return files


def test_zipfile_lists_and_extracts_the_same_files(pack_file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack_file) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["pack.toml", *FILES]
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}
        archive.extractall(tmp_path / "out")
    assert extracted(tmp_path / "out") == FILES


EXTRACTORS = {
    "unzip": ("unzip", "-q", "{pack}", "-d", "{out}"),
    "7z": ("7z", "x", "-bd", "-o{out}", "{pack}"),
    "bsdtar": ("bsdtar", "-x", "-f", "{pack}", "-C", "{out}"),
}


@pytest.mark.parametrize("tool", EXTRACTORS)
def test_other_tools_extract_the_same_files(tool: str, pack_file: Path, tmp_path: Path) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed here")
    out = tmp_path / "out"
    out.mkdir()
    command = [part.format(pack=pack_file, out=out) for part in EXTRACTORS[tool]]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert extracted(out) == FILES


def test_70_001_files_are_listed_by_other_tools(tmp_path: Path) -> None:
    data, _ = written(*(SourceFile.of(f"f{n:05}", b"") for n in range(70_000)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.namelist()) == 70_001
    if shutil.which("unzip") is None:
        pytest.skip("unzip is not installed here; zipfile agreed")
    path = tmp_path / "many.pack"
    path.write_bytes(data)
    listing = subprocess.run(["unzip", "-Z1", str(path)], check=True, capture_output=True, timeout=60, text=True).stdout
    assert listing.count(os.linesep) == 70_001


def test_an_archive_is_read_back_as_it_was_written() -> None:
    data, tree = written(*(SourceFile.of(path, content) for path, content in FILES.items()))
    arrived: dict[str, bytes] = {}

    def open_sink(entry: object) -> Callable[[bytes], None]:
        path = entry.path  # type: ignore[attr-defined]
        arrived[path] = b""

        def take(chunk: bytes) -> None:
            arrived[path] += chunk

        return take

    archive = read_archive(BytesSource(data), on_file=open_sink, signed=tree)
    assert archive.tree == tree
    assert arrived == {"pack.toml": MANIFEST, **FILES}
    assert archive.manifest_bytes == MANIFEST_FILE.content


def test_the_worked_example_of_the_specification_is_this_archive() -> None:
    chapter = (Path(__file__).parents[2] / "docs" / "spec" / "archive.md").read_text("utf-8")
    rows = re.findall(r"^[0-9a-f]{4}  ((?:[0-9a-f]{2} ){0,15}[0-9a-f]{2})(?: |$)", chapter, re.MULTILINE)
    assert bytes.fromhex("".join(rows)).hex() == HELLO


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_of_another_tool_is_refused_with_the_field_that_differs(compression: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.writestr("pack.toml", MANIFEST)
    with pytest.raises(BadCentralHeader) as caught:
        verdict_tree(out.getvalue())
    assert caught.value.facts() == {"file": "pack.toml", "field": "flags", "expected": "2048", "found": "0"}
