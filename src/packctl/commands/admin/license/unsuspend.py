"""`packctl admin license unsuspend`: lets a suspended license go on."""

from packctl.commands.options import LicenseId, LicenseReason
from packctl.licenses.changed import Changed, say
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = ("packctl admin license unsuspend L-12 --reason 'dispute 88'",)


def run(
    session: Session,
    license: LicenseId,
    reason: LicenseReason = "",
) -> Outcome[Changed]:
    """Let a suspended license go on.

    Its machines keep their places, and renew by themselves.
    """
    from packctl.licenses.changed import change
    from packspec.protocol.licenses import UNSUSPEND

    return Outcome(change(session, UNSUSPEND, license, reason))


def text(result: Changed, console: Console) -> None:
    """One line, on stderr."""
    say(result, console, "Resumed")
