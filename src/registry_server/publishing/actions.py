"""From approved to published: the decision, after which nobody can take a release back, and what completes it.

Steps 4 to 7 of docs/spec/publishing.md. The decision is one transaction; everything after it is a function of the log and may be repeated.
"""

import msgspec

from packspec import limits
from packspec.digests import Digest
from packspec.log.leaf import LoggedPack, PublishLeaf
from packspec.signing.approval import NotApproved, ReviewerSet, Subject, judge_approvals, read_approval
from packspec.signing.dsse import Envelope, joined
from packspec.signing.publisher import Chain, CountingKeys, judge_signatures, keys_that_count
from packspec.signing.statement import PAYLOAD_TYPE, Statement, check_statement, read_statement
from packspec.submissions import Event, Role, State
from packspec.trustfiles import TrustFiles
from registry_server.actor import SYSTEM
from registry_server.audit import actions as audit
from registry_server.blobs import BlobMissing
from registry_server.call import Call, call_of
from registry_server.catalog import actions as catalog
from registry_server.catalog.rules import NewRelease
from registry_server.index import actions as index
from registry_server.log import actions as log
from registry_server.log.rules import Place
from registry_server.publishers import actions as publishers
from registry_server.publishing import attesting, moves, store
from registry_server.publishing.refusals import DecisionTooLong, KindChanged, VersionExists
from registry_server.publishing.rules import Submission
from registry_server.world import World

_PROOF_BYTES = 32 * limits.KIB
"""What entry, inclusion proof and checkpoint take in a packproof, far more than ever."""


def check_kind(call: Call, submission: Submission, found: str) -> None:
    """Raises KindChanged unless the pack is new, or of the kind `found`."""
    pack = catalog.find(call, submission.pack)
    if pack is not None and pack.kind != found:
        raise KindChanged(submission.pack, pack.kind, found)


def reviewers_at(trust: TrustFiles, place: int, release: str) -> ReviewerSet:
    """Who may approve at `place` of the log. Raises NotApproved if nobody may."""
    found = trust.reviewers.in_force(place)
    if found is None:
        raise NotApproved(release, 0, 1, ("the registry has no reviewers yet",))
    return found


def decide(call: Call, submission: Submission, approvals: list[Envelope]) -> Submission:
    """Step 5: takes the next place in the log for an approved submission, after R5 and R9 for that place, and adds the release.

    Raises what judging signatures, approvals and attestations raises, VersionExists, KindChanged, BlobMissing, DecisionTooLong, LogBehind.
    """
    publishers.active(call, submission.publisher)
    envelope, texts = submission.envelope, submission.texts
    assert envelope is not None and texts is not None  # only what was handed in and checked gets approved
    place, chain = log.take_place(call), publishers.chain(call, submission.publisher)
    trust = index.trust_for_next(call)
    counting = keys_that_count(chain, place.index, place.at, submission.pack, trust.policy.waits)
    statement = _authentic(submission, envelope, chain, counting)
    counted = _approved(submission, approvals, chain, place, trust)
    attested = [attesting.cited(call, submission, digest, counting) for digest in _cited(counted)]
    check_kind(call, submission, statement.facts.kind)
    if catalog.published_at(call, submission.pack, submission.version) is not None:
        raise VersionExists(
            submission.pack, submission.version, "published", statement.archive.sha256, submission.archive
        )
    for digest in index.public_blobs(statement):
        if not call.world.blobs.has(digest):
            raise BlobMissing(digest)
    _check_size([envelope, *counted])
    leaf = PublishLeaf(
        v=1,
        at=place.at,
        pack=LoggedPack(submission.pack),
        version=submission.version,
        publisher=submission.publisher,
        archive=statement.archive.sha256,
        statement=envelope.digest,
        approvals=tuple(one.digest for one in counted),
    )
    log.append(call, place, leaf, [envelope, *counted, *attested])
    catalog.add_release(call, NewRelease(statement, envelope.digest, texts, place.index, place.at))
    decided = msgspec.structs.replace(submission, log_number=place.index, hold=False)
    moves.keep(call, decided)
    facts = {"version": str(submission.version), "statement": str(envelope.digest), "log": str(place.index)}
    audit.record(call, "release.publish", f"pack:{submission.pack}", facts)
    return decided


def _authentic(submission: Submission, envelope: Envelope, chain: Chain, counting: CountingKeys) -> Statement:
    """R5 and R6 with the keys that count at this place."""
    judge_signatures(envelope, PAYLOAD_TYPE, f"{submission.pack} {submission.version}", counting)
    statement = read_statement(envelope.payload)
    check_statement(statement, submission.pack, submission.version, chain.anchor)
    return statement


def _approved(
    submission: Submission, approvals: list[Envelope], chain: Chain, place: Place, trust: TrustFiles
) -> list[Envelope]:
    """R9 for this place: the approvals that count, each document once, with the signatures that count."""
    wanted = subject(submission)
    reviewers = reviewers_at(trust, place.index, str(wanted))
    judged = judge_approvals(approvals, wanted, reviewers, chain.keys)
    found: dict[str, list[Envelope]] = {}
    for envelope in approvals:
        found.setdefault(envelope.digest, []).append(envelope)
    documents = [joined(several, judged.signers) for several in found.values()]
    return [one for one in documents if one.signatures]


def _cited(approvals: list[Envelope]) -> set[Digest]:
    """The attestations that approvals rest on."""
    return {digest for one in approvals if (digest := read_approval(one.payload).attestation) is not None}


def subject(submission: Submission) -> Subject:
    """What an approval of this submission must be about."""
    assert submission.envelope is not None
    return Subject(submission.pack, submission.version, submission.envelope.digest, submission.archive)


def _check_size(documents: list[Envelope]) -> None:
    """Nothing enters the log whose packproof would be too long for every reader. Raises DecisionTooLong."""
    size, ceiling = sum(len(one.encode()) for one in documents), limits.PACKPROOF_BYTES - _PROOF_BYTES
    if size > ceiling:
        raise DecisionTooLong(size, ceiling)


# After the decision


def finish(call: Call, number: int, role: Role = Role.REGISTRY) -> None:
    """Steps 6 and 7 for a decided submission: everything is on the static side, then it is called published.

    Raises what writing the static side raises; then the release appears when anybody repeats it.
    """
    visible = index.publish_pending(call.world)
    call.log_shown()
    acting = call if role is Role.PUBLISHER else call_of(call.world, SYSTEM)
    with acting.writing() as writing:
        _call_published(writing, number, visible, role)


def finish_published(world: World) -> None:
    """Calls published what readers see as such already: after a crash, or a publication that somebody else completed."""
    call, visible = call_of(world, SYSTEM), index.visible(world)
    with call.reading() as reading:
        waiting = store.decided(reading.db, visible)
    for number in waiting:
        with call.writing() as writing:
            _call_published(writing, number, visible, Role.REGISTRY)


def _call_published(call: Call, number: int, visible: int, role: Role) -> None:
    found = store.find(call.db, number)
    if found is None or found.state is not State.APPROVED or found.log_number is None or found.log_number >= visible:
        return
    known = msgspec.structs.replace(found, published_at=catalog.published_at(call, found.pack, found.version))
    moves.move(call, known, Event.PUBLISH, role, facts={"log": str(found.log_number)})
