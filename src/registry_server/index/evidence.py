"""What the log says and names, as the static side needs it: documents by digest, chains of publishers, packproofs that passed R1 to R9."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from packspec import site
from packspec.digests import Digest
from packspec.errors import Bug, PackError
from packspec.index import PublisherDocument
from packspec.index.replay import State
from packspec.log.checkpoint import Checkpoint, OpenedCheckpoint, SignedNote
from packspec.log.leaf import Leaf, PublishLeaf, RestoreLeaf, RootLeaf, parse_leaf
from packspec.log.proofs import inclusion_proof
from packspec.log.tiles import VerifiedTree
from packspec.names import PackName, PublisherName
from packspec.packproof import LogProof, Packproof
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Chain
from packspec.trustfiles import Reviewers, TrustFiles
from packspec.verdict import Answer, Evidence, LoggedEntry, PublisherRootEvidence, check_release, prove_publisher
from registry_server.call import Call
from registry_server.log import actions as log


class ReleaseFailsCheck(Bug):
    """A release in the log would not pass a client's check. It should have been refused before it was logged."""

    release: str
    reason: str

    code = "registry.release-fails-check"

    def what(self) -> str:
        return f"{self.release} is in the log but would be refused by every client"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}


class KeptDocuments:
    """The documents that log entries name, from the log's own table; a `packspec.index.replay.Documents`."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._known: dict[Digest, Envelope] = {}

    def read_ahead(self, entries: Iterable[bytes]) -> None:
        """Reads the documents of many entries at once."""
        self._known = log.envelopes(self._call, [digest for entry in entries for digest in named_by(parse_leaf(entry))])

    def envelope(self, sha256: Digest) -> Envelope | None:
        """A document in its envelope, by the digest of its payload."""
        return self._known.get(sha256) or log.envelopes(self._call, [sha256]).get(sha256)

    def payload(self, sha256: Digest) -> bytes | None:
        """The payload of a document."""
        found = self.envelope(sha256)
        return None if found is None else found.payload


def named_by(leaf: Leaf) -> Sequence[Digest]:
    """The documents that an entry names."""
    match leaf:
        case PublishLeaf():
            return (leaf.statement, *leaf.approvals)
        case RestoreLeaf():
            return (leaf.document,)
        case RootLeaf():
            return (leaf.root,)
        case _:
            return ()


@dataclass
class Prover:
    """Proves what the log of one checkpoint holds, with the documents and trust files of that moment."""

    tree: VerifiedTree
    note: SignedNote
    state: State
    documents: KeptDocuments
    trust: TrustFiles

    def packproof(self, index: int, entry: bytes, leaf: PublishLeaf, reviewers: Reviewers) -> bytes:
        """The packproof of the release at `index`, after R1 to R9 with what the log said until then. Raises ReleaseFailsCheck.

        What was logged after it (a theft of its key, of its reviewer's) is for its readers to judge: they refuse it, as they would had it
        been visible for years. Here it must not keep later entries from being seen, least of all the one that tells of the theft.
        """
        assert leaf.version is not None and leaf.publisher is not None  # of a public pack
        release = f"{leaf.pack} {leaf.version}"
        statement = self._document(leaf.statement, release)
        approvals = tuple(self._document(digest, release) for digest in leaf.approvals)
        hashes = self._proof(index)
        data = Packproof(statement, approvals, entry, LogProof(index, hashes, self.note)).encode()
        verdict = check_release(
            Evidence(
                pack=PackName(leaf.pack),
                version=leaf.version,
                packproof=data,
                proof=hashes,
                checkpoint=self._opened,
                publisher=self._chain_until(leaf.publisher, index),
                trust=replace(self.trust, reviewers=reviewers),
            )
        )
        answers = (verdict.authentic, verdict.approved, verdict.logged)
        if verdict.faults or any(finding.answer is not Answer.YES for finding in answers):
            reason = str(verdict.faults[0]) if verdict.faults else "; ".join(map(str, answers))
            raise ReleaseFailsCheck(release, reason)
        return data

    def chain(self, publisher: PublisherName) -> Chain | PackError:
        """The verified roots of `publisher`, or what is wrong with them."""
        document = PublisherDocument.parse(self.state.target(site.publisher_target(publisher)), publisher)
        try:
            roots = [
                PublisherRootEvidence(
                    self._document(row.sha256, f"root {row.version} of {publisher}"),
                    self._logged(row.log, row.leaf),
                    self._logged(row.reset.log, row.reset.leaf) if row.reset else None,
                )
                for row in document.roots
            ]
            return prove_publisher(publisher, roots, self.checkpoint, self.trust.resets, self.trust.policy)
        except PackError as error:
            return error

    def _chain_until(self, publisher: PublisherName, index: int) -> Chain | PackError:
        chain = self.chain(publisher)
        if isinstance(chain, PackError):
            return chain
        return Chain(publisher, tuple(rooted for rooted in chain.roots if rooted.index <= index))

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that everything is proven for."""
        return Checkpoint.parse(self.note.text)

    @property
    def _opened(self) -> OpenedCheckpoint:
        return OpenedCheckpoint(self.checkpoint, (), self.note)

    def _logged(self, index: int, entry: str) -> LoggedEntry:
        return LoggedEntry(index, entry.encode(), self._proof(index))

    def _proof(self, index: int) -> tuple[bytes, ...]:
        return inclusion_proof(index, self.tree.size, self.tree.read_hashes)

    def _document(self, sha256: Digest, release: str) -> Envelope:
        found = self.documents.envelope(sha256)
        if found is None:
            raise ReleaseFailsCheck(release, f"the document {sha256.labelled} is not kept")
        return found
