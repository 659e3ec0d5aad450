"""TOML text to plain values, within bounds: size, dots, depth, characters, numbers. Every refusal is `Unreadable`, with the line."""

import tomllib
from typing import Any

from msgspec import Struct

from packspec import limits
from packspec.patterns import pattern
from packspec.toml.lines import Lines

_AT_LINE = pattern(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
_FORBIDDEN = pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LAST_TWO_OF_A_PLANE = 0xFFFE


class Unreadable(ValueError):
    """The bytes are not TOML that we read. `line` counts from 1; 0 if no line can be named."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class TomlText(Struct, frozen=True):
    """A file that was read: its plain values, and where they stand."""

    values: dict[str, Any]
    """What tomllib gives: str, int, float, bool, dates, list, dict."""
    lines: Lines


def read_text(data: bytes, max_bytes: int = limits.MANIFEST_BYTES) -> TomlText:
    """Reads TOML. Raises Unreadable, and no other.

    Bounds come first, because tomllib is quadratic in the dots of a key and recurses into brackets: `max_bytes`, dots per line, and after
    parsing the depth. Control characters and Unicode's noncharacters are refused in keys and strings, integers of 2^53 and more anywhere.
    """
    if len(data) > max_bytes:
        raise Unreadable(f"larger than {max_bytes} bytes: {len(data)}")
    text = _decode(data)
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > limits.MANIFEST_DOTS_PER_LINE:
            raise Unreadable(f"more than {limits.MANIFEST_DOTS_PER_LINE} dots in one line", number)
    try:
        values = tomllib.loads(text)
    except RecursionError as error:
        raise Unreadable("nested too deeply") from error
    except ValueError as error:
        raise _unreadable(error) from error
    lines = Lines(text)
    _check_values(values, lines)
    return TomlText(values, lines)


def _decode(data: bytes) -> str:
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("begins with a byte order mark; write UTF-8 without it", 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}", line) from error


def _unreadable(error: ValueError) -> Unreadable:
    """tomllib names the line at the end of its message; numbers and dates out of range are plain ValueErrors without one."""
    message = str(error)
    place = _AT_LINE.search(message)
    if place is None:
        return Unreadable(message)
    reason = message[: place.start()].rstrip()
    if place[1] is None:
        return Unreadable(f"{reason} at the end of the file")
    return Unreadable(f"{reason} at column {place[2]}", int(place[1]))


def _check_values(values: dict[str, Any], lines: Lines) -> None:
    """Depth, characters and integers of everything, without recursion. Lines are asked last: finding them recurses as deep as the file."""
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), values)]
    faults: list[tuple[tuple[str | int, ...], str]] = []
    while waiting:
        path, value = waiting.pop()
        if len(path) > limits.DOCUMENT_DEPTH:
            raise Unreadable(f"nested deeper than {limits.DOCUMENT_DEPTH}")
        match value:
            case dict():
                for key, inner in value.items():
                    if reason := _character_fault(key):
                        faults.append(((*path, key), f"a key has {reason}"))
                    waiting.append(((*path, key), inner))
            case list():
                waiting.extend(((*path, position), inner) for position, inner in enumerate(value))
            case str() if reason := _character_fault(value):
                faults.append((path, f"a text has {reason}"))
            case int() if abs(value) > limits.INTEGER_MAX:
                faults.append((path, "a whole number is 2^53 or more"))
            case _:
                pass
    if faults:
        line, reason = min((lines.of(path), reason) for path, reason in faults)
        raise Unreadable(reason, line)


def _character_fault(text: str) -> str:
    if found := _FORBIDDEN.search(text):
        return f"the character U+{ord(found[0]):04X}, which no text may have"
    if not text.isascii():
        for character in text:
            if ord(character) & _LAST_TWO_OF_A_PLANE == _LAST_TWO_OF_A_PLANE:
                return f"the character U+{ord(character):04X}, which no text may have"
    return ""
