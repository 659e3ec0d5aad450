"""Small packs for tests of the client: files in memory, their archive and tree, a store that has them, a lock line and a receipt."""

from collections.abc import Mapping
from pathlib import Path

from packctl.install.store import Store
from packctl.project.state import Receipt
from packspec.archive import BytesSource
from packspec.archive.read import read_file
from packspec.archive.write import SourceFile, write_archive
from packspec.digests import Digest
from packspec.labels import Label
from packspec.lockfile import LockedPack
from packspec.names import PackName
from packspec.terms import Terms
from packspec.tree import Tree
from packspec.versions import Version


def build(files: Mapping[str, bytes]) -> tuple[bytes, Tree]:
    """Archive and tree of `files`; a pack.toml is added."""
    data = bytearray()
    named = {"pack.toml": b"[pack]\n"} | dict(files)
    tree = write_archive([SourceFile.of(path, content) for path, content in named.items()], data.extend)
    return bytes(data), tree


def fill(store: Store, archive: bytes, tree: Tree) -> None:
    """Puts every file of an archive into the store."""
    source = BytesSource(archive)
    for entry in tree.files:
        store.put(entry.sha256, entry.size, read_file(source, entry), entry.path)


def receipt(pack: str, version: str, tree: Tree) -> Receipt:
    """The receipt of a whole install."""
    return Receipt(
        pack=PackName.parse(pack),
        version=Version.parse(version),
        registry="default",
        archive=Digest.of(f"archive {pack} {version}".encode()),
        tree=tree.digest,
        statement=Digest.of(f"statement {pack} {version}".encode()),
        files=len(tree.files),
        bytes=tree.unpacked,
    )


def locked(pack: str, version: str, tree: Digest, size: int = 1000) -> LockedPack:
    """The lock line that fits `receipt`."""
    return LockedPack(
        name=PackName.parse(pack),
        version=Version.parse(version),
        registry=Label("default"),
        archive=Digest.of(f"archive {pack} {version}".encode()),
        size=size,
        tree=tree,
        statement=Digest.of(f"statement {pack} {version}".encode()),
        publisher_root_version=1,
        publisher_root=Digest.of(b"root"),
        publisher_anchor=Digest.of(b"root"),
        log_index=1,
        license=Terms("MIT"),
        paid=False,
        needs=(),
    )


def open_store(folder: Path, *packs: tuple[bytes, Tree]) -> Store:
    """A store in `folder` that has all files of `packs`."""
    store = Store.open(folder)
    for archive, tree in packs:
        fill(store, archive, tree)
    return store
