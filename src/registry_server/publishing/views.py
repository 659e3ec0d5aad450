"""How a submission is shown to its publisher and to reviewers."""

from dataclasses import dataclass, field

from packspec.errors import PackError
from packspec.names import PackName
from packspec.protocol.publishing import Move, SubmissionView
from packspec.signing.approval import ReviewerSet
from packspec.signing.attestation import PAYLOAD_TYPE as ATTESTATION
from packspec.signing.dsse import Envelope, valid_signers
from packspec.signing.publisher import CountingKeys
from packspec.signing.statement import PAYLOAD_TYPE
from packspec.submissions import State
from packspec.trustfiles import TrustFiles
from registry_server.accounts import actions as accounts
from registry_server.call import Call
from registry_server.catalog import actions as catalog
from registry_server.index import actions as index
from registry_server.log import actions as log
from registry_server.publishing import attesting, store
from registry_server.publishing.counting import counting_keys
from registry_server.publishing.rules import KeptMove, Submission

REGISTRY = "registry"
"""Who moved a submission, where nobody did."""


@dataclass
class Views:
    """Makes views inside one transaction; what several of them need is asked once."""

    call: Call
    _names: dict[int, str] = field(default_factory=dict)
    _counting: dict[PackName, CountingKeys | None] = field(default_factory=dict)
    _trust: TrustFiles | None = None

    def of(self, several: list[Submission]) -> list[SubmissionView]:
        """The views of submissions, in their order."""
        moves = store.moves(self.call.db, [one.number for one in several])
        return [self._view(one, moves[one.number]) for one in several]

    def one(self, submission: Submission) -> SubmissionView:
        """The view of one."""
        return self.of([submission])[0]

    def _view(self, one: Submission, moves: list[KeptMove]) -> SubmissionView:
        signatures, needed = self._signatures(one)
        approvals, approvals_needed = self._approvals(one)
        attestation = attesting.find(self.call, one)
        return SubmissionView(
            id=str(one),
            pack=one.pack,
            version=one.version,
            kind=one.kind,
            state=one.state.value,
            archive=one.archive,
            size=one.size,
            submitted_by=self._name(one.handed_in_by or one.opened_by),
            opened_at=one.opened_at,
            handed_in_at=one.handed_in_at,
            statement_digest=one.envelope.digest if one.envelope else None,
            statement=one.envelope.encode().decode() if one.envelope else "",
            signatures=signatures,
            signatures_needed=needed,
            approvals=approvals,
            approvals_needed=approvals_needed,
            attestation=attestation.encode().decode() if attestation else "",
            attestation_signatures=self._count_signers(one, attestation, ATTESTATION) if attestation else 0,
            note=one.note,
            hold=one.hold,
            findings=list(one.report.findings) if one.report else [],
            checks=one.report.digest if one.report else None,
            moves=[self._move(move) for move in moves],
            previous=catalog.newest_before(self.call, one.pack, one.log_number),
            queue_position=store.queue_position(self.call.db, one),
            log_index=one.log_number,
            published_at=one.published_at,
        )

    def _move(self, move: KeptMove) -> Move:
        return Move(
            at=move.at,
            actor=REGISTRY if move.member is None else self._name(move.member),
            from_state=move.from_state,
            to_state=move.to_state,
            reason=move.reason,
            note=move.note,
        )

    def _signatures(self, one: Submission) -> tuple[int, int]:
        """How many signatures count now, and how many are needed."""
        counting = self._keys(one)
        if counting is None:
            return 0, 1
        if one.envelope is None:
            return 0, counting.threshold
        return self._count_signers(one, one.envelope, PAYLOAD_TYPE), counting.threshold

    def _count_signers(self, one: Submission, envelope: Envelope, payload_type: str) -> int:
        counting = self._keys(one)
        return 0 if counting is None else len(valid_signers(envelope, payload_type, [row.key for row in counting.keys]))

    def _keys(self, one: Submission) -> CountingKeys | None:
        """The keys that count for it now."""
        if one.pack not in self._counting:
            try:
                self._counting[one.pack] = counting_keys(self.call, one.pack)[1]
            except PackError:  # a publisher without a root in the log: nothing counts yet
                self._counting[one.pack] = None
        return self._counting[one.pack]

    def _approvals(self, one: Submission) -> tuple[int, int]:
        """How many reviewers approved, as far as they count, and how many are needed."""
        if self._trust is None:
            self._trust = index.trust_for_next(self.call)
        place = log.size(self.call) if one.log_number is None else one.log_number
        reviewers = self._trust.reviewers.in_force(place)
        if reviewers is None:
            return 0, 1
        if one.state is State.DRAFT:
            return 0, reviewers.threshold
        return self._count(one, reviewers), reviewers.threshold

    def _count(self, one: Submission, reviewers: ReviewerSet) -> int:
        approvals = [kept.envelope for kept in store.decisions(self.call.db, one) if kept.decision == "approved"]
        counting = [key for key in reviewers.keys if key.key_id not in reviewers.stolen]
        return len({key.key_id for envelope in approvals for key in counting if envelope.is_signed_by(key)})

    def _name(self, member: int) -> str:
        if member not in self._names:
            self._names[member] = accounts.member(self.call.db, member).account
        return self._names[member]
