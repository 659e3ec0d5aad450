from collections.abc import Sequence

import pytest

from packspec.canonical import Malformed, NotCanonical
from packspec.digests import Digest
from packspec.names import PackName
from packspec.signing import dsse
from packspec.signing.approval import (
    PAYLOAD_TYPE,
    NotApproved,
    ReviewerSet,
    SelfApproved,
    Subject,
    judge_approvals,
    make_approval,
)
from packspec.signing.dsse import Envelope
from packspec.signing.keys import BadKey, PublicKey
from packspec.signing.keyset import DuplicateKey
from packspec.signing.statement import make_statement
from packspec.versions import Version
from tests.support.signing import PACK, a_statement, an_approval, key, log_key

STATEMENT = Digest.of(make_statement(a_statement()))
SUBJECT = Subject(PACK, Version.parse("1.2.0"), STATEMENT, Digest.of(b"archive"))


def public(*names: str) -> tuple[PublicKey, ...]:
    return tuple(key(name).public for name in names)


def approval(*signers: str, **changes: object) -> Envelope:
    return dsse.sign(
        make_approval(an_approval(**{"statement": STATEMENT, **changes})), PAYLOAD_TYPE, [key(name) for name in signers]
    )


def reviewers(*names: str, threshold: int = 1, stolen: Sequence[str] = ()) -> ReviewerSet:
    return ReviewerSet(threshold, public(*names), frozenset(key(name).public.key_id for name in stolen))


def test_R9_enough_reviewers_approve_a_release() -> None:
    answer = judge_approvals([approval("kim")], SUBJECT, reviewers("kim", "lee"), ())
    assert (answer.signers, answer.threshold, answer.safety) == (public("kim"), 1, "none")


@pytest.mark.parametrize(
    "envelopes",
    [
        [approval("kim", "lee")],
        [approval("kim"), approval("lee")],
        [approval("kim"), approval("kim", "lee", safety="certified")],
    ],
    ids=["one document", "two documents", "one reviewer in both"],
)
def test_R9_reviewers_count_across_documents_each_once(envelopes: list[Envelope]) -> None:
    answer = judge_approvals(envelopes, SUBJECT, reviewers("kim", "lee", "max", threshold=2), ())
    assert set(answer.signers) == set(public("kim", "lee"))


def test_S17_one_reviewer_in_two_documents_is_one_reviewer() -> None:
    with pytest.raises(NotApproved) as caught:
        judge_approvals(
            [approval("kim"), approval("kim", safety="certified")], SUBJECT, reviewers("kim", "lee", threshold=2), ()
        )
    assert (caught.value.have, caught.value.need) == (1, 2)


def test_R9_the_lowest_safety_level_counts() -> None:
    attested = approval("lee", safety="attested", attestation=Digest.of(b"attestation"))
    answer = judge_approvals([approval("kim", safety="certified"), attested], SUBJECT, reviewers("kim", "lee"), ())
    assert answer.safety == "attested"


def test_R9_a_stranger_cannot_lower_the_safety_level() -> None:
    answer = judge_approvals([approval("kim", safety="certified"), approval("eve")], SUBJECT, reviewers("kim"), ())
    assert answer.safety == "certified"


OTHER = Digest.of(b"other")


@pytest.mark.parametrize(
    ("envelopes", "fact"),
    [
        ([], None),
        ([approval("eve")], "is no reviewer, or its signature is wrong"),
        ([approval("kim", decision="rejected", reason="quality")], "it is a rejection"),
        ([approval("kim", statement=OTHER)], "it approves another statement"),
        ([approval("kim", archive=OTHER)], "it approves another archive"),
        ([approval("kim", pack=PackName.parse("acme/farm"))], "it approves another pack"),
        ([approval("kim", version=Version.parse("1.2.1"))], "it approves another version"),
        (
            [approval("kim", statement=OTHER, archive=OTHER, version=Version.parse("2.0.0"))],
            "it approves another statement and archive and version",
        ),
    ],
    ids=["none", "stranger", "rejected", "statement", "archive", "pack", "version", "an older release"],
)
def test_S22_only_an_approval_of_exactly_this_release_counts(envelopes: list[Envelope], fact: str | None) -> None:
    with pytest.raises(NotApproved) as caught:
        judge_approvals(envelopes, SUBJECT, reviewers("kim"), ())
    assert (caught.value.code, caught.value.have, caught.value.need) == ("trust.not-approved", 0, 1)
    assert str(caught.value) == "acme/farm-animals 1.2.0 is not approved: 0 of 1 reviewers"
    assert caught.value.facts().get("signature 1", "").endswith(fact or "")


def test_S10_a_stolen_reviewer_key_does_not_count() -> None:
    with pytest.raises(NotApproved) as caught:
        judge_approvals([approval("kim")], SUBJECT, reviewers("kim", "lee", stolen=["kim"]), ())
    assert caught.value.ignored == (f"reviewer key {key('kim').public.fingerprint} was compromised",)


def test_R03_a_key_of_the_publisher_does_not_approve_its_own_pack() -> None:
    with pytest.raises(SelfApproved) as caught:
        judge_approvals([approval("kim")], SUBJECT, reviewers("kim", "lee"), public("kim"))
    assert caught.value.code == "trust.self-approved"
    with pytest.raises(SelfApproved):
        judge_approvals([approval("kim", "lee")], SUBJECT, reviewers("kim", "lee", threshold=2), public("kim"))


def test_R03_a_key_of_the_publisher_beside_enough_others_does_no_harm() -> None:
    answer = judge_approvals([approval("kim", "lee")], SUBJECT, reviewers("kim", "lee"), public("kim"))
    assert answer.signers == public("lee")


def test_R03_too_few_even_with_the_publisher_is_not_approved() -> None:
    with pytest.raises(NotApproved) as caught:
        judge_approvals([approval("kim")], SUBJECT, reviewers("kim", "lee", threshold=2), public("kim"))
    assert (caught.value.have, caught.value.need) == (0, 2)


def test_S24_nothing_of_an_approval_is_read_before_a_reviewer_signed_it() -> None:
    """The payload is not even JSON; were it decoded, this would be another code."""
    with pytest.raises(NotApproved):
        judge_approvals([dsse.sign(b"{", PAYLOAD_TYPE, [key("eve")])], SUBJECT, reviewers("kim"), ())
    signed = dsse.sign(b"{", PAYLOAD_TYPE, [key("kim")])
    with pytest.raises(NotCanonical):
        judge_approvals([signed], SUBJECT, reviewers("kim"), ())


def test_a_packproof_with_more_than_16_approvals_is_refused() -> None:
    with pytest.raises(Malformed):
        judge_approvals([approval("kim")] * 17, SUBJECT, reviewers("kim"), ())


@pytest.mark.parametrize("threshold", [0, -1, 3])
def test_a_reviewer_list_with_an_impossible_threshold_is_refused(threshold: int) -> None:
    with pytest.raises(Malformed):
        ReviewerSet(threshold, public("kim", "lee"))


def test_S17_a_reviewer_list_with_one_key_twice_is_refused() -> None:
    with pytest.raises(DuplicateKey):
        ReviewerSet(2, public("kim", "kim"))


def test_S03_an_ed25519_key_is_no_reviewer() -> None:
    with pytest.raises(BadKey):
        ReviewerSet(1, (log_key("log").public,))
