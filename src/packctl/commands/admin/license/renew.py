"""`packctl admin license renew`: gives a license more time."""

from typing import Annotated

import typer

from packctl.commands.options import LicenseId, LicenseReason
from packctl.licenses.changed import Changed, say
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = ("packctl admin license renew L-12", "packctl admin license renew L-12 --periods 2 --reason 'order 4711'")


def run(
    session: Session,
    license: LicenseId,
    periods: Annotated[
        int, typer.Option("--periods", metavar="N", help="How many times the duration of its plan", min=1, max=100)
    ] = 1,
    reason: LicenseReason = "",
) -> Outcome[Changed]:
    """Give a license more time, counted from its old end."""
    from packctl.licenses.changed import changed
    from packctl.licenses.named import license_id
    from packctl.registry.choose import chosen_client
    from packspec.protocol.licenses import RENEW, RenewLicense

    asked = license_id(license)
    chosen, client = chosen_client(session)
    return Outcome(changed(chosen.origin, client.call(RENEW, RenewLicense(id=asked, periods=periods, note=reason))))


def text(result: Changed, console: Console) -> None:
    """One line, on stderr."""
    say(result, console, "Renewed")
