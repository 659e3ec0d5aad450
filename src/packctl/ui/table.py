"""Aligned columns without boxes. Names are never cut; a column of prose is wrapped below itself where the terminal is narrow."""

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

import msgspec

from packctl.ui.console import Console
from packctl.ui.escape import safe

GAP = 2
NARROWEST = 16
"""A column of prose gets at least this many characters, even if the line then is longer than the terminal."""


class Column(msgspec.Struct, frozen=True):
    """A column: its heading ("": none), whether it is aligned to the right (numbers), whether its texts stay whole (names, digests)."""

    heading: str = ""
    right: bool = False
    whole: bool = False


def write_table(columns: Sequence[Column], rows: Iterable[Sequence[str]], console: Console, *, indent: int = 0) -> None:
    """Writes the rows under their headings to stdout, every text made `safe`. Without rows nothing is written, headings included."""
    for line in table_lines(columns, rows, console.width, indent=indent):
        console.line(line)


def table_lines(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int | None, *, indent: int = 0
) -> list[str]:
    """The lines of a table for `width` columns of a terminal (None: as wide as it gets)."""
    body = [[safe(cell) for cell in row] for row in rows]
    if not body:
        return []
    if any(column.heading for column in columns):
        body.insert(0, [column.heading for column in columns])
    widths = _widths(columns, body, width, indent)
    lines = []
    for row in body:
        cells = [
            [cell]
            if column.whole or columns_of(cell) <= room
            else textwrap.wrap(cell, room, break_on_hyphens=False) or [""]
            for column, cell, room in zip(columns, row, widths, strict=True)
        ]
        for level in range(max(map(len, cells))):
            pieces = [
                _padded(cell[level] if level < len(cell) else "", room, column.right)
                for column, cell, room in zip(columns, cells, widths, strict=True)
            ]
            lines.append(" " * indent + (" " * GAP).join(pieces).rstrip())
    return [line.rstrip() for line in lines]


def _widths(columns: Sequence[Column], body: list[list[str]], width: int | None, indent: int) -> list[int]:
    """What each column needs; where that is too wide, the widest columns of prose give way, equally."""
    needed = [max(columns_of(row[number]) for row in body) for number in range(len(columns))]
    if width is None:
        return needed
    excess = indent + sum(needed) + GAP * (len(columns) - 1) - width
    while excess > 0:
        prose = [number for number, column in enumerate(columns) if not column.whole and needed[number] > NARROWEST]
        if not prose:
            break
        widest = max(prose, key=lambda number: needed[number])
        needed[widest] -= 1
        excess -= 1
    return needed


def _padded(text: str, room: int, right: bool) -> str:
    blanks = " " * max(0, room - columns_of(text))
    return blanks + text if right else text + blanks


def columns_of(text: str) -> int:
    """How many columns of a terminal `text` takes: two for wide East Asian characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) or character in "\u200c\u200d\ufe0f"
        else 2 if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )  # fmt: skip


def many(count: int, thing: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
