"""Every format of a signed document against its vectors: what is good is read and would be written alike, what is bad has one code."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from packspec import canonical
from packspec.canonical import Malformed, NotCanonical
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.facts import Facts
from packspec.signing import documents
from packspec.signing.approval import make_approval, read_approval
from packspec.signing.attestation import make_attestation, read_attestation
from packspec.signing.publisher import PublisherRoot
from packspec.signing.restore import make_restore, read_restore
from packspec.signing.statement import make_statement, read_statement

VECTORS = Path(__file__).parents[1] / "vectors"

READ: dict[str, Callable[[bytes], object]] = {
    "approval": read_approval,
    "attestation": read_attestation,
    "facts": lambda payload: documents.read(payload, Facts, "facts"),
    "publisher-root": PublisherRoot.parse,
    "restore": read_restore,
    "statement": read_statement,
}
WRITE: dict[str, Callable[..., bytes]] = {
    "approval": make_approval,
    "attestation": make_attestation,
    "facts": canonical.encode,
    "publisher-root": PublisherRoot.encode,
    "restore": make_restore,
    "statement": make_statement,
}


def cases(kind: str) -> list[object]:
    return [
        pytest.param(name, row, id=f"{name}: {row['reason']}")
        for name in READ
        for row in json.loads((VECTORS / name / f"{kind}.json").read_text("utf-8"))
    ]


@pytest.mark.parametrize(("name", "row"), cases("good"))
def test_a_good_document_is_read_and_written_alike(name: str, row: dict[str, str]) -> None:
    payload = row["document"].encode()
    document = READ[name](payload)
    if "do not know" not in row["reason"]:
        assert WRITE[name](document) == payload
    if "digest" in row:
        assert Digest.of(payload) == row["digest"]


@pytest.mark.parametrize(("name", "row"), cases("bad"))
def test_a_bad_document_is_refused_with_its_code(name: str, row: dict[str, str]) -> None:
    with pytest.raises(PackError) as caught:
        READ[name](row["document"].encode())
    assert caught.value.code == row["code"]
    assert caught.value.what() and caught.value.fix()
    # None of its causes is the refusal itself: whoever tells them would never come to an end.
    cause = caught.value.__cause__
    for _ in range(10):
        assert cause is not caught.value
        cause = cause and cause.__cause__
    assert cause is None


@pytest.mark.parametrize("name", ["approval", "attestation", "publisher-root", "restore", "statement"])
@pytest.mark.parametrize("change", [b" %b", b"%b\n", b"[%b]", b"%b%b", b"\xef\xbb\xbf%b", b"\xff%b"])
def test_S07_one_document_has_one_spelling(name: str, change: bytes) -> None:
    payload = json.loads((VECTORS / name / "good.json").read_text("utf-8"))[0]["document"].encode()
    with pytest.raises(NotCanonical):
        READ[name](change.replace(b"%b", payload))


@pytest.mark.parametrize("name", [name for name in READ if name != "facts"])
def test_a_document_cut_off_anywhere_is_refused(name: str) -> None:
    payload = json.loads((VECTORS / name / "good.json").read_text("utf-8"))[0]["document"].encode()
    for length in range(0, len(payload), 7):
        with pytest.raises(PackError):
            READ[name](payload[:length])


def test_nobody_writes_a_document_that_nobody_may_read() -> None:
    from tests.support.signing import a_statement, no_facts

    facts = Facts(**{**{f: getattr(no_facts(), f) for f in no_facts().__struct_fields__}, "packages": ("x" * 70_000,)})
    with pytest.raises(Malformed):
        make_statement(a_statement(facts=facts))
