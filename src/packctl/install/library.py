"""The library of a project: the packs that it has, how far each is here, and one index of their assets (docs/spec/library.md)."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from packctl.project.inventory import Inventory
from packspec import SPECIFICATION, limits
from packspec.assets import Asset
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.lockfile import LockedPack
from packspec.names import PackName
from packspec.tree import Tree

if TYPE_CHECKING:
    from packspec.manifest import Manifest


class Progress(StrEnum):
    """How far a pack of pack.lock is on this machine."""

    PENDING = "pending"
    """Chosen, and nothing of it is here."""
    DOWNLOADING = "downloading"
    """A part of it is here: a download was begun, or other releases share files with it."""
    COMPLETED = "completed"
    """Installed, with all files."""
    FAILED = "failed"
    """Installed once, and files of it are missing, or what tells of them is."""


class LibraryAsset(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An asset in the merged index. `id` is PUBLISHER/NAME/PATH; `file` is its path in the project; the rest is of its pack.toml."""

    id: str
    pack: str
    version: str
    file: str
    type: str
    media: str
    bytes: int
    sha256: str
    title: str = ""
    tags: list[str] = []
    teaches: list[str] = []
    features: list[str] = []
    highlight: bool = False
    essential: bool = False
    language: str = ""
    variants: dict[str, str] = {}
    """Name of a variant to its file, as a path in the project."""
    variant_of: str = ""


class LibraryPack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack that the index has assets of."""

    name: str
    version: str
    title: str
    license: str


class LibraryIndex(msgspec.Struct, frozen=True, kw_only=True):
    """One index of the assets of all installed packs: by pack, and in a pack in its publisher's order. `feature`: empty for all."""

    v: int
    feature: str
    packs: list[LibraryPack]
    assets: list[LibraryAsset]


def progress_of(inventory: Inventory, locked: LockedPack, store: Path, downloads: Path) -> tuple[Progress, int]:
    """How far a locked pack is, and how many bytes of it are here, of as many as its archive has. Looks at sizes, reads no file."""
    receipt = inventory.state.receipts.get(locked.name)
    if receipt is not None and receipt.archive.same(locked.archive) and (inventory.packs / locked.name).is_dir():
        is_whole = inventory.tree(locked.name) is not None and not inventory.missing(locked.name)
        return (Progress.COMPLETED, locked.size) if is_whole else (Progress.FAILED, 0)
    here = min(_downloaded(downloads, locked) or _stored(store, locked), locked.size)
    return (Progress.DOWNLOADING if here else Progress.PENDING), here


def _downloaded(downloads: Path, locked: LockedPack) -> int:
    return next((size for name in (locked.archive, f"{locked.archive}.part") if (size := _size(downloads / name))), 0)


def _stored(store: Path, locked: LockedPack) -> int:
    """Bytes of the release's files that the store has, where its tree is known there."""
    try:
        data = _entry(store, locked.tree).read_bytes()
        tree = Tree.parse(data) if len(data) <= limits.TREE_BYTES and Digest.of(data).same(locked.tree) else None
    except (OSError, PackError):
        return 0
    sizes = {entry.sha256: entry.size for entry in tree.files} if tree is not None else {}
    return sum(size for digest, size in sizes.items() if _size(_entry(store, digest)) == size)


def _entry(store: Path, digest: Digest) -> Path:
    return store / "files" / digest[:2] / digest


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def index_of(inventory: Inventory, folder: str, feature: str) -> LibraryIndex:
    """The merged index, without packs that `Inventory.changed` names. `folder` is the folder of packs as a path in the project."""
    packs, assets = [], []
    for pack in sorted(inventory.state.receipts):
        manifest, found = inventory.manifest(pack), inventory.assets(pack)
        if manifest is None or found is None:
            continue
        wanted = [asset for asset in found if not feature or asset.is_for([feature])]
        if wanted:
            packs.append(_pack(inventory, pack, manifest))
            assets += [_asset(pack, packs[-1].version, f"{folder}/{pack}", asset) for asset in wanted]
    return LibraryIndex(v=SPECIFICATION, feature=feature, packs=packs, assets=assets)


def _pack(inventory: Inventory, pack: PackName, manifest: "Manifest") -> LibraryPack:
    version = str(inventory.state.receipts[pack].version)
    return LibraryPack(name=pack, version=version, title=manifest.title, license=str(manifest.pack.license))


def _asset(pack: PackName, version: str, folder: str, asset: Asset) -> LibraryAsset:
    return LibraryAsset(
        id=f"{pack}/{asset.path}",
        pack=pack,
        version=version,
        file=f"{folder}/{asset.path}",
        type=str(asset.type),
        media=asset.media,
        bytes=asset.size,
        sha256=asset.sha256,
        title=asset.title,
        tags=[str(tag) for tag in asset.tags],
        teaches=list(asset.teaches),
        features=[str(feature) for feature in asset.features],
        highlight=asset.highlight,
        essential=asset.essential,
        language=str(asset.language or ""),
        variants={name: f"{folder}/{path}" for name, path in asset.variants.items()},
        variant_of=f"{folder}/{asset.variant_of}" if asset.variant_of else "",
    )
