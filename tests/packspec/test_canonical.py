import json
from pathlib import Path

import pytest

from packspec import canonical
from packspec.canonical import ClientTooOld, Malformed, NotCanonical
from packspec.digests import Digest
from packspec.wire import SignedDocument

VECTORS = Path(__file__).parents[1] / "vectors" / "canonical"


class Note(SignedDocument, frozen=True, kw_only=True):
    v: int
    text: str
    tags: tuple[str, ...]
    digest: Digest | None = None


def rows(name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("row", rows("good"), ids=lambda row: row["reason"])
def test_the_one_spelling_is_read_and_written_again_alike(row: dict[str, str]) -> None:
    data = bytes.fromhex(row["hex"])
    assert canonical.encode(canonical.decode_plain(data, "note")) == data


@pytest.mark.parametrize("row", rows("bad"), ids=lambda row: row["reason"])
def test_S07_every_other_spelling_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(NotCanonical) as caught:
        canonical.decode_plain(bytes.fromhex(row["hex"]), "note")
    assert caught.value.code == "trust.not-canonical"


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 100_000], ids=["lists", "objects"])
def test_deep_nesting_is_refused_and_not_a_crash(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        canonical.decode_plain(data, "note")


def test_what_has_no_value_is_left_out_and_lists_stand() -> None:
    assert canonical.encode(Note(v=1, text="", tags=())) == b'{"tags":[],"text":"","v":1}'


def test_unknown_fields_are_ignored() -> None:
    assert canonical.decode(b'{"later":{"x":[]},"tags":[],"text":"a","v":1}', Note, "note") == Note(
        v=1, text="a", tags=()
    )


def test_a_higher_format_is_for_a_newer_client_even_if_its_fields_are_others() -> None:
    with pytest.raises(ClientTooOld) as caught:
        canonical.decode(b'{"v":2}', Note, "note")
    assert (caught.value.code, caught.value.facts()) == (
        "policy.client-too-old",
        {"known": "format 1", "found": "format 2"},
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"tags":[],"v":1}', "missing required field `text`"),
        (b'{"tags":"a","text":"a","v":1}', "Expected `array`, got `str` - at `$.tags`"),
        (b'{"tags":[1],"text":"a","v":1}', "Expected `str`, got `int` - at `$.tags[0]`"),
        (b'{"tags":[],"text":"a","v":true}', "Expected `int`, got `bool` - at `$.v`"),
        (b'{"digest":"AB","tags":[],"text":"a","v":1}', "at `$.digest`"),
    ],
)
def test_a_wrong_field_is_named_with_its_path(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        canonical.decode(data, Note, "note")
    assert caught.value.code == "trust.malformed"
    assert reason in caught.value.reason


def test_a_refusal_quotes_little_of_what_a_stranger_wrote() -> None:
    with pytest.raises(NotCanonical) as caught:
        canonical.decode_plain(('{"%s":1}' % ("é" * 20_000)).encode(), "note")
    assert len(str(caught.value.facts())) < 1_000
    with pytest.raises(Malformed) as lacks:
        canonical.decode(b'{"digest":"%s","tags":[],"text":"","v":1}' % (b"x" * 60_000), Note, "note")
    assert len(str(lacks.value)) < 1_000
    assert str(lacks.value).endswith("at `$.digest`")
