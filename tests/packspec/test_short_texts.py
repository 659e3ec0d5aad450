"""Durations, labels, words, languages and addresses: the short texts of pack.toml."""

import pytest

from packspec.durations import Duration
from packspec.labels import Label, Language, Word
from packspec.links import Link, RegistryAddress


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("30m", 1_800), ("36h", 129_600), ("7d", 604_800), ("2w", 1_209_600)]
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert Duration.parse(text).seconds == seconds
    assert str(Duration.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "7", "d", "0d", "07d", "7 d", "7D", "-7d", "1.5d", "7days", "1M", "1y", "7d\n", "٧d", "9999999d"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        Duration.parse(text)


@pytest.mark.parametrize("text", ["a", "farm", "sticker_book", "k-2", "4k", "a" * 64])
def test_labels_are_lower_case_and_safe_in_addresses(text: str) -> None:
    assert Label.parse(text) == text


@pytest.mark.parametrize("text", ["", "Farm", "-a", "a-", "_a", "a b", "a/b", "a.b", "ä", "a\n", "a" * 65])
def test_what_is_no_label_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a label"):
        Label.parse(text)


def test_words_of_outside_vocabularies_keep_their_capitals() -> None:
    assert [Word.parse(word) for word in ("ELA", "K_2", "G3_5", "0-2")] == ["ELA", "K_2", "G3_5", "0-2"]
    with pytest.raises(ValueError, match="not a word"):
        Word.parse("K 2")


@pytest.mark.parametrize("text", ["en", "de-AT", "zh-Hant-TW", "es-419", "gsw"])
def test_languages_have_language_script_and_region(text: str) -> None:
    assert Language.parse(text) == text


@pytest.mark.parametrize("text", ["", "EN", "de_AT", "de-at", "german", "de-AT-1996", "x-klingon", "zh-hant"])
def test_what_is_no_language_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a language"):
        Language.parse(text)


@pytest.mark.parametrize(
    "text",
    ["http://acme.example", "javascript:alert(1)", "data:text/html,x", "//acme.example", "https://", "https:/acme", "acme.example",
     "https://mia@acme.example", "https://mia:s3cret@acme.example", "https://acme.example/a b", "https://acme.example:port",
     "https://[::1", "https://acmé.example", "https://acme.example/\n", "https://" + "a" * 2_000],
)  # fmt: skip
def test_a_link_is_https_without_credentials(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        Link.parse(text)
    assert "s3cret" not in str(caught.value)


def test_a_link_may_have_port_path_query_and_fragment() -> None:
    assert Link.parse("https://acme.example:8443/a/b?c=d#e") == "https://acme.example:8443/a/b?c=d#e"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://registry.example", "https://registry.example"),
        ("https://registry.example/packs/", "https://registry.example/packs"),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
        ("http://localhost:8787/", "http://localhost:8787"),
        ("http://[::1]:8787", "http://[::1]:8787"),
        ("http://demo.localhost", "http://demo.localhost"),
    ],
)
def test_a_registry_is_https_or_on_this_machine(text: str, kept: str) -> None:
    assert RegistryAddress.parse(text) == kept


@pytest.mark.parametrize(
    "text",
    ["http://registry.example", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "ftp://registry.example",
     "file:///etc", "https://registry.example/?a=b", "https://registry.example/#a", "https://a:b@registry.example"],
)  # fmt: skip
def test_another_address_is_no_registry(text: str) -> None:
    with pytest.raises(ValueError):
        RegistryAddress.parse(text)
