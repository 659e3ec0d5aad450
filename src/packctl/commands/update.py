"""`packctl update`: newer releases, inside the ranges of pack.toml or, where that is asked, beyond them."""

from typing import Annotated

import typer

from packctl.commands.install import AcceptRoot
from packctl.commands.options import DryRun, Prereleases
from packctl.install.result import Installed
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = (
    "packctl update",
    "packctl update acme/farm-animals",
    "packctl update acme/farm-animals --major",
    'packctl update acme/farm-animals --to "~2.1"',
)


def run(
    session: Session,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Packs, as publisher/name; by default all")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="RANGE", help="Write this range for the named packs into pack.toml")
    ] = None,
    major: Annotated[
        bool, typer.Option("--major", help="Leave the ranges of pack.toml for the newest releases that fit together")
    ] = False,
    pre: Prereleases = False,
    dry_run: DryRun = False,
    accept_root: AcceptRoot = None,
) -> Outcome[Installed]:
    """Take newer releases.

    Without names everything is chosen anew; with names only these move, and others where they must. Ranges in pack.toml stay as they are
    unless --to or --major changes them. What the ranges hold back is told at the end.
    """
    from packctl.install.edits import accepted_roots, moving_on, moving_to
    from packctl.install.flow import carry_out
    from packctl.install.order import Order
    from packctl.usage import MissingArgument, OptionsExclude
    from packspec.names import PackName
    from packspec.ranges import Range

    packs = [PackName.parse(name) for name in names or ()]
    if to and major:
        raise OptionsExclude("--to", "--major")
    if to and not packs:
        raise MissingArgument("NAME for --to", "update")
    edit = moving_to(packs, Range.parse(to)) if to else moving_on(packs) if major else None
    order = Order(
        doing=f"updating {', '.join(packs) or 'packs'}",
        edit=edit,
        named=frozenset(packs),
        upgrade=frozenset(packs) if packs else None,
        prereleases=pre,
        dry_run=dry_run,
        tells_held_back=True,
        accepted=accepted_roots(accept_root or ()),
    )
    return Outcome(carry_out(session, order))


def text(result: Installed, console: Console) -> None:
    """The list of changes, and what was held back."""
    from packctl.commands.changes import show_changes

    show_changes(result, console)
