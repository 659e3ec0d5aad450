import pytest

from packspec.digests import BadDigest, Digest
from packspec.errors import PackError

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_digest_is_taken_of_bytes_and_of_a_stream() -> None:
    assert Digest.of(b"") == EMPTY
    assert Digest.of(b"abc") == Digest.of_chunks([b"a", b"", b"bc"]) == ABC


def test_a_digest_has_a_form_for_people_and_a_form_for_one_line() -> None:
    digest = Digest.parse(ABC)
    assert digest.labelled == f"sha256:{ABC}"
    assert Digest.parse_labelled(f"sha256:{ABC}") == digest
    assert digest.short == "sha256:ba7816bf...0015ad"
    assert digest.raw.hex() == ABC
    assert digest.same(ABC) and not digest.same(EMPTY) and not digest.same("\u00e4")


@pytest.mark.parametrize(
    "text",
    ["", ABC[:-1], ABC + "0", ABC.upper(), ABC[:-1] + "g", ABC + "\n", " " + ABC, "sha256:" + ABC, "\u0661" * 64],
)
def test_another_spelling_of_a_digest_is_refused(text: str) -> None:
    with pytest.raises(BadDigest) as caught:
        Digest.parse(text)
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, PackError)
    assert caught.value.code == "trust.bad-digest"


@pytest.mark.parametrize(
    "text", ["", ABC, "sha256:", "SHA256:" + ABC, "sha512:" + ABC, "sha256:" + ABC.upper(), "sha256: " + ABC]
)
def test_the_form_for_people_needs_its_label(text: str) -> None:
    with pytest.raises(BadDigest) as caught:
        Digest.parse_labelled(text)
    assert caught.value.facts() == {"expected": "sha256: and 64 lower-case hex digits"}
