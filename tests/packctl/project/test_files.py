"""Installed files against their tree: any first byte changed anywhere is noticed, and nothing else is."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from packctl.durable import Folder
from packctl.project.files import LARGE_BYTES, Fault, Finding, begin_large, check_files
from packspec.digests import Digest
from packspec.names import PackName
from tests.support.invariants import clean_refusal
from tests.support.packs import build

FILES = {f"part{number % 7}/file{number:03}.txt": b"content %d" % number for number in range(60)} | {"empty": b""}
TREE = build(FILES)[1]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    for path, data in {"pack.toml": b"[pack]\n", **FILES}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def check(folder: Path, threads: int = 2) -> list[Finding]:
    with Folder.open(folder) as root:
        return check_files(root, TREE, threads=threads)


@pytest.mark.parametrize("threads", [1, 4])
def test_V5_exactly_the_signed_files_give_no_finding(installed: Path, threads: int) -> None:
    assert check(installed, threads) == []


def test_V5_a_changed_byte_in_any_file_is_found(installed: Path) -> None:
    for path, data in FILES.items():
        if not data:
            continue
        (installed / path).write_bytes(b"C" + data[1:])
        assert [(found.fault, found.path) for found in check(installed)] == [(Fault.CHANGED, path)]
        (installed / path).write_bytes(data)


def test_V5_longer_shorter_missing_and_unknown_files_are_told_apart(installed: Path) -> None:
    (installed / "part1/file001.txt").write_bytes(b"content 1 and more")
    (installed / "part2/file002.txt").write_bytes(b"cont")
    (installed / "part3/file003.txt").unlink()
    (installed / "part4/extra.txt").write_bytes(b"hello")
    assert check(installed) == [
        Finding(Fault.CHANGED, "part1/file001.txt", Digest.of(b"content 1"), "more than 9 bytes"),
        Finding(Fault.CHANGED, "part2/file002.txt", Digest.of(b"content 2"), Digest.of(b"cont").labelled),
        Finding(Fault.MISSING, "part3/file003.txt", Digest.of(b"content 3")),
        Finding(Fault.UNKNOWN, "part4/extra.txt", None, "a file"),
    ]


def test_V5_a_link_to_the_right_bytes_is_not_the_file(
    installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "copy"
    other.write_bytes(b"content 5")
    (installed / "part5/file005.txt").unlink()
    (installed / "part5/file005.txt").symlink_to(other)
    [finding] = check(installed)
    assert (finding.fault, finding.found) == (Fault.CHANGED, "a link, or no plain file")


def test_V5_a_pipe_in_place_of_a_file_does_not_hang(installed: Path) -> None:
    (installed / "part5/file005.txt").unlink()
    os.mkfifo(installed / "part5/file005.txt")
    [finding] = check(installed)
    assert finding.fault is Fault.CHANGED


def test_V5_a_folder_exchanged_for_a_link_makes_all_its_files_missing(
    installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "part6"
    (installed / "part6").rename(elsewhere)
    (installed / "part6").symlink_to(elsewhere)
    faults = {finding.fault for finding in check(installed)}
    assert faults == {Fault.MISSING, Fault.UNKNOWN}


def test_files_left_out_on_purpose_may_be_missing_but_not_wrong(installed: Path) -> None:
    left_out = {"part1/file001.txt", "part1/file008.txt"}
    (installed / "part1/file001.txt").unlink()
    (installed / "part1/file008.txt").write_bytes(b"other")
    with Folder.open(installed) as root:
        assert [found.path for found in check_files(root, TREE, left_out=left_out)] == ["part1/file008.txt"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.CHANGED, "trust.file-changed"),
        (Fault.MISSING, "trust.file-missing"),
        (Fault.UNKNOWN, "trust.file-unknown"),
    ],
)
def test_a_finding_becomes_an_error_with_a_remedy(fault: Fault, code: str) -> None:
    finding = Finding(fault, "a.svg", Digest.of(b"x"), "sha256:00")
    error = finding.error(PackName("acme/shapes"), "acme/shapes 1.0.0", "packs/acme/shapes")
    assert error.code == code
    assert error.facts()["file"] == "packs/acme/shapes/a.svg"
    clean_refusal(error)


def test_V5_what_threads_began_before_is_answered_from_there(tmp_path: Path) -> None:
    files = {"a.bin": b"a" * LARGE_BYTES, "b.bin": b"b" * LARGE_BYTES, "c.bin": b"c" * LARGE_BYTES, "small.txt": b"s"}
    tree = build(files)[1]
    for path, data in {"pack.toml": b"[pack]\n", **files}.items():
        (tmp_path / path).write_bytes(data)
    (tmp_path / "a.bin").write_bytes(b"A" + b"a" * (LARGE_BYTES - 1))
    (tmp_path / "small.txt").write_bytes(b"S")
    (tmp_path / "c.bin").unlink()
    with Folder.open(tmp_path) as root, ThreadPoolExecutor(2) as pool:
        begun = begin_large(root, tree, pool)
        assert sorted(begun) == ["a.bin", "b.bin", "c.bin"]
        found = check_files(root, tree, begun=begun)
    assert [(one.fault, one.path) for one in found] == [
        (Fault.CHANGED, "a.bin"),
        (Fault.MISSING, "c.bin"),
        (Fault.CHANGED, "small.txt"),
    ]
