"""Which files of a registry a machine without network needs to prove releases by itself: what a carry file holds besides archives.

That is everything that I2 to I8 read, for any earlier state that the other machine may have seen: so all tiles of hashes, not only those of
one proof. Equal states of the registry and equal releases give equal files. Chapter: docs/spec/carry.md.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from packctl.trust.documents import FetchedProofs, packproof_path
from packctl.trust.faults import MetadataMismatch
from packctl.trust.log import Log
from packctl.trust.metadata import version_of
from packctl.trust.proofs import Proven
from packctl.trust.targets import Targets
from packspec import site
from packspec.digests import Digest
from packspec.index import PackIndex, Recalls
from packspec.log.leaf import LoggedPack
from packspec.log.tiles import WIDTH, Tile, tiles_of
from packspec.names import PackName, PublisherName


class Carrying(Struct, frozen=True):
    """A registry in one state, and where its files come from."""

    targets: Targets
    proofs: FetchedProofs
    log: Log
    recalls: Recalls

    def files(self, proven: Sequence[Proven], since: int) -> dict[str, bytes]:
        """Path to bytes for these releases; full tiles of a log of `since` entries are left out. Raises what fetching raises."""
        packs = sorted({one.claim.logged_pack: one.claim.pack for one in proven}.items())
        indexes = [self._index(logged, pack) for logged, pack in packs]
        lifted = [PackName(row.pack) for row in self.recalls.recalls if row.restored and not row.pack.is_private]
        publishers = sorted({pack.publisher for pack in (*(pack for _, pack in packs), *lifted)})
        found = dict(self._targets([logged for logged, _ in packs], publishers))
        for publisher in publishers:
            found |= self.proofs.publisher_roots(publisher)
        for one in proven:
            if one.packproof is not None and one.listed is not None:
                found[packproof_path(one.claim, one.listed.statement)] = one.packproof
        for document, index in self._restores(indexes):
            found |= self._restore(document, index)
        tiles = [tile for tile in tiles_of(self.log.checkpoint.size) if not is_full_at(tile, since)]
        found |= {site.log_tile(tile): data for tile, data in self.log.tiles(tiles).items()}
        found[site.CHECKPOINT] = self.log.opened.note.encode()
        return found

    def _index(self, logged: LoggedPack, pack: PackName) -> PackIndex:
        listed = self.targets.find(site.pack_target(logged))
        assert listed is not None  # its release was proven
        return PackIndex.parse(self.targets.read(listed), pack)

    def _targets(self, packs: Sequence[LoggedPack], publishers: Sequence[PublisherName]) -> Iterator[tuple[str, bytes]]:
        """Every target that is read, and exactly the metadata that leads to these."""
        names = (*site.TRUST_TARGETS, site.RECALLS_TARGET, *map(site.publisher_target, publishers))
        cached = self.targets.cached.anew()
        for name in (*names, *map(site.pack_target, packs)):
            self.targets.find(name)  # brings the roles that lead there
            if (listed := cached.look_up(name)) is not None:
                yield site.target(name, listed.sha256), self.targets.read(listed)
        for version, data in cached.roots.items():
            if version <= cached.chain.root.version:
                yield site.tuf_metadata("root", version), data
        for file, data in cached.used.items():
            role = file.removesuffix(".json")
            if role == "timestamp":
                yield site.TIMESTAMP, data
            elif not role.endswith(".root"):
                yield site.tuf_metadata(role, _version(role, data)), data

    def _restores(self, indexes: Sequence[PackIndex]) -> Iterator[tuple[Digest, int]]:
        recalled = [(row.restored, row.restored_log) for row in self.recalls.recalls]
        yanked = [(row.restored, row.restored_log) for index in indexes for row in index.releases]
        for document, place in (*recalled, *yanked):
            if document is not None and place is not None:
                yield document, place

    def _restore(self, document: Digest, index: int) -> Iterator[tuple[str, bytes]]:
        if data := self.proofs.document(document):
            yield site.document(document), data
        if found := self.log.entries_tile(index):
            yield site.log_tile(found[0]), found[1]


def is_full_at(tile: Tile, size: int) -> bool:
    """Whether a log of `size` entries had this tile in full already, so that it is the same for ever."""
    there = tile.in_log(size) if size else None
    return there is not None and there.width == WIDTH


def _version(role: str, data: bytes) -> int:
    version = version_of(data)
    if not version:
        raise MetadataMismatch(role, "a version", "none")
    return version
