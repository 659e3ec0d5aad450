"""What the installed packs hold: the assets of each, as its signed pack.toml and tree tell, as far as they were installed."""

from pathlib import Path

from msgspec import Struct, field

from packctl.durable import DiskFailed, Folder
from packctl.places import PACK_TOML
from packctl.project.state import InstallState
from packctl.project.untouched import installed_files
from packspec import limits
from packspec.assets import Asset, resolve_assets
from packspec.digests import Digest
from packspec.manifest import Manifest, parse_manifest
from packspec.names import PackName
from packspec.tree import Tree


class Inventory(Struct, frozen=True):
    """The packs of one folder of packs. What is asked for is read then, once."""

    packs: Path
    state: InstallState
    _trees: dict[PackName, Tree | None] = field(default_factory=dict)
    _files: dict[PackName, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, packs: Path) -> "Inventory":
        """Of the folder of packs `packs`, which may be empty or not there. Raises StateBroken, DiskFailed."""
        return cls(packs, InstallState.load(packs))

    def tree(self, pack: PackName) -> Tree | None:
        """The signed tree of an installed pack; None if its evidence is gone or damaged."""
        if pack not in self._trees:
            self._trees[pack] = self.state.tree(pack)
        return self._trees[pack]

    def paths(self, pack: PackName) -> frozenset[str]:
        """The files of a pack that were installed, as paths in the pack. Whether they are still there is not looked at."""
        if pack not in self._files:
            tree, receipt = self.tree(pack), self.state.receipts.get(pack)
            files = installed_files(self.packs, receipt, tree) if tree is not None and receipt is not None else {}
            self._files[pack] = frozenset(files)
        return self._files[pack]

    def manifest(self, pack: PackName) -> Manifest | None:
        """What a pack says about itself; None if its pack.toml is not the signed one any more."""
        tree = self.tree(pack)
        entry = tree.find(PACK_TOML) if tree is not None else None
        if entry is None:
            return None
        try:
            with Folder.open(self.packs) as root, root.descend(pack.split("/")) as folder:
                data = folder.read(PACK_TOML, limits.MANIFEST_BYTES)
        except DiskFailed:
            return None
        return parse_manifest(data, strict=False) if Digest.of(data).same(entry.sha256) else None

    def assets(self, pack: PackName) -> tuple[Asset, ...] | None:
        """The assets of a pack that were installed, in its publisher's order; None if nobody can tell, because it was changed."""
        tree, manifest = self.tree(pack), self.manifest(pack)
        if tree is None or manifest is None:
            return None
        return tuple(asset for asset in resolve_assets(manifest, tree.files) if asset.path in self.paths(pack))

    def changed(self) -> list[PackName]:
        """The packs that nobody can tell the assets of: their pack.toml, or their tree, is not what was signed."""
        return [pack for pack in sorted(self.state.receipts) if self.manifest(pack) is None]

    def missing(self, pack: PackName) -> int:
        """How many of its installed files are not there any more, or have another size. Their bytes are not read."""
        tree, lost = self.tree(pack), 0
        for entry in tree.files if tree is not None else ():
            if entry.path in self.paths(pack):
                try:
                    lost += (self.packs / pack / entry.path).lstat().st_size != entry.size
                except OSError:
                    lost += 1
        return lost
