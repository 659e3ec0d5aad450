"""The reviewer's half: taking, approving, rejecting; and letting go what was held back. Step 3 of docs/spec/publishing.md."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from packspec.protocol.publishing import AskSubmission, Decide, Reject
from packspec.signing.approval import (
    PAYLOAD_TYPE,
    Approval,
    Decision,
    NotApproved,
    ReviewerSet,
    SelfApproved,
    check_tally,
    judge_approvals,
    read_approval,
    tally_reviewers,
)
from packspec.signing.dsse import Envelope, check_type
from packspec.signing.keys import PublicKey
from packspec.signing.publisher import Chain
from packspec.submissions import MOVES, Event, IllegalMove, Role, State, find_move
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.index import actions as index
from registry_server.log import actions as log
from registry_server.publishers import actions as publishers
from registry_server.publishing import actions, attesting, moves, store
from registry_server.publishing.counting import counting_keys
from registry_server.publishing.refusals import ApprovalDiffers
from registry_server.publishing.rules import KeptDecision, Submission


def take(call: Call, ask: AskSubmission) -> Submission:
    """Takes a submission from the queue, or from another reviewer. Raises IllegalMove, OwnSubmission."""
    before = moves.to_review(call, ask.id)
    if before.state is State.IN_REVIEW and before.taken_by == call.actor.member:
        return before
    taken = msgspec.structs.replace(before, taken_by=call.actor.member)
    return moves.move(call, taken, Event.TAKE, Role.REVIEWER)


def approve(call: Call, ask: Decide) -> Submission:
    """Keeps a signed approval; with enough of them, decides. Whoever tells of it finishes what was decided.

    Raises IllegalMove, OwnSubmission, ApprovalDiffers, NotApproved, SelfApproved, what `attesting.cited` raises, and as `actions.decide`.
    """
    envelope = Envelope.parse(ask.approval.encode())
    with call.writing() as writing:
        before = moves.to_review(writing, ask.id)
        is_repeated = _is_repeated(writing, before, envelope, State.APPROVED, State.PUBLISHED)
        return before if is_repeated else _approve(writing, before, envelope, ask.note)


def _is_repeated(call: Call, submission: Submission, envelope: Envelope, *after: State) -> bool:
    """Whether this decision has led to where the submission stands: the reply to an earlier call was lost (R21)."""
    if submission.state not in after:
        return False
    mine = (call.actor.member, envelope.digest)
    return any((kept.member, kept.envelope.digest) == mine for kept in store.decisions(call.db, submission))


def _approve(call: Call, before: Submission, envelope: Envelope, note: str) -> Submission:
    find_move(before.state, Event.APPROVE, Role.REVIEWER, submission=str(before))
    judges = _judges(call, before)
    approval = _read(call, before, envelope, "approved", judges)
    if approval.attestation is not None:
        attesting.cited(call, before, approval.attestation, counting_keys(call, before.pack)[1])
    _keep(call, before, envelope, approval)
    envelopes = _approvals(call, before)
    try:
        judge_approvals(envelopes, actions.subject(before), judges.reviewers, judges.chain.keys)
    except (NotApproved, SelfApproved):
        return before  # more reviewers must approve
    approved = moves.move(
        call, before, Event.APPROVE, Role.REVIEWER, note=note, facts={"approval": str(envelope.digest)}
    )
    return approved if approved.hold else actions.decide(call, approved, envelopes)


def reject(call: Call, ask: Reject) -> Submission:
    """Ends a submission, or sends it back to draft. Never in the log. Raises as `approve`, and ReasonMissing."""
    envelope = Envelope.parse(ask.approval.encode())
    before = moves.to_review(call, ask.id)
    event = Event.ASK_CHANGES if ask.to_draft else Event.REJECT
    if _is_repeated(call, before, envelope, State.DRAFT if ask.to_draft else State.REJECTED):
        return before
    if not any(row.source is before.state and row.event is event for row in MOVES):
        raise IllegalMove(before.state, event, str(before))
    rejection = _read(call, before, envelope, "rejected", _judges(call, before))
    reason = rejection.reason or ""
    _keep(call, before, envelope, rejection)
    left = msgspec.structs.replace(before, taken_by=None, handed_in_at=None) if ask.to_draft else before
    facts = {"rejection": str(envelope.digest)}
    return moves.move(call, left, event, Role.REVIEWER, reason=reason, note=ask.note, facts=facts)


def let_go(call: Call, ask: AskSubmission) -> Submission:
    """Publishes an approved release that was held back. Raises IllegalMove, and as `actions.decide` and `actions.finish`."""
    with call.writing() as writing:
        before = moves.of_mine(writing, ask.id)
        if before.state is State.PUBLISHED:
            return before
        find_move(before.state, Event.PUBLISH, Role.PUBLISHER, submission=str(before))
        after = before
        if before.log_number is None:
            after = actions.decide(writing, before, _approvals(writing, before))
    actions.finish(call, after.number, Role.PUBLISHER)
    return after


def _approvals(call: Call, submission: Submission) -> list[Envelope]:
    """The approvals of this round, of each key the newest one: who approves again says it anew, and an entry names at most 16."""
    newest: list[Envelope] = []
    keys: set[str] = set()
    for kept in reversed(store.decisions(call.db, submission)):
        signed_by = {one.key_id for one in kept.envelope.signatures}
        if kept.decision == "approved" and not signed_by <= keys:
            newest.append(kept.envelope)
            keys |= signed_by
    return newest[::-1]


@dataclass(frozen=True)
class _Judges:
    """Who would judge a decision if it were logged now: the publisher's roots, the reviewers in force, and how each is called."""

    chain: Chain
    reviewers: ReviewerSet
    names: Mapping[PublicKey, str]


def _judges(call: Call, submission: Submission) -> _Judges:
    trust, place = index.trust_for_next(call), log.size(call)
    reviewers = actions.reviewers_at(trust, place, f"{submission.pack} {submission.version}")
    return _Judges(publishers.chain(call, submission.publisher), reviewers, trust.reviewers.names_at(place))


def _read(call: Call, submission: Submission, envelope: Envelope, decision: Decision, judges: _Judges) -> Approval:
    """The decision, decoded only now that a reviewer who counts has signed it (S24), and about this submission as it stands (S22)."""
    check_type(envelope, PAYLOAD_TYPE)
    subject = actions.subject(submission)
    tally = tally_reviewers(envelope, PAYLOAD_TYPE, judges.reviewers, judges.chain.keys)
    check_tally(str(subject), tally, 1)
    for key in tally.signers:
        moves.check_signer(call, submission, judges.names[key])
    found = read_approval(envelope.payload)
    assert submission.report is not None  # what was handed in was checked
    for field, want, have in (
        ("decision", decision, found.decision),
        ("submission", str(submission), found.submission),
        ("pack", subject.pack, found.pack),
        ("version", str(subject.version), str(found.version)),
        ("statement", subject.statement, found.statement),
        ("archive", subject.archive, found.archive),
        ("check report", submission.report.digest, found.checks),
    ):
        if want != have:
            raise ApprovalDiffers(str(submission), field, want, have)
    return found


def _keep(call: Call, submission: Submission, envelope: Envelope, found: Approval) -> None:
    assert call.actor.member is not None  # the row asks for a token
    decision = KeptDecision(
        member=call.actor.member, round=submission.round, decision=found.decision, at=call.now, envelope=envelope
    )
    store.add_decision(call.db, submission.number, decision)
    facts = {"decision": found.decision, "document": str(envelope.digest), "statement": str(found.statement)}
    audit.record(call, "submission.decide", f"submission:{submission}", facts, reason=found.reason or "")
