"""`packctl diff`: what changed between two releases of a pack, as signed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.releases.differences import Differences
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, table_lines

if TYPE_CHECKING:
    from packspec.names import PackName
    from packspec.versions import Version

EXAMPLES = (
    "packctl diff acme/farm-animals@2.0.1..2.1.0",
    "packctl diff acme/farm-animals@2.1.0..",
    "packctl diff acme/farm-animals",
)
FORM = "NAME@A..B"


class Compared(msgspec.Struct, frozen=True):
    """Two releases of a pack and what differs. `before_root` and `after_root` are versions of the publisher's root."""

    pack: str
    before: str
    after: str
    differences: Differences
    bytes: int
    """Of the archive of the second."""
    before_root: int
    after_root: int


def run(
    session: Session,
    releases: Annotated[
        str,
        typer.Argument(
            metavar=FORM, help="A pack and two versions; the first is by default the locked one, the second the newest"
        ),
    ],
) -> Outcome[Compared]:
    """Show what changed between two releases.

    Files added, removed, moved and changed, with their sizes; the words of pack.toml; what it needs. Both releases are verified as for an
    install, and only their lists of files and their pack.toml are fetched, never an archive.
    """
    from packctl.releases.differences import differences
    from packctl.releases.proven import Source, documents_of

    pack, first, second = _read(releases)
    first = first or _locked(session, pack, releases)
    source = Source(session, pack)
    before, after = source.prove([first, second or source.newest()], reads_only=True)
    old, new = documents_of(session, [before, after])
    return Outcome(
        Compared(
            str(pack),
            str(before.statement.version),
            str(after.statement.version),
            differences(old.tree, new.tree, old.manifest, new.manifest),
            after.statement.archive.size,
            before.root_version,
            after.root_version,
        )
    )


def _read(text: str) -> "tuple[PackName, Version | None, Version | None]":
    from packctl.usage import BadValue
    from packspec.names import PackName
    from packspec.versions import Version

    name, at, versions = text.partition("@")
    first, dots, second = versions.partition("..")
    if at and not dots:
        raise BadValue(FORM, text, f"{text}.. or {text}..VERSION")
    return (
        PackName.parse(name),
        Version.parse(first) if first else None,
        Version.parse(second) if second else None,
    )


def _locked(session: Session, pack: "PackName", text: str) -> "Version":
    """The version of the pack in the project's lock."""
    from packctl.project.find import find_project
    from packctl.usage import BadValue

    lock = find_project(session.folder).read_lock() if session.project_file else None
    found = lock.find(pack) if lock else None
    if found is None:
        versions = f"{pack}@A..B, with two versions from packctl show {pack} --versions"
        raise BadValue(FORM, text, f"two versions, because no pack.lock here names {pack}", versions)
    return found.version


def text(result: Compared, console: Console) -> None:
    """Sums, then files, words and needs; nothing of a heading that has nothing below it."""
    from packctl.ui.progress import megabytes

    found = result.differences
    console.line(f"{console.style(safe(result.pack), 'bold')} {safe(result.before)} -> {safe(result.after)}")
    sums = (
        (len(found.added), "added"),
        (len(found.removed), "removed"),
        (len(found.moved), "moved"),
        (len(found.changed), "changed"),
    )
    told = ", ".join(f"{count} {word}" for count, word in sums if count) or "no changes"
    console.line(f"  files     {told}, {found.unchanged} unchanged")
    console.line(f"  to fetch  {megabytes(found.fetch_bytes)} of {megabytes(result.bytes)}")
    if result.before_root != result.after_root:
        console.line(f"  keys      root {result.before_root} -> root {result.after_root} of the publisher")
    parts: tuple[list[tuple[str, str]], ...] = (
        list(_files(result)),
        [(_signed(one.before, one.after, one.key), _change(one.before, one.after)) for one in found.words],
        [(_signed(one.before, one.after, f"needs {one.pack}"), _change(one.before, one.after)) for one in found.needs],
    )
    for rows in parts:
        if rows:
            console.line()
        for line in table_lines([Column(whole=True), Column()], rows, console.width, indent=2):
            console.line(line)


def _files(result: Compared) -> Iterator[tuple[str, str]]:
    from packctl.ui.progress import megabytes

    found = result.differences
    rows = [(one.path, "+", one.path, megabytes(one.bytes)) for one in found.added]
    rows += [(one.path, "-", one.path, megabytes(one.bytes)) for one in found.removed]
    rows += [(one.path, "~", one.path, f"{megabytes(one.before)} -> {megabytes(one.after)}") for one in found.changed]
    rows += [(one.path, ">", f"{one.path} -> {one.to}", megabytes(one.bytes)) for one in found.moved]
    rows += [(path, "=", path, "described anew") for path in found.described]
    for _, sign, path, size in sorted(rows):
        yield f"{sign} {path}", size


def _signed(before: str, after: str, what: str) -> str:
    return f"{'+' if not before else '-' if not after else '~'} {what}"


def _change(before: str, after: str) -> str:
    return f"{before} -> {after}" if before and after else before or after
