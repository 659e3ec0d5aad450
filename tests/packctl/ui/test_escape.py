"""Text of strangers on a terminal."""

import json
import sys
import unicodedata

import pytest

from packctl.ui.escape import safe, safe_json, safe_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("acme/farm-animals", "acme/farm-animals"),
        ("Bauernhof für Kinder: 動物 🐄", "Bauernhof für Kinder: 動物 🐄"),
        ("family 👩‍👧 and क्‍ष", "family 👩‍👧 and क्‍ष"),
        ("\x1b[2J\x1b[1;1Hgone", "\\x1b[2J\\x1b[1;1Hgone"),
        ("\x1b]8;;https://evil.example\x07click\x1b]8;;\x07", "\\x1b]8;;https://evil.example\\x07click\\x1b]8;;\\x07"),
        ("\x9b31mred", "\\x9b31mred"),
        ("verified\rFAILED", "verified\\rFAILED"),
        ("one\ntwo\tthree", "one\\ntwo\\tthree"),
        ("back\x08space \x7f", "back\\x08space \\x7f"),
        ("abc\u202egpj.exe", "abc\\u202egpj.exe"),
        ("\u2066isolate\u2069", "\\u2066isolate\\u2069"),
        ("zero\u200bwidth \ufeff \u00ad \u2060", "zero\\u200bwidth \\ufeff \\xad \\u2060"),
        ("line\u2028separator", "line\\u2028separator"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("half \ud83d of a pair", "half \\ud83d of a pair"),
        ("[bold red]markup[/]", "[bold red]markup[/]"),
        ("", ""),
    ],
)
def test_C19_what_acts_on_a_terminal_is_shown_as_text(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_C19_no_control_format_or_separator_character_is_left_but_joiners() -> None:
    left = {
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and safe(character) == character
    }
    # what remains is drawn: number signs and signs around letters, which Unicode counts among the formats
    assert {character for character in left if unicodedata.name(character, "").split()[0] not in DRAWN} == {
        "\u200c",
        "\u200d",
    }


DRAWN = {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN"}


def test_longer_texts_keep_their_lines() -> None:
    assert safe_lines("# Farm\r\n\tcows\n\x1b[31mhens") == ["# Farm", "    cows", "\\x1b[31mhens"]


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ('{"a":"Bauernhof für 動物"}\n', '{"a":"Bauernhof für 動物"}\n'),
        ('{"a":"\x9b31m\x7f\u202e"}', '{"a":"\\u009b31m\\u007f\\u202e"}'),
        ('{"a":"\U000e0041"}', '{"a":"\\udb40\\udc41"}'),
    ],
)
def test_C19_a_json_document_says_the_same_and_acts_on_no_terminal(document: str, shown: str) -> None:
    assert safe_json(document) == shown
    assert json.loads(shown) == json.loads(document)
