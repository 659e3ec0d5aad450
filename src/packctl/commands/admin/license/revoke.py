"""`packctl admin license revoke`: ends a license for ever."""

from typing import Annotated

import typer

from packctl.commands.options import LicenseId, LicenseReason
from packctl.licenses.changed import Changed, say
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = ("packctl admin license revoke L-12 --reason 'stolen card' --confirm L-12",)


def run(
    session: Session,
    license: LicenseId,
    reason: LicenseReason = "",
    confirm: Annotated[
        str, typer.Option("--confirm", metavar="LICENSE", help="The id once more, where nobody can be asked")
    ] = "",
) -> Outcome[Changed]:
    """End a license for ever.

    Its machines and persons lose their places, and the next status list tells every client. What is installed stays and still verifies;
    nothing new is installed under it. It cannot be taken back.
    """
    from packctl.licenses.changed import change
    from packctl.licenses.named import license_id
    from packspec.protocol.licenses import REVOKE

    asked = license_id(license)
    if confirm != asked:
        session.ask.typed("Type the license to revoke it", asked, option=f"--confirm {asked}")
    return Outcome(change(session, REVOKE, asked, reason))


def text(result: Changed, console: Console) -> None:
    """One line, on stderr."""
    say(result, console, "Revoked")
