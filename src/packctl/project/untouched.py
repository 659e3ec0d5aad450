"""Which installed packs are no longer what was installed: for those who must know, at the price of reading every file."""

from collections.abc import Iterable
from pathlib import Path

from packctl.durable import DiskFailed, Folder
from packctl.project.files import check_files
from packctl.project.find import PACK_TOML
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


def left_out_of(receipt: Receipt | None, installed: Folder, tree: Tree) -> frozenset[str]:
    """The files that a part install left out on purpose: the pack's own pack.toml tells, once it is known to be the signed one."""
    entry = tree.find(PACK_TOML)
    if receipt is None or entry is None or (receipt.features is None and not receipt.essential):
        return frozenset()
    try:
        data = installed.read(PACK_TOML, limits.MANIFEST_BYTES)
        if not Digest.of(data).same(entry.sha256):
            return frozenset()
        assets = resolve_assets(parse_manifest(data, strict=False), tree.files)
    except PackError:
        return frozenset()
    return frozenset(asset.path for asset in assets if not asset.is_for(receipt.features, receipt.essential))
