import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from packspec.errors import PackError
from packspec.signing.keys import BadKey, PrivateKey, PublicKey, verify
from tests.support.signing import key, log_key

VECTORS = Path(__file__).parents[1] / "vectors" / "keys"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def rows(name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


def reason(row: dict[str, str]) -> str:
    return row["reason"]


@pytest.mark.parametrize("row", rows("good"), ids=reason)
def test_a_key_in_its_one_form_is_read_and_named(row: dict[str, str]) -> None:
    found = PublicKey.from_der(bytes.fromhex(row["der"]))
    assert (found.kind, found.key_id, found.fingerprint, str(found)) == (
        row["kind"],
        row["key_id"],
        row["fingerprint"],
        row["base64"],
    )
    assert found == PublicKey.parse(row["base64"])
    assert {found: "same"}[PublicKey.parse(row["base64"])] == "same"


@pytest.mark.parametrize("row", rows("bad"), ids=reason)
def test_S03_S04_other_kinds_curves_and_forms_are_refused_when_loaded(row: dict[str, str]) -> None:
    with pytest.raises(BadKey) as caught:
        PublicKey.from_der(bytes.fromhex(row["der"]))
    assert caught.value.code == "trust.bad-key"
    assert isinstance(caught.value, PackError) and isinstance(caught.value, ValueError)


def test_S04_the_library_itself_would_load_a_hybrid_point() -> None:
    """Why a key is encoded again and compared: this row is not refused by the library."""
    (hybrid,) = [row for row in rows("bad") if row["reason"] == "S04 hybrid point"]
    serialization.load_der_public_key(bytes.fromhex(hybrid["der"]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MFkw",
        "not base64",
        f" {key('acme-2025').public}",
        f"{key('acme-2025').public}\n",
        str(key("acme-2025").public).rstrip("="),
        str(key("acme-2025").public).replace("+", "-").replace("/", "_") + "-",
        "ü",
    ],
    ids=["empty", "cut", "words", "blank", "newline", "no padding", "another alphabet", "not ASCII"],
)
def test_a_key_has_one_base64_spelling(text: str) -> None:
    with pytest.raises(BadKey):
        PublicKey.parse(text)


@pytest.mark.parametrize("row", rows("signatures-good"), ids=reason)
def test_S01_a_signature_verifies_with_low_and_high_s(row: dict[str, str]) -> None:
    public = PublicKey.from_der(bytes.fromhex(row["key"]))
    assert verify(public, bytes.fromhex(row["message"]), bytes.fromhex(row["signature"]))


@pytest.mark.parametrize("row", rows("signatures-bad"), ids=reason)
def test_S02_a_signature_in_any_other_form_is_false_and_raises_nothing(row: dict[str, str]) -> None:
    public = PublicKey.from_der(bytes.fromhex(row["key"]))
    assert not verify(public, bytes.fromhex(row["message"]), bytes.fromhex(row["signature"]))


def test_S02_every_changed_byte_of_a_signature_makes_it_false() -> None:
    signature = key("acme-2025").sign(b"message")
    for at in range(len(signature)):
        for change in (0x01, 0x80, 0xFF):
            changed = bytearray(signature)
            changed[at] ^= change
            assert not verify(key("acme-2025").public, b"message", bytes(changed)), (at, change)


@pytest.mark.parametrize("row", rows("seeds"), ids=lambda row: f"{row['kind']} {row['reason']}")
def test_a_seed_gives_one_key_for_ever(row: dict[str, str]) -> None:
    kind = row["kind"]
    assert kind in ("p256", "ed25519")
    private = PrivateKey.from_seed(kind, bytes.fromhex(row["seed"]))  # type: ignore[arg-type]
    assert (private.public.key_id, private.pkcs8.hex()) == (row["key_id"], row["pkcs8"])
    assert PrivateKey.from_pkcs8(private.pkcs8).public == private.public


def test_a_seed_of_47_bytes_is_too_short() -> None:
    with pytest.raises(BadKey):
        PrivateKey.from_seed("p256", bytes(47))


def test_signing_uses_the_nonce_of_rfc_6979() -> None:
    """RFC 6979 A.2.5, SHA-256, message `test`: S is below n / 2 there, so ours is the same."""
    scalar = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    private = PrivateKey.from_seed("p256", (scalar - 1).to_bytes(48, "big"))
    r, s = decode_dss_signature(private.sign(b"test"))
    assert r == 0xF1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367
    assert s == 0x019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083


def test_S01_we_sign_with_low_s_where_rfc_6979_has_a_high_one() -> None:
    """RFC 6979 A.2.5, SHA-256, message `sample`."""
    scalar = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    private = PrivateKey.from_seed("p256", (scalar - 1).to_bytes(48, "big"))
    r, s = decode_dss_signature(private.sign(b"sample"))
    assert r == 0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716
    assert s == ORDER - 0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8


def test_S18_two_thousand_signatures_share_no_r_and_repeat_exactly() -> None:
    private = key("acme-2025")
    signatures = [private.sign(b"message %d" % number) for number in range(2000)]
    numbers = [decode_dss_signature(signature) for signature in signatures]
    assert len({r for r, _ in numbers}) == 2000
    assert all(s <= ORDER // 2 for _, s in numbers)
    assert [private.sign(b"message %d" % number) for number in range(20)] == signatures[:20]


def test_S01_the_twin_of_every_signature_verifies() -> None:
    private = key("acme-2025")
    for number in range(50):
        message = b"message %d" % number
        r, s = decode_dss_signature(private.sign(message))
        assert verify(private.public, message, encode_dss_signature(r, ORDER - s))


def pkcs8(private: object, encryption: serialization.KeySerializationEncryption | None = None) -> bytes:
    encoded: bytes = private.private_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        encryption or serialization.NoEncryption(),
    )
    return encoded


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"-----BEGIN PRIVATE KEY-----",
        bytes(20_000),
        pkcs8(ec.derive_private_key(5, ec.SECP384R1())),
        pkcs8(ec.derive_private_key(5, ec.SECP256K1())),
        pkcs8(ed448.Ed448PrivateKey.from_private_bytes(bytes(57))),
        pkcs8(rsa.generate_private_key(65537, 2048)),
        pkcs8(ec.derive_private_key(5, ec.SECP256R1()), serialization.BestAvailableEncryption(b"secret")),
        key("acme-2025").public.der,
        key("acme-2025").pkcs8[:-1],
    ],
    ids=["empty", "PEM", "long", "P-384", "secp256k1", "Ed448", "RSA", "encrypted", "a public key", "cut off"],
)
def test_S03_a_private_key_of_another_kind_or_form_is_refused(der: bytes) -> None:
    with pytest.raises(BadKey):
        PrivateKey.from_pkcs8(der)


def test_S19_the_repr_of_a_private_key_shows_only_its_public_half() -> None:
    private = key("acme-2025")
    shown = f"{private!r} {private} {[private]}"
    assert shown.count("PrivateKey(p256, ") == 3
    scalar = int.from_bytes(hashlib.sha512(b"acme-2025").digest(), "big") % (ORDER - 1) + 1
    assert f"{scalar:x}" not in shown and str(scalar) not in shown and private.pkcs8.hex() not in shown


def test_an_ed25519_key_is_read_from_its_32_bytes() -> None:
    public = log_key("log").public
    assert PublicKey.from_ed25519(public.raw) == public
    with pytest.raises(BadKey):
        PublicKey.from_ed25519(public.raw[:-1])
    with pytest.raises(BadKey):
        PublicKey.from_ed25519(b"\x01" + bytes(31))
