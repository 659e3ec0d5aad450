from pathlib import Path

import pytest

from packctl.project.find import NoProject, Unreadable, find_project
from packspec.lockfile import LockBroken, LockMissing
from packspec.manifest import ManifestFaults


def test_the_nearest_pack_toml_above_the_start_folder_is_the_project(tmp_path: Path) -> None:
    deep = tmp_path / "project" / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "pack.toml").write_text("")
    (tmp_path / "project" / "pack.toml").write_text('[dependencies]\n"a/b" = "^1"\n')
    place = find_project(deep)
    assert place.folder == tmp_path / "project"
    assert [wish.pack for wish in place.read_project().wishes()] == ["a/b"]


def test_a_folder_named_pack_toml_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("")
    inner = tmp_path / "inner"
    (inner / "pack.toml").mkdir(parents=True)
    assert find_project(inner).folder == tmp_path


def test_without_a_pack_toml_there_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(NoProject) as caught:
        find_project(tmp_path)
    assert (caught.value.code, caught.value.kind.exit_code) == ("project.not-found", 3)
    assert caught.value.what() == f"no pack.toml in {tmp_path} or above it"


def test_a_lock_may_be_missing_where_nobody_asks_for_it(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("")
    place = find_project(tmp_path)
    assert place.read_lock() is None
    with pytest.raises(LockMissing):
        place.require_lock()


def test_a_broken_lock_is_told(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("")
    (tmp_path / "pack.lock").write_bytes(b"<<<<<<< HEAD\n")
    with pytest.raises(LockBroken):
        find_project(tmp_path).read_lock()


def test_M04_a_file_without_end_is_read_to_the_bound_and_refused(tmp_path: Path) -> None:
    with (tmp_path / "pack.toml").open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(ManifestFaults) as caught:
        find_project(tmp_path).read_project()
    assert caught.value.what() == "pack.toml: larger than 262144 bytes: 262145"


def test_a_folder_in_the_place_of_the_lock_is_told(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("")
    (tmp_path / "pack.lock").mkdir()
    with pytest.raises(Unreadable) as caught:
        find_project(tmp_path).read_lock()
    assert (caught.value.code, caught.value.kind.exit_code) == ("project.unreadable", 1)


def test_a_pack_is_read_strictly_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("[pack]\ncolour = 1\n")
    with pytest.raises(ManifestFaults) as caught:
        find_project(tmp_path).read_manifest()
    assert "pack.colour" in [fault.path for fault in caught.value.faults]
