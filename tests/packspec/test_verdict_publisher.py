"""Proving a publisher: every root in the log, each following the one before, resets announced and waited for."""

from typing import Any

import pytest
from msgspec.structs import replace

from packspec.digests import Digest
from packspec.log.leaf import ResetLeaf, RootName
from packspec.names import PublisherName
from packspec.signing.publisher import Locked, PublisherChanged, PublisherReset
from packspec.trustfiles import ResetRow, Resets, TrustFiles
from packspec.verdict import Evidence, LoggedEntry, PublisherRootEvidence, check_release, prove_publisher
from packspec.versions import Version
from tests.support.ledger import DAY, Ledger
from tests.support.signing import ACME, PACK, START, role

V = Version.parse("1.2.0")


@pytest.fixture
def ledger() -> Ledger:
    """acme has published 1.2.0."""
    made = Ledger()
    made.register()
    made.publish("1.2.0")
    return made


def prove(ledger: Ledger, roots: list[PublisherRootEvidence], trust: TrustFiles | None = None) -> Any:
    trust = trust or ledger.trust
    return prove_publisher(ACME, roots, ledger.checkpoint().checkpoint, trust.resets, trust.policy)


def test_R4_every_root_has_its_own_entry_in_the_log(ledger: Ledger) -> None:
    roots = ledger.root_evidence()
    assert prove(ledger, roots).anchor == ledger.roots[0][1].digest
    logged = roots[0].logged
    for wrong, reason in (
        (replace(logged, proof=()), "it is not in the log at entry 0"),
        (replace(logged, index=1), "it is not in the log at entry 1"),
        (replace(logged, entry=logged.entry + b" "), "it is not in the log at entry 0"),
        (LoggedEntry(1, ledger.entries[1], ledger.prove(1)), "its log entry is about something else"),
    ):
        with pytest.raises(PublisherChanged) as caught:
            prove(ledger, [replace(roots[0], logged=wrong)])
        assert caught.value.facts()["reason"] == reason
    with pytest.raises(PublisherChanged, match="acme"):
        prove(ledger, [])
    with pytest.raises(PublisherChanged) as caught:
        prove_publisher(
            PublisherName("birdsong"), roots, ledger.checkpoint().checkpoint, ledger.trust.resets, ledger.trust.policy
        )
    assert caught.value.facts()["reason"] == "its log entry is about something else"


def test_S24_an_entry_that_cannot_be_read_is_no_root(ledger: Ledger) -> None:
    index = ledger.log_bytes(b"not an entry")
    roots = [replace(ledger.root_evidence()[0], logged=LoggedEntry(index, b"not an entry", ledger.prove(index)))]
    with pytest.raises(PublisherChanged) as caught:
        prove(ledger, roots)
    assert caught.value.facts()["reason"].startswith("its log entry cannot be read")


@pytest.mark.parametrize(("listed", "waits_days", "good"), [(True, 7, True), (True, 6, False), (False, 7, False)])
def test_R4_a_reset_counts_if_the_offline_keys_list_it_and_its_delay_is_over(
    listed: bool, waits_days: int, good: bool
) -> None:
    ledger = Ledger()
    anchor = ledger.register()
    fresh = ledger.next_root(release=("new release",), owners=role(["new owner"]))
    new = RootName(version=2, sha256=Digest.of(fresh.encode()))
    old = RootName(version=1, sha256=anchor)
    notice = ledger.log(ResetLeaf(v=1, at=START + DAY, publisher=ACME, old=old, new=new))
    ledger.add_root(fresh, signers=("new owner",), at=START + DAY + waits_days * DAY)
    rows = (ResetRow(publisher=ACME, old=old, new=new, reason="lost"),) if listed else ()
    trust = replace(ledger.trust, resets=Resets(v=1, resets=rows))
    if not good:
        with pytest.raises(PublisherChanged):
            prove(ledger, ledger.root_evidence(notice), trust)
        return
    chain = prove(ledger, ledger.root_evidence(notice), trust)
    assert chain.newest.is_reset
    ledger.publish(signers=("new release",), at=START + 20 * DAY)
    chain = prove(ledger, ledger.root_evidence(notice), trust)
    evidence = Evidence(
        pack=PACK,
        version=V,
        packproof=ledger.packproofs[V],
        proof=ledger.prove(3),
        checkpoint=ledger.checkpoint(),
        publisher=chain,
        trust=trust,
    )
    assert str(check_release(evidence).authentic) == "yes (acme, first seen)"
    stopped = check_release(replace(evidence, known=Locked(anchor, 1, anchor)))
    assert isinstance(stopped.faults[0], PublisherReset)
    allowed = replace(evidence, known=Locked(anchor, 1, anchor), accepted=frozenset({new.sha256}))
    assert str(check_release(allowed).authentic) == "yes (acme, root 2)"
