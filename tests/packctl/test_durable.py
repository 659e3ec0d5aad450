"""The door to durable files: whole or not, links never followed, every change announced, the system's words made ours."""

import errno
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from packctl.durable import (
    DiskFailed,
    DiskFull,
    Folder,
    KernelLock,
    LinkInTheWay,
    NoPlainFile,
    NotAFile,
    NotWritable,
    TooLarge,
    What,
    disk_error,
    open_named,
    read_named,
    replacing,
)
from tests.support.faults import FAILED, KILLED, Fault, count_changes, run_in_child
from tests.support.invariants import clean_refusal


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        (errno.ENOSPC, DiskFull, "install.disk-full"),
        (errno.EDQUOT, DiskFull, "install.disk-full"),
        (errno.EROFS, NotWritable, "install.not-writable"),
        (errno.EACCES, NotWritable, "install.not-writable"),
        (errno.ELOOP, LinkInTheWay, "install.link-in-the-way"),
        (errno.EIO, DiskFailed, "install.disk"),
        (errno.EMFILE, DiskFailed, "install.disk"),
    ],
)
def test_C04_C05_what_the_system_says_becomes_ours_with_the_path(
    number: int, kind: type[DiskFailed], code: str
) -> None:
    error = disk_error("write", Path("/data/x"), OSError(number, "x"))
    assert (type(error), error.code) == (kind, code)
    assert "/data/x" in error.what()
    clean_refusal(error)


def test_what_is_named_and_is_no_file_or_too_large_is_told_as_that(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path)
    for path in (tmp_path, tmp_path / "link", Path("/"), Path("/dev/zero")):
        for read in (open_named, lambda path: read_named(path, 9)):
            with pytest.raises(NotAFile) as refused:
                read(path)
            clean_refusal(refused.value)
    with pytest.raises(NotAFile):
        open_named(tmp_path / "pipe")
    for data in (b"x" * 9, b"x" * 10):
        writing = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(data,))
        writing.start()
        if len(data) > 9:
            with pytest.raises(TooLarge):
                read_named(tmp_path / "pipe", 9)
        else:
            assert read_named(tmp_path / "pipe", 9) == data
        writing.join(20)
    (tmp_path / "file").write_bytes(b"x" * 10)
    with pytest.raises(TooLarge) as large:
        read_named(tmp_path / "file", 9)
    clean_refusal(large.value)
    assert read_named(tmp_path / "file", 10) == b"x" * 10


def test_C07_C08_who_replaces_a_file_waits_for_another_and_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    for name in (".file.new", ".file.lock", "file.new"):
        (tmp_path / name).write_bytes(b"left")
    is_inside, may_end = threading.Event(), threading.Event()

    def replace(data: bytes, *, waits: bool) -> None:
        with Folder.open(tmp_path) as folder, replacing(folder, "file") as (fresh,):
            is_inside.set()
            assert not waits or may_end.wait(20)
            folder.write(fresh, data)

    first = threading.Thread(target=replace, args=(b"first",), kwargs={"waits": True})
    second = threading.Thread(target=replace, args=(b"second",), kwargs={"waits": False})
    first.start()
    assert is_inside.wait(20)
    second.start()
    second.join(0.2)
    assert second.is_alive() and not (tmp_path / "file").exists()
    may_end.set()
    first.join(20)
    second.join(20)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"second", "file.new": b"left"}
    with pytest.raises(ZeroDivisionError), Folder.open(tmp_path) as folder, replacing(folder, "file") as (fresh,):
        folder.write(fresh, b"half")
        raise ZeroDivisionError
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "file.new"]
    assert (tmp_path / "file").read_bytes() == b"second"


def test_C01_a_replaced_file_is_old_or_new_after_a_kill_at_every_change(tmp_path: Path) -> None:
    def replace(folder: Path) -> None:
        with Folder.open(folder) as opened:
            opened.replace("file", b"new" * 100)

    (tmp_path / "count").mkdir()
    for number in (None, errno.ENOSPC, errno.EIO):
        for at in range(1, count_changes(lambda: replace(tmp_path / "count")) + 1):
            folder = tmp_path / f"{number}-{at}"
            folder.mkdir()
            (folder / "file").write_bytes(b"old")
            ended = run_in_child(lambda folder=folder: replace(folder), Fault(at, number))  # type: ignore[misc]
            assert ended == (KILLED if number is None else FAILED)
            assert (folder / "file").read_bytes() in (b"old", b"new" * 100)
            if number is not None:
                assert [path.name for path in folder.iterdir()] == ["file"]
            replace(folder)
            assert [path.name for path in folder.iterdir()] == ["file"]


def test_no_device_and_no_pipe_is_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with Folder.open(tmp_path) as folder, pytest.raises(NoPlainFile) as refused:
        folder.replace("pipe", b"data")
    clean_refusal(refused.value)
    assert stat.S_ISFIFO((tmp_path / "pipe").lstat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_a_replaced_file_is_synced_before_its_rename_and_its_folder_after_it(tmp_path: Path) -> None:
    seen: list[str] = []
    active = True
    sys.addaudithook(lambda event, args: seen.append(str(args[0])) if active and event == "packctl.durable" else None)
    with Folder.open(tmp_path) as folder:
        folder.replace("file", b"data")
    active = False
    assert seen == ["create", "write", "fsync", "close", "rename", "fsync"]


def test_every_change_below_a_folder_is_announced(tmp_path: Path) -> None:
    """What Python itself reports as a change must follow an announcement of ours, or the sweeps would not see it."""
    changes = {"os.rename", "os.mkdir", "os.remove", "os.link", "os.rmdir"}
    told: list[str] = []
    loose: list[str] = []
    active = True

    def hook(event: str, args: tuple[object, ...]) -> None:
        if not active:
            return
        if event == "packctl.durable":
            told.append(str(args[0]))
        elif event in changes or (event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)):
            if not told:
                loose.append(event)
            told.clear()

    sys.addaudithook(hook)
    with Folder.open(tmp_path) as folder, folder.folder("a", create=True) as inner:
        inner.write("one", b"1")
        inner.link("one", inner, "two")
        inner.rename("two", folder, "three")
        inner.replace("one", b"2")
        folder.append("three").close()
        folder.remove_tree("a")
        KernelLock.take(folder, "lock").close()
    active = False
    assert loose == []


def test_C23_no_method_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/file").write_text("canary")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/folder").symlink_to(tmp_path / "outside")
    (tmp_path / "in/file").symlink_to(tmp_path / "outside/file")
    with Folder.open(tmp_path / "in") as folder:
        assert folder.what("folder") is What.OTHER
        for use in (
            lambda: folder.folder("folder"),
            lambda: folder.folder("folder", create=True),
            lambda: folder.descend(["folder", "x"], create=True),
            lambda: folder.read("file", 100),
            lambda: folder.open_file("file"),
            lambda: folder.append("file"),
            lambda: folder.write("file", b"x"),
            lambda: KernelLock.take(folder, "file"),
        ):
            with pytest.raises(DiskFailed):
                use()
        folder.remove_tree("folder")
        folder.remove_tree("file")
    assert (tmp_path / "outside/file").read_text() == "canary"


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "../x"])
def test_a_name_is_one_part(tmp_path: Path, name: str) -> None:
    with Folder.open(tmp_path) as folder, pytest.raises(ValueError):
        folder.write(name, b"x")


def test_C23_a_folder_that_is_moved_stays_the_folder_that_was_opened(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "outside").mkdir()
    with Folder.open(tmp_path / "target") as folder:
        (tmp_path / "target").rename(tmp_path / "moved")
        (tmp_path / "target").symlink_to(tmp_path / "outside")
        folder.write("file", b"x")
    assert list((tmp_path / "outside").iterdir()) == []
    assert (tmp_path / "moved/file").read_bytes() == b"x"


def test_a_file_longer_than_its_ceiling_is_not_read_into_memory(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 11)
    with Folder.open(tmp_path) as folder:
        assert folder.read("big", 11) == b"x" * 11
        with pytest.raises(DiskFailed):
            folder.read("big", 10)


def test_C07_what_another_process_removes_first_is_removed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    faster = {"remove": os.unlink, "remove folder": os.rmdir}
    active = True

    def hook(event: str, args: tuple[object, ...]) -> None:
        if active and event == "packctl.durable" and args[0] in faster:
            faster[str(args[0])](str(args[1]))

    sys.addaudithook(hook)
    with Folder.open(tmp_path) as folder:
        assert not folder.remove("file")
        assert not folder.remove_folder("folder")
    active = False


def test_C08_a_lock_file_that_is_removed_while_somebody_waits_does_not_let_two_in(tmp_path: Path) -> None:
    import threading

    with Folder.open(tmp_path) as folder:
        waits = threading.Event()
        got: list[KernelLock] = []
        thread = threading.Thread(target=lambda: got.append(KernelLock.take(folder, "lock", waits.set)))
        with KernelLock.take(folder, "lock"):
            thread.start()
            assert waits.wait(10)
            folder.remove("lock")
        thread.join(10)
        with got[0]:
            assert KernelLock.try_take(folder, "lock") is None
