"""Bytes by digest, in both stores."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from packspec.digests import Digest
from registry_server.blobs import BlobDiffers, BlobMissing, Blobs, BlobTooLarge, FolderBlobs, MemoryBlobs
from registry_server.durable import Disk, NoSpace, Watch
from registry_server.sources import chunks_of
from tests.support.kill import sweep

ABC = Digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return FolderBlobs(tmp_path / "blobs", Disk()) if request.param == "folder" else MemoryBlobs()


def put_abc(folder: Path, watch: Watch) -> None:
    FolderBlobs(folder / "blobs", Disk(watch)).put([b"a", b"bc"], 3, ABC)
    print("stored")


def take_abc(folder: Path, watch: Watch) -> None:
    (folder / "staged").write_bytes(b"abc")
    FolderBlobs(folder / "blobs", Disk(watch)).take(folder / "staged", ABC)
    print("stored")


def test_bytes_are_found_by_their_digest(blobs: Blobs) -> None:
    assert blobs.put([b"a", b"bc"], 3) == ABC
    source = blobs.open(ABC)
    assert (source.size, source.read_at(1, 9), b"".join(chunks_of(source, 1, 1))) == (3, b"bc", b"b")
    source.close()
    assert list(blobs.digests()) == [ABC]


def test_a_stream_above_its_ceiling_is_stopped_at_once_and_leaves_nothing(blobs: Blobs) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"x" * 10

    with pytest.raises(BlobTooLarge):
        blobs.put(endless(), 25)
    assert read == 3
    assert list(blobs.digests()) == []


def test_other_bytes_than_announced_leave_nothing(blobs: Blobs) -> None:
    with pytest.raises(BlobDiffers) as caught:
        blobs.put([b"abd"], 3, ABC)
    assert caught.value.expected == ABC
    assert not blobs.has(ABC)


def test_a_stream_that_breaks_leaves_nothing(blobs: Blobs) -> None:
    def broken() -> Iterator[bytes]:
        yield b"a"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        blobs.put(broken(), 3)
    assert list(blobs.digests()) == []


def test_what_is_not_there_is_missing_and_nothing_else(blobs: Blobs) -> None:
    with pytest.raises(BlobMissing):
        blobs.open(ABC)
    blobs.remove(ABC)


def test_a_staged_file_with_other_bytes_stays_where_it_is(blobs: Blobs, tmp_path: Path) -> None:
    staged = tmp_path / "staged"
    staged.write_bytes(b"abd")
    with pytest.raises(BlobDiffers):
        blobs.take(staged, ABC)
    assert staged.exists()
    staged.write_bytes(b"abc")
    blobs.take(staged, ABC)
    assert blobs.has(ABC)
    assert not staged.exists()


def test_R19_sixteen_writers_of_the_same_bytes_make_one_blob(blobs: Blobs) -> None:
    start = threading.Barrier(16)
    stored: list[Digest] = []

    def put() -> None:
        start.wait()
        stored.append(blobs.put([b"abc"], 3, ABC))

    threads = [threading.Thread(target=put) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored == [ABC] * 16
    assert list(blobs.digests()) == [ABC]


def test_a_file_opened_once_is_read_to_its_end_whatever_happens_to_its_name(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path, Disk())
    blobs.put([b"abc"], 3)
    source = blobs.open(ABC)
    blobs.remove(ABC)
    assert source.read_at(0, 3) == b"abc"
    source.close()


def test_R11_a_link_in_the_store_is_not_followed(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path, Disk())
    blobs.path(ABC).parent.mkdir(parents=True)
    blobs.path(ABC).symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="symbolic links"):
        blobs.open(ABC)


def test_V07_a_full_disk_is_told_as_such_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = FolderBlobs(tmp_path, Disk())

    def full(*arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(NoSpace) as caught:
        blobs.put([b"abc"], 3)
    assert caught.value.kind.http_status == 503
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_C04_a_failed_sync_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = FolderBlobs(tmp_path, Disk())

    def broken(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    blobs.put([b"x"], 1)
    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        blobs.put([b"abc"], 3)
    assert not blobs.has(ABC)


@pytest.mark.parametrize("verb", ["put_abc", "take_abc"])
def test_V01_a_blob_exists_whole_or_not_at_all_wherever_the_process_dies(verb: str, tmp_path: Path) -> None:
    deaths = list(sweep("tests.registry_server.test_blobs", verb, tmp_path))
    assert deaths[-1][1].lived
    assert len(deaths) >= 4
    for folder, death in deaths:
        blobs = FolderBlobs(folder / "blobs", Disk())
        if death.said:
            assert blobs.has(ABC)
        for path in (folder / "blobs").glob("sha256/*/*"):
            assert path.read_bytes() == b"abc"
        blobs.clean()
        assert list((folder / "blobs").glob("incoming/*")) == []
        assert blobs.put([b"abc"], 3) == ABC


def test_V03_no_name_without_a_synced_file_and_a_synced_folder_after_it(tmp_path: Path) -> None:
    done: list[str] = []
    blobs = FolderBlobs(tmp_path / "blobs", Disk(lambda operation, target: done.append(operation)))
    blobs.put([b"abc"], 3)
    rename = done.index("rename")
    assert "fsync" in done[done.index("write") : rename]
    assert done[rename + 1] == "fsync-folder"
