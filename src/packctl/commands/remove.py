"""`packctl remove`: takes packs out of pack.toml, and what nobody needs any more out of the project."""

from typing import Annotated

import typer

from packctl.commands.options import Names
from packctl.install.result import Installed
from packctl.outcome import Notice, Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = ("packctl remove acme/farm-animals", "packctl remove edu/counting --group lessons")


def run(
    session: Session,
    names: Names,
    group: Annotated[str | None, typer.Option("--group", metavar="GROUP", help="Take them out of this group")] = None,
    no_install: Annotated[
        bool, typer.Option("--no-install", help="Write pack.toml and pack.lock, leave what is installed")
    ] = False,
) -> Outcome[Installed]:
    """Take packs out of the project.

    Packs that only they needed go too. Files that you changed are kept in packs/.packctl/kept. A warning names files of the project that
    still mention a removed pack.
    """
    from packctl.install.edits import label_of, removing
    from packctl.install.flow import carry_out
    from packctl.install.order import Order
    from packctl.project.find import find_project
    from packctl.project.uses import LIGHT, scan_uses
    from packspec.names import PackName

    packs = [PackName.parse(name) for name in names]
    order = Order(
        doing=f"removing {', '.join(packs)}",
        edit=removing(packs, label_of("--group", group) if group else None),
        installs=not no_install,
    )
    done = carry_out(session, order)
    gone = [pack for pack in packs if no_install or any(one.name == pack for one in done.removed)]
    place = find_project(session.folder)
    uses = scan_uses(place.folder, dict.fromkeys(gone, ()), place.folder / str(place.read_project().install.dir), LIGHT)
    for pack in gone:
        if files := uses.files_of(pack):
            shown = ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
            session.warn(Notice("project.still-used", f"{pack} is gone, and {_name_it(files)}", {"files": shown}))
    return Outcome(done)


def _name_it(files: list[str]) -> str:
    return "a file of the project names it" if len(files) == 1 else f"{len(files)} files of the project name it"


def text(result: Installed, console: Console) -> None:
    """The list of changes."""
    from packctl.commands.changes import show_changes

    show_changes(result, console)
