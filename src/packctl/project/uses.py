"""Which files name which packs and which of their assets: what `usage scan` lists, and what is told when a pack is removed.

A look and no more: text files, in order of path, within bounds. A file uses an asset where it holds `PUBLISHER/NAME/PATH`, whatever stands
in front of it, with `/`, `\\`, `\\/` or `%20` as programs write them; `PUBLISHER/NAME` alone is a use of the pack.
"""

import os
import re
import stat
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from packspec.limits import GIB, MIB
from packspec.names import PackName

OURS = ("pack.toml", "pack.lock")
_SLASHES = re.compile(rb"\\{1,2}/?")
_ENDS = re.compile(rb"(?![\w-]|[./]\w)")
PATH_BYTES = 240
"""Longest path of an asset (docs/spec/paths.md)."""


BEGINNING_BYTES = 8192
"""By so much most files that are no text are known."""


class Bounds(Struct, frozen=True):
    """How much is looked at."""

    files: int
    file_bytes: int
    """Larger files are hardly written by a person."""
    total_bytes: int


LIGHT = Bounds(5_000, MIB, 64 * MIB)
"""For a warning by the way."""
WHOLE = Bounds(200_000, 16 * MIB, 4 * GIB)
"""For who asks."""


class Uses(Struct):
    """What was found. `found`: file to (pack, path of the asset, empty for the pack as such) to how often."""

    found: dict[str, Counter[tuple[PackName, str]]] = field(default_factory=dict)
    files: int = 0
    """Files that were read."""
    skipped: int = 0
    """Files that are no text or no files (pipes, sockets), too large, or cannot be read."""
    is_cut: bool = False
    """There is more than the bounds allow."""

    def files_of(self, pack: PackName) -> list[str]:
        """The files that use `pack`, or anything of it, in order."""
        return sorted(file for file, uses in self.found.items() if any(one == pack for one, _ in uses))


def scan_uses(folder: Path, packs: Mapping[PackName, Collection[str]], skip: Path, bounds: Bounds) -> Uses:
    """The uses below `folder` of `packs`, each with the paths of its assets (none: only its name is looked for).

    Paths are relative to `folder`. Left out: what is hidden, links, the folder `skip`, and pack.toml and pack.lock.
    """
    uses, total = Uses(), 0
    if not packs:
        return uses
    look = _Look(packs)
    for path in _files(folder, skip):
        if uses.files + uses.skipped == bounds.files or total >= bounds.total_bytes:
            uses.is_cut = True
            break
        data = _text(folder / path, bounds.file_bytes)
        if data is None:
            uses.skipped += 1
            continue
        uses.files += 1
        total += len(data)
        if found := look.uses_in(data):
            uses.found[path] = found
    return uses


class _Look:
    """One expression for all names, and the paths of each pack for what follows a name."""

    def __init__(self, packs: Mapping[PackName, Collection[str]]) -> None:
        names = b"|".join(re.escape(pack.encode()) for pack in sorted(packs, key=len, reverse=True))
        self._name = re.compile(rb"(?<![\w.-])(" + names + rb")(?![\w-])")
        self._packs = {pack.encode(): pack for pack in packs}
        self._paths = {pack: frozenset(path.encode() for path in paths) for pack, paths in packs.items()}

    def uses_in(self, data: bytes) -> Counter[tuple[PackName, str]]:
        """What one text uses, and how often."""
        found: Counter[tuple[PackName, str]] = Counter()
        if b"\\" in data:
            data = _SLASHES.sub(b"/", data)
        if b"%20" in data:
            data = data.replace(b"%20", b" ")
        for name in self._name.finditer(data):
            pack = self._packs[name[1]]
            found[pack, self._asset(pack, data, name.end())] += 1
        return found

    def _asset(self, pack: PackName, data: bytes, at: int) -> str:
        """The longest path of an asset of `pack` that follows, whole; empty if there is none."""
        paths, rest = self._paths[pack], data[at + 1 : at + 1 + PATH_BYTES]
        if paths and data[at : at + 1] == b"/":
            for end in range(len(rest), 0, -1):
                if rest[:end] in paths and _ENDS.match(data, at + 1 + end):
                    return rest[:end].decode()
        return ""


def _text(path: Path, most: int) -> bytes | None:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:  # a pipe would keep its reader for ever
            return None
        with path.open("rb") as file:
            data = file.read(BEGINNING_BYTES)
            if b"\0" not in data:
                data += file.read(most + 1 - len(data))
    except OSError:
        return None
    return None if len(data) > most or b"\0" in data else data


def _files(top: Path, skip: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(top):
        here = os.path.relpath(folder, top)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and os.path.join(folder, name) != str(skip)
        )
        for name in sorted(files):
            path = name if here == "." else f"{here}/{name}".replace(os.sep, "/")
            if not name.startswith(".") and name not in OURS and not os.path.islink(top / path):
                yield path
