"""What the value of a setting may be: each form in words, and its reading from the text of a variable or the value in a file."""

from collections.abc import Callable

import msgspec


class Secret:
    """A text that must not be shown. `reveal` is the only way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(not shown)"

    __str__ = __repr__


class Form(msgspec.Struct, frozen=True):
    """What a value may be: `expected` in words, and `read`, which takes a text or a TOML value and raises ValueError."""

    expected: str
    read: Callable[[object], object]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = _text(value).lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("", "0", "false", "no", "off"):
        return False
    raise ValueError


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError
    seconds = float(value)
    if not 0 < seconds <= 3600:
        raise ValueError
    return seconds


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError
    number = int(value)
    if not 1 <= number <= 64:
        raise ValueError
    return number


_UNITS = {
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
}


def _size(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        size = value
    else:
        number, _, unit = _text(value).strip().partition(" ")
        size = int(float(number) * _UNITS[unit or "B"])
    if size < 1:
        raise ValueError
    return size


def one_of(*words: str) -> Form:
    """One of these words."""

    def read(value: object) -> str:
        if value not in words:
            raise ValueError
        return str(value)

    return Form(", ".join(words), read)


TEXT = Form("a text", _text)
FLAG = Form("1, true, yes, on, or 0, false, no, off, or empty", _flag)
SECONDS = Form("seconds, more than 0 and at most 3600", _seconds)
COUNT = Form("a whole number from 1 to 64", _count)
SIZE = Form('a size such as "500 MB" or "1 GB"', _size)
FILE = Form("the path of a file", _text)
SECRET = Form("a text, not shown", lambda value: Secret(_text(value)))


def size_text(size_bytes: int) -> str:
    """A size with the largest unit of 1000s that keeps it a whole number: `1 GB`."""
    for unit in ("TB", "GB", "MB", "kB"):
        if size_bytes % _UNITS[unit] == 0:
            return f"{size_bytes // _UNITS[unit]} {unit}"
    return f"{size_bytes} B"
