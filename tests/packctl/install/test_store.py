"""The content store: whole and right or not there, whoever fills it, and damage is never linked."""

import errno
import os
import stat
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from packctl.durable import Folder
from packctl.install.housekeeping import StoreSize, clean, size_of
from packctl.install.incoming import WrongContent
from packctl.install.link import Link
from packctl.install.store import NotInStore, Placed, Store
from packctl.install.vouched import is_right
from packspec.digests import Digest
from packspec.tree import TreeEntry
from tests.support.faults import FAILED, KILLED, Fault, count_changes, run_in_child, run_together, run_with
from tests.support.invariants import clean_refusal, listing

DATA = b"moo" * 1000
NAME = Digest("29d99a681ef2fc24642d2fc566e9e274eeb136d62f587fef5b0ccbd54d696130")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def put(store: Store, data: bytes = DATA) -> Digest:
    digest = Digest.of(data)
    store.put(digest, len(data), [data[:100], data[100:]], "cow.ogg")
    return digest


def entry(store: Store, digest: Digest) -> Path:
    return store.folder.path / "files" / digest[:2] / digest


def place(store: Store, folder: Path, digest: Digest, size: int = len(DATA), link: Link = Link.AUTO) -> Placed:
    placed = Placed()
    with Folder.open(folder) as into:
        store.place(digest, size, into, "cow.ogg", link, placed)
    return placed


def test_a_file_enters_under_its_digest_read_only_and_with_the_constant_time(store: Store) -> None:
    digest = put(store)
    found = entry(store, digest).stat()
    assert stat.S_IMODE(found.st_mode) & 0o222 == 0
    assert found.st_mtime == 315_532_800
    assert store.has(digest)
    assert digest in store
    assert size_of(store) == StoreSize(1, 3000, 0)


def test_C03_a_lane_that_cannot_be_emptied_is_let_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    left = store.folder.path / "incoming/0/1"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"of a killed process")

    def fail(_folder: Folder, _name: str) -> None:
        monkeypatch.undo()
        raise OSError(errno.EIO, "the disk fails")

    monkeypatch.setattr(Folder, "remove_tree", fail)
    with pytest.raises(OSError, match="the disk fails"):
        store.enter()
    store.enter()
    assert [one.name for one in left.parent.parent.iterdir()] == ["0"]
    assert not left.exists()


@pytest.mark.parametrize(
    ("size", "chunks", "found"),
    [
        (3000, [DATA[:-1] + b"?"], "sha256:"),
        (3000, [DATA, b"more"], "more than 3000 bytes"),
        (3000, [DATA[:10]], "sha256:"),
    ],
)
def test_I13_content_with_another_digest_never_enters(store: Store, size: int, chunks: list[bytes], found: str) -> None:
    with pytest.raises(WrongContent) as refused:
        store.put(NAME, size, chunks, "cow.ogg")
    clean_refusal(refused.value)
    assert refused.value.found.startswith(found)
    assert not store.has(NAME)
    assert [path for path in store.folder.path.rglob("*") if path.is_file() and path.name != "lock"] == []


@pytest.mark.parametrize("link", [Link.AUTO, Link.HARD])
def test_a_placed_file_is_the_store_s_own_where_links_are_made(store: Store, tmp_path: Path, link: Link) -> None:
    digest = put(store)
    placed = place(store, tmp_path, digest, link=link)
    assert (tmp_path / "cow.ogg").read_bytes() == DATA
    assert placed.clones + placed.links == 1
    assert placed.bytes == 3000


def test_a_copy_is_writable_and_has_the_constant_time(store: Store, tmp_path: Path) -> None:
    place(store, tmp_path, put(store), link=Link.COPY)
    found = (tmp_path / "cow.ogg").stat()
    assert found.st_nlink == 1
    assert found.st_mode & 0o200
    assert found.st_mtime == 315_532_800


def test_A15_no_placed_file_is_executable(store: Store, tmp_path: Path) -> None:
    for link in Link:
        place(store, tmp_path, put(store), link=link)
        assert (tmp_path / "cow.ogg").stat().st_mode & 0o111 == 0
        (tmp_path / "cow.ogg").unlink()


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP])
def test_where_links_fail_files_are_copied(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    digest = put(store)

    def no_link(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", no_link)
    assert place(store, tmp_path, digest, link=Link.HARD).copies == 1
    assert (tmp_path / "cow.ogg").read_bytes() == DATA


def test_what_this_process_stored_is_placed_without_being_read_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, earlier = put(store), put(store, b"earlier" * 500)
    store.close()
    again = Store.open(tmp_path / "store")
    put(again)
    hashed: list[Digest] = []

    def noting(fd: int, status: os.stat_result, digest: Digest, size: int) -> bool:
        hashed.append(digest)
        return is_right(fd, status, digest, size)

    monkeypatch.setattr("packctl.install.store.is_right", noting)
    for digest, size in ((earlier, 3500), (mine, 3000)):
        place(again, tmp_path, digest, size, Link.HARD)
        (tmp_path / "cow.ogg").unlink()
    assert hashed == [earlier]


def test_C12_a_change_of_what_this_process_stored_is_noticed_even_with_its_time_put_back(
    store: Store, tmp_path: Path
) -> None:
    digest = put(store)
    time.sleep(0.05)  # a tick of the clock that file systems use
    path = entry(store, digest)
    path.chmod(0o644)
    flip(path)
    os.utime(path, (315_532_800, 315_532_800))
    with pytest.raises(NotInStore):
        place(store, tmp_path, digest, link=Link.HARD)
    assert not (tmp_path / "cow.ogg").exists()


def test_C12_large_files_are_hashed_ahead_and_a_damaged_one_is_refused_all_the_same(
    store: Store, tmp_path: Path
) -> None:
    good, bad = b"g" * 2_000_000, b"b" * 2_000_000
    files = tuple(TreeEntry(f"{one[:1].decode()}.bin", put(store, one), len(one), len(one), 0) for one in (good, bad))
    store.close()
    again = Store.open(tmp_path / "store")
    path = entry(again, files[1].sha256)
    path.chmod(0o644)
    path.write_bytes(b"?" + bad[1:])
    again.look_ahead(files)
    assert [file.sha256 in again.vouched for file in files] == [True, False]
    assert place(again, tmp_path, files[0].sha256, len(good), Link.HARD).links == 1
    (tmp_path / "cow.ogg").unlink()
    with pytest.raises(NotInStore):
        place(again, tmp_path, files[1].sha256, len(bad), Link.HARD)


def flip(path: Path) -> None:
    path.write_bytes(b"M" + DATA[1:])


def cut_short(path: Path) -> None:
    path.write_bytes(DATA[:-1])


def hostile_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("damage", [flip, cut_short, hostile_link, a_folder, a_pipe])
def test_C12_a_damaged_entry_is_noticed_set_aside_never_used_and_healed_by_the_next_fill(
    store: Store, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    digest = put(store)
    entry(store, digest).chmod(0o644)
    damage(entry(store, digest))
    with pytest.raises(NotInStore) as refused:
        place(store, tmp_path, digest)
    clean_refusal(refused.value)
    assert refused.value.is_damaged
    assert not (tmp_path / "cow.ogg").exists()
    assert size_of(store).damaged == 1
    put(store)
    place(store, tmp_path, digest)
    assert (tmp_path / "cow.ogg").read_bytes() == DATA


def test_C12_two_entries_that_changed_places_are_both_noticed(store: Store, tmp_path: Path) -> None:
    one, two = put(store), put(store, b"cluck" * 600)
    os.replace(entry(store, one), tmp_path / "aside")
    entry(store, two).rename(entry(store, one))
    (tmp_path / "aside").rename(entry(store, two))
    for digest in (one, two):
        with pytest.raises(NotInStore):
            place(store, tmp_path, digest)


def test_C14_editing_a_hard_linked_file_is_noticed_and_the_edit_reaches_no_other_project(
    store: Store, tmp_path: Path
) -> None:
    digest = put(store)
    place(store, tmp_path, digest, link=Link.HARD)
    (tmp_path / "cow.ogg").chmod(0o644)
    (tmp_path / "cow.ogg").write_bytes(b"edited in place")
    (tmp_path / "second").mkdir()
    with pytest.raises(NotInStore) as refused:
        place(store, tmp_path / "second", digest)
    assert refused.value.is_damaged
    assert not (tmp_path / "second/cow.ogg").exists()
    assert (tmp_path / "cow.ogg").read_bytes() == b"edited in place"


@pytest.mark.parametrize("link", [Link.COPY, Link.REFLINK])
def test_C14_with_copies_and_clones_an_edit_leaves_the_store_unharmed(store: Store, tmp_path: Path, link: Link) -> None:
    digest = put(store)
    place(store, tmp_path, digest, link=link)
    (tmp_path / "cow.ogg").write_bytes(b"edited in place")
    (tmp_path / "second").mkdir()
    place(store, tmp_path / "second", digest)
    assert (tmp_path / "second/cow.ogg").read_bytes() == DATA


def test_C14_an_entry_exchanged_between_hash_and_link_is_not_linked(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = put(store)
    real = os.link

    def exchange_first(*args: str, **named: int) -> None:
        entry(store, digest).unlink()
        entry(store, digest).write_bytes(b"evil")
        real(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "link", exchange_first)
    with pytest.raises(NotInStore):
        place(store, tmp_path, digest, link=Link.HARD)
    assert not (tmp_path / "cow.ogg").exists()


def test_C01_a_kill_at_every_change_of_a_fill_leaves_whole_entries_or_none(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        with Store.open(folder) as store:
            put(store)
            put(store, b"cluck" * 600)

    count = count_changes(lambda: fill(tmp_path / "count"))
    for at in range(1, count + 1):
        folder = tmp_path / str(at)
        assert run_in_child(partial(fill, folder), Fault(at)) == KILLED
        for path in (folder / "files").rglob("*"):
            assert path.is_dir() or Digest.of(path.read_bytes()) == path.name
        fill(folder)
        left = [path.name for path in (folder / "incoming").rglob("*") if path.is_file()]
        assert set(left) == {"lock"}, at
        with Store.open(folder) as store:
            assert size_of(store) == StoreSize(2, 6000, 0)


def test_C03_a_full_disk_at_every_change_of_a_fill_leaves_nothing_half(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        with Store.open(folder) as store:
            put(store)

    count = count_changes(lambda: fill(tmp_path / "count"))
    for at in range(1, count + 1):
        folder = tmp_path / str(at)
        assert run_with(partial(fill, folder), Fault(at, errno.ENOSPC)) == FAILED
        files = [path for path in folder.rglob("*") if path.is_file() and path.name != "lock"]
        assert all(Digest.of(path.read_bytes()) == path.name for path in files), at
        fill(folder)


@pytest.mark.parametrize("actors", [2, 16])
def test_C07_processes_that_fill_one_store_at_once_are_all_right(tmp_path: Path, actors: int) -> None:
    files = [b"%d" % number * 500 for number in range(30)]

    def put_all() -> None:
        with Store.open(tmp_path / "store") as store:
            for data in files:
                put(store, data)

    assert run_together([put_all] * actors) == [0] * actors
    with Store.open(tmp_path / "store") as store:
        assert size_of(store).files == 30
        into = tmp_path / "project"
        for number, data in enumerate(files):
            (into / str(number)).mkdir(parents=True)
            place(store, into / str(number), Digest.of(data), len(data))


def test_emptying_the_store_leaves_projects_their_files(store: Store, tmp_path: Path) -> None:
    digest, kept = put(store), put(store, b"cluck" * 600)
    (tmp_path / "project").mkdir()
    place(store, tmp_path / "project", digest)
    before = listing(tmp_path / "project")
    assert clean(store, lambda: [kept]) == StoreSize(1, 3000, 0)
    assert listing(tmp_path / "project") == before
    assert not store.has(digest)
    assert store.has(kept)


def test_emptying_waits_for_those_who_rely_on_the_store_and_lets_nobody_in_meanwhile(tmp_path: Path) -> None:
    waits: list[str] = []
    with Store.open(tmp_path / "store") as filling, Store.open(tmp_path / "store") as cleaning:
        digest = put(filling)
        thread = threading.Thread(target=lambda: clean(cleaning, on_wait=lambda: waits.append("clean")))
        thread.start()
        while not waits:
            time.sleep(0.01)
        late = Store.open(tmp_path / "store")
        entering = threading.Thread(target=lambda: late.enter(lambda: waits.append("late")))
        entering.start()
        while len(waits) < 2:
            time.sleep(0.01)
        assert filling.has(digest)
        filling.leave()
        thread.join(10)
        entering.join(10)
        assert not filling.has(digest)
        assert put(late) == digest
        late.close()
    assert waits == ["clean", "late"]


def test_C12_what_is_damaged_is_set_aside_at_once_and_told(store: Store) -> None:
    digest, other = put(store), put(store, b"cluck" * 600)
    entry = store.folder.path / "files" / digest[:2] / digest
    entry.chmod(0o644)
    entry.write_bytes(b"x" * 3000)
    entries = [TreeEntry("cow.ogg", digest, 3000, 3000, 39), TreeEntry("hen.ogg", other, 3000, 3000, 4000)]
    assert [one.path for one in store.set_aside_damaged(entries)] == ["cow.ogg"]
    assert (store.has(digest), store.has(other)) == (False, True)
    assert store.set_aside_damaged(entries) == ()
