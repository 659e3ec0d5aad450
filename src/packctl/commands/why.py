"""`packctl why`: how a pack came into the project."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, write_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from packspec.lockfile import LockedPack
    from packspec.project import Project

EXAMPLES = ("packctl why packs/base-shapes", "packctl why acme/farm-animals --json")


class Path(msgspec.Struct, frozen=True):
    """One way in: the wish that it begins with, by file, line and group ("" for [dependencies]), its range, and the packs from there on."""

    file: str
    line: int
    group: str
    range: str
    packs: list[str]


class Why(msgspec.Struct, frozen=True):
    """A locked pack and every path from pack.toml to it, the shortest first. `complete` false: there are more than are listed."""

    name: str
    version: str
    paths: list[Path]
    complete: bool


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A pack of pack.lock, as publisher/name")],
) -> Outcome[Why]:
    """Show every path from pack.toml to a pack.

    A path is written as [[audit.ignore]] of pack.toml takes it. Asks nobody and changes nothing. What keeps a pack out is told by
    `packctl why-not`.
    """
    from packctl.project.find import find_project
    from packctl.project.missing import NotChosen
    from packspec.names import PackName

    pack = PackName.parse(name)
    place = find_project(session.folder)
    project, lock = place.read_project(), place.require_lock()
    locked = lock.find(pack)
    if locked is None:
        raise NotChosen(pack)
    needs: dict[str, tuple[PackName, ...]] = {one.name: tuple(need.pack for need in one.needs) for one in lock.packs}
    return Outcome(_why(locked, project, needs))


def _why(locked: "LockedPack", project: "Project", needs: "Mapping[str, Sequence[str]]") -> Why:
    from packctl.project.reach import paths_to

    wishes = [wish for wish in project.wishes() if wish.dependency.kind == "requires"]
    ways = paths_to(locked.name, [wish.pack for wish in wishes if wish.pack in needs], needs)
    paths = [
        Path(wish.file, wish.line, wish.group, wish.dependency.version.text, [str(pack) for pack in path])
        for path in ways.found
        for wish in wishes
        if wish.pack == path[0]
    ]
    return Why(str(locked.name), str(locked.version), paths, ways.complete)


def text(result: Why, console: Console) -> None:
    """The release, and a line for each path."""
    console.line(f"{safe(result.name)} {result.version}")
    columns = [Column(whole=True), Column(whole=True), Column(whole=True)]
    rows = [(_where(path), path.range, " > ".join(path.packs)) for path in result.paths]
    write_table(columns, rows, console, indent=2)
    if not result.paths:
        console.line("  nothing in pack.toml leads to it any more: packctl lock takes it out")
    if not result.complete:
        console.line("  and more paths, longer than these")


def _where(path: Path) -> str:
    return f"{path.file} line {path.line}{f' [{path.group}]' if path.group else ''}"
