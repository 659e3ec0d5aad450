"""Gathers what an install keeps of a registry, so that `evidence` can read it back without network and cache (install-state.md)."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from packctl.project.state import packproof_name, registry_prefix
from packctl.trust.documents import FetchedProofs
from packctl.trust.evidence import LogEvidence, RestoreEvidence, texts_of
from packctl.trust.log import Log
from packctl.trust.opening import Opened
from packctl.trust.proofs import Proven
from packctl.trust.targets import Targets
from packspec import site, wire
from packspec.index import IndexedRelease, Recalls
from packspec.log.checkpoint import Checkpoint
from packspec.log.proofs import consistency_proof, inclusion_proof


class Gathering(Struct, frozen=True):
    """A registry in one state, and where its files come from. `metadata` are the files of TUF that this state was read from."""

    opened: Opened
    metadata: Mapping[str, bytes]
    targets: Targets
    proofs: FetchedProofs
    log: Log
    recalls: Recalls

    def evidence(self, proven: Sequence[Proven], until: Checkpoint) -> dict[str, bytes]:
        """Name to bytes for the install state: what is needed for these releases, with proofs for `until`. Raises what fetching raises."""
        prefix = registry_prefix(self.opened.alias)
        found: dict[str, bytes] = {f"{prefix}checkpoint": self.log.opened.note.encode()}
        for version, data in self.opened.metadata.roots().items():
            found[f"{prefix}tuf/{version}.root.json"] = data
        for name, data in self.metadata.items():
            found[f"{prefix}tuf/{name}"] = data
        publishers = sorted({one.claim.pack.publisher for one in proven})
        for target in (*site.TRUST_TARGETS, site.RECALLS_TARGET, *map(site.publisher_target, publishers)):
            if target == site.LICENSE_KEYS_TARGET and not any(map(_is_paid, proven)):
                continue
            if listed := self.targets.find(target):
                found[f"{prefix}targets/{target}"] = self.targets.read(listed)
        for one in proven:
            if one.packproof is not None:
                found[packproof_name(one.claim.pack)] = one.packproof
        for publisher in publishers:
            for path, data in self.proofs.publisher_roots(publisher).items():
                found[f"{prefix}{path}"] = data
        found[f"{prefix}log"] = wire.encode(self._log(proven, until))
        return found

    def _log(self, proven: Sequence[Proven], until: Checkpoint) -> LogEvidence:
        rows = [one.listed for one in proven if one.listed]
        restores = dict(pair for row in rows for pair in self._restores(row))
        indexes = {place for one in proven for place in self._places(one)} | set(map(int, restores))
        self.log.prepare(indexes)
        # The nodes of a smaller tree are whole subtrees of the larger one, so S proves what was in the log at any size before.
        size = until.size
        return LogEvidence(
            checkpoint=until.line,
            inclusion={
                str(index): texts_of(inclusion_proof(index, size, self.log.read_hashes))
                for index in sorted(indexes)
                if index < size
            },
            consistent=texts_of(consistency_proof(size, self.log.checkpoint.size, self.log.read_hashes)),
            later={
                index: texts_of(proof)
                for index in restores
                if int(index) >= size and (proof := self.log.inclusion(int(index))) is not None
            },
            restores=restores,
        )

    def _places(self, one: Proven) -> Iterator[int]:
        """The log entries that a release stands on: its own, that of its restore, those of its publisher's roots and their resets."""
        places = [one.listed.log, one.listed.restored_log] if one.listed else []
        document = self.proofs.publisher_document(one.claim.pack.publisher)
        for root in document.roots if document else ():
            places += [root.log, root.reset.log if root.reset else None]
        yield from (place for place in places if place is not None)

    def _restores(self, row: IndexedRelease) -> Iterator[tuple[str, RestoreEvidence]]:
        lifted = [(one.restored, one.restored_log) for one in self.recalls.of(row.statement)]
        for digest, index in [*lifted, (row.restored, row.restored_log)]:
            if digest is None or index is None:
                continue
            document, entry = self.proofs.document(digest), self.log.entry(index)
            if document is not None and entry is not None:
                yield str(index), RestoreEvidence(document=document.decode(), entry=entry.decode())


def _is_paid(one: Proven) -> bool:
    return one.verdict.statement is not None and one.verdict.statement.paid
