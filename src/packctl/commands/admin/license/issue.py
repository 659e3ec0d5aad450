"""`packctl admin license issue`: makes a license for an account."""

from typing import Annotated

import typer

from packctl.commands.options import LicenseReason
from packctl.licenses.changed import Changed, say
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = (
    "packctl admin license issue acme/farm-animals-pro --to mia",
    "packctl admin license issue acme/farm-animals-pro --to school-7 --plan class --quantity 25 --reason 'order 4711'",
)


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The pack")],
    to: Annotated[str, typer.Option("--to", metavar="ACCOUNT", help="Who holds the license")],
    plan: Annotated[
        str, typer.Option("--plan", metavar="PLAN", help="A plan of the pack; by default its only one")
    ] = "",
    quantity: Annotated[int, typer.Option("--quantity", metavar="N", help="How many seats or families", min=1)] = 1,
    reason: LicenseReason = "",
) -> Outcome[Changed]:
    """Make a license for an account.

    Whoever runs the registry makes any, a publisher those of its own packs. The key is shown once. A trial that runs is converted, a
    license that is over is renewed, one of another plan is replaced.
    """
    from packctl.licenses.changed import changed
    from packctl.registry.choose import chosen_client
    from packspec.names import PackName
    from packspec.protocol.catalog import AskPack
    from packspec.protocol.licenses import ISSUE, IssueLicense
    from packspec.protocol.plans import PLANS

    pack = PackName.parse(name)
    chosen, client = chosen_client(session, pack.publisher)
    if not plan:
        plans = client.call(PLANS, AskPack(publisher=pack.publisher, name=pack.name)).plans
        sold = [one.id for one in plans if one.kind not in ("free", "trial", "custom")]
        plan = sold[0] if len(sold) == 1 else "perpetual"
    done = client.call(ISSUE, IssueLicense(holder=to, pack=pack, plan=plan, quantity=quantity, note=reason))
    return Outcome(changed(chosen.origin, done.license, outcome=done.outcome, key=done.key))


def text(result: Changed, console: Console) -> None:
    """The key on stdout, so that it can be kept; the rest on stderr."""
    say(result, console, result.outcome.capitalize())
    if result.key:
        console.say("Its key, shown this once:")
        console.line(result.key)
