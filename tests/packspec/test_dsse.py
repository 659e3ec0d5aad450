import json
from pathlib import Path

import pytest
from securesystemslib import dsse as reference

from packspec import canonical
from packspec.canonical import Malformed
from packspec.errors import PackError
from packspec.signing import dsse
from packspec.signing.dsse import Envelope, NotAuthentic, Signature, WrongType, valid_signers
from packspec.signing.keys import PublicKey, verify
from tests.support.signing import key, log_key

VECTORS = Path(__file__).parents[1] / "vectors" / "dsse"
TYPE = "application/vnd.packctl.attestation.v1+json"
A, B, C = key("acme-2025"), key("acme-2026"), key("acme-2027")


def rows(name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("row", rows("pae"), ids=lambda row: row["reason"])
def test_the_signed_bytes_are_those_of_the_specification(row: dict[str, str]) -> None:
    assert dsse.pae(row["type"], bytes.fromhex(row["payload"])) == bytes.fromhex(row["message"])


@pytest.mark.parametrize("row", rows("good"), ids=lambda row: row["reason"])
def test_an_envelope_says_who_signed_which_bytes(row: dict[str, str]) -> None:
    envelope = Envelope.parse(row["envelope"].encode())
    assert (envelope.payload, envelope.payload_type) == (bytes.fromhex(row["payload"]), row["type"])
    signers = valid_signers(envelope, row["type"], [A.public, B.public, C.public])
    assert [str(signer.key_id) for signer in signers] == list(row["signers"])


@pytest.mark.parametrize("row", rows("bad"), ids=lambda row: row["reason"])
def test_S06_an_envelope_in_any_other_form_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(PackError) as caught:
        Envelope.parse(row["envelope"].encode())
    assert caught.value.code == row["code"]


def test_encoding_what_was_parsed_gives_the_same_bytes() -> None:
    text = rows("good")[1]["envelope"].encode()
    assert Envelope.parse(text).encode() == text


def test_the_reference_implementation_reads_our_envelopes() -> None:
    """securesystemslib, which the TUF library stands on."""
    ours = dsse.sign(b'{"v":1}', TYPE, [A, B])
    theirs = reference.Envelope.from_dict(json.loads(ours.encode()))
    assert (theirs.payload, theirs.payload_type, theirs.pae()) == (ours.payload, ours.payload_type, ours.message)
    assert list(theirs.signatures) == [A.public.key_id, B.public.key_id]


def test_S05_a_signature_by_a_key_that_is_not_asked_for_counts_for_nobody() -> None:
    envelope = dsse.sign(b"payload", TYPE, [A])
    assert valid_signers(envelope, TYPE, [B.public, C.public]) == ()


def test_S06_a_wrong_key_id_makes_a_good_signature_count_for_nobody() -> None:
    signature = dsse.sign(b"payload", TYPE, [A]).signatures[0]
    envelope = Envelope(b"payload", TYPE, (Signature(B.public.key_id, signature.raw),))
    assert valid_signers(envelope, TYPE, [A.public, B.public]) == ()


def test_S17_one_key_counts_once_however_often_it_signed_or_is_listed() -> None:
    """Its signature and the twin with high S differ in bytes; both are valid; the key is one."""
    envelope = dsse.sign(b"payload", TYPE, [A])
    twice = Envelope(b"payload", TYPE, envelope.signatures * 2)
    again = PublicKey.from_der(A.public.der)
    assert valid_signers(twice, TYPE, [A.public, again, A.public]) == (A.public,)


def test_a_wrong_signature_beside_a_good_one_of_the_same_key_does_not_hide_it() -> None:
    wrong = Signature(A.public.key_id, B.sign(b"payload"))
    good = dsse.sign(b"payload", TYPE, [A]).signatures[0]
    assert valid_signers(Envelope(b"payload", TYPE, (wrong, good)), TYPE, [A.public]) == (A.public,)


def test_S07_signatures_hold_for_exactly_the_bytes_that_were_signed() -> None:
    payload = canonical.encode({"a": "b", "v": 1})
    signed = dsse.sign(payload, TYPE, [A])
    changed = [payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1 :] for at in range(len(payload))]
    others = [
        payload + b"\n",
        b" " + payload,
        payload[:-1],
        payload + payload,
        b'{"a": "b", "v": 1}',
        b'{"v":1,"a":"b"}',
        b"",
    ]
    for other in (*changed, *others):
        assert valid_signers(Envelope(other, TYPE, signed.signatures), TYPE, [A.public]) == (), other


def test_S07_bytes_cannot_move_between_type_and_payload() -> None:
    signed = dsse.sign(b"1 x", "t", [A])
    for kind, payload in (("t 3", b"x"), ("t", b" 1 x"), ("", b"t 3 1 x"), ("t 3 1", b"x")):
        assert valid_signers(Envelope(payload, kind, signed.signatures), kind, [A.public]) == ()


def test_a_wrong_type_is_refused_before_any_signature_is_looked_at() -> None:
    envelope = dsse.sign(b"payload", TYPE, [A])
    with pytest.raises(WrongType) as caught:
        valid_signers(envelope, "application/vnd.packctl.approval.v1+json", [])
    assert caught.value.facts() == {"expected": "application/vnd.packctl.approval.v1+json", "found": TYPE}


def test_keys_sign_one_after_another_without_changing_the_digest() -> None:
    first = dsse.sign(b"payload", TYPE, [A])
    second = Envelope.parse(first.encode()).signed_by(B)
    assert second.digest == first.digest == "239f59ed55e737c77147cf55ad0c1b030b6d7ee748a7426952f9b852d5a935e5"
    assert valid_signers(second, TYPE, [B.public, A.public]) == (B.public, A.public)
    assert second.signed_by(A) is second


def test_signing_replaces_a_signature_of_that_key_that_is_wrong() -> None:
    wrong = Envelope(b"payload", TYPE, (Signature(A.public.key_id, b"wrong"),))
    mended = wrong.signed_by(A)
    assert len(mended.signatures) == 1
    assert valid_signers(mended, TYPE, [A.public]) == (A.public,)


def test_an_ed25519_key_signs_envelopes_too() -> None:
    envelope = dsse.sign(b"payload", TYPE, [log_key("log")])
    assert verify(log_key("log").public, envelope.message, envelope.signatures[0].raw)


def test_nobody_makes_an_envelope_that_nobody_may_read() -> None:
    with pytest.raises(Malformed):
        dsse.sign(bytes(60_000), TYPE, [A]).encode()
    with pytest.raises(Malformed):
        dsse.sign(b"", TYPE, [key(f"key {number}") for number in range(17)])


def test_S06_an_unsigned_envelope_is_not_authentic_also_inside_another_document() -> None:
    with pytest.raises(NotAuthentic):
        Envelope.of(Envelope(b"payload", TYPE, ()).wire())
