"""The static side, in both stores."""

from pathlib import Path

import pytest

from packspec.digests import Digest
from registry_server.blobs import BlobMissing, FolderBlobs, MemoryBlobs
from registry_server.durable import Disk
from registry_server.public import BadPublicPath, FolderPublic, ImmutableChanged, MemoryPublic, Public

ABC = Digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


@pytest.fixture(params=["folder", "memory"])
def public(request: pytest.FixtureRequest, tmp_path: Path) -> Public:
    return FolderPublic(tmp_path / "public", Disk()) if request.param == "folder" else MemoryPublic()


def test_an_immutable_file_is_written_once(public: Public) -> None:
    public.write("log/tile/0/000", b"one")
    public.write("log/tile/0/000", b"one")
    with pytest.raises(ImmutableChanged):
        public.write("log/tile/0/000", b"two")
    assert public.read("log/tile/0/000") == b"one"


def test_what_may_change_is_replaced(public: Public) -> None:
    public.replace("tuf/timestamp.json", b"one")
    public.replace("tuf/timestamp.json", b"two")
    assert public.read("tuf/timestamp.json") == b"two"
    assert public.paths() == ["tuf/timestamp.json"]


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../x", "a//b", "a/./b", "a\\b", "a/", "a\0", ".new-1/a"]
)
def test_R11_nothing_is_written_outside(public: Public, path: str) -> None:
    with pytest.raises(BadPublicPath):
        public.replace(path, b"x")
    with pytest.raises(BadPublicPath):
        public.open(path)


def test_a_folder_is_no_file(public: Public) -> None:
    public.write("tuf/1.root.json", b"{}")
    assert public.open("tuf") is None
    assert public.read("tuf") is None
    assert public.read("tuf/1.root.json/x") is None


def test_a_blob_is_shown_without_copying_it(tmp_path: Path) -> None:
    blobs, public = FolderBlobs(tmp_path / "blobs", Disk()), FolderPublic(tmp_path / "public", Disk())
    blobs.put([b"abc"], 3)
    public.place("blobs/sha256/ba/x", blobs, ABC)
    public.place("blobs/sha256/ba/x", blobs, ABC)
    shown = tmp_path / "public/blobs/sha256/ba/x"
    assert shown.samefile(blobs.path(ABC))
    assert shown.stat().st_mode & 0o777 == 0o644
    blobs.remove(ABC)
    assert public.read("blobs/sha256/ba/x") == b"abc"


def test_a_blob_from_elsewhere_is_copied(public: Public) -> None:
    blobs = MemoryBlobs()
    blobs.put([b"abc"], 3)
    public.place("blobs/sha256/ba/x", blobs, ABC)
    assert public.read("blobs/sha256/ba/x") == b"abc"


def test_V11_a_missing_blob_is_never_shown(public: Public) -> None:
    with pytest.raises(BlobMissing):
        public.place("blobs/sha256/ba/x", MemoryBlobs(), ABC)
    assert public.paths() == []


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    def stop(operation: str, target: str) -> None:
        if operation == "rename" and armed:
            raise OSError(5, "Input/output error")

    armed: list[bool] = []
    public = FolderPublic(tmp_path, Disk(stop))
    public.replace("tuf/timestamp.json", b"one")
    armed.append(True)
    with pytest.raises(OSError, match="Input/output"):
        public.replace("tuf/timestamp.json", b"two")
    assert public.read("tuf/timestamp.json") == b"one"
    assert [path.name for path in (tmp_path / "tuf").iterdir()] == ["timestamp.json"]
