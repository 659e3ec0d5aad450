"""An archive is whole or not there, and the same folder always makes the same one."""

import errno
import os
from pathlib import Path

import pytest

from packctl.durable import NoSuchFile
from packctl.publish.build import build, read_built
from packctl.publish.collect import collect
from packspec.archive.directory import NotAPack
from packspec.manifest import parse_manifest
from tests.support.faults import KILLED, Fault, count_changes, run_in_child, run_with

TOML = b'[pack]\nname = "acme/farm"\nversion = "1.0.0"\nsummary = "Animals"\nlicense = "MIT"\ncategory = "characters"\n'
FILES = {"pack.toml": TOML, "a/cow.txt": b"moo " * 100, "hen.txt": b"cluck", "z/empty.txt": b""}


def make(folder: Path, names: list[str]) -> Path:
    """The folder of a pack, its files made in this order."""
    folder.mkdir()
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(FILES[name])
    return folder


def built(folder: Path, target: Path) -> bytes:
    build(collect(folder, parse_manifest(TOML, strict=True), "packs"), target)
    return target.read_bytes()


def test_A46_order_times_and_modes_of_files_change_no_byte(tmp_path: Path) -> None:
    first = make(tmp_path / "first", list(FILES))
    second = make(tmp_path / "second", list(reversed(FILES)))
    for number, name in enumerate(FILES):
        os.utime(second / name, (number * 1_000_000, number * 1_000_000))
        (second / name).chmod(0o755 if number % 2 else 0o600)
    assert built(first, tmp_path / "first.pack") == built(second, tmp_path / "second.pack")


def test_C01_a_build_killed_at_any_moment_leaves_the_old_archive_or_the_new_one(tmp_path: Path) -> None:
    folder = make(tmp_path / "farm", list(FILES))
    new = built(folder, tmp_path / "wanted.pack")
    target = tmp_path / "farm.pack"

    def work() -> None:
        built(folder, target)

    changes = count_changes(work)
    assert changes > 3
    for at in range(1, changes + 1):
        target.write_bytes(b"old")
        assert run_in_child(work, Fault(at)) == KILLED
        assert target.read_bytes() in (b"old", new)
    assert built(folder, target) == new
    assert sorted(path.name for path in tmp_path.iterdir()) == ["farm", "farm.pack", "wanted.pack"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_C03_a_disk_that_fails_leaves_the_old_archive_and_no_half_one(tmp_path: Path, number: int) -> None:
    folder = make(tmp_path / "farm", list(FILES))
    target = tmp_path / "farm.pack"

    def work() -> None:
        built(folder, target)

    for at in range(1, count_changes(work)):
        target.write_bytes(b"old")
        assert run_with(work, Fault(at, number)) == 3
        assert target.read_bytes() == b"old" or at >= 5
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_is_no_archive_is_refused_by_the_strict_reader(tmp_path: Path) -> None:
    (tmp_path / "a.pack").write_bytes(b"PK, but no")
    with pytest.raises(NotAPack):
        read_built(tmp_path / "a.pack")
    with pytest.raises(NoSuchFile):
        read_built(tmp_path / "b.pack")
