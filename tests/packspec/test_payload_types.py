"""S08: every kind of signed document in the place of every other one, signed by a key that would count there."""

from collections.abc import Callable
from itertools import permutations

import pytest

from packspec.digests import Digest
from packspec.errors import PackError
from packspec.signing import approval, attestation, publisher, restore, statement
from packspec.signing.approval import ReviewerSet, Subject, judge_approvals
from packspec.signing.attestation import Attestation, Claim
from packspec.signing.dsse import Envelope, WrongType, sign
from packspec.signing.publisher import LoggedRoot, follow, judge_signatures, keys_that_count
from packspec.signing.restore import Restore, judge_recall_restore, judge_yank_restore
from packspec.versions import Version
from tests.support.signing import PACK, START, PublisherHistory, a_statement, an_approval, key, role

SIGNER = "acme-2025"
STATEMENT = statement.make_statement(a_statement())
DIGEST = Digest.of(STATEMENT)
HISTORY = PublisherHistory()
HISTORY.add(HISTORY.root(role([SIGNER])), index=1, at=START)
NEXT = HISTORY.root(role(["acme-2026"]))
COUNTING = keys_that_count(HISTORY.chain, 2, START, PACK, [])
REVIEWERS = ReviewerSet(1, (key(SIGNER).public,))

PAYLOADS = {
    statement.PAYLOAD_TYPE: STATEMENT,
    approval.PAYLOAD_TYPE: approval.make_approval(an_approval(DIGEST)),
    attestation.PAYLOAD_TYPE: attestation.make_attestation(
        Attestation(v=1, statement=DIGEST, claims=(Claim(name="calm", text="Nothing blinks."),), at=START)
    ),
    restore.PAYLOAD_TYPE: restore.make_restore(Restore(v=1, statement=DIGEST, restores="yank", at=START)),
    publisher.PAYLOAD_TYPE: NEXT.encode(),
    "application/vnd.packctl.pack.v1+zip": b"PK\x03\x04",
    "JWT": b"{}",
}

JUDGES: dict[str, Callable[[Envelope], object]] = {
    statement.PAYLOAD_TYPE: lambda found: judge_signatures(found, statement.PAYLOAD_TYPE, "release", COUNTING),
    attestation.PAYLOAD_TYPE: lambda found: judge_signatures(found, attestation.PAYLOAD_TYPE, "attestation", COUNTING),
    approval.PAYLOAD_TYPE: lambda found: judge_approvals(
        [found], Subject(PACK, Version.parse("1.2.0"), DIGEST, Digest.of(b"archive")), REVIEWERS, ()
    ),
    restore.PAYLOAD_TYPE: lambda found: judge_yank_restore(found, DIGEST, COUNTING, 0),
    f"{restore.PAYLOAD_TYPE} of a recall": lambda found: judge_recall_restore(found, DIGEST, REVIEWERS, (), 0),
    publisher.PAYLOAD_TYPE: lambda found: follow(HISTORY.chain, [LoggedRoot(found, found.digest, 2, START)]),
}
PAIRS = [(place, kind) for place in JUDGES for kind in PAYLOADS if not place.startswith(kind)]


def test_S08_all_pairs_are_there() -> None:
    assert len(PAIRS) == 6 * 7 - 6
    assert set(permutations([kind for kind in JUDGES if kind in PAYLOADS], 2)) <= set(PAIRS)


@pytest.mark.parametrize(("place", "kind"), PAIRS)
def test_S08_a_document_does_not_pass_for_one_of_another_type(place: str, kind: str) -> None:
    with pytest.raises(WrongType) as caught:
        JUDGES[place](sign(PAYLOADS[kind], kind, [key(SIGNER)]))
    assert caught.value.code == "trust.wrong-type"


@pytest.mark.parametrize(("place", "kind"), PAIRS)
def test_S08_relabelling_a_document_breaks_its_signature(place: str, kind: str) -> None:
    signed = sign(PAYLOADS[kind], kind, [key(SIGNER), key("owner")])
    relabelled = Envelope(signed.payload, place.removesuffix(" of a recall"), signed.signatures)
    with pytest.raises(PackError) as caught:
        JUDGES[place](relabelled)
    assert caught.value.code in ("trust.not-authentic", "trust.not-approved", "trust.publisher-changed")
