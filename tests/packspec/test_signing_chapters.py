"""The worked examples of the chapters on signed documents are true to the byte."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from packspec import canonical
from packspec.digests import Digest
from packspec.facts import Facts
from packspec.signing import documents, dsse
from packspec.signing.approval import read_approval
from packspec.signing.attestation import read_attestation
from packspec.signing.dsse import Envelope, valid_signers
from packspec.signing.keyfile import open_keyfile
from packspec.signing.keys import PrivateKey
from packspec.signing.publisher import Cooldown, PublisherRoot, keys_that_count
from packspec.signing.restore import read_restore
from packspec.signing.statement import read_statement
from tests.support.signing import HOUR, PACK, START, chain_of, key, names, root

CHAPTERS = Path(__file__).parents[2] / "docs" / "spec"


def blocks(chapter: str, kind: str = "json") -> list[str]:
    text = (CHAPTERS / f"{chapter}.md").read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)


DOCUMENTS: dict[str, Callable[[bytes], object]] = {
    "approval": read_approval,
    "attestation": read_attestation,
    "publisher-root": PublisherRoot.parse,
    "restore": read_restore,
    "statement": read_statement,
}


@pytest.mark.parametrize("chapter", DOCUMENTS)
def test_the_example_document_is_read_and_has_the_digest_that_the_chapter_names(chapter: str) -> None:
    payload = blocks(chapter)[0].encode()
    DOCUMENTS[chapter](payload)
    assert f"igest `{Digest.of(payload)}`" in (CHAPTERS / f"{chapter}.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("chapter", "signer"), [("statement", "acme-2025"), ("approval", "review-kim"), ("publisher-root", "owner")]
)
def test_the_example_envelope_holds_the_document_and_its_signature(chapter: str, signer: str) -> None:
    payload, envelope = blocks(chapter)[:2]
    found = Envelope.parse(envelope.encode())
    assert found.payload == payload.encode()
    assert valid_signers(found, found.payload_type, [key(signer).public]) == (key(signer).public,)


def test_the_example_of_the_envelope_chapter_is_what_signing_gives() -> None:
    envelope = dsse.sign(b'{"v":1}', "application/vnd.packctl.attestation.v1+json", [key("acme-2025")])
    message, signature = blocks("dsse", "")[-2:]
    assert (envelope.encode().decode(), envelope.message.decode()) == (blocks("dsse")[0], message)
    assert envelope.signatures[0].raw.hex() == signature


def test_the_example_key_comes_from_its_seed() -> None:
    lines = dict(re.split(r" {2,}", line, maxsplit=1) for line in blocks("keys", "")[-1].splitlines())
    private = PrivateKey.from_seed("p256", bytes.fromhex(lines["seed"]))
    assert private.public == key("acme-2025").public
    assert lines["seed"] == hashlib.sha512(b"acme-2025").hexdigest()
    assert bytes.fromhex(lines["scalar"]) in private.pkcs8
    assert (lines["DER"], lines["base64"]) == (private.public.der.hex(), private.public.base64)
    assert (lines["key id"], lines["shown as"]) == (private.public.key_id, private.public.fingerprint)


def test_the_example_key_files_open() -> None:
    for text, passphrase in zip(blocks("keyfile"), ("correct horse", None), strict=True):
        assert open_keyfile(text.encode(), passphrase).public == key("acme-2025").public


def test_the_example_facts_are_facts() -> None:
    documents.read(blocks("facts")[0].encode(), Facts, "facts")


def test_the_example_of_canonical_json_is_canonical() -> None:
    data = blocks("canonical")[0].encode()
    canonical.decode_plain(data, "example")
    text = (CHAPTERS / "canonical.md").read_text("utf-8")
    assert f"these {len(data)} bytes" in text and f"SHA-256 `{Digest.of(data)}`" in text


def test_the_table_of_payload_types_names_the_types_of_the_code() -> None:
    from packspec.signing import approval, attestation, publisher, restore, statement

    text = (CHAPTERS / "dsse.md").read_text("utf-8")
    for module in (approval, attestation, publisher, restore, statement):
        assert f"| `{module.PAYLOAD_TYPE}` |" in text


@pytest.mark.parametrize(
    ("index", "hours", "expected"),
    [(15, 24, ["A"]), (25, 84, ["A"]), (35, 108, []), (45, 144, ["B"]), (55, 168, ["B"])],
)
def test_the_example_of_times_is_what_counts(index: int, hours: int, expected: list[str]) -> None:
    chain = chain_of(
        (root(1, ["A"]), 10, START),
        (root(2, ["A", "B"]), 20, START + 72 * HOUR),
        (root(3, ["B"]), 30, START + 96 * HOUR),
    )
    found = keys_that_count(chain, index, START + hours * HOUR, PACK, [Cooldown(0, 72 * HOUR)])
    assert names(found) == (expected, 1)


def test_every_vector_row_has_its_reason() -> None:
    for chapter in ("canonical", "facts", "keys", "keyfile", "dsse", "publisher-root", *DOCUMENTS):
        for path in (Path(__file__).parents[1] / "vectors" / chapter).glob("*.json"):
            rows = json.loads(path.read_text("utf-8"))
            reasons = [(row["reason"], row.get("kind")) for row in rows]
            assert all(reason for reason, _ in reasons) and len(set(reasons)) == len(reasons), path
