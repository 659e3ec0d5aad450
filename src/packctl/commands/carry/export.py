"""`packctl carry export`: everything that a machine without network needs, in one file."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from packctl.commands.options import Prereleases
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many

EXAMPLES = (
    "packctl carry export -o farm.carry",
    "packctl carry export --since farm.carry -o farm-2.carry",
    "packctl carry export acme/farm-animals@^2",
)


class CarryWritten(msgspec.Struct, frozen=True):
    """A file that was made: of a registry, part k of n, with its newest TUF root, the time of its index (RFC 3339 UTC) and its log's size.

    `releases` are in it with their archives, `earlier` is the name of the file that it continues and `left_out` what that one holds.
    """

    file: str
    bytes: int
    registry: str
    part: int
    parts: int
    root: int
    as_of: str
    log: int
    releases: list[str]
    left_out: list[str]
    earlier: str


class CarryExported(msgspec.Struct, frozen=True):
    """The files, one for each registry, or parts of it."""

    files: list[CarryWritten]


def run(
    session: Session,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME[@RANGE]", help="Packs, with all that they need; by default those of pack.lock"),
    ] = None,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="FILE", help="The file to write, or a folder; by default FOLDER.carry here"
        ),
    ] = "",
    since: Annotated[
        list[str] | None, typer.Option("--since", metavar="FILE", help="An earlier file: leave out what it holds")
    ] = None,
    pre: Prereleases = False,
) -> Outcome[CarryExported]:
    """Write one file for a machine without network.

    It holds the releases of pack.lock with their proofs, the registry's root, index, recalls and log: all that an install checks. The other
    side runs packctl carry import, which trusts nothing in it. With names it holds those packs, chosen anew, and what they need. Each
    registry gets a file of its own; more than 4 GiB becomes numbered parts.
    """
    from packctl.carry.earlier import Earlier, check_used, earlier_of
    from packctl.carry.export import Export, targets_of
    from packctl.carry.given import given_file
    from packctl.carry.wanted import select
    from packctl.trust.freshness import moment

    earlier = []
    for named in since or ():
        with given_file(session, named) as file:
            earlier.append(Earlier.of(file))
    target = _target(session, output, names or [], since or [])
    selection = select(session, names or [], prereleases=pre)
    registries = {alias: selection.registries.named(alias) for alias in selection.aliases}
    check_used(earlier, list(registries.values()))
    written = [
        one
        for alias, path in targets_of(selection, target).items()
        for one in Export(session, selection, alias, earlier_of(earlier, registries[alias])).write(path)
    ]
    return Outcome(
        CarryExported(
            [
                CarryWritten(
                    _shown(session, one.path), one.bytes, one.carry.registry, one.carry.part, one.carry.parts, one.carry.root,
                    moment(one.carry.as_of), one.carry.log, [f"{row.pack} {row.version}" for row in one.carry.rows_of(one.carry.part)],
                    [f"{row.pack} {row.version}" for row in one.carry.rows_of(0)], one.carry.earlier.name if one.carry.earlier else "",
                )
                for one in written
            ]
        )
    )  # fmt: skip


def _target(session: Session, output: str, names: list[str], since: list[str]) -> Path:
    """The file to write. Raises NoFolder, BadValue."""
    from packctl.usage import BadValue, NoFolder

    stem = (
        names[0].partition("@")[0].rpartition("/")[2]
        if names
        else (session.project_file.parent if session.project_file else session.folder).name
    )
    given = session.folder / output if output else session.folder
    target = given / f"{stem or 'packs'}.carry" if given.is_dir() or output.endswith("/") else given
    if not target.parent.is_dir():
        raise NoFolder(str(target.parent))
    if target.exists() and not target.is_file():
        raise BadValue("-o", output, "a file that may be replaced, or a folder")
    if any(target.resolve() == (session.folder / one).resolve() for one in since):
        raise BadValue("-o", output or str(target), "another file than the one of --since", "-o NEXT.carry")
    return target


def _shown(session: Session, path: Path) -> str:
    return str(path.relative_to(session.folder)) if path.is_relative_to(session.folder) else str(path)


def text(result: CarryExported, console: Console) -> None:
    """A line per file; what to do next on stderr."""
    from shlex import quote

    from packctl.ui.progress import megabytes

    for one in result.files:
        part = f", part {one.part} of {one.parts}" if one.parts > 1 else ""
        continues = f"; {many(len(one.left_out), 'more release')} in {safe(one.earlier)}" if one.left_out else ""
        console.line(
            f"Wrote    {safe(one.file)}, {megabytes(one.bytes)}{part}: {many(len(one.releases), 'release')} with proofs{continues}, "
            f"trust root {one.root}, index as of {one.as_of}, log of {one.log:,} entries"
        )
    first = result.files[0].file
    console.say(f"  There:                       packctl carry import {safe(quote(first))}")
    console.say(f"  Next time only what changed: packctl carry export --since {safe(quote(first))}")
