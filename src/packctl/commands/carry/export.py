"""`packctl carry export`: everything that a machine without network needs, in one file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.options import Prereleases
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many

if TYPE_CHECKING:
    from packctl.carry.export import Written

EXAMPLES = (
    "packctl carry export -o farm.carry",
    "packctl carry export --since farm.carry -o farm-2.carry",
    "packctl carry export acme/farm-animals@^2",
)


class CarryWritten(msgspec.Struct, frozen=True):
    """A file that was made: of a registry, part k of n, with its newest TUF root, the time of its index (RFC 3339 UTC) and its log's size.

    It holds the proofs of `proven` releases and the archives of `releases`; those of `left_out` are in the file `earlier`.
    """

    file: str
    bytes: int
    registry: str
    part: int
    parts: int
    root: int
    as_of: str
    log: int
    proven: int
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
    return Outcome(CarryExported([_told(session, one) for one in written]))


def _told(session: Session, one: "Written") -> CarryWritten:
    from packspec.moments import moment

    carry = one.carry
    return CarryWritten(
        file=_shown(session, one.path),
        bytes=one.bytes,
        registry=carry.registry,
        part=carry.part,
        parts=carry.parts,
        root=carry.root,
        as_of=moment(carry.as_of),
        log=carry.log,
        proven=len(carry.releases),
        releases=[f"{row.pack} {row.version}" for row in carry.rows_of(carry.part)],
        left_out=[f"{row.pack} {row.version}" for row in carry.rows_of(0)],
        earlier=carry.earlier.name if carry.earlier else "",
    )


def _target(session: Session, output: str, names: list[str], since: list[str]) -> Path:
    """The file to write. Raises NoFolder, BadValue."""
    from packctl.usage import BadValue, check_folder_of

    stem = (
        names[0].partition("@")[0].rpartition("/")[2]
        if names
        else (session.project_file.parent if session.project_file else session.folder).name
    )
    given = session.folder / output if output else session.folder
    target = given / f"{stem or 'packs'}.carry" if given.is_dir() or output.endswith("/") else given
    check_folder_of(target)
    if target.exists() and not target.is_file():
        raise BadValue("-o", output, "a file that may be replaced, or a folder")
    if any(target.resolve() == (session.folder / one).resolve() for one in since):
        raise BadValue("-o", output or str(target), "another file than the one of --since", "-o NEXT.carry")
    return target


def _shown(session: Session, path: Path) -> str:
    return str(path.relative_to(session.folder)) if path.is_relative_to(session.folder) else str(path)


def _content(one: CarryWritten) -> str:
    """`4 releases with proofs`, and where fewer archives are in this file, how many and where the others are."""
    proofs = f"{many(one.proven, 'release')} with proofs"
    if len(one.releases) == one.proven:
        return proofs
    elsewhere = [f"{len(one.left_out)} in {safe(one.earlier)}"] if one.left_out else []
    if others := one.proven - len(one.releases) - len(one.left_out):
        elsewhere.append(f"{others} in other parts")
    return f"{proofs}, {many(len(one.releases), 'archive')} ({', '.join(elsewhere)})"


def text(result: CarryExported, console: Console) -> None:
    """A line per file; what to do next on stderr."""
    from shlex import quote

    from packctl.ui.progress import megabytes

    for one in result.files:
        part = f", part {one.part} of {one.parts}" if one.parts > 1 else ""
        console.line(
            f"Wrote    {safe(one.file)}, {megabytes(one.bytes)}{part}: {_content(one)}, trust root {one.root}, index as of {one.as_of}, "
            f"log of {one.log:,} entries"
        )
    first = result.files[0].file
    console.say(f"  There:                       packctl carry import {safe(quote(first))}")
    console.say(f"  Next time only what changed: packctl carry export --since {safe(quote(first))}")
