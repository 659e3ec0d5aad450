"""Keys and signatures in the forms of SSH, against vectors (docs/spec/ssh.md)."""

import base64
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from packspec.errors import PackError
from packspec.signing.keys import PublicKey
from packspec.signing.ssh import BadSsh, key_blob, read_key, read_signature
from tests.support.vectors import cases

CHAPTER = (Path(__file__).parents[2] / "docs" / "spec" / "ssh.md").read_text("utf-8")
Case = dict[str, Any]


@pytest.mark.parametrize("case", cases("ssh", "keys"), ids=lambda case: case["name"])
def test_a_key_of_ssh_is_one_of_ours_in_another_spelling(case: Case) -> None:
    blob = bytes.fromhex(case["blob"])
    found = read_key(blob)
    assert (str(found), found.key_id) == (case["key"], case["key_id"])
    assert key_blob(PublicKey.parse(case["key"])) == blob


@pytest.mark.parametrize("case", cases("ssh", "keys"), ids=lambda case: case["name"])
def test_another_library_reads_the_same_key(case: Case) -> None:
    line = b"ecdsa-sha2-nistp256 " + base64.b64encode(bytes.fromhex(case["blob"]))
    der = serialization.load_ssh_public_key(line).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert base64.b64encode(der).decode() == case["key"]


@pytest.mark.parametrize("case", cases("ssh", "bad-keys"), ids=lambda case: case["name"])
def test_a_blob_that_is_no_key_of_ours_is_refused(case: Case) -> None:
    with pytest.raises(PackError) as caught:
        read_key(bytes.fromhex(case["blob"]))
    assert caught.value.code == case["code"]


@pytest.mark.parametrize("case", cases("ssh", "signatures"), ids=lambda case: case["name"])
def test_a_signature_becomes_the_der_of_our_envelopes(case: Case) -> None:
    assert read_signature(bytes.fromhex(case["blob"])).hex() == case["der"]


@pytest.mark.parametrize("case", cases("ssh", "bad-signatures"), ids=lambda case: case["name"])
def test_a_blob_that_is_no_signature_of_ours_is_refused(case: Case) -> None:
    with pytest.raises(BadSsh):
        read_signature(bytes.fromhex(case["blob"]))


def test_the_worked_example_of_the_chapter_is_the_first_vector() -> None:
    assert f"`{cases('ssh', 'signatures')[0]['der']}`" in CHAPTER
