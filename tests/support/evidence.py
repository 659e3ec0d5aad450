"""A release as the static side alone shows it: everything that a release check asks for, read file by file, with no code of the server."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tuf.api.metadata import Metadata, Snapshot, TargetFile, Targets, Timestamp

from packspec import site
from packspec.digests import Digest
from packspec.index import IndexedRelease, PackIndex, PublisherDocument
from packspec.log.checkpoint import OpenedCheckpoint, SignedNote, open_checkpoint
from packspec.log.proofs import inclusion_proof
from packspec.log.tiles import Tile, VerifiedTree
from packspec.names import PackName
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Chain
from packspec.trustfiles import LogTrust, Resets, Reviewers, TrustFiles, TrustPolicy
from packspec.verdict import Current, Evidence, LoggedEntry, PublisherRootEvidence, prove_publisher
from packspec.versions import Version

Read = Callable[[str], bytes | None]


@dataclass
class Site:
    """The static side behind `read`, at the timestamp of now."""

    read: Read

    def get(self, path: str) -> bytes:
        """A file that must be there."""
        data = self.read(path)
        assert data is not None, f"the static side lacks {path}"
        return data

    @property
    def snapshot(self) -> Snapshot:
        """What the timestamp names."""
        timestamp = Metadata[Timestamp].from_bytes(self.get(site.TIMESTAMP)).signed
        data = self.get(site.tuf_metadata("snapshot", timestamp.snapshot_meta.version))
        timestamp.snapshot_meta.verify_length_and_hashes(data)
        return Metadata[Snapshot].from_bytes(data).signed

    def role(self, name: str) -> Targets:
        """A role of the snapshot."""
        meta = self.snapshot.meta[f"{name}.json"]
        data = self.get(site.tuf_metadata(name, meta.version))
        meta.verify_length_and_hashes(data)
        return Metadata[Targets].from_bytes(data).signed

    def target(self, name: str) -> bytes | None:
        """A target as the roles list it, its digest compared; None for one that is not listed."""
        role = "targets"
        if name.startswith("index/"):
            delegations = self.role("index").delegations
            assert delegations is not None and delegations.succinct_roles is not None
            role = delegations.succinct_roles.get_role_for_target(name)
        file: TargetFile | None = self.role(role).targets.get(name)
        if file is None:
            return None
        data = self.get(site.target(name, Digest(file.hashes["sha256"])))
        file.verify_length_and_hashes(data)
        return data

    @property
    def trust(self) -> TrustFiles:
        """The trust files."""
        files = [self.target(name) for name in site.TRUST_TARGETS[:4]]
        log, reviewers, policy, resets = (data or b"" for data in files)
        return TrustFiles(
            LogTrust.parse(log), Reviewers.parse(reviewers), TrustPolicy.parse(policy), Resets.parse(resets)
        )

    @property
    def checkpoint(self) -> OpenedCheckpoint:
        """The checkpoint inside the snapshot, its signature verified."""
        text = self.snapshot.unrecognized_fields["x-packctl-checkpoint"]
        return open_checkpoint(SignedNote.parse(text.encode()), self.trust.log)

    def read_tiles(self, tiles: Iterable[Tile]) -> list[bytes]:
        """A TileReader."""
        return [self.read(site.log_tile(tile)) or self.get(site.log_tile(tile.full)) for tile in tiles]

    def prove(self, index: int) -> tuple[bytes, ...]:
        """The inclusion proof of an entry, by tiles."""
        checkpoint = self.checkpoint.checkpoint
        tree = VerifiedTree(checkpoint.size, checkpoint.root, self)
        return inclusion_proof(index, checkpoint.size, tree.read_hashes)

    def listed(self, pack: PackName, version: Version) -> IndexedRelease | None:
        """The release's row in its pack's index."""
        data = self.target(site.pack_target(pack))
        return None if data is None else PackIndex.parse(data, pack).find(version)

    def chain(self, pack: PackName) -> Chain:
        """The verified roots of the publisher."""
        publisher = pack.publisher
        data = self.target(site.publisher_target(publisher))
        assert data is not None, f"{publisher} is not listed"
        roots = [
            PublisherRootEvidence(
                Envelope.parse(self.get(site.publisher_root(publisher, row.version))),
                LoggedEntry(row.log, row.leaf.encode(), self.prove(row.log)),
            )
            for row in PublisherDocument.parse(data, publisher).roots
        ]
        trust = self.trust
        return prove_publisher(publisher, roots, self.checkpoint.checkpoint, trust.resets, trust.policy)

    def evidence(self, name: str, version: str) -> Evidence:
        """All evidence about a release that is listed, as a client has it that meets the publisher for the first time."""
        pack, wanted = PackName.parse(name), Version.parse(version)
        listed = self.listed(pack, wanted)
        assert listed is not None, f"{name} {version} is not listed"
        return Evidence(
            pack=pack,
            version=wanted,
            packproof=self.get(site.packproof(pack, wanted)),
            proof=self.prove(listed.log),
            checkpoint=self.checkpoint,
            publisher=self.chain(pack),
            trust=self.trust,
            current=Current(as_of=listed.at),
            listed=listed,
        )
