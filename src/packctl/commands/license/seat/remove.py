"""`packctl license seat remove`: takes a person's seat back."""

from typing import Annotated

import typer

from packctl.commands.license.seat.list import Seating, seating
from packctl.commands.options import LicenseName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl license seat remove acme/farm-animals-pro mia",)


def run(
    session: Session,
    name: LicenseName,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="Whose seat, by account")],
) -> Outcome[Seating]:
    """Take a person's seat back.

    The machines that they activated lose their place with it; what is installed there stays.
    """
    from packctl.licenses.named import asked_license
    from packspec.protocol.seats import RELEASE_SEAT, ReleaseSeat

    client, license = asked_license(session, name)
    return Outcome(seating(license, client.call(RELEASE_SEAT, ReleaseSeat(id=license, member=member))))


def text(result: Seating, console: Console) -> None:
    """One line, on stderr."""
    console.say(f"{len(result.seats)} of {result.persons} seats of {safe(result.license)} are taken")
