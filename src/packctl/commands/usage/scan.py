"""`packctl usage scan`: which files use which assets of the installed packs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Notice, Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, many, write_table

if TYPE_CHECKING:
    from packctl.project.inventory import Inventory
    from packctl.project.uses import Uses
    from packspec.names import PackName

EXAMPLES = (
    "packctl usage scan",
    "packctl usage scan levels",
    "packctl usage scan --plain",
    "packctl usage scan saves --json",
)


class AssetUse(msgspec.Struct, frozen=True):
    """One asset in one file, and how often its path stands there. `asset` and `type` are empty where only the pack is named."""

    pack: str
    asset: str
    type: str
    file: str
    count: int


class UsageScan(msgspec.Struct, frozen=True):
    """The uses found below `folder`, by pack, asset and file.

    `files` were read, `skipped` are no text, too large or unreadable; not `complete`: there were more than are looked at. `unused` are
    installed packs that no file names.
    """

    folder: str
    uses: list[AssetUse]
    unused: list[str]
    files: int
    skipped: int
    complete: bool


def run(
    session: Session,
    folder: Annotated[
        str | None, typer.Argument(metavar="DIR", help="Where to look; by default the folder of the project")
    ] = None,
) -> Outcome[UsageScan]:
    """Show which files use which assets of the installed packs.

    Looks into text files below DIR for paths such as packs/acme/farm-animals/svg/cow.svg, whatever stands in front of the pack's name.
    Hidden files, links, the installed packs themselves, pack.toml and pack.lock are left out. Asks nobody and changes nothing.
    """
    from packctl.install.recovery import recovered
    from packctl.project.find import find_project
    from packctl.project.inventory import Inventory
    from packctl.project.uses import WHOLE, scan_uses
    from packctl.usage import NoFolder

    place = find_project(session.folder)
    packs = str(place.read_project().install.dir)
    recovered(session, place.folder, packs)
    inventory = Inventory.of(place.folder / packs)
    top = session.folder / folder if folder else place.folder
    if not top.is_dir():
        raise NoFolder(str(folder), top.exists())
    paths = {pack: inventory.paths(pack) for pack in inventory.state.receipts}
    uses = scan_uses(top.resolve(), paths, (place.folder / packs).resolve(), WHOLE)
    if uses.is_cut:
        session.warn(
            Notice(
                "project.scan-cut", "there are more files than are looked at", {"looked at": many(uses.files, "file")}
            )
        )
    return Outcome(
        UsageScan(
            folder=str(folder or "."),
            uses=sorted(_uses(uses, inventory), key=lambda one: (one.pack, one.asset, one.file)),
            unused=[pack for pack in sorted(paths) if not uses.files_of(pack)],
            files=uses.files,
            skipped=uses.skipped,
            complete=not uses.is_cut,
        )
    )


def _uses(uses: "Uses", inventory: "Inventory") -> Iterator[AssetUse]:
    types: dict[PackName, dict[str, str]] = {}
    for file, counted in uses.found.items():
        for (pack, asset), count in counted.items():
            if pack not in types:
                types[pack] = {one.path: str(one.type) for one in inventory.assets(pack) or ()}
            yield AssetUse(pack, asset, types[pack].get(asset, ""), file, count)


def text(result: UsageScan, console: Console) -> None:
    """A row per asset and file."""
    columns = [
        Column("PACK", whole=True),
        Column("ASSET", whole=True),
        Column("TYPE"),
        Column("FILE"),
        Column("USES", right=True),
    ]
    rows = [(one.pack, one.asset or "(the pack)", one.type, one.file, str(one.count)) for one in result.uses]
    write_table(columns, rows, console)
    if not rows:
        console.say("No file uses an installed pack")
    if result.unused:
        console.say(f"Not used by any file: {safe(', '.join(result.unused))}")
    console.say(
        f"{many(result.files, 'file')} read"
        + (f", {result.skipped} skipped (no text, or too large)" if result.skipped else "")
    )


def plain(result: UsageScan) -> Iterator[tuple[str, ...]]:
    """Pack, asset, type, file, count."""
    for one in result.uses:
        yield one.pack, one.asset, one.type, one.file, str(one.count)
