"""`packctl update`: newer releases, inside the ranges of pack.toml or, where that is asked, beyond them."""

from typing import TYPE_CHECKING, Annotated

import typer

from packctl.commands.install import AcceptRoot
from packctl.commands.options import DryRun, Prereleases
from packctl.install.result import Installed
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

if TYPE_CHECKING:
    from packspec.names import PackName

EXAMPLES = (
    "packctl update",
    "packctl update acme/farm-animals",
    "packctl update acme/farm-animals --major",
    'packctl update acme/farm-animals --to "~2.1"',
    "packctl update --auto -q",
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
    auto: Annotated[
        bool, typer.Option("--auto", help="For a timer: what is installed here, inside its ranges, never asking")
    ] = False,
    dry_run: DryRun = False,
    accept_root: AcceptRoot = None,
) -> Outcome[Installed]:
    """Take newer releases.

    Without names everything is chosen anew; with names only these move, and others where they must. Ranges in pack.toml stay as they are
    unless --to or --major changes them. What the ranges hold back is told at the end. With --auto only packs that are installed here move,
    nobody is asked, and the registry can count the downloads as those of automatic updates.
    """
    from packctl.install.edits import accepted_roots, moving_on, moving_to
    from packctl.install.flow import carry_out
    from packctl.install.order import Order
    from packspec.commandline import MissingArgument
    from packspec.names import PackName
    from packspec.ranges import Range

    packs = [PackName.parse(name) for name in names or ()]
    _refuse_two({"--to": bool(to), "--major": major})
    for beyond, is_set in (
        ("--to", bool(to)),
        ("--major", major),
        ("--pre", pre),
        ("--accept-root", bool(accept_root)),
    ):
        _refuse_two({"--auto": auto, beyond: is_set})
    if to and not packs:
        raise MissingArgument("NAME for --to", "update")
    edit = moving_to(packs, Range.parse(to)) if to else moving_on(packs) if major else None
    order = Order(
        doing=f"updating {', '.join(packs) or 'packs'}",
        edit=edit,
        named=frozenset(packs),
        upgrade=_automatically(session, packs) if auto else frozenset(packs) or None,
        prereleases=pre,
        dry_run=dry_run,
        moves=True,
        tells_held_back=True,
        accepted=accepted_roots(accept_root or ()),
    )
    return Outcome(carry_out(session, order))


def _refuse_two(options: "dict[str, bool]") -> None:
    from packctl.usage import OptionsExclude

    if all(options.values()):
        raise OptionsExclude(*options)


def _automatically(session: Session, named: "list[PackName]") -> "frozenset[PackName]":
    """Nobody is asked from here on. The packs that may move: of those that were named, or of all, what is installed and locked."""
    from packctl.project.find import find_project
    from packctl.project.state import InstallState

    session.console.attended, session.is_automatic = False, True
    place = find_project(session.folder)
    lock, state = place.read_lock(), InstallState.load(place.folder / str(place.read_project().install.dir))
    here = {pack.name for pack in lock.packs if pack.name in state.receipts} if lock else set()
    return frozenset(here & set(named) if named else here)


def text(result: Installed, console: Console) -> None:
    """The list of changes, and what was held back."""
    from packctl.commands.changes import show_changes

    show_changes(result, console)
