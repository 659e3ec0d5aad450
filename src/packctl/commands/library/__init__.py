"""`packctl library`: the packs that the project has, and how far each is here."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table

EXAMPLES = (
    "packctl library",
    "packctl library --status",
    "packctl library export --feature sticker_book -o library.json",
)


class LibraryEntry(msgspec.Struct, frozen=True):
    """A pack of pack.lock.

    `status` is pending, downloading, completed or failed, `bytes_here` how much of `bytes` (its archive) is here, 0 for a failed one; both
    only with --status, null elsewhere. `title` is empty for a pack that is not installed.
    """

    name: str
    version: str
    title: str
    license: str
    bytes: int
    status: str | None = None
    bytes_here: int | None = None


class Library(msgspec.Struct, frozen=True):
    """The packs of the project by name."""

    packs: list[LibraryEntry]


def run(
    session: Session,
    status: Annotated[bool, typer.Option("--status", help="How far each is downloaded")] = False,
) -> Outcome[Library]:
    """Show the packs that the project has.

    They are those of pack.lock, installed or not yet. With --status each is pending (nothing of it is here), partly here (in --json and
    --plain: downloading), completed (installed, with all files) or failed (installed, and files of it are missing). Asks nobody and changes
    nothing.
    """
    from packctl.install.library import progress_of
    from packctl.install.recovery import recovered
    from packctl.project.find import find_project
    from packctl.project.inventory import Inventory

    place = find_project(session.folder)
    folder = str(place.read_project().install.dir)
    recovered(session, place.folder, folder)
    lock, inventory = place.read_lock(), Inventory.of(place.folder / folder)
    entries = []
    for locked in sorted(lock.packs if lock else (), key=lambda pack: pack.name):
        manifest = inventory.manifest(locked.name)
        told: tuple[str | None, int | None] = (None, None)
        if status:
            told = progress_of(inventory, locked, session.places.store, session.places.cache / "downloads")
            told = (str(told[0]), told[1])
        title = manifest.title if manifest else ""
        entries.append(LibraryEntry(locked.name, str(locked.version), title, str(locked.license), locked.size, *told))
    return Outcome(Library(entries))


_SHOWN = {"downloading": "partly here"}
"""Words of the documented form that would say too much to a person: nothing may be running."""


def text(result: Library, console: Console) -> None:
    """A row per pack."""
    from packctl.ui.progress import megabytes

    if not result.packs:
        console.say("No packs are here: packctl add publisher/name")
        return
    columns = [Column("NAME", whole=True), Column("VERSION", whole=True)]
    if result.packs[0].status is None:
        rows = [(one.name, one.version, one.title, one.license) for one in result.packs]
        write_table([*columns, Column("TITLE"), Column("TERMS")], rows, console)
        return
    columns += [
        Column("STATUS", whole=True),
        Column("HERE", right=True, whole=True),
        Column("SIZE", right=True, whole=True),
    ]
    write_table(
        columns,
        [
            (
                one.name,
                one.version,
                _SHOWN.get(one.status or "", one.status or ""),
                megabytes(one.bytes_here) if one.bytes_here else "",
                megabytes(one.bytes),
            )
            for one in result.packs
        ],
        console,
    )
    if any(one.status == "failed" for one in result.packs):
        console.say("Files are missing: packctl heal")
    if any(one.status in ("pending", "downloading") for one in result.packs):
        console.say("Not all are installed: packctl install")


def plain(result: Library) -> Iterator[tuple[str, ...]]:
    """Name, version, status and bytes here (both empty without --status), bytes."""
    for one in result.packs:
        yield (
            one.name,
            one.version,
            one.status or "",
            "" if one.bytes_here is None else str(one.bytes_here),
            str(one.bytes),
        )
