"""What a publisher attests of a release: handed in before the decision, cited by approvals, kept with the log entry.

It is signed like the statement: a key that counts must have signed it to be taken, as many as the statement needs for an approval to rest
on it. Step 3 of docs/spec/publishing.md.
"""

import sqlalchemy as sa

from packspec.digests import Digest
from packspec.protocol.publishing import Attest
from packspec.signing.attestation import PAYLOAD_TYPE, read_attestation_of
from packspec.signing.dsse import Envelope, check_type, joined, valid_signers
from packspec.signing.publisher import CountingKeys, judge_signatures
from packspec.submissions import UNDECIDED
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.publishing import moves
from registry_server.publishing.counting import counting_keys
from registry_server.publishing.refusals import AttestationMissing, AttestedTooLate, NotHandedIn
from registry_server.publishing.rules import Submission
from registry_server.publishing.tables import submission_attestation


def attest(call: Call, ask: Attest) -> Submission:
    """Keeps the attestation, with the signatures of it that were there.

    Raises NotHandedIn, AttestedTooLate, StatementMismatch, WrongType, NotAuthentic and its kin, Malformed.
    """
    envelope = Envelope.parse(ask.attestation.encode())
    check_type(envelope, PAYLOAD_TYPE)
    before = moves.of_mine(call, ask.id)
    if before.envelope is None:
        raise NotHandedIn(str(before))
    if before.state not in UNDECIDED:
        raise AttestedTooLate(str(before), before.state.value)
    _, counting = counting_keys(call, before.pack)
    if not valid_signers(envelope, PAYLOAD_TYPE, [entry.key for entry in counting.keys]):
        judge_signatures(envelope, PAYLOAD_TYPE, "attestation", counting)
    read_attestation_of(before.envelope.digest, envelope.payload)
    kept = find(call, before)
    several = [envelope] if kept is None or kept.digest != envelope.digest else [kept, envelope]
    known = [*(entry.key for entry in counting.keys), *(other.entry.key for other in counting.excluded)]
    _keep(call, before, joined(several, known))
    facts = {"statement": str(before.envelope.digest), "attestation": str(envelope.digest)}
    audit.record(call, "submission.attest", f"submission:{before}", facts)
    return before


def find(call: Call, submission: Submission) -> Envelope | None:
    """What the publisher attests of the statement as it stands."""
    if submission.envelope is None:
        return None
    mine = submission_attestation.c.submission == submission.number
    about = submission_attestation.c.statement == str(submission.envelope.digest)
    found = call.db.scalar(sa.select(submission_attestation.c.envelope).where(mine & about))
    return None if found is None else Envelope.parse(found.encode())


def cited(call: Call, submission: Submission, digest: Digest, counting: CountingKeys) -> Envelope:
    """The attestation that an approval cites, if enough keys that count have signed it.

    Raises AttestationMissing, NotAuthentic and its kin, StatementMismatch.
    """
    found = find(call, submission)
    if found is None or found.digest != digest:
        raise AttestationMissing(digest)
    judge_signatures(found, PAYLOAD_TYPE, f"attestation of {submission.pack} {submission.version}", counting)
    assert submission.envelope is not None  # as it was found
    read_attestation_of(submission.envelope.digest, found.payload)
    return found


def _keep(call: Call, submission: Submission, envelope: Envelope) -> None:
    assert submission.envelope is not None
    call.db.execute(submission_attestation.delete().where(submission_attestation.c.submission == submission.number))
    call.db.execute(
        submission_attestation.insert().values(
            submission=submission.number,
            statement=str(submission.envelope.digest),
            digest=str(envelope.digest),
            envelope=envelope.encode().decode(),
        )
    )
