"""`packctl lock`: chooses versions and writes pack.lock; installs nothing."""

from typing import Annotated

import typer

from packctl.commands.install import AcceptRoot
from packctl.commands.options import Prereleases
from packctl.install.result import Installed
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = ("packctl lock", "packctl lock --check", "packctl lock --upgrade", "packctl lock --at 2026-10-01")


def run(
    session: Session,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing: exit 9 if pack.lock is missing or was made for another pack.toml"),
    ] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Choose everything anew, inside the ranges")] = False,
    lowest: Annotated[
        bool, typer.Option("--lowest", help="Choose the lowest versions instead, to test the lower ends of ranges")
    ] = False,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="DATE", help="Choose as of the end of this past day, in UTC: 2026-10-01"),
    ] = None,
    pre: Prereleases = False,
    accept_root: AcceptRoot = None,
) -> Outcome[Installed]:
    """Write pack.lock and install nothing.

    What is locked stays where it fits. Every release is verified before it goes into the lock. After a merge conflict both sides of the
    file are read, and the one with the larger checkpoint of the log is kept once the registry has shown that it extends the other. With
    --check nobody is asked.
    """
    from packctl.install.edits import accepted_roots
    from packctl.install.order import Order
    from packctl.usage import read_day
    from packspec.limits import DAY_SECONDS

    if check:
        from packctl.install.begin import begin

        work = begin(session, Order(locked=True, installs=False))
        packs = len(work.lock.packs) if work.lock else 0
        return Outcome(Installed(releases=packs))
    from packctl.install.flow import carry_out

    order = Order(
        doing="locking",
        upgrade=None if upgrade or lowest or at else frozenset(),
        prereleases=pre,
        lowest=lowest,
        as_of=read_day("--at", at, "2026-10-01") + DAY_SECONDS - 1 if at else None,
        installs=False,
        mends_lock=True,
        accepted=accepted_roots(accept_root or ()),
    )
    return Outcome(carry_out(session, order))


def text(result: Installed, console: Console) -> None:
    """Whether the file was written; on stderr, because there is no list of changes."""
    packs = f"{result.releases} pack{'' if result.releases == 1 else 's'}"
    console.say(f"Wrote pack.lock: {packs}" if result.lock == "written" else f"pack.lock is up to date: {packs}")
