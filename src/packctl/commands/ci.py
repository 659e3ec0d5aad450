"""`packctl ci`: installs exactly what pack.lock says, and takes out whatever else lies there. Never asks."""

from typing import Annotated

import typer

from packctl.install.result import Installed
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = ("packctl ci", "packctl ci --group lessons")


def run(
    session: Session,
    group: Annotated[
        list[str] | None, typer.Option("--group", metavar="GROUP", help="Install this group too; may be repeated")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="DIR", help="Install here instead of in the folder of [install] dir"),
    ] = None,
) -> Outcome[Installed]:
    """Install exactly what pack.lock says, without questions.

    The same as install --locked --clean --no-input: fails with exit 9 if there is no pack.lock, or if it was not made for this pack.toml.
    Only the groups that are named here are installed; a later install keeps them, a later ci that does not name them takes them out.
    """
    from packctl.install.flow import carry_out
    from packctl.install.order import Order

    session.console.attended = False
    order = Order(locked=True, clean=True, groups=tuple(group or ()), target=target or "")
    return Outcome(carry_out(session, order))


def text(result: Installed, console: Console) -> None:
    """The list of changes."""
    from packctl.commands.changes import show_changes

    show_changes(result, console)
