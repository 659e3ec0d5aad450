"""The life of a submission over the API: every state, every event, every person."""

import msgspec
import pytest

from packspec import canonical, site
from packspec.digests import Digest
from packspec.names import PackName
from packspec.packproof import Packproof
from packspec.problems import Relayed
from packspec.protocol.publishing import (
    APPROVE,
    ARCHIVE,
    LIST,
    PUBLISH,
    SHOW,
    SIGN,
    TAKE,
    WITHDRAW,
    AddSignature,
    AskSubmission,
    Decide,
    ListSubmissions,
    Withdrawn,
)
from packspec.signing import approval, dsse
from packspec.versions import Version
from registry_server.index.reviewers import add_reviewer, remove_reviewer
from tests.registry_server.conftest import registry_of
from tests.support import publishing as do
from tests.support.signing import key


def refusal(call):
    with pytest.raises(Relayed) as caught:
        call()
    return caught.value.code


def withdraw(registry, id, token=None):
    return registry.call(WITHDRAW, Withdrawn(id=id, note="wait"), token or registry.publisher("acme").token)


def submitted(registry):
    return registry.submit("acme/icons", "1.2.0").id


def drafted(registry):
    id = submitted(registry)
    withdraw(registry, id)
    return id


def taken(registry):
    id = submitted(registry)
    do.take(registry, registry.reviewer(), id)
    return id


def held(registry):
    id = registry.submit("acme/icons", "1.2.0", hold=True).id
    do.take(registry, registry.reviewer(), id)
    do.approve(registry, registry.reviewer(), id)
    return id


def rejected(registry):
    id = taken(registry)
    do.reject(registry, registry.reviewer(), id)
    return id


def published(registry):
    return registry.publish("acme/icons", "1.2.0").id


STATES = {
    "draft": drafted,
    "pending_review": submitted,
    "in_review": taken,
    "approved": held,
    "rejected": rejected,
    "published": published,
}


def submit(registry, id):
    """Another statement about the same archive, so that nothing counts as a repetition."""
    publisher, view = registry.publisher("acme"), do.show(registry, registry.publisher("acme").token, id)
    registry.clock.advance(minutes=1)
    built = registry.build("acme/icons", "1.2.0")
    assert built.digest == view.archive
    return do.hand_in(registry, publisher.token, id, do.signed(built.statement, publisher.releases))


EVENTS = {
    "submit": submit,
    "take": lambda registry, id: do.take(registry, registry.reviewer("ana"), id),
    "withdraw": withdraw,
    "approve": lambda registry, id: do.approve(registry, registry.reviewer("ana"), id),
    "reject": lambda registry, id: do.reject(registry, registry.reviewer("ana"), id),
    "ask-changes": lambda registry, id: do.reject(registry, registry.reviewer("ana"), id, to_draft=True),
    "publish": lambda registry, id: registry.call(PUBLISH, AskSubmission(id=id), registry.publisher("acme").token),
}
LEGAL = {
    ("draft", "submit"): "pending_review",
    ("pending_review", "take"): "in_review",
    ("pending_review", "withdraw"): "draft",
    ("in_review", "take"): "in_review",
    ("in_review", "withdraw"): "draft",
    ("in_review", "approve"): "published",
    ("in_review", "reject"): "rejected",
    ("in_review", "ask-changes"): "draft",
    ("approved", "publish"): "published",
    ("published", "publish"): "published",
}
"""Written out once more, on purpose. An approval that is enough also publishes; publishing twice is answered as once."""
STEPS = {("in_review", "approve"): 2, ("published", "publish"): 0}


@pytest.fixture
def prepared(tmp_path, request, state):
    """A registry whose only submission is in this state: brought there once a process, and copied for every event."""
    with registry_of(request.config, tmp_path, STATES[state]) as opened:
        yield opened


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", EVENTS)
def test_a_submission_moves_along_the_table_and_nowhere_else(prepared, state, event):
    registry, id = prepared, "S-1"
    token = registry.publisher("acme").token
    before = do.show(registry, token, id)
    assert before.state == state

    if (state, event) not in LEGAL:
        assert refusal(lambda: EVENTS[event](registry, id)) == "publishing.illegal-move"
        after = do.show(registry, token, id)
        assert (after.state, after.moves) == (state, before.moves)
        return

    after = EVENTS[event](registry, id)
    assert after.state == LEGAL[state, event]
    steps = STEPS.get((state, event), 1)
    assert len(after.moves) == len(before.moves) + steps
    if steps:
        assert after.moves[-1].to_state == after.state
        assert after.moves[len(before.moves)].from_state == state


def test_every_step_says_who_when_and_why(registry):
    registry.reviewer("kim")
    id = registry.submit("acme/icons", "1.2.0", note="new circles").id
    registry.clock.advance(minutes=5)
    do.take(registry, registry.reviewer("kim"), id)
    registry.clock.advance(minutes=5)
    do.reject(registry, registry.reviewer("kim"), id, "rights", "whose font is it?", to_draft=True)

    shown = do.show(registry, registry.publisher("acme").token, id)

    assert [(move.actor, move.from_state, move.to_state, move.reason, move.note) for move in shown.moves] == [
        ("acme-owner", "draft", "pending_review", "", "new circles"),
        ("kim", "pending_review", "in_review", "", ""),
        ("kim", "in_review", "draft", "rights", "whose font is it?"),
    ]
    assert [move.at - shown.opened_at for move in shown.moves] == [0, 300, 600]


def test_the_trail_tells_every_step_by_subject(registry):
    id = registry.publish("acme/icons", "1.2.0").id
    with registry.world.database.reading() as db:
        from registry_server.audit.actions import entries, verify_chain

        told = [entry.action for entry in reversed(entries(db, about=f"submission:{id}"))]
        assert told == [
            "submission.open",
            "submission.submit",
            "submission.take",
            "submission.decide",
            "submission.approve",
            "submission.publish",
        ]
        assert [entry.facts["log"] for entry in entries(db, about="pack:acme/icons")] == ["8"]
        verify_chain(db)


# Who may what


def test_R03_nobody_decides_about_a_release_of_their_own_publisher(registry):
    id = submitted(registry)
    registry.account("acme-owner", ["reviewer"])
    mine = do.Reviewer("acme-owner", registry.publisher("acme").token, registry.reviewer("kim").key)
    assert refusal(lambda: do.take(registry, do.Reviewer("x", own_token(registry), mine.key), id)) == (
        "publishing.own-submission"
    )
    do.take(registry, registry.reviewer("kim"), id)
    own = do.Reviewer("acme-owner", own_token(registry), registry.reviewer("kim").key)
    assert refusal(lambda: do.approve(registry, own, id)) == "publishing.own-submission"
    assert refusal(lambda: do.reject(registry, own, id)) == "publishing.own-submission"
    assert do.show(registry, own.token, id).state == "in_review"


def own_token(registry):
    """A token of acme's owner with the scope of the new office."""
    return registry.account("acme-owner", ["reviewer"])


def test_R03_the_key_of_a_reviewer_of_the_same_publisher_decides_nothing_whoever_hands_the_decision_in(registry):
    """A reviewer who works for acme signs, and a friend in the office, who has nothing to do with acme, sends it."""
    own_token(registry)
    add_reviewer(registry.world, registry.offline_keys, "acme-owner", do.key("review-of-the-owner").public)
    id = submitted(registry)
    friend = do.Reviewer("lou", registry.account("lou", ["reviewer"]), do.key("review-of-the-owner"))
    do.take(registry, friend, id)
    assert refusal(lambda: do.approve(registry, friend, id)) == "publishing.own-submission"
    assert refusal(lambda: do.reject(registry, friend, id)) == "publishing.own-submission"
    assert do.show(registry, friend.token, id).state == "in_review"


def test_R03_a_publishers_key_on_the_list_of_reviewers_approves_nothing_of_its_own(registry, monkeypatch):
    """Both lists refuse such a key; here is what happens where one of them did not."""
    acme = registry.publisher("acme")
    monkeypatch.setattr("registry_server.index.reviewers._check_no_publisher", lambda call, entry: None)
    add_reviewer(registry.world, registry.offline_keys, "kim", acme.release.public)
    kim = do.Reviewer("kim", registry.account("kim", ["reviewer"]), acme.release)
    id = submitted(registry)
    do.take(registry, kim, id)
    assert refusal(lambda: do.approve(registry, kim, id)) == "trust.self-approved"


@pytest.mark.parametrize("call", [SHOW, ARCHIVE])
def test_R02_a_submission_is_not_there_for_strangers(registry, call):
    id = submitted(registry)
    stranger = registry.publisher("other").token
    assert refusal(lambda: registry.call(call, AskSubmission(id=id), stranger)) == "publishing.no-submission"
    assert refusal(lambda: registry.call(call, AskSubmission(id=id))) == "access.not-logged-in"
    assert refusal(lambda: withdraw(registry, id, stranger)) == "publishing.no-submission"
    assert refusal(lambda: do.show(registry, stranger, "S-999")) == "publishing.no-submission"


def test_R02_a_publisher_lists_its_own_and_reviewers_and_admins_list_all(registry):
    mine = registry.submit("acme/icons", "1.2.0").id
    theirs = registry.submit("other/sounds", "1.0.0").id

    def ids(token, **ask):
        return [view.id for view in registry.call(LIST, ListSubmissions(**ask), token).submissions]

    assert ids(registry.publisher("acme").token) == [mine]
    assert ids(registry.reviewer().token) == [mine, theirs]
    assert ids(registry.admin()) == [mine, theirs]
    assert ids(registry.account("nobody")) == []
    assert ids(registry.reviewer().token, publisher="other") == [theirs]
    assert ids(registry.reviewer().token, pack="acme/icons") == [mine]
    assert ids(registry.reviewer().token, sort="newest") == [theirs, mine]
    assert ids(registry.publisher("acme").token, publisher="other") == []


def test_the_queue_has_its_order_and_its_pages(registry):
    first, second = registry.submit("acme/a", "1.0.0").id, registry.submit("acme/b", "1.0.0").id
    third = registry.submit("acme/c", "1.0.0").id
    do.take(registry, registry.reviewer(), first)
    registry.call(LIST, ListSubmissions(), registry.reviewer().token)

    page = registry.call(LIST, ListSubmissions(state="waiting", limit=2), registry.reviewer().token)
    assert [(view.id, view.queue_position) for view in page.submissions] == [(first, 0), (second, 1)]
    assert (page.total, page.page, page.pages) == (3, 1, 2)
    last = registry.call(LIST, ListSubmissions(state="waiting", limit=2, page=2), registry.reviewer().token)
    assert [(view.id, view.queue_position) for view in last.submissions] == [(third, 2)]


def test_taking_again_changes_nothing_and_another_reviewer_takes_over(registry):
    id = taken(registry)
    assert len(do.take(registry, registry.reviewer("kim"), id).moves) == 2
    over = do.take(registry, registry.reviewer("ana"), id)
    assert [move.actor for move in over.moves] == ["acme-owner", "kim", "ana"]


def test_an_admin_takes_and_does_not_approve(registry):
    id = submitted(registry)
    registry.reviewer()
    admin = registry.admin()
    with pytest.raises(Relayed) as caught:
        registry.call(TAKE, AskSubmission(id=id), admin)
    assert caught.value.code == "access.scope-missing"


# Signatures, k of n


def test_a_submission_with_too_few_signatures_waits_as_a_draft_for_the_others(registry):
    acme = registry.publisher("acme", keys=3, threshold=2)
    built = registry.build("acme/icons", "1.2.0")
    draft = do.open_draft(registry, acme.token, built)

    waiting = do.hand_in(registry, acme.token, draft.id, do.signed(built.statement, acme.releases[:1]))
    assert (waiting.state, waiting.signatures, waiting.signatures_needed) == ("draft", 1, 2)

    same = sign(registry, acme, draft.id, do.signed(built.statement, acme.releases[:1]))
    assert (same.state, same.signatures) == ("draft", 1)

    ready = sign(registry, acme, draft.id, do.signed(built.statement, acme.releases[2:]))
    assert (ready.state, ready.signatures) == ("pending_review", 2)
    again = sign(registry, acme, draft.id, do.signed(built.statement, acme.releases[2:]))
    assert again == ready

    do.take(registry, registry.reviewer(), draft.id)
    assert do.approve(registry, registry.reviewer(), draft.id).state == "published"


def sign(registry, publisher, id, envelope):
    return registry.call(SIGN, AddSignature(id=id, statement=envelope.encode().decode()), publisher.token)


def test_a_signature_over_another_statement_is_not_added(registry):
    acme = registry.publisher("acme", keys=2, threshold=2)
    built = registry.build("acme/icons", "1.2.0")
    draft = do.open_draft(registry, acme.token, built)
    one = do.signed(built.statement, acme.releases[:1])
    assert refusal(lambda: sign(registry, acme, draft.id, one)) == "publishing.not-handed-in"
    do.hand_in(registry, acme.token, draft.id, one)
    registry.clock.advance(minutes=1)
    other = do.signed(registry.build("acme/icons", "1.2.0").statement, acme.releases[1:])
    assert refusal(lambda: sign(registry, acme, draft.id, other)) == "publishing.other-statement"


def test_a_signature_of_a_stranger_is_refused_and_one_beside_it_does_not_crowd_it_out(registry):
    acme = registry.publisher("acme", keys=2, threshold=2)
    built = registry.build("acme/icons", "1.2.0")
    draft = do.open_draft(registry, acme.token, built)
    strangers = [key(f"stranger {number}") for number in range(14)]
    assert refusal(lambda: do.hand_in(registry, acme.token, draft.id, do.signed(built.statement, strangers))) == (
        "trust.not-authentic"
    )
    crowd = do.signed(built.statement, [*strangers, acme.releases[0]])
    assert do.hand_in(registry, acme.token, draft.id, crowd).signatures == 1
    crowd = do.signed(built.statement, [*strangers, acme.releases[1]])
    assert sign(registry, acme, draft.id, crowd).state == "pending_review"


def test_an_owner_key_signs_no_release(registry):
    acme = registry.publisher("acme")
    built = registry.build("acme/icons", "1.2.0")
    draft = do.open_draft(registry, acme.token, built)
    assert refusal(lambda: do.hand_in(registry, acme.token, draft.id, do.signed(built.statement, [acme.owner]))) == (
        "trust.not-authentic"
    )


# Approvals, j of m


def test_with_two_reviewers_needed_the_first_approval_is_kept_and_the_second_publishes(registry):
    registry.reviewer("kim")
    registry.reviewer("ana", threshold=2)
    id = taken(registry)

    first = do.approve(registry, registry.reviewer("kim"), id)
    assert (first.state, first.approvals, first.approvals_needed) == ("in_review", 1, 2)
    second = do.approve(registry, registry.reviewer("ana"), id, safety="pending")
    assert (second.state, second.approvals) == ("published", 2)


def test_two_reviewers_who_sign_the_very_same_document_are_two(registry):
    registry.reviewer("kim")
    registry.reviewer("ana", threshold=2)
    id = taken(registry)
    view = do.show(registry, registry.reviewer("kim").token, id)
    made = do.decision(view, registry.clock())
    for reviewer in (registry.reviewer("kim"), registry.reviewer("ana")):
        ask = Decide(id=id, approval=do.signed_decision(made, [reviewer.key]))
        after = registry.call(APPROVE, ask, reviewer.token)
    assert (after.state, after.approvals) == ("published", 2)


def test_one_reviewer_who_approves_twice_is_one(registry):
    registry.reviewer("kim")
    registry.reviewer("ana", threshold=2)
    id = taken(registry)
    do.approve(registry, registry.reviewer("kim"), id)
    registry.clock.advance(minutes=1)
    twice = do.approve(registry, registry.reviewer("kim"), id)
    assert (twice.state, twice.approvals) == ("in_review", 1)


def test_a_reviewer_who_approves_seventeen_times_keeps_no_release_back_and_the_newest_word_counts(registry):
    registry.reviewer("kim")
    registry.reviewer("ana", threshold=2)
    id = taken(registry)
    for _ in range(17):
        do.approve(registry, registry.reviewer("kim"), id, safety="certified")
        registry.clock.advance(minutes=1)
    do.approve(registry, registry.reviewer("kim"), id, safety="pending")
    assert do.approve(registry, registry.reviewer("ana"), id, safety="certified").state == "published"
    packproof = Packproof.parse(registry.world.public.read("proofs/acme/icons/1.2.0.packproof"))
    safety = [approval.read_approval(one.payload).safety for one in packproof.approvals]
    assert safety == ["pending", "certified"]


def test_an_approval_from_before_a_withdrawal_does_not_count_afterwards(registry):
    registry.reviewer("kim")
    registry.reviewer("ana", threshold=2)
    id = taken(registry)
    do.approve(registry, registry.reviewer("kim"), id)
    withdraw(registry, id)
    submit(registry, id)
    do.take(registry, registry.reviewer("ana"), id)
    after = do.approve(registry, registry.reviewer("ana"), id)
    assert (after.state, after.approvals) == ("in_review", 1)


def test_a_reviewer_taken_off_the_list_approves_nothing_more(registry):
    registry.reviewer("ana")
    id = taken(registry)
    remove_reviewer(registry.world, registry.offline_keys, "kim")
    assert refusal(lambda: do.approve(registry, registry.reviewer("kim"), id)) == "trust.not-approved"
    assert do.approve(registry, registry.reviewer("ana"), id).state == "published"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"submission": "S-999"}, "submission"),
        ({"pack": "acme/other"}, "pack"),
        ({"version": "9.9.9"}, "version"),
        ({"statement": "a" * 64}, "statement"),
        ({"archive": "a" * 64}, "archive"),
        ({"checks": "a" * 64}, "check report"),
        ({"decision": "rejected", "reason": "quality"}, "decision"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_S22_an_approval_of_anything_else_is_refused(registry, changes, field):
    parse = {"pack": PackName, "version": Version, "statement": Digest, "archive": Digest, "checks": Digest}
    made = {name: parse[name].parse(value) if name in parse else value for name, value in changes.items()}
    id = taken(registry)
    with pytest.raises(Relayed) as caught:
        do.approve(registry, registry.reviewer(), id, **made)
    assert caught.value.code == "publishing.approval-differs"
    assert f"its {field} differs" in caught.value.what()


def test_S22_an_approval_made_before_the_archive_was_swapped_is_refused(registry):
    id = taken(registry)
    kim = registry.reviewer()
    seen = do.show(registry, kim.token, id)
    withdraw(registry, id)
    other = registry.submit("acme/icons", "1.2.0", files={"icons/evil.svg": do.SVG + b"<!-- -->"})
    assert other.id == id
    do.take(registry, kim, id)

    approval = do.signed_decision(do.decision(seen, registry.clock()), [kim.key])
    assert refusal(lambda: registry.call(APPROVE, Decide(id=id, approval=approval), kim.token)) == (
        "publishing.approval-differs"
    )


def test_an_attestation_that_is_not_here_is_no_ground_for_an_approval(registry):
    id = taken(registry)
    missing = Digest.of(b"attestation")
    assert (
        refusal(lambda: do.approve(registry, registry.reviewer(), id, safety="attested", attestation=missing))
        == "publishing.attestation-missing"
    )


def test_approvals_that_no_packproof_could_hold_do_not_enter_the_log(registry):
    reviewers = [registry.reviewer(name) for name in ("kim", "ana", "lee")]
    reviewers.append(registry.reviewer("max", threshold=4))
    id = taken(registry)
    view, checkpoint = do.show(registry, reviewers[0].token, id), registry.world.public.read(site.CHECKPOINT)

    def approve(reviewer):
        # Readers ignore a field that they do not know, so a reviewer can make a decision as long as an envelope may be.
        known = approval.make_approval(do.decision(view, registry.clock()))
        padded = canonical.encode({**msgspec.json.decode(known), "x": reviewer.name * 16_000})
        envelope = dsse.sign(padded, approval.PAYLOAD_TYPE, [reviewer.key])
        return registry.call(APPROVE, Decide(id=id, approval=envelope.encode().decode()), reviewer.token)

    for reviewer in reviewers[:3]:
        approve(reviewer)
    assert refusal(lambda: approve(reviewers[3])) == "publishing.decision-too-long"
    assert do.show(registry, reviewers[0].token, id).state == "in_review"
    assert registry.world.public.read(site.CHECKPOINT) == checkpoint

    do.approve(registry, reviewers[3], id)
    assert do.show(registry, reviewers[0].token, id).state == "published"


def test_a_rejection_needs_a_reason_of_the_list(registry):
    id = taken(registry)
    assert refusal(lambda: do.reject(registry, registry.reviewer(), id, "because")) == "publishing.reason-missing"


def test_a_rejected_release_is_handed_in_again_as_a_new_submission(registry):
    old = rejected(registry)
    new = registry.submit("acme/icons", "1.2.0")
    assert new.id != old
    assert new.state == "pending_review"


# Holding back


def test_a_release_that_is_held_back_is_not_in_the_log_until_its_publisher_lets_go(registry):
    id = held(registry)
    assert do.show(registry, registry.publisher("acme").token, id).log_index is None
    assert registry.world.public.read("proofs/acme/icons/1.2.0.packproof") is None

    after = registry.call(PUBLISH, AskSubmission(id=id), registry.publisher("acme").token)

    assert (after.state, after.hold, after.log_index) == ("published", False, 8)
    assert after.moves[-1].actor == "acme-owner"
    assert registry.world.public.read("proofs/acme/icons/1.2.0.packproof") is not None


def test_a_reviewer_taken_off_the_list_meanwhile_keeps_a_held_release_back(registry):
    registry.reviewer("ana")
    id = held(registry)
    remove_reviewer(registry.world, registry.offline_keys, "kim")
    assert refusal(lambda: registry.call(PUBLISH, AskSubmission(id=id), registry.publisher("acme").token)) == (
        "trust.not-approved"
    )


# Lost replies


def test_R21_every_step_may_be_repeated_after_a_lost_reply(registry):
    acme, kim = registry.publisher("acme"), registry.reviewer()
    built = registry.build("acme/icons", "1.2.0")
    draft = do.open_draft(registry, acme.token, built)
    assert do.open_draft(registry, acme.token, built) == draft
    envelope = do.signed(built.statement, acme.releases)
    waiting = do.hand_in(registry, acme.token, draft.id, envelope)
    assert do.hand_in(registry, acme.token, draft.id, envelope) == waiting
    assert do.open_draft(registry, acme.token, built) == waiting
    taken_ = do.take(registry, kim, draft.id)
    approval = do.signed_decision(do.decision(taken_, registry.clock()), [kim.key])
    done = registry.call(APPROVE, Decide(id=draft.id, approval=approval), kim.token)
    assert done.state == "published"
    assert registry.call(APPROVE, Decide(id=draft.id, approval=approval), kim.token) == done
    assert do.open_draft(registry, acme.token, built) == done
    assert do.hand_in(registry, acme.token, draft.id, envelope) == done
