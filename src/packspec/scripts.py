"""Words that mix scripts: `Farm` with a Cyrillic letter in it looks like another word. Titles may have any script; these are marked."""

import unicodedata

from packspec.patterns import pattern

_LETTERS = pattern(r"[^\W\d_]+")
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
"""Written together in one word by custom."""


def mixed_words(text: str) -> tuple[str, ...]:
    """The words of `text` whose letters belong to more than one script, in order. For a mark beside a title, never for a refusal."""
    return tuple(word for word in _LETTERS.findall(text) if len({_script(letter) for letter in word} - {""}) > 1)


def _script(letter: str) -> str:
    """The script as the character's name begins: LATIN, CYRILLIC, GREEK. Empty for letters that belong to every script."""
    first = unicodedata.name(letter, "").split(" ")[0]
    if not unicodedata.category(letter).startswith("L") or first in (
        "MODIFIER",
        "FULLWIDTH",
        "MATHEMATICAL",
        "FEMININE",
        "MASCULINE",
    ):
        return ""
    return "EAST ASIAN" if first in _EAST_ASIAN else first
