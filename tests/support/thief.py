"""What somebody does with what was stolen: a server whose own checks are passed by, and metadata signed by single keys."""

from dataclasses import dataclass

from msgspec.structs import replace

from packspec import site
from packspec.digests import Digest
from packspec.index import PackIndex, PublisherDocument
from packspec.index.documents import PublisherDocumentRoot
from packspec.log.leaf import Leaf, LoggedPack, PublishLeaf, RootLeaf, encode_leaf
from packspec.log.proofs import inclusion_proof
from packspec.names import PackName, PublisherName
from packspec.packproof import LogProof, Packproof
from packspec.signing import dsse
from packspec.signing.approval import PAYLOAD_TYPE as APPROVAL
from packspec.signing.approval import Approval, make_approval
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import PAYLOAD_TYPE as PUBLISHER_ROOT
from packspec.signing.publisher import PublisherRoot
from packspec.signing.statement import PAYLOAD_TYPE as STATEMENT
from packspec.signing.statement import make_statement
from packspec.versions import Version
from registry_server.actor import TERMINAL
from registry_server.call import call_of
from registry_server.index.actions import current_trust, tree_of
from registry_server.index.repository import Repository
from registry_server.log import actions as log
from tests.support.hostile import HostileRegistry
from tests.support.published import Publication
from tests.support.signing import key, role


@dataclass
class Thief:
    """Has the server with all of its online keys, and the keys of whoever `signs` and `approves`."""

    registry: HostileRegistry
    signs: str = "mallory"
    approves: str = "kim"

    def smuggle(self, *leaves: Leaf) -> int:
        """Puts entries into the log and shows them, past everything that the server would look at. The index of the first."""
        world = self.registry.world
        with call_of(world, TERMINAL).writing() as call:
            first = log.size(call)
            for leaf in leaves:
                log.append(call, log.take_place(call), leaf)
            shown = Repository.load(world.public).checkpoint.size
            entries = log.entries(call, shown, log.size(call))
        tree = log.write_tiles(world, shown, entries)
        self.registry.sign({}, log.sign(world, current_trust(world).log, tree))
        return first

    def root_one(self, publisher: PublisherName) -> Digest:
        """A first root of a publisher that has one already, with the thief's keys; shown instead of the publisher's."""
        root = PublisherRoot(
            v=1,
            publisher=publisher,
            version=1,
            previous=None,
            owners=role([f"{self.signs}-owner"]),
            release=role([self.signs]),
            compromised=(),
            contact="keys@acme.example",
            created="2027-01-15T08:00:00Z",
        )
        envelope = dsse.sign(root.encode(), PUBLISHER_ROOT, [key(f"{self.signs}-owner")])
        leaf = RootLeaf(v=1, at=self.registry.clock(), publisher=publisher, version=1, root=envelope.digest)
        index = self.smuggle(leaf)
        row = PublisherDocumentRoot(version=1, sha256=envelope.digest, log=index, leaf=self.entry(index).decode())
        document = PublisherDocument(v=1, publisher=publisher, roots=(row,))
        self.registry.lie(site.publisher_root(publisher, 1), envelope.encode())
        self.registry.sign({site.publisher_target(publisher): document.encode()})
        return envelope.digest

    def release(self, pack: PackName, version: str, anchor: Digest, at: int = 0, *, is_logged: bool = True) -> None:
        """Shows a release in place of all others of `pack`, dated `at`, as of the publisher whose first root is `anchor`."""
        publication = Publication(self.registry.world, self.registry.publication.offline, {pack.publisher: [anchor]})
        statement, archive, tree = publication.statement(pack, version)
        envelope = dsse.sign(make_statement(statement), STATEMENT, [key(self.signs)])
        approval = Approval(
            v=1,
            statement=envelope.digest,
            archive=statement.archive.sha256,
            pack=pack,
            version=Version.parse(version),
            decision="approved",
            submission="S-1",
            checks=Digest.of(b"check report"),
            safety="none",
            at=self.registry.clock(),
        )
        approved = dsse.sign(make_approval(approval), APPROVAL, [key(self.approves)])
        leaf = PublishLeaf(
            v=1,
            at=at or self.registry.clock(),
            pack=LoggedPack(pack),
            version=Version.parse(version),
            publisher=pack.publisher,
            statement=envelope.digest,
            approvals=(approved.digest,),
            archive=statement.archive.sha256,
        )
        index = self.smuggle(leaf) if is_logged else self.registry.publication.releases[f"{pack}@1.0.0"].index
        self._show(leaf, index, envelope, approved)
        for data in (archive, tree.encode()):
            self.registry.lie(site.blob(Digest.of(data)), data)
        name = site.pack_target(pack)
        listed = PackIndex.parse(self.registry.target(name), pack)
        row = replace(
            listed.releases[0],
            version=leaf.version,
            archive=statement.archive,
            unpacked=statement.unpacked,
            statement=envelope.digest,
            log=index,
            at=leaf.at,
        )
        self.registry.sign({name: replace(listed, releases=(row,)).encode()})

    def _show(self, leaf: PublishLeaf, index: int, statement: Envelope, approval: Envelope) -> None:
        tree = tree_of(self.registry.world)
        proof = LogProof(
            index,
            inclusion_proof(index, tree.size, tree.read_hashes),
            Repository.load(self.registry.world.public).note,
        )
        assert leaf.version is not None
        packproof = Packproof(statement, (approval,), encode_leaf(leaf), proof)
        self.registry.lie(site.packproof(PackName(leaf.pack), leaf.version), packproof.encode())

    def entry(self, index: int) -> bytes:
        """An entry of the log."""
        with call_of(self.registry.world, TERMINAL).reading() as call:
            (found,) = log.entries(call, index, index + 1)
        return found
