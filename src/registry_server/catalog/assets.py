"""Assets of a release, from its manifest, its tree and the sizes of its pictures: blobs that its statement names, no rows."""

from dataclasses import dataclass
from functools import lru_cache

import msgspec

from packspec import limits, wire
from packspec.archive.rules import ArchiveLimits
from packspec.assets import Asset, resolve_assets
from packspec.digests import Digest
from packspec.manifest import parse_manifest
from packspec.pictures import PixelSize
from packspec.tree import Tree
from registry_server.catalog.rules import Release
from registry_server.world import World

_PIXELS = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Wanted:
    """Which assets: of a type, with a tag, for a part of the host. Empty: any."""

    type: str = ""
    tag: str = ""
    feature: str = ""

    def fits(self, asset: Asset) -> bool:
        """Whether all that is asked for holds. An asset without features is for every part of the host."""
        return (
            self.type in ("", asset.type)
            and (not self.tag or self.tag in asset.tags)
            and (not self.feature or asset.is_for([self.feature]))
        )


def encode_pixels(pixels: dict[str, PixelSize]) -> bytes:
    """The blob with the sizes of pictures by path: JSON, sorted."""
    return msgspec.json.encode({path: tuple(size) for path, size in pixels.items()}, order="sorted")


def assets_of(world: World, release: Release) -> tuple[Asset, ...]:
    """All assets of a release, in the publisher's order. Raises BlobMissing."""
    return _resolve(*(read_blob(world, digest) for digest in (release.manifest, release.tree, release.pictures)))


@lru_cache(maxsize=4)
def _resolve(manifest: bytes, tree: bytes, pixels: bytes) -> tuple[Asset, ...]:
    """Remembered for the pages of one listing: a tree of 100,000 files takes a tenth of a second to read."""
    # What was published was checked by the settings of then; the ceilings of now must not hide it.
    files = Tree.parse(tree, _ANY).files
    sizes = wire.decode(pixels, _PIXELS)
    known = {path: PixelSize(*size) for path, size in sizes.items()}
    return resolve_assets(parse_manifest(manifest, strict=False), files, known)


_ANY = ArchiveLimits()


def read_blob(world: World, digest: Digest) -> bytes:
    """All of a small blob. Raises BlobMissing."""
    source = world.blobs.open(digest)
    try:
        return source.read_at(0, min(source.size, limits.TREE_BYTES))
    finally:
        source.close()
