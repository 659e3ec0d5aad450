"""Which installed packs are no longer what was installed: for those who must know, at the price of reading every file."""

from collections.abc import Iterable
from pathlib import Path

from packctl.durable import DiskFailed, Folder
from packctl.places import PACK_TOML
from packctl.project.files import check_files
from packctl.project.state import InstallState, Receipt
from packspec import limits
from packspec.assets import resolve_assets
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.manifest import parse_manifest
from packspec.names import PackName
from packspec.tree import Tree


def touched_packs(packs: Path, state: InstallState, receipts: Iterable[Receipt]) -> frozenset[PackName]:
    """Of these packs, below the folder `packs`, those with a changed, missing or foreign file, and those whose files cannot be read."""
    return frozenset(receipt.pack for receipt in receipts if not _is_untouched(packs, state, receipt))


def _is_untouched(packs: Path, state: InstallState, receipt: Receipt) -> bool:
    tree = state.tree(receipt.pack)
    if tree is None:
        return False
    try:
        with Folder.open(packs) as root, root.descend(str(receipt.pack).split("/")) as installed:
            return not check_files(installed, tree, left_out=left_out_of(receipt, installed, tree))
    except DiskFailed:
        return False


def installed_files(packs: Path, receipt: Receipt, tree: Tree) -> dict[str, Digest]:
    """The files of a pack below the folder `packs` as they were signed and installed, path to digest; of a part install that part."""
    left_out: frozenset[str] = frozenset()
    if _is_part(receipt):
        try:
            with Folder.open(packs) as root, root.descend(str(receipt.pack).split("/")) as installed:
                left_out = left_out_of(receipt, installed, tree)
        except DiskFailed:
            left_out = _all_but_pack_toml(tree)
    return {file.path: file.sha256 for file in tree.files if file.path not in left_out}


def _is_part(receipt: Receipt) -> bool:
    return receipt.features is not None or receipt.essential


def left_out_of(receipt: Receipt | None, installed: Folder, tree: Tree) -> frozenset[str]:
    """The files that a part install left out on purpose: the pack's own pack.toml tells, once it is known to be the signed one.

    Where that file is damaged or gone, nobody can tell, and nothing else is called missing.
    """
    entry = tree.find(PACK_TOML)
    if receipt is None or entry is None or not _is_part(receipt):
        return frozenset()
    try:
        data = installed.read(PACK_TOML, limits.MANIFEST_BYTES)
        if not Digest.of(data).same(entry.sha256):
            return _all_but_pack_toml(tree)
        assets = resolve_assets(parse_manifest(data, strict=False), tree.files)
    except PackError:
        return _all_but_pack_toml(tree)
    return frozenset(asset.path for asset in assets if not asset.is_for(receipt.features, receipt.essential))


def _all_but_pack_toml(tree: Tree) -> frozenset[str]:
    return frozenset(file.path for file in tree.files if file.path != PACK_TOML)
