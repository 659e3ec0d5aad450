"""The text of tokens."""

import pytest

from packspec.errors import Invalid
from packspec.tokens import BadToken, Token, TokenKind
from tests.support.vectors import cases


@pytest.mark.parametrize("case", cases("tokens", "good"), ids=lambda case: case["name"])
def test_a_token_has_one_spelling_for_its_secret(case: dict[str, str]) -> None:
    token = Token.parse(case["token"])
    assert token.digest == case["digest"]
    if case["secret"]:
        assert Token.make(TokenKind.API, bytes.fromhex(case["secret"])) == case["token"]


@pytest.mark.parametrize("case", cases("tokens", "bad"), ids=lambda case: case["name"])
def test_what_is_no_token_is_told_apart_offline(case: dict[str, str]) -> None:
    with pytest.raises(BadToken) as caught:
        Token.parse(case["token"])
    assert isinstance(caught.value, Invalid)
    assert caught.value.reason == case["says"]


def test_R05_a_malformed_token_is_not_repeated_by_its_error() -> None:
    with pytest.raises(BadToken) as caught:
        Token.parse("pkt_asecretsecretsecret")
    assert "secret" not in f"{caught.value} {caught.value.facts()}"


def test_R05_the_repr_of_a_token_hides_its_secret() -> None:
    assert repr(Token.make(TokenKind.API, bytes(32))) == "Token(pkt_a...)"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_secret_of_another_length_makes_no_token(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Token.make(TokenKind.API, bytes(length))


def test_every_single_changed_character_is_noticed() -> None:
    good = Token.make(TokenKind.API, bytes(range(32)))
    for place in range(len(good)):
        other = "b" if good[place] == "c" else "c"
        with pytest.raises(BadToken):
            Token.parse(good[:place] + other + good[place + 1 :])
