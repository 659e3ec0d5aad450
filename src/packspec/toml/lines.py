"""Lines: on which line of a TOML text each key and each element of a list stands. tomllib does not tell.

The scanner reads text that tomllib has accepted, so it looks only for what separates keys from values and does not judge. It runs when
the first line is asked for: a file without faults never pays.
"""

import re
import tomllib
from bisect import bisect_left
from functools import cached_property

_BLANKS = re.compile(r"[ \t]*")
_BLANKS_LINES_COMMENTS = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})' r"|'''.*?'''(?:'{0,2})" r'|"(?:[^"\\]|\\.)*"' r"|'[^']*'",
    re.DOTALL,
)

Place = tuple[str | int, ...]


class Lines:
    """Where the keys of one TOML text stand."""

    def __init__(self, text: str = "") -> None:
        self._text = text

    def __eq__(self, other: object) -> bool:
        """Where things stand is no part of what they say: files that say the same are equal."""
        return isinstance(other, Lines)

    def __hash__(self) -> int:
        return 0

    def of(self, path: Place) -> int:
        """The line, from 1, of the key or list element at `path`; of the nearest table around it if it is absent; 0 at the very top."""
        while path:
            if line := self._found.get(path):
                return line
            path = path[:-1]
        return 0

    @cached_property
    def _found(self) -> dict[Place, int]:
        return _Scanner(self._text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.ends = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[Place, int] = {}
        self.arrays: dict[Place, int] = {}

    def scan(self) -> dict[Place, int]:
        table: Place = ()
        while self._skip(_BLANKS_LINES_COMMENTS) and self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._key_and_value(table)
        return self.lines

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        assert match is not None  # every pattern that is skipped also matches nothing
        self.at = match.end()
        return True

    def _note(self, path: Place) -> None:
        self.lines.setdefault(path, bisect_left(self.ends, self.at) + 1)

    def _header(self) -> Place:
        """`[a.b]` or `[[a.b]]`: the table that the following keys belong to, with positions where the way leads through a list."""
        double = self.text.startswith("[[", self.at)
        start = self.at
        self.at += 2 if double else 1
        keys = self._keys()
        self.at += 2 if double else 1
        end, self.at = self.at, start
        path: Place = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            last = position == len(keys) - 1
            self._note(path)
            if double and last:
                self.arrays[path] = self.arrays.get(path, -1) + 1
            if path in self.arrays:
                path = (*path, self.arrays[path])
                self._note(path)
        self.at = end
        return path

    def _keys(self) -> list[str]:
        keys = []
        while self._skip(_BLANKS):
            if self.text[self.at] in "\"'":
                keys.append(str(tomllib.loads(f"key = {self._string()}")["key"]))
            else:
                match = _BARE_KEY.match(self.text, self.at)
                assert match is not None  # tomllib has read a key here
                keys.append(match[0])
                self.at = match.end()
            self._skip(_BLANKS)
            if self.text[self.at] != ".":
                return keys
            self.at += 1
        return keys

    def _string(self) -> str:
        match = _STRING.match(self.text, self.at)
        assert match is not None  # tomllib has read a string here
        self.at = match.end()
        return match[0]

    def _key_and_value(self, table: Place) -> None:
        start = self.at
        keys = self._keys()
        end, self.at = self.at, start
        for key in keys:
            table = (*table, key)
            self._note(table)
        self.at = end + 1  # the equals sign
        self._skip(_BLANKS)
        self._value(table)

    def _value(self, path: Place) -> None:
        """Recurses into brackets; `read_text` has bounded their depth."""
        match self.text[self.at]:
            case '"' | "'":
                self._string()
            case "[":
                self._list(path)
            case "{":
                self.at += 1
                while self._skip(_BLANKS_LINES_COMMENTS) and self.text[self.at] != "}":
                    self._key_and_value(path)
                    self._comma()
                self.at += 1
            case _:
                self._skip(_BARE_VALUE)

    def _list(self, path: Place) -> None:
        self.at += 1
        position = 0
        while self._skip(_BLANKS_LINES_COMMENTS) and self.text[self.at] != "]":
            self._note((*path, position))
            self._value((*path, position))
            self._comma()
            position += 1
        self.at += 1

    def _comma(self) -> None:
        self._skip(_BLANKS_LINES_COMMENTS)
        if self.text[self.at] == ",":
            self.at += 1
