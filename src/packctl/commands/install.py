"""`packctl install`: makes the installed packs equal to pack.lock, or adds packs and installs them."""

from typing import Annotated

import typer
from msgspec.structs import replace

from packctl.commands.options import DryRun, Prereleases
from packctl.install.link import Link
from packctl.install.result import Installed
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = (
    "packctl install",
    "packctl install acme/farm-animals@^2",
    "packctl install --locked",
    "packctl install --group lessons",
    "packctl install --feature sticker_book",
    "packctl install --reinstall acme/farm-animals",
)

AcceptRoot = Annotated[
    list[str] | None,
    typer.Option(
        "--accept-root",
        metavar="PUBLISHER=DIGEST",
        help="A publisher's new root, after a reset or a lower threshold; may be repeated",
    ),
]
Groups = Annotated[
    list[str] | None,
    typer.Option("--group", metavar="GROUP", help="Install this group too, from now on; may be repeated"),
]
NoGroups = Annotated[
    list[str] | None, typer.Option("--no-group", metavar="GROUP", help="No longer install this group; may be repeated")
]
Target = Annotated[
    str | None, typer.Option("--target", metavar="DIR", help="Install here instead of in the folder of [install] dir")
]
LinkWay = Annotated[
    Link, typer.Option("--link", help="How files leave the store; each way falls back to copies where it cannot be")
]


def run(
    session: Session,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Packs to add and install, as publisher/name[@RANGE]")
    ] = None,
    locked: Annotated[bool, typer.Option("--locked", help="Fail if pack.lock would have to change")] = False,
    clean: Annotated[
        bool,
        typer.Option(
            "--clean", help="Put changed packs right, and move out of the install folder what belongs to no pack"
        ),
    ] = False,
    reinstall: Annotated[
        list[str] | None, typer.Option("--reinstall", metavar="NAME", help="Put this pack there anew; may be repeated")
    ] = None,
    group: Groups = None,
    no_group: NoGroups = None,
    feature: Annotated[
        list[str] | None,
        typer.Option(
            "--feature", metavar="FEATURE", help="Only assets for these features, from now on; may be repeated"
        ),
    ] = None,
    essential: Annotated[bool, typer.Option("--essential", help="Only essential assets, from now on")] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Whole packs again: takes back --feature and --essential")
    ] = False,
    pre: Prereleases = False,
    target: Target = None,
    link: LinkWay = Link.AUTO,
    dry_run: DryRun = False,
    accept_root: AcceptRoot = None,
) -> Outcome[Installed]:
    """Make the installed packs equal to pack.lock.

    Where pack.toml asks for something that pack.lock does not have, versions are chosen first and the lock is written. Every release is
    verified before a file of it is used. With names, the packs are added to pack.toml as `add` does. In CI, and with --locked, the lock
    may not change. Groups are remembered until --no-group takes them out again. Features and --essential are written into [install] of
    pack.toml: from then on only that part of each pack is fetched and installed, until --whole.
    """
    from packctl.install.flow import carry_out
    from packctl.install.order import Order

    order = Order()
    if whole and (feature or essential):
        from packctl.usage import OptionsExclude

        raise OptionsExclude("--whole", "--feature" if feature else "--essential")
    if names or feature or essential or whole or reinstall or accept_root:
        from packctl.install.edits import order_of  # late: it loads tomlkit

        part = (feature or (), essential)
        order = order_of(names or (), part, whole_packs=whole, again=reinstall or (), accept_root=accept_root or ())
    if order.named:
        from packctl.install.record import recording

        order = replace(order, record=recording(session, sorted({pack.publisher for pack in order.named})))
    order = replace(
        order,
        locked=locked,
        may_be_locked=order.edit is None,
        prereleases=pre,
        groups=tuple(group or ()),
        no_groups=tuple(no_group or ()),
        clean=clean,
        target=target or "",
        link=link,
        dry_run=dry_run,
    )
    return Outcome(carry_out(session, order))


def text(result: Installed, console: Console) -> None:
    """The list of changes."""
    from packctl.commands.changes import show_changes

    show_changes(result, console)
