"""Bounded work: hostile and huge archives in a child process that may use little memory and time."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="limits on memory and time need a POSIX system")

ROOT = Path(__file__).parents[2]
SETUP = """
import resource, sys, zlib
sys.path[:0] = ["src", "."]
from packspec.archive import BytesSource
from packspec.archive.read import read_archive, read_files, read_layout
from packspec.archive.rules import ArchiveLimits
from packspec.archive.write import SourceFile, write_archive
from packspec.errors import PackError
from packspec.tree import Tree
from tests.support.raw_zip import MANIFEST, MANIFEST_FILE, Around, Raw, deflated, raw_zip

MIB = 1 << 20

def used_bytes():
    for line in open("/proc/self/status"):
        if line.startswith("VmSize"):
            return int(line.split()[1]) * 1024

def confine(memory_bytes, seconds=20):
    "From here on only this much more memory, and a few seconds."
    resource.setrlimit(resource.RLIMIT_AS, (used_bytes() + memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

def code_of(act):
    try:
        act()
    except PackError as error:
        print(error.code)
    else:
        print("accepted")
"""


def said(body: str) -> str:
    """What a confined child prints."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the memory that a process has is read from /proc")
    code = SETUP + textwrap.dedent(body)
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert child.returncode == 0, child.stderr
    return child.stdout.strip()


def test_A26_a_bomb_that_lies_about_its_size_stops_at_the_first_extra_byte() -> None:
    assert (
        said("""
        stream = zlib.compressobj(9, zlib.DEFLATED, -15)
        one = stream.compress(bytes(MIB)) + stream.flush(zlib.Z_FULL_FLUSH)  # nothing after it refers to what was before
        packed = one * 1024 + stream.flush()
        size = 190 * len(packed)
        file = Raw("bomb", b"", packed, both={"size": size, "crc": 0})
        source = BytesSource(raw_zip(file))
        confine(16 * MIB)
        code_of(lambda: read_files(source, read_layout(source)))
    """)
        == "archive.deflate"
    )


def test_A25_many_honest_bombs_are_refused_before_anything_is_unpacked() -> None:
    assert (
        said("""
        files = [deflated(f"bomb{n}", bytes(8 * MIB)) for n in range(3)]
        source = BytesSource(raw_zip(*files))
        confine(4 * MIB, seconds=1)
        code_of(lambda: read_files(source, read_layout(source)))
    """)
        == "archive.ratio"
    )


def test_A30_a_count_that_lies_allocates_nothing() -> None:
    assert (
        said("""
        end = {"count": 0xffff, "count_here": 0xffff}
        data = raw_zip(around=Around(zip64={"count": 2**40, "count_here": 2**40}, end=end))
        confine(2 * MIB, seconds=1)
        code_of(lambda: read_layout(BytesSource(data)))
    """)
        == "archive.too-many"
    )


def test_A30_a_directory_that_is_too_large_is_not_read() -> None:
    assert (
        said("""
        class Huge:
            "A file of 1 GiB with nothing between its first header and its end record."
            size = 1 << 30
            def read_at(self, offset, length):
                begin = MANIFEST_FILE.local_part()
                end = raw_zip(around=Around(end={"directory_bytes": self.size - 22 - len(begin)}))[-22:]
                if offset == 0:
                    return begin[:length]
                assert length <= 1 << 20, length
                return bytes(length - 22) + end
        confine(8 * MIB, seconds=1)
        code_of(lambda: read_layout(Huge()))
    """)
        == "archive.size"
    )


def test_A39_a_flood_of_empty_blocks_takes_bounded_time() -> None:
    assert (
        said("""
        flood = b"\\x00\\x00\\x00\\xff\\xff" * (6 * MIB) + b"\\x03\\x00"
        file = Raw("flood", b"", flood, both={"size": len(flood) + 1})
        source = BytesSource(raw_zip(file))
        confine(16 * MIB, seconds=5)
        code_of(lambda: read_files(source, read_layout(source)))
    """)
        == "archive.deflate"
    )


def test_a_file_of_256_mib_is_written_and_read_in_bounded_memory(tmp_path: Path) -> None:
    assert (
        said(f"""
        import os
        import random
        noise = random.Random(1).randbytes(1 << 18)
        class OnDisk:
            def __init__(self, path):
                self.handle = open(path, "rb")
                self.size = os.fstat(self.handle.fileno()).st_size
            def read_at(self, offset, length):
                return os.pread(self.handle.fileno(), length, offset)
        big = SourceFile("big.bin", 256 * MIB, lambda: (noise for _ in range(1024)))
        confine(64 * MIB)
        with open({str(tmp_path / "big.pack")!r}, "wb") as out:
            tree = write_archive([SourceFile.of("pack.toml", MANIFEST), big], out.write)
        source = OnDisk(out.name)
        total = 0
        def take(chunk):
            global total
            total += len(chunk)
        archive = read_archive(source, on_file=lambda entry: take if entry.path == "big.bin" else None, signed=tree)
        print(archive.tree.files[1].packed, total)
    """)
        == "268435456 268435456"
    )


def test_A30_a_tree_of_100_000_files_is_parsed_in_bounded_memory() -> None:
    assert (
        said("""
        files = [SourceFile.of("pack.toml", MANIFEST), *(SourceFile.of(f"{n:06}", b"") for n in range(99_999))]
        data = write_archive(files, lambda _: None).encode()
        confine(128 * MIB, seconds=20)
        print(len(Tree.parse(data).files))
    """)
        == "100000"
    )
