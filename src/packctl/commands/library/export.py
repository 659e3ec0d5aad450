"""`packctl library export`: one merged index of the assets of all installed packs."""

from typing import Annotated

import msgspec
import typer
from msgspec import Struct

from packctl.install.library import LibraryIndex
from packctl.outcome import Notice, Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many
from packspec import wire

EXAMPLES = ("packctl library export -o library.json", "packctl library export --feature sticker_book -o stickers.json")


class View(Struct, frozen=True):
    """The file that the index was written to; None: it is printed."""

    output: str | None


def run(
    session: Session,
    feature: Annotated[
        str, typer.Option("--feature", metavar="F", help="Only what is for this part of the host, or for all of them")
    ] = "",
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write the index here; by default it is printed"),
    ] = None,
) -> Outcome[LibraryIndex]:
    """Write one index of the assets of all installed packs.

    A program merges it with its own base library: for each asset it has an id, the file, its type, title, tags, size and digest. Packs come
    by name, their assets in their publishers' order, so equal installs give equal bytes. Asks nobody and installs nothing.
    """
    from packctl.install.edits import label_of
    from packctl.install.library import index_of
    from packctl.install.recovery import recovered
    from packctl.project.find import find_project
    from packctl.project.inventory import Inventory

    place = find_project(session.folder)
    folder = str(place.read_project().install.dir)
    recovered(session, place.folder, folder)
    wanted = str(label_of("--feature", feature)) if feature else ""
    inventory = Inventory.of(place.folder / folder)
    index = index_of(inventory, folder, wanted)
    for pack in inventory.changed():
        session.warn(
            Notice(
                "install.pack-changed",
                f"{pack} is left out: its pack.toml is not what was installed",
                {},
                ["packctl heal"],
            )
        )
    if output:
        _write(session, output, index)
    return Outcome(index, view=View(output))


def _write(session: Session, output: str, index: LibraryIndex) -> None:
    from packctl.durable import Folder

    path = session.folder / output
    with Folder.open(path.parent) as folder:
        folder.replace(path.name, _encoded(index))


def _encoded(index: LibraryIndex) -> bytes:
    return msgspec.json.format(wire.encode(index), indent=1) + b"\n"


def text(result: LibraryIndex, console: Console, view: View) -> None:
    """The index itself where no file was named, else what was written."""
    if view.output is None:
        for line in _encoded(result).decode().splitlines():
            console.line(line)
        return
    console.say(f"Wrote {safe(view.output)}: {many(len(result.assets), 'asset')} of {many(len(result.packs), 'pack')}")
