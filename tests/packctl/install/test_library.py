"""The library of a project, and which files use what of it: what transcripts do not show."""

import os
import sys
from pathlib import Path

import pytest

from packctl.project.uses import Bounds, Uses, scan_uses
from packspec.lockfile import parse_lock
from packspec.names import PackName
from tests.support.machine import Machine

COW = PackName("acme/cow")
LIMITS = Bounds(100, 1000, 10_000)


def scan(folder: Path, bounds: Bounds = LIMITS, **files: bytes) -> Uses:
    for name, data in files.items():
        (folder / f"{name}.txt").write_bytes(data)
    return scan_uses(folder, {COW: {"a", "a.svg", "a.svg.png", "b/c d.svg", "ä.svg"}}, folder / "packs", bounds)


@pytest.mark.parametrize(
    ("text", "asset"),
    [
        (b"acme/cow/a.svg", "a.svg"),
        (b"acme/cow/a.svg.", "a.svg"),
        (b"acme/cow/a.svg.png", "a.svg.png"),
        (b"acme/cow/a", "a"),
        (b"acme/cow/a.gif", ""),
        (b"acme/cow/a-1", ""),
        (b"acme/cow/A.svg", ""),
        (b"acme/cow/", ""),
        (b"acme/cow", ""),
        (b"url(../packs/acme/cow/b/c%20d.svg)", "b/c d.svg"),
        (rb"C:\game\packs\acme\cow\b\c d.svg", "b/c d.svg"),
        (rb'"packs\\acme\\cow\\a.svg"', "a.svg"),
        (rb'"packs\/acme\/cow\/a.svg"', "a.svg"),
        ("acme/cow/ä.svg".encode(), "ä.svg"),
    ],
)
def test_a_path_in_a_text_is_a_use_however_programs_write_it(tmp_path: Path, text: bytes, asset: str) -> None:
    assert scan(tmp_path, x=b"(" + text + b")").found == {"x.txt": {(COW, asset): 1}}


@pytest.mark.parametrize("text", [b"acme/cows", b"acme/cow-2/a.svg", b"xacme/cow", b"my.acme/cow", b"acme-cow", b""])
def test_a_name_that_only_looks_alike_is_no_use(tmp_path: Path, text: bytes) -> None:
    assert scan(tmp_path, x=text).found == {}


def test_what_is_no_text_too_large_hidden_or_linked_is_left_out(tmp_path: Path) -> None:
    for folder in ("packs", ".git", "levels"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_bytes(b"acme/cow")
    (tmp_path / "link.txt").symlink_to(tmp_path / "levels/x.txt")
    (tmp_path / "pack.toml").write_bytes(b'"acme/cow" = "*"')
    uses = scan(tmp_path, binary=b"acme/cow\0", large=b"acme/cow" * 126, small=b"acme/cow")
    assert (uses.files_of(COW), uses.files, uses.skipped) == (["levels/x.txt", "small.txt"], 2, 2)


@pytest.mark.skipif(os.name == "nt", reason="no pipes among files")
@pytest.mark.timeout(60)
def test_a_pipe_among_the_files_of_a_project_keeps_nobody_waiting(machine: Machine) -> None:
    machine.depends(acme__icons="^1")
    assert machine.packctl("install").code == 0
    os.mkfifo(machine.project / "pipe")
    scanned = machine.packctl("usage", "scan", "--json").document["data"]
    assert (scanned["files"], scanned["skipped"]) == (0, 1)
    assert machine.packctl("remove", "acme/icons").code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="a name that is no text")
def test_a_file_with_a_name_that_is_no_text_has_its_place_in_a_document(machine: Machine) -> None:
    machine.depends(acme__icons="^1")
    assert machine.packctl("install").code == 0
    (machine.project / os.fsdecode(b"f\xffrm.txt")).write_text("acme/icons")
    scanned = machine.packctl("usage", "scan", "--json")
    assert (scanned.code, scanned.document["data"]["uses"][0]["file"]) == (0, "f\\udcffrm.txt")


@pytest.mark.parametrize("bounds", [Bounds(2, 1000, 10_000), Bounds(100, 1000, 16)])
def test_a_scan_ends_at_its_bounds_and_says_so(tmp_path: Path, bounds: Bounds) -> None:
    uses = scan(tmp_path, bounds, a=b"acme/cow", b=b"acme/cow", c=b"acme/cow")
    assert (uses.files, uses.is_cut) == (2, True)


def test_a_command_that_looked_at_less_than_there_is_warns(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.depends(acme__icons="^1")
    assert machine.packctl("install").code == 0
    monkeypatch.setattr("packctl.project.uses.WHOLE", Bounds(1, 1000, 1000))
    for name in ("a.txt", "b.txt"):
        (machine.project / name).write_text("acme/icons/cow.md")
    document = machine.packctl("usage", "scan", "--json").document
    assert [use["file"] for use in document["data"]["uses"]] == ["a.txt"]
    assert not document["data"]["complete"]
    assert [warning["code"] for warning in document["warnings"]] == ["project.scan-cut"]


def test_what_a_killed_download_left_and_what_the_store_has_already_counts_as_downloading(machine: Machine) -> None:
    machine.depends(acme__icons="^1")
    assert machine.packctl("lock").code == 0
    archive = parse_lock(machine.read("pack.lock")).packs[0].archive
    downloads = machine.cache / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    assert told(machine) == ("pending", 0)
    (downloads / f"{archive}.part").write_bytes(b"x" * 100)
    assert told(machine) == ("downloading", 100)
    (downloads / f"{archive}.part").unlink()
    assert machine.packctl("install").code == 0
    (machine.project / "packs").rename(machine.project / "aside")
    assert told(machine) == ("downloading", 445)


def told(machine: Machine) -> tuple[str, int]:
    entry = machine.packctl("library", "--status", "--json").document["data"]["packs"][0]
    return entry["status"], entry["bytes_here"]
