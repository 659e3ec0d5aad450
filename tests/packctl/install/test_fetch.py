"""Archives into the store through the strict reader: every file right, or the store as it was."""

from pathlib import Path

import pytest

from packctl.install.readin import fill_from_archive
from packctl.install.store import Store
from packspec.archive import BytesSource
from packspec.archive.directory import BadEndRecord
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.tree import TreeMismatch
from tests.support.invariants import listing
from tests.support.packs import build

COW = b"# Cow\n" * 50
ARCHIVE, TREE = build({"a/cow.md": COW, "b/cow.md": COW, "hen.md": b"# Hen\n"})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def names(store: Store) -> set[str]:
    return {
        path.rpartition("/")[2] for path, (kind, _, _) in listing(store.folder.path / "files").items() if kind == "file"
    }


def test_each_content_enters_once_and_what_is_there_is_left(store: Store) -> None:
    assert fill_from_archive(store, BytesSource(ARCHIVE), TREE) == 3  # pack.toml, one cow, one hen
    assert names(store) == {entry.sha256 for entry in TREE.files}
    assert fill_from_archive(store, BytesSource(ARCHIVE), TREE) == 0


@pytest.mark.parametrize("place", ["first", "last"])
def test_I14_an_archive_with_another_content_than_was_signed_leaves_right_files_only(store: Store, place: str) -> None:
    other = {"first": {"a/cow.md": b"# Sow\n" * 50, "b/cow.md": COW, "hen.md": b"# Hen\n"}}.get(
        place, {"a/cow.md": COW, "b/cow.md": COW, "hen.md": b"# Den\n"}
    )
    archive, _ = build(other)
    with pytest.raises(TreeMismatch):
        fill_from_archive(store, BytesSource(archive), TREE)
    assert names(store) <= {entry.sha256 for entry in TREE.files}
    assert TREE.files[-1].sha256 not in names(store)
    lanes = [path for path in listing(store.folder.path / "incoming") if not path.endswith("/lock")]
    assert [path for path in lanes if path.rpartition("/")[2].isdigit() and Path(path).is_file()] == []


def test_I14_bytes_behind_an_archive_are_refused_before_a_file_enters(store: Store) -> None:
    with pytest.raises(BadEndRecord):
        fill_from_archive(store, BytesSource(ARCHIVE + b"more"), TREE)
    assert not (store.folder.path / "files").exists()


def test_every_flipped_byte_of_an_archive_is_noticed(store: Store) -> None:
    right = {entry.sha256 for entry in TREE.files}
    for place in range(0, len(ARCHIVE), 7):
        damaged = bytearray(ARCHIVE)
        damaged[place] ^= 0x20
        with pytest.raises(Untrusted):
            fill_from_archive(Store.open(store.folder.path.parent / str(place)), BytesSource(bytes(damaged)), TREE)
        assert names(Store.open(store.folder.path.parent / str(place))) <= right


def test_a_small_document_is_read_by_its_digest_or_not_at_all(store: Store) -> None:
    digest = Digest.of(b"a tree")
    assert store.read(digest, 100) is None
    store.put(digest, 6, [b"a tree"], "tree")
    assert store.read(digest, 100) == b"a tree"
    entry = store.folder.path / "files" / digest[:2] / digest
    entry.chmod(0o644)
    entry.write_bytes(b"a trap")
    assert store.read(digest, 100) is None
    assert (store.folder.path / "damaged" / digest).exists()
    assert store.read(digest, 100) is None
