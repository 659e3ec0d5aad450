import json
from pathlib import Path

import pytest

from packspec.errors import PackError
from packspec.signing.keyfile import PassphraseWrong, open_keyfile, read_keyfile, seal
from packspec.signing.keys import verify
from tests.support.signing import key, log_key

VECTORS = Path(__file__).parents[1] / "vectors" / "keyfile"
GOOD: list[dict[str, str]] = json.loads((VECTORS / "good.json").read_text("utf-8"))
BAD: list[dict[str, str]] = json.loads((VECTORS / "bad.json").read_text("utf-8"))


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row["reason"])
def test_a_key_file_opens_to_its_private_key(row: dict[str, str]) -> None:
    private = open_keyfile(row["file"].encode(), row["passphrase"])
    assert private.public.key_id == row["key_id"]
    assert verify(private.public, b"message", private.sign(b"message"))


@pytest.mark.parametrize("row", BAD, ids=lambda row: row["reason"])
def test_S20_a_wrong_passphrase_and_a_damaged_file_are_one_line_each(row: dict[str, str]) -> None:
    with pytest.raises(PackError) as caught:
        open_keyfile(row["file"].encode(), row["passphrase"])
    assert caught.value.code == row["code"]
    assert "\n" not in str(caught.value) and caught.value.fix()


def test_S20_no_passphrase_and_a_wrong_one_are_told_apart() -> None:
    sealed = GOOD[1]["file"].encode()
    for given, text in ((None, "the key file needs a passphrase"), ("no", "the passphrase does not open the key file")):
        with pytest.raises(PassphraseWrong, match=text):
            open_keyfile(sealed, given)


def test_sealing_gives_the_bytes_of_the_vector() -> None:
    assert seal(key("acme-2025"), "correct horse", bytes(range(16)), bytes(range(12))).decode() == GOOD[0]["file"]


def test_a_key_file_says_without_a_passphrase_whose_it_is_and_whether_it_needs_one() -> None:
    sealed = read_keyfile(GOOD[0]["file"].encode())
    assert (sealed.kind, sealed.is_sealed) == ("p256", True)
    assert sealed.public == str(key("acme-2025").public)
    assert not read_keyfile(seal(log_key("log"), None, b"", b"")).is_sealed


def test_S19_a_sealed_file_does_not_hold_the_private_key() -> None:
    private = key("acme-2025")
    assert private.pkcs8[36:68].hex() not in GOOD[0]["file"].encode().hex()
    assert json.loads(GOOD[0]["file"])["kdf"] == {"n": 131072, "p": 1, "r": 8, "salt": "AAECAwQFBgcICQoLDA0ODw=="}


def test_S20_an_empty_passphrase_seals_nothing() -> None:
    with pytest.raises(PassphraseWrong):
        seal(key("acme-2025"), "", bytes(16), bytes(12))


@pytest.mark.parametrize(("salt", "nonce"), [(15, 12), (16, 11), (0, 0)])
def test_a_salt_or_nonce_of_another_length_is_a_mistake_of_the_caller(salt: int, nonce: int) -> None:
    with pytest.raises(ValueError, match="a salt has 16 bytes and a nonce 12"):
        seal(key("acme-2025"), "correct horse", bytes(salt), bytes(nonce))
