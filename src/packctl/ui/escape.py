"""`safe`: text from packs, registries and files, with everything that could act on a terminal or mislead the eye made visible.

Escape sequences can rewrite a screen, a carriage return can hide what stood before it, and direction-changing characters can make a name
read as another one. All of them are written as `\\xHH`, `\\uHHHH` or `\\UHHHHHHHH`. Joiners (U+200C, U+200D) stay, because several scripts
and many emoji need them. The ranges are written out, so that they do not depend on the Unicode tables of a Python.
"""

import re

from packspec.patterns import pattern

_DANGEROUS = pattern(
    "["
    "\x00-\x1f\x7f-\x9f"  # controls: escape sequences, carriage return, bell, backspace
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction
    "\u2028\u2029"  # line and paragraph separators
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"  # invisible
    "\ud800-\udfff"  # halves of pairs: bytes of a name that is no text
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # invisible formats and tags
    "]"
)


def safe(text: str) -> str:
    """`text` on one line, harmless on every terminal."""
    return text if text.isascii() and text.isprintable() else _DANGEROUS.sub(_visible, text)


def safe_lines(text: str) -> list[str]:
    """The lines of a longer text (a readme, a note), each of them `safe`; a TAB becomes four spaces."""
    return [safe(line.replace("\t", "    ")) for line in re.split("\r\n|\n|\r", text)]


def safe_json(document: str) -> str:
    """A JSON document that says the same and is harmless on every terminal: what is dangerous can only stand in strings, as `\\uHHHH`."""
    return document if document.isascii() and "\x7f" not in document else _DANGEROUS.sub(_in_json, document)


def _in_json(match: re.Match[str]) -> str:
    if match.group() == "\n":
        return "\n"
    halves = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{halves[at : at + 2].hex()}" for at in range(0, len(halves), 2))


def _visible(match: re.Match[str]) -> str:
    number = ord(match.group())
    if number == 0x0A:
        return "\\n"
    if number == 0x0D:
        return "\\r"
    if number == 0x09:
        return "\\t"
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
