"""The publisher's half: opening a draft, handing in, signing, withdrawing. Steps 1 and 2 of docs/spec/publishing.md."""

import msgspec

from packspec.digests import Digest
from packspec.protocol.publishing import AddSignature, HandIn, OpenSubmission, Withdrawn
from packspec.signing.dsse import Envelope, check_type, joined, valid_signers
from packspec.signing.publisher import Chain, CountingKeys, judge_signatures
from packspec.signing.statement import PAYLOAD_TYPE, Statement, StatementMismatch, check_statement, read_statement
from packspec.submissions import Event, IllegalMove, Role, State, find_move
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.catalog import actions as catalog
from registry_server.publishers import actions as publishers
from registry_server.publishing import moves, reading, store
from registry_server.publishing.actions import check_kind
from registry_server.publishing.checks.seen import Known
from registry_server.publishing.counting import counting_keys
from registry_server.publishing.refusals import (
    NameReserved,
    NotHandedIn,
    OtherStatement,
    SubmissionChanged,
    VersionExists,
)
from registry_server.publishing.rules import Submission
from registry_server.sources import whole
from registry_server.staging_refusals import NoUpload, UploadTooLarge


def open_draft(call: Call, ask: OpenSubmission) -> Submission:
    """A draft for this archive: the one there is, one that came back from review, or a new one.

    Raises VersionExists, NameReserved, UploadTooLarge, and as `publishers.acting_for`.
    """
    assert call.actor.member is not None  # the row asks for a token
    publishers.acting_for(call, ask.pack.publisher, ask.pack)
    if ask.pack.is_reserved:
        raise NameReserved(ask.pack)
    if ask.size > (most := call.world.settings.publish.archive_bytes):
        raise UploadTooLarge(ask.size, most)
    version = ask.version.without_build()
    if (there := store.live(call.db, ask.pack, version)) is not None:
        if there.archive == ask.archive:
            return there  # the reply to an earlier call was lost (R21)
        raise VersionExists(ask.pack, version, there.state.value, there.archive, ask.archive)
    drafts = store.drafts(call.db, ask.pack, version)
    if same := next((draft for draft in drafts if draft.archive == ask.archive), None):
        return same
    pack = catalog.find(call, ask.pack)
    new = Submission(
        number=0,
        pack=ask.pack,
        version=version,
        kind=pack.kind if pack else "",
        state=State.DRAFT,
        archive=ask.archive,
        size=ask.size,
        opened_by=call.actor.member,
        opened_at=call.now,
    )
    if returned := next((draft for draft in drafts if draft.round), None):
        kept = {"number": returned.number, "opened_by": returned.opened_by, "opened_at": returned.opened_at}
        new = msgspec.structs.replace(new, round=returned.round, **kept)
        moves.keep(call, new)
    else:
        new = store.add(call.db, new)
    audit.record(
        call,
        "submission.open",
        f"submission:{new}",
        {"pack": str(new.pack), "version": str(new.version), "archive": str(new.archive)},
    )
    return new


def hand_in(call: Call, ask: HandIn) -> Submission:
    """Reads and checks the archive against its statement, and moves the draft to review if enough keys signed; else it waits for more.

    Raises what `reading.check` raises, StatementMismatch, KindChanged, VersionExists, IllegalMove, SubmissionChanged, NoUpload, and what
    judging signatures raises if not even one counts.
    """
    envelope = Envelope.parse(ask.statement.encode())
    with call.reading() as looking:
        before = moves.of_mine(looking, ask.id)
        if _is_repeated(before, envelope):
            return before
        find_move(before.state, Event.SUBMIT, Role.PUBLISHER, submission=str(before))
        chain, counting = counting_keys(looking, before.pack)
        statement = _vouched(before, envelope, chain, counting)
        check_kind(looking, before, statement.facts.kind)
        moves.check_free(looking, before)
        _check_uploaded(looking, before)
        known = _known(looking, before, statement)
    checked = reading.check(call.world, reading.HandedIn(before.archive, before.size, statement), known)
    with call.writing() as writing:
        now = moves.of_mine(writing, ask.id)
        if _is_repeated(now, envelope):
            return now
        find_move(now.state, Event.SUBMIT, Role.PUBLISHER, submission=str(now))
        if (now.archive, now.size) != (before.archive, before.size):
            raise SubmissionChanged(str(now))
        handed_in = msgspec.structs.replace(
            now,
            kind=statement.facts.kind,
            envelope=envelope,
            report=checked.report,
            texts=checked.texts,
            note=ask.note,
            hold=ask.hold,
            handed_in_by=writing.actor.member,
        )
        return _submit_if_signed(writing, handed_in, [envelope])


def sign(call: Call, ask: AddSignature) -> Submission:
    """Adds signatures to a draft that waits for them. Raises NotHandedIn, OtherStatement, IllegalMove, VersionExists, and as `hand_in`."""
    envelope = Envelope.parse(ask.statement.encode())
    check_type(envelope, PAYLOAD_TYPE)
    with call.writing() as writing:
        before = moves.of_mine(writing, ask.id)
        if before.envelope is None:
            raise NotHandedIn(str(before))
        if before.envelope.digest != envelope.digest:
            raise OtherStatement(str(before), before.envelope.digest, envelope.digest)
        if before.state is not State.DRAFT:
            if _all_there(before.envelope, envelope):
                return before  # the reply to an earlier call was lost (R21)
            raise IllegalMove(before.state, Event.SUBMIT, str(before))
        chain, counting = counting_keys(writing, before.pack)
        _vouched(before, envelope, chain, counting)
        return _submit_if_signed(writing, before, [before.envelope, envelope])


def withdraw(call: Call, ask: Withdrawn) -> Submission:
    """Back to draft. Raises IllegalMove."""
    before = moves.of_mine(call, ask.id)
    return moves.move(call, _without_reviewer(before), Event.WITHDRAW, Role.PUBLISHER, note=ask.note)


def _without_reviewer(submission: Submission) -> Submission:
    return msgspec.structs.replace(submission, taken_by=None, handed_in_at=None)


def _vouched(submission: Submission, envelope: Envelope, chain: Chain, counting: CountingKeys) -> Statement:
    """The statement, decoded only now that a key that counts has signed it (S24), and about this submission."""
    name = f"{submission.pack} {submission.version}"
    if not valid_signers(envelope, PAYLOAD_TYPE, [entry.key for entry in counting.keys]):
        judge_signatures(envelope, PAYLOAD_TYPE, name, counting)
    statement = read_statement(envelope.payload)
    check_statement(statement, submission.pack, submission.version, chain.anchor)
    for field, expected, found in (
        ("archive", submission.archive, statement.archive.sha256),
        ("archive's size", str(submission.size), str(statement.archive.size)),
    ):
        if expected != found:
            raise StatementMismatch("the statement", field, expected, found)
    return statement


def _submit_if_signed(call: Call, handed_in: Submission, envelopes: list[Envelope]) -> Submission:
    _, counting = counting_keys(call, handed_in.pack)
    known = [*(entry.key for entry in counting.keys), *(other.entry.key for other in counting.excluded)]
    signed = msgspec.structs.replace(handed_in, envelope=joined(envelopes, known))
    assert signed.envelope is not None
    facts = {"statement": str(signed.envelope.digest), "archive": str(signed.archive)}
    if len(valid_signers(signed.envelope, PAYLOAD_TYPE, [entry.key for entry in counting.keys])) < counting.threshold:
        moves.keep(call, signed)
        audit.record(call, "submission.sign", f"submission:{signed}", facts)
        return signed
    moves.check_free(call, signed)
    ready = msgspec.structs.replace(signed, round=signed.round + 1, handed_in_at=call.now)
    return moves.move(call, ready, Event.SUBMIT, Role.PUBLISHER, note=ready.note, facts=facts)


def _is_repeated(submission: Submission, envelope: Envelope) -> bool:
    """Whether this statement was handed in already: the reply to an earlier call was lost (R21)."""
    there = submission.envelope
    is_beyond = submission.state not in (State.DRAFT, State.REJECTED)
    return is_beyond and there is not None and there.digest == envelope.digest


def _all_there(there: Envelope, envelope: Envelope) -> bool:
    return {one.key_id for one in envelope.signatures} <= {one.key_id for one in there.signatures}


def _check_uploaded(call: Call, submission: Submission) -> None:
    """The archive's bytes came from whoever opened the draft or hands it in now. Raises NoUpload.

    Nobody gets at bytes by naming a digest. What was read once for this draft need not be sent again.
    """
    if submission.report is not None:
        return
    senders = {submission.opened_by, call.actor.member}
    staging = call.world.staging
    if not any(staging.is_complete(member, submission.archive) for member in senders if member is not None):
        raise NoUpload(submission.archive)


def _known(call: Call, submission: Submission, statement: Statement) -> Known:
    member, staging = call.actor.member, call.world.staging
    assert member is not None  # the row asks for a token

    def uploaded_bytes(digest: Digest) -> int | None:
        return staging.state(member, digest).size if staging.is_complete(member, digest) else None

    return Known(
        is_new=catalog.find(call, submission.pack) is None,
        foreign_names=tuple(catalog.foreign_names(call, submission.pack)),
        versions={wish.pack: catalog.versions_to_choose(call, wish.pack) for wish in statement.facts.dependencies},
        uploaded_bytes=uploaded_bytes,
        read_uploaded=lambda digest: whole(call.world.blobs.open(digest)),
    )
