"""The checks of one file as it streams by, and of all files of a pack together."""

import re
from collections.abc import Callable, Iterable

from packspec import pictures
from packspec.checks.findings import Finding, Level
from packspec.checks.leaks import LeakSearch
from packspec.facts import PackKind
from packspec.media import FIRST_BYTES, kind_fault, magic_fault, media_type
from packspec.patterns import pattern
from packspec.pictures import PixelSize

WIDE_PIXELS = 4096
"""A picture that is wider or higher takes more memory than most devices of children have to give."""
_ACTIVE_SVG = pattern(
    rb"<script|<foreignobject|\bon[a-z]{3,20}\s{0,9}=|javascript:|<!entity|(?:href|src)\s{0,9}=\s{0,9}[\"']\s{0,9}(?:https?:|//)",
    re.IGNORECASE,
)
"""What makes a picture act or fetch: a viewer that runs it would run a program."""
_OVERLAP_BYTES = 64
"""Longer than any of these."""
_TEXTS = ("text/", "application/json", "application/toml", "application/yaml", "application/xml", "image/svg")


class FileLook:
    """Looks at one file of a pack. Feed it the file's bytes in order, then `done` gives what was noticed."""

    def __init__(self, path: str, kind: PackKind) -> None:
        self.path = path
        self._name_fault = kind_fault(path, kind)
        media = media_type(path)
        self._media = media.name if media else ""
        self._first = b""
        self._is_text = self._media.startswith(_TEXTS)
        self._is_svg = self._media == "image/svg+xml"
        self._leaks = LeakSearch()
        self._svg_tail = b""
        self._svg_acts = False

    def feed(self, piece: bytes) -> None:
        """The next bytes of the file."""
        if len(self._first) < pictures.FIRST_BYTES:
            self._first += piece[: pictures.FIRST_BYTES - len(self._first)]
        if self._is_text:
            self._leaks.feed(piece)
        if self._is_svg and not self._svg_acts:
            window = self._svg_tail + piece
            # One byte before the overlap stays in sight: whether a word begins is told by what stands before it.
            start = 1 if len(self._svg_tail) > _OVERLAP_BYTES else 0
            self._svg_acts = _ACTIVE_SVG.search(window, start) is not None
            self._svg_tail = window[-_OVERLAP_BYTES - 1 :]

    @property
    def pixels(self) -> PixelSize | None:
        """The size of a picture, once its first bytes were fed and where they tell it."""
        return pictures.pixel_size(self._media, self._first)

    def done(self) -> list[Finding]:
        """All findings about the file."""
        if self._name_fault:
            return [self._finding("publish.file-type", Level.ERROR, self._name_fault)]
        found = []
        if fault := magic_fault(self.path, self._first[:FIRST_BYTES]):
            found.append(self._finding("publish.file-content", Level.ERROR, fault))
        if self._svg_acts:
            text = "the picture holds a script, a handler, an entity or an address of another site"
            found.append(self._finding("publish.svg-active", Level.ERROR, text))
        for name, line in self._leaks.found.items():
            found.append(self._finding("publish.secret", Level.ERROR, f"it holds {name}", line))
        size = self.pixels
        if size is not None and max(size) > WIDE_PIXELS:
            text = f"the picture has {size} pixels, more than {WIDE_PIXELS} on a side"
            found.append(self._finding("publish.image-large", Level.WARNING, text))
        return found

    def _finding(self, code: str, level: Level, text: str, line: int = 0) -> Finding:
        return Finding(code=code, level=level, text=text, path=self.path, line=line)


class PackLook:
    """Looks at all files of a pack, one after the other, in any order. `look(path)` begins a file and gives where its bytes go."""

    def __init__(self, kind: PackKind) -> None:
        self._kind = kind
        self._open: FileLook | None = None
        self._found: list[Finding] = []

    def look(self, path: str) -> Callable[[bytes], object]:
        """Begins with the file at `path`; the result takes its bytes. pack.toml is looked at like any other file."""
        self._close()
        self._open = FileLook(path, self._kind)
        return self._open.feed

    def look_at(self, path: str, pieces: Iterable[bytes]) -> None:
        """Looks at a whole file."""
        feed = self.look(path)
        for piece in pieces:
            feed(piece)

    def done(self) -> list[Finding]:
        """All findings, by path."""
        self._close()
        return sorted(self._found, key=lambda finding: finding.path)

    def _close(self) -> None:
        """Ends the file before: of each file so many bytes are kept that no more than one is held at a time."""
        if self._open is not None:
            self._found += self._open.done()
            self._open = None
