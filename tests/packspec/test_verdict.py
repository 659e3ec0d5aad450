"""The release check: what is true is yes, and each lie is found by its step, with its code."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from packspec import canonical
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.facts import Facts
from packspec.index import RecalledRelease
from packspec.lockfile import LockedPack
from packspec.log.checkpoint import LogForked
from packspec.log.leaf import LoggedPack, YankLeaf
from packspec.names import PackName, PublisherName
from packspec.packproof import Packproof
from packspec.signing import approval, dsse
from packspec.signing.publisher import Compromised, Locked, PublisherChanged
from packspec.signing.statement import PAYLOAD_TYPE, make_statement
from packspec.trustfiles import CompromisedReviewer
from packspec.verdict import (
    Answer,
    Current,
    Evidence,
    Question,
    ReleaseUnlisted,
    Verdict,
    check_release,
)
from packspec.versions import Version
from tests.support.ledger import DAY, Ledger, replace_anchor, trust_files
from tests.support.signing import PACK, START, a_statement, an_approval, key

V = Version.parse("1.2.0")
TOKEN = LoggedPack("~" + "0123456789abcdef" * 2)
YES = ("yes", "yes", "yes", "yes")


@pytest.fixture
def ledger() -> Ledger:
    """acme has published 1.2.0 and 1.3.0, five days after it was registered."""
    made = Ledger()
    made.register()
    made.publish("1.2.0")
    made.publish("1.3.0")
    return made


def answers(verdict: Verdict) -> tuple[str, str, str, str]:
    a, b, c, d = (finding.answer.value for finding in verdict.findings)
    return a, b, c, d


def codes(verdict: Verdict) -> list[str]:
    return [fault.code for fault in verdict.faults]


def edited(packproof: bytes, change: Callable[[Any], object]) -> bytes:
    plain = json.loads(packproof)
    change(plain)
    return canonical.encode(plain)


def put(value: object, *path: Any) -> Callable[[Any], None]:
    def change(plain: Any) -> None:
        for part in path[:-1]:
            plain = plain[part]
        plain[path[-1]] = value

    return change


# What is true


def test_a_release_that_is_as_it_should_be(ledger: Ledger) -> None:
    verdict = check_release(ledger.evidence())
    assert [str(finding) for finding in verdict.findings] == [
        "yes (acme, first seen)",
        "yes 1/1",
        "yes (as of 2027-01-26T08:00:00Z)",
        "yes (no witness)",
    ]
    assert verdict.faults == ()
    assert verdict.statement is not None and str(verdict.statement.release) == "acme/farm-animals@1.2.0"
    assert verdict.root is not None and verdict.root.root.version == 1
    verdict.require()


def test_a_known_publisher_and_a_witness_are_said() -> None:
    ledger = Ledger(trust=trust_files(("reviewer", "second reviewer"), 2), witnesses=("w1.example",))
    ledger.register(("release", "second release"), 2)
    ledger.publish(signers=("second release", "release"), reviewers=("reviewer", "second reviewer"))
    verdict = check_release(ledger.evidence(locked=True))
    assert [str(finding) for finding in verdict.findings] == [
        "yes (acme, root 1)",
        "yes 2/2",
        "yes (as of 2027-01-26T08:00:00Z)",
        "yes (1 witness)",
    ]


def test_a_private_pack_is_proven_by_its_token() -> None:
    ledger = Ledger()
    ledger.register()
    made = msgspec.structs.replace(replace_anchor(a_statement(), ledger.roots[0][1].digest), salt="c" * 32)
    ledger.publish(made=made, token=TOKEN)
    row = ledger.state()._index(ledger.state()._packs[TOKEN]).find(V)
    evidence = Evidence(
        pack=PACK,
        version=V,
        packproof=ledger.packproofs[V],
        proof=ledger.prove(1),
        checkpoint=ledger.checkpoint(),
        publisher=ledger.chain(),
        trust=ledger.trust,
        current=Current(as_of=START + 11 * DAY),
        listed=row,
        token=TOKEN,
    )
    assert answers(check_release(evidence)) == YES
    assert codes(check_release(replace(evidence, token=None)))[:1] == ["trust.log-mismatch"]
    other = LoggedPack("~" + "f" * 32)
    assert codes(check_release(replace(evidence, token=other)))[:1] == ["trust.log-mismatch"]


def test_offline_the_lock_says_where_the_entry_stands(ledger: Ledger) -> None:
    evidence = replace(ledger.evidence(locked=True), listed=None, current=None)
    verdict = check_release(evidence)
    assert answers(verdict) == ("yes", "yes", "unchecked", "yes")
    assert str(verdict.current) == "unchecked (no verified index metadata is at hand)"
    verdict.require((Question.AUTHENTIC, Question.APPROVED, Question.LOGGED))
    with pytest.raises(ValueError, match="current: unchecked"):
        verdict.require()


def test_a_single_file_is_checked_against_its_own_checkpoint(ledger: Ledger) -> None:
    own = Packproof.parse(ledger.packproofs[V]).proof
    opened = replace(ledger.checkpoint(), checkpoint=own.checkpoint)
    evidence = replace(ledger.evidence(), proof=own.hashes, checkpoint=opened, listed=None, current=None)
    assert answers(check_release(evidence)) == ("yes", "yes", "unchecked", "yes")


# What is not at hand, and what fails, and what goes on then


@pytest.mark.parametrize(
    ("missing", "expected", "reason"),
    [
        ("checkpoint", ("unchecked", "unchecked", "yes", "unchecked"), "no checkpoint of the log is at hand"),
        ("publisher", ("unchecked", "unchecked", "yes", "yes"), "the publisher's roots are not at hand"),
        ("trust", ("unchecked", "unchecked", "yes", "yes"), "the registry's trust files are not at hand"),
    ],
)
def test_what_is_not_at_hand_leaves_its_questions_unchecked(
    ledger: Ledger, missing: str, expected: tuple[str, ...], reason: str
) -> None:
    verdict = check_release(replace(ledger.evidence(), **{missing: None}))  # type: ignore[arg-type]
    assert answers(verdict) == expected
    assert verdict.faults == ()
    assert verdict.authentic.note == reason


def test_without_a_packproof_nothing_is_known(ledger: Ledger) -> None:
    verdict = check_release(replace(ledger.evidence(), packproof=None))
    assert answers(verdict) == ("unchecked", "unchecked", "yes", "no")
    assert codes(verdict) == ["trust.proof-missing"]
    assert verdict.authentic.note == "trust.proof-missing came first"


def test_a_forked_log_leaves_the_rest_unchecked(ledger: Ledger) -> None:
    verdict = check_release(replace(ledger.evidence(), checkpoint=LogForked("registry.example/log", "a", "b")))
    assert answers(verdict) == ("unchecked", "unchecked", "yes", "no")
    with pytest.raises(LogForked):
        verdict.require()


def test_a_release_can_be_approved_though_it_is_not_authentic(ledger: Ledger) -> None:
    ledger.publish("1.4.0", signers=("thief",), at=START + 6 * DAY)
    verdict = check_release(ledger.evidence("1.4.0"))
    assert answers(verdict) == ("no", "yes", "yes", "yes")
    assert codes(verdict) == ["trust.not-authentic"]
    assert verdict.statement is None and verdict.signed_by is None


def test_a_release_can_be_authentic_though_nobody_approved_it(ledger: Ledger) -> None:
    ledger.publish("1.4.0", reviewers=("thief",), at=START + 6 * DAY)
    verdict = check_release(ledger.evidence("1.4.0"))
    assert answers(verdict) == ("yes", "no", "yes", "yes")
    assert codes(verdict) == ["trust.not-approved"]


# R1


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b" " * 300_000])
def test_R1_what_is_no_packproof(ledger: Ledger, data: bytes) -> None:
    verdict = check_release(replace(ledger.evidence(), packproof=data))
    assert codes(verdict) == ["trust.proof-malformed"]
    assert answers(verdict) == ("unchecked", "unchecked", "yes", "no")


# R2


def test_R2_the_entry_must_be_in_the_log(ledger: Ledger) -> None:
    good = ledger.evidence()
    assert good.proof is not None
    for proof in ((), good.proof[:-1], (*good.proof, bytes(32)), (bytes(32), *good.proof[1:])):
        verdict = check_release(replace(good, proof=proof))
        assert codes(verdict) == ["trust.not-logged"]
        assert answers(verdict) == ("unchecked", "unchecked", "yes", "no")


def test_R2_a_proof_that_is_not_at_hand_is_no_lie(ledger: Ledger) -> None:
    verdict = check_release(replace(ledger.evidence(), proof=None))
    assert codes(verdict) == ["trust.proof-missing"]
    assert answers(verdict) == ("unchecked", "unchecked", "yes", "no")


def test_R2_the_proof_inside_the_packproof_must_hold_too(ledger: Ledger) -> None:
    good = ledger.evidence()
    assert isinstance(good.packproof, bytes)
    text: str = json.loads(good.packproof)["proof"]
    lines = text.split("\n")
    for changed in (
        text.replace("index 1", "index 0"),
        text.replace("registry.example/log", "other.example/log"),
        "\n".join(lines[:2] + lines[3:]),
        text.replace("\n2\n", "\n3\n"),
    ):
        assert changed != text
        verdict = check_release(replace(good, packproof=edited(good.packproof, put(changed, "proof"))))
        assert codes(verdict) == ["trust.not-logged"]


def test_S23_an_entry_of_another_log_is_not_in_this_one(ledger: Ledger) -> None:
    other = Ledger()
    other.register()
    other.publish("1.2.0", at=START + 6 * DAY)
    verdict = check_release(replace(ledger.evidence(), packproof=other.packproofs[V]))
    assert codes(verdict)[0] == "trust.not-logged"


# R3


def test_R3_the_packproof_of_another_version_is_refused(ledger: Ledger) -> None:
    later = Version.parse("1.3.0")
    swapped = replace(
        ledger.evidence(), packproof=ledger.packproofs[later], proof=ledger.prove(2), listed=None, current=None
    )
    verdict = check_release(swapped)
    assert codes(verdict) == ["trust.log-mismatch"]
    assert verdict.faults[0].facts() == {"expected": "1.2.0", "found": "1.3.0"}
    assert answers(verdict) == ("unchecked", "unchecked", "unchecked", "no")


def test_S22_another_statement_or_approval_than_the_log_names_is_refused(ledger: Ledger) -> None:
    good = Packproof.parse(ledger.packproofs[V])
    other = Packproof.parse(ledger.packproofs[Version.parse("1.3.0")])
    for swapped in (
        replace(good, statement=other.statement),
        replace(good, approvals=other.approvals),
        replace(good, approvals=(*good.approvals, *other.approvals)),
    ):
        verdict = check_release(replace(ledger.evidence(), packproof=swapped.encode()))
        assert codes(verdict) == ["trust.log-mismatch"]


def test_R3_only_a_publish_publishes(ledger: Ledger) -> None:
    row = ledger.pack_index().find(V)
    assert row is not None
    yank = YankLeaf(v=1, at=START + 9 * DAY, pack=LoggedPack(PACK), version=V, statement=row.statement, reason="broken")
    index = ledger.log(yank)
    good = Packproof.parse(ledger.packproofs[V])
    proof = replace(good.proof, index=index, hashes=ledger.prove(index), note=ledger.checkpoint().note)
    evidence = replace(
        ledger.evidence(),
        packproof=replace(good, leaf=ledger.entries[index], proof=proof).encode(),
        proof=ledger.prove(index),
        listed=None,
    )
    verdict = check_release(evidence)
    assert codes(verdict) == ["trust.log-mismatch"]
    assert verdict.faults[0].facts() == {"expected": "publish", "found": "yank"}


def test_R3_the_log_names_the_archive_that_the_publisher_signed() -> None:
    ledger = Ledger()
    ledger.register()
    ledger.publish()
    entry = ledger.entries.pop()
    swapped = entry.replace(Digest.of(b"archive").encode(), Digest.of(b"other").encode())
    twin = Ledger(entries=[], trust=ledger.trust, payloads=ledger.payloads, roots=ledger.roots)
    twin.log_bytes(ledger.entries[0])
    twin.log_bytes(swapped)
    good = Packproof.parse(ledger.packproofs[V])
    proof = replace(good.proof, hashes=twin.prove(1), note=twin.checkpoint().note)
    twin.packproofs[V] = replace(good, leaf=swapped, proof=proof).encode()
    evidence = Evidence(
        pack=PACK,
        version=V,
        packproof=twin.packproofs[V],
        proof=twin.prove(1),
        checkpoint=twin.checkpoint(),
        publisher=twin.chain(),
        trust=twin.trust,
    )
    verdict = check_release(evidence)
    assert codes(verdict) == ["trust.log-mismatch", "trust.not-approved"]
    assert answers(verdict) == ("no", "no", "unchecked", "yes")


# R4


def lock_of(ledger: Ledger, **changes: Any) -> LockedPack:
    return msgspec.structs.replace(ledger.lock(), **changes)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"publisher_anchor": Digest("e" * 64)}, "the lock knows another first root"),
        ({"publisher_root": Digest("e" * 64)}, "the lock's root is not among them"),
        ({"publisher_root_version": 2}, "the lock's root is not among them"),
        ({"publisher_root_version": 0}, "the lock's root is not among them"),
    ],
)
def test_R4_the_roots_that_the_lock_knows_are_among_them(
    ledger: Ledger, change: dict[str, object], reason: str
) -> None:
    verdict = check_release(replace(ledger.evidence(), lock=lock_of(ledger, **change)))
    assert codes(verdict)[0] == "trust.publisher-changed"
    assert verdict.faults[0].facts()["reason"] == reason
    assert answers(verdict) == ("no", "yes", "yes", "yes")


def test_R4_a_fault_of_the_chain_is_told(ledger: Ledger) -> None:
    verdict = check_release(replace(ledger.evidence(), publisher=PublisherChanged("acme", 2, "not signed")))
    assert codes(verdict) == ["trust.publisher-changed"]
    assert answers(verdict) == ("no", "unchecked", "yes", "yes")


def test_a_lower_threshold_stops_a_release_chosen_anew() -> None:
    ledger = Ledger()
    anchor = ledger.register(("release", "second release"), 2)
    ledger.add_root(ledger.next_root(), at=START + DAY)
    ledger.publish(at=START + 30 * DAY)
    known = Locked(anchor, 1, anchor)
    verdict = check_release(replace(ledger.evidence(), known=known))
    assert codes(verdict) == ["trust.downgraded"]
    accepted = frozenset({ledger.roots[1][1].digest})
    verdict = check_release(replace(ledger.evidence(), known=known, accepted=accepted))
    assert str(verdict.authentic) == "yes (acme, root 2)"


def test_R4_a_release_before_the_first_root_has_no_publisher() -> None:
    ledger = Ledger()
    ledger.register()
    ledger.publish()
    later = replace(ledger.chain().roots[0], index=5)
    verdict = check_release(replace(ledger.evidence(), publisher=replace(ledger.chain(), roots=(later,))))
    assert codes(verdict)[0] == "trust.publisher-changed"


def test_R4_roots_of_another_publisher_prove_nothing(ledger: Ledger) -> None:
    foreign = replace(ledger.chain(), publisher=PublisherName("birdsong"))
    verdict = check_release(replace(ledger.evidence(), publisher=foreign))
    assert "trust.publisher-changed" in codes(verdict)
    assert verdict.authentic.answer is Answer.NO


# R5


def test_S06_a_signature_that_was_taken_away(ledger: Ledger) -> None:
    good = ledger.evidence()
    assert isinstance(good.packproof, bytes)
    for change in (put([], "statement", "signatures"), lambda plain: plain["statement"].pop("signatures")):
        verdict = check_release(replace(good, packproof=edited(good.packproof, change)))
        assert codes(verdict) == ["trust.not-authentic"]
        assert answers(verdict) == ("no", "yes", "yes", "yes")
    verdict = check_release(replace(good, packproof=edited(good.packproof, put([], "approvals", 0, "signatures"))))
    assert codes(verdict) == ["trust.not-approved"]
    assert answers(verdict) == ("yes", "no", "yes", "yes")


def test_S08_an_envelope_of_another_type_is_refused(ledger: Ledger) -> None:
    good = ledger.evidence()
    assert isinstance(good.packproof, bytes)
    verdict = check_release(
        replace(good, packproof=edited(good.packproof, put(approval.PAYLOAD_TYPE, "statement", "payloadType")))
    )
    assert codes(verdict) == ["trust.wrong-type"]
    assert verdict.authentic.answer is Answer.NO


def test_S10_a_stolen_key_counts_below_its_index_only() -> None:
    ledger = Ledger()
    ledger.register(("release", "spare"), 1)
    ledger.publish("1.2.0")
    ledger.publish("1.3.0")
    stolen = Compromised(key=key("release").public.key_id, since=2)
    ledger.add_root(ledger.next_root(release=("spare",), compromised=(stolen,)), at=START + 6 * DAY)
    assert answers(check_release(ledger.evidence("1.2.0"))) == YES
    verdict = check_release(ledger.evidence("1.3.0"))
    assert codes(verdict) == ["trust.key-compromised"]
    assert answers(verdict) == ("no", "yes", "yes", "yes")


def test_R5_a_new_key_waits_for_its_cooldown() -> None:
    ledger = Ledger()
    ledger.register()
    ledger.add_root(ledger.next_root(release=("release", "fresh")), at=START + 10 * DAY)
    ledger.publish("1.2.0", signers=("fresh",), at=START + 12 * DAY)
    ledger.publish("1.3.0", signers=("fresh",), at=START + 13 * DAY)
    assert codes(check_release(ledger.evidence("1.2.0"))) == ["trust.key-too-young"]
    assert answers(check_release(ledger.evidence("1.3.0"))) == YES


# R6


def test_R6_the_statement_is_about_what_was_asked_for(ledger: Ledger) -> None:
    foreign = a_statement("1.4.0")
    ledger.publish(made=foreign, at=START + 6 * DAY)
    verdict = check_release(ledger.evidence("1.4.0"))
    assert codes(verdict) == ["trust.statement-mismatch"]
    assert answers(verdict) == ("no", "yes", "yes", "yes")


# R7


def other_facts(**changes: object) -> Facts:
    fields: dict[str, Any] = {
        "kind": "content", "dependencies": (), "conflicts": (), "hosts": {}, "packages": (), "features": (),
    }  # fmt: skip
    return Facts(**{**fields, **changes})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"facts": other_facts(kind="tool")}, "kind"),
        ({"facts": other_facts(packages=("numpy",))}, "packages"),
        ({"facts": other_facts(hosts={"blender": ">=4"})}, "hosts"),
        ({"facts": other_facts(early_access=60)}, "early_access"),
        ({"unpacked": 1}, "unpacked size"),
        ({"license": "MIT"}, "license"),
        ({"paid": True}, "paid"),
        ({"statement": Digest("e" * 64)}, "statement"),
        ({"at": START}, "time"),
    ],
)
def test_M22_the_index_must_say_what_was_signed(ledger: Ledger, change: dict[str, Any], field: str) -> None:
    good = ledger.evidence()
    assert good.listed is not None and not isinstance(good.listed, PackError)
    verdict = check_release(replace(good, listed=msgspec.structs.replace(good.listed, **change)))
    assert codes(verdict) == ["trust.index-mismatch"]
    assert verdict.faults[0].what() == f"the index lists acme/farm-animals 1.2.0 with another {field}"
    assert answers(verdict) == ("no", "yes", "yes", "yes")


def test_R7_the_safety_level_is_that_of_the_approvals(ledger: Ledger) -> None:
    good = ledger.evidence()
    assert good.listed is not None and not isinstance(good.listed, PackError)
    verdict = check_release(replace(good, listed=msgspec.structs.replace(good.listed, safety="none")))
    assert codes(verdict) == ["trust.index-mismatch"]
    assert verdict.faults[0].facts() == {"signed": "certified", "in the index": "none"}
    assert answers(verdict) == ("no", "yes", "yes", "yes")


# R8


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"statement": Digest("e" * 64)}, "statement"),
        ({"log_index": 2}, "log-index"),
        ({"archive": Digest("e" * 64)}, "archive"),
        ({"size": 8}, "size"),
        ({"tree": Digest("e" * 64)}, "tree"),
        ({"license": "MIT"}, "license"),
        ({"paid": True}, "paid"),
    ],
)
def test_M20_an_edited_lock_is_named_with_its_line(ledger: Ledger, change: dict[str, object], field: str) -> None:
    evidence = replace(ledger.evidence(), lock=lock_of(ledger, **change), lock_lines={field: 53})
    verdict = check_release(evidence)
    assert codes(verdict) == ["trust.lock-mismatch"]
    where = verdict.faults[0].where()
    assert where is not None and (where.file, where.line) == ("pack.lock", 53)
    assert verdict.faults[0].what() == f"acme/farm-animals 1.2.0 is not what pack.lock recorded: {field}"
    assert answers(verdict) == ("no", "yes", "yes", "yes")


def test_R8_the_lock_names_the_root_in_force_at_the_entry() -> None:
    ledger = Ledger()
    ledger.register()
    ledger.publish()
    second = ledger.add_root(ledger.next_root(), at=START + 6 * DAY)
    lock = lock_of(ledger, publisher_root_version=2, publisher_root=second.digest)
    verdict = check_release(replace(ledger.evidence(), lock=lock))
    assert codes(verdict) == ["trust.lock-mismatch"]
    assert verdict.faults[0].facts() == {"in the lock": "2", "found": "1"}


# R9


def test_R03_a_publisher_does_not_approve_its_own_pack() -> None:
    ledger = Ledger(trust=trust_files(("reviewer", "release")))
    ledger.register()
    ledger.publish(reviewers=("release",))
    verdict = check_release(ledger.evidence())
    assert codes(verdict) == ["trust.self-approved"]
    assert answers(verdict) == ("yes", "no", "yes", "yes")


def test_R9_one_reviewer_is_not_two() -> None:
    ledger = Ledger(trust=trust_files(("reviewer", "second reviewer"), 2))
    ledger.register()
    ledger.publish(reviewers=("reviewer",))
    verdict = check_release(ledger.evidence())
    assert codes(verdict) == ["trust.not-approved"]
    assert verdict.faults[0].facts()["needed"] == "2"


def test_R9_a_reviewer_whose_key_was_stolen_by_then_does_not_count(ledger: Ledger) -> None:
    stolen = CompromisedReviewer(key=key("reviewer").public.key_id, since=2)
    reviewers = msgspec.structs.replace(ledger.trust.reviewers, compromised=(stolen,))
    trust = replace(ledger.trust, reviewers=reviewers)
    assert answers(check_release(replace(ledger.evidence("1.2.0"), trust=trust))) == YES
    assert codes(check_release(replace(ledger.evidence("1.3.0"), trust=trust))) == ["trust.not-approved"]


def test_R9_before_the_first_reviewers_nothing_is_approved(ledger: Ledger) -> None:
    late = msgspec.structs.replace(ledger.trust.reviewers.sets[0], start=2)
    trust = replace(ledger.trust, reviewers=msgspec.structs.replace(ledger.trust.reviewers, sets=(late,)))
    verdict = check_release(replace(ledger.evidence("1.2.0"), trust=trust))
    assert codes(verdict) == ["trust.not-approved"]


# CURRENT


def recall(action: str, **more: Any) -> RecalledRelease:
    fields: dict[str, Any] = {
        "pack": LoggedPack(PACK), "version": V, "statement": Digest("a" * 64), "reason": "security", "at": START, "log": 9,
    }  # fmt: skip
    return RecalledRelease(**{**fields, "action": action, **more})


def test_I7_a_recall_with_stop_is_refused_and_one_that_warns_is_not(ledger: Ledger) -> None:
    warned = Current(as_of=START, recalls=(recall("warn"),))
    assert answers(check_release(replace(ledger.evidence(), current=warned))) == YES
    stopped = Current(as_of=START, recalls=(recall("warn"), recall("stop", replacement=Version.parse("1.2.1"))))
    verdict = check_release(replace(ledger.evidence(), current=stopped))
    assert answers(verdict) == ("yes", "yes", "no", "yes")
    assert codes(verdict) == ["policy.release-recalled"]
    assert verdict.faults[0].what() == "acme/farm-animals 1.2.0 was recalled on 2027-01-15"
    assert verdict.faults[0].facts() == {"reason": "security", "use instead": "1.2.1"}
    assert verdict.faults[0].fix() == ["packctl update acme/farm-animals"]
    assert verdict.faults[0].kind.exit_code == 10


def test_a_recalled_state_without_a_recall_counts_as_one(ledger: Ledger) -> None:
    good = ledger.evidence()
    assert good.listed is not None and not isinstance(good.listed, PackError)
    listed = msgspec.structs.replace(good.listed, state="recalled", reason="legal")
    assert codes(check_release(replace(good, listed=listed))) == ["policy.release-recalled"]


def test_I6_a_release_that_is_no_longer_listed(ledger: Ledger) -> None:
    evidence = replace(ledger.evidence(locked=True), listed=ReleaseUnlisted("acme/farm-animals 1.2.0"))
    verdict = check_release(evidence)
    assert answers(verdict) == ("yes", "yes", "no", "yes")
    assert codes(verdict) == ["trust.release-unlisted"]


def test_the_age_of_the_index_is_the_callers_finding(ledger: Ledger) -> None:
    fault = LogForked("x", "a", "b")
    verdict = check_release(replace(ledger.evidence(), current=Current(as_of=START, fault=fault)))
    assert answers(verdict) == ("yes", "yes", "no", "yes")
    assert verdict.faults == (fault,)


# Other evidence


def test_S07_a_thief_who_signs_anew_still_needs_the_log(ledger: Ledger) -> None:
    """Even the right keys do not help: what is not the logged bytes is not the release."""
    packproof = Packproof.parse(ledger.packproofs[V])
    made = replace_anchor(a_statement("1.2.0", archive=b"evil"), ledger.roots[0][1].digest)
    signed = dsse.sign(make_statement(made), PAYLOAD_TYPE, [key("release")])
    approved = an_approval(signed.digest, version=V, archive=made.archive.sha256)
    approvals = (dsse.sign(approval.make_approval(approved), approval.PAYLOAD_TYPE, [key("reviewer")]),)
    changed = replace(packproof, statement=signed, approvals=approvals).encode()
    verdict = check_release(replace(ledger.evidence(), packproof=changed))
    assert answers(verdict) == ("unchecked", "unchecked", "yes", "no")


def test_other_evidence_is_no_evidence(ledger: Ledger) -> None:
    good = ledger.evidence()
    other = Ledger()
    other.register(("other release",))
    other.publish()
    for change in (
        {"pack": PackName("acme/herd")},
        {"version": Version.parse("1.2.1")},
        {"checkpoint": other.checkpoint()},
        {"publisher": other.chain()},
        {"trust": trust_files(("stranger",))},
    ):
        verdict = check_release(replace(good, **change))
        assert "no" in answers(verdict), change


def test_a_root_leaf_is_not_a_release(ledger: Ledger) -> None:
    good = ledger.evidence()
    listed = good.listed
    assert listed is not None and not isinstance(listed, PackError)
    elsewhere = msgspec.structs.replace(listed, log=0)
    verdict = check_release(replace(good, listed=elsewhere, proof=ledger.prove(0)))
    assert codes(verdict) == ["trust.not-logged"]
