"""`packctl admin license suspend`: stops a license for a while."""

from packctl.commands.options import LicenseId, LicenseReason
from packctl.licenses.changed import Changed, say
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = ("packctl admin license suspend L-12 --reason 'dispute 88'",)


def run(
    session: Session,
    license: LicenseId,
    reason: LicenseReason = "",
) -> Outcome[Changed]:
    """Stop a license for a while.

    Nothing new is installed under it until it goes on; what is installed stays.
    """
    from packctl.licenses.changed import change
    from packspec.protocol.licenses import SUSPEND

    return Outcome(change(session, SUSPEND, license, reason))


def text(result: Changed, console: Console) -> None:
    """One line, on stderr."""
    say(result, console, "Suspended")
