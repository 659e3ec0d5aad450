"""What a publisher attests reaches the registry signed by a key that counts, about this statement, and before the decision."""

import pytest

from packspec.digests import Digest
from packspec.problems import Relayed
from packspec.protocol.publishing import ATTEST, Attest
from packspec.signing import attestation, dsse
from packspec.signing.attestation import Attestation, Claim
from packspec.signing.restore import PAYLOAD_TYPE as RESTORE
from tests.support import publishing as do
from tests.support.signing import key

CLAIMS = (Claim(name="no-tracking", text="Nothing is sent anywhere."),)


def hand_in(registry, view, keys=None, type=attestation.PAYLOAD_TYPE, **changes):
    acme = registry.publisher("acme")
    made = {"statement": view.statement_digest, "claims": CLAIMS, "at": registry.clock(), **changes}
    envelope = dsse.sign(attestation.make_attestation(Attestation(v=1, **made)), type, keys or [acme.release])
    return envelope.digest, registry.call(
        ATTEST, Attest(id=view.id, attestation=envelope.encode().decode()), acme.token
    )


def refused(registry, view, **changes):
    with pytest.raises(Relayed) as caught:
        hand_in(registry, view, **changes)
    return caught.value.code


def test_only_a_key_that_counts_attests_only_of_this_statement_and_only_before_the_decision(registry):
    view, kim = registry.submit("acme/icons", "1.2.0"), registry.reviewer()
    assert refused(registry, view, keys=[key("stranger")]) == "trust.not-authentic"
    assert refused(registry, view, statement=Digest.of(b"another")) == "trust.statement-mismatch"
    assert refused(registry, view, type=RESTORE) == "trust.wrong-type"
    digest, after = hand_in(registry, view)
    assert (after.attestation_signatures, after.state) == (1, "pending_review")
    assert hand_in(registry, view)[1].attestation == after.attestation
    do.take(registry, kim, view.id)
    other = Digest.of(b"attestation")
    with pytest.raises(Relayed) as caught:
        do.approve(registry, kim, view.id, safety="attested", attestation=other)
    assert caught.value.code == "publishing.attestation-missing"
    assert do.approve(registry, kim, view.id, safety="attested", attestation=digest).state == "published"
    assert refused(registry, view) == "publishing.attested-too-late"
