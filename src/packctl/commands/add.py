"""`packctl add`: packs into pack.toml, their versions into pack.lock, their files into the project; all of it or nothing."""

from typing import Annotated, Literal

import typer

from packctl.commands.install import AcceptRoot
from packctl.commands.options import Names, Prereleases
from packctl.install.result import Installed
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = (
    "packctl add acme/farm-animals",
    "packctl add acme/farm-animals@^2 birdsong/audio-core@latest",
    "packctl add edu/counting --group lessons",
    "packctl add acme/farm-animals-pro --optional",
)


def run(
    session: Session,
    names: Names,
    group: Annotated[
        str | None, typer.Option("--group", metavar="GROUP", help="Into this group, which is installed from now on")
    ] = None,
    optional: Annotated[
        bool, typer.Option("--optional", help="Leave it out where it cannot be had, and say so")
    ] = False,
    kind: Annotated[
        Literal["requires", "enhances", "compatible"] | None,
        typer.Option(
            "--kind", help="requires: installed with the project. The others only limit the version of what is there"
        ),
    ] = None,
    pre: Prereleases = False,
    no_install: Annotated[
        bool, typer.Option("--no-install", help="Write pack.toml and pack.lock, install nothing")
    ] = False,
    accept_root: AcceptRoot = None,
) -> Outcome[Installed]:
    """Add packs to the project and install them.

    Names are publisher/name, or publisher/name@RANGE. Without a range the newest release that fits with the rest is taken, and its caret
    range is written; @latest insists on the newest release there is. pack.toml keeps its comments. If a solution cannot be found, or
    anything else fails, pack.toml and pack.lock stay as they were. A registry given with --registry is recorded in pack.toml.
    """
    from packctl.install.edits import Asked, accepted_roots, adding, label_of
    from packctl.install.flow import carry_out
    from packctl.install.order import Order
    from packctl.install.record import recording

    asked = [Asked.parse(name) for name in names]
    place = label_of("--group", group) if group else None
    packs = [one.pack for one in asked]
    order = Order(
        doing=f"adding {', '.join(packs)}",
        edit=adding(asked, place, kind, optional or None),
        record=recording(session, [pack.publisher for pack in packs]),
        named=frozenset(packs),
        groups=(place,) if place else (),
        prereleases=pre,
        installs=not no_install,
        accepted=accepted_roots(accept_root or ()),
    )
    return Outcome(carry_out(session, order))


def text(result: Installed, console: Console) -> None:
    """The list of changes."""
    from packctl.commands.changes import show_changes

    show_changes(result, console)
