"""Which of a project's own files name a pack: what is told when the pack is removed. A look, no more: text files, by the pack's name."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from packspec.limits import MIB
from packspec.names import PackName
from packspec.project import INSTALL_FOLDER

FILE_BYTES = MIB
"""Larger files are hardly written by a person."""
FILES = 5_000
"""Most files that are looked at."""
_OURS = ("pack.toml", "pack.lock")


def files_that_use(
    project: Path, packs: Iterable[PackName], packs_folder: str = str(INSTALL_FOLDER)
) -> dict[PackName, list[str]]:
    """Files that name these packs, as paths in the project; packs that nobody names are left out. What cannot be read names nothing."""
    wanted = {pack: pack.encode() for pack in packs}
    found: dict[PackName, list[str]] = {}
    if not wanted:
        return found
    for number, path in enumerate(_files(project, packs_folder)):
        if number == FILES:
            break
        try:
            with (project / path).open("rb") as file:
                data = file.read(FILE_BYTES + 1)
        except OSError:
            continue
        if len(data) > FILE_BYTES or b"\0" in data:
            continue
        for pack, name in wanted.items():
            if name in data:
                found.setdefault(pack, []).append(path)
    return found


def _files(project: Path, packs_folder: str) -> Iterator[str]:
    """Plain files below a project but hidden ones, those of packs and ours, in order of path."""
    for folder, folders, files in os.walk(project):
        here = os.path.relpath(folder, project)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and _joined(here, name) != packs_folder
        )
        for name in sorted(files):
            path = _joined(here, name)
            if not name.startswith(".") and path not in _OURS and not os.path.islink(project / path):
                yield path


def _joined(here: str, name: str) -> str:
    return name if here == "." else f"{here}/{name}".replace(os.sep, "/")
