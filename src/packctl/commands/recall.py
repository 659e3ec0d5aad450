"""`packctl recall`: calls a release back, so that clients warn of it or refuse it."""

from typing import Annotated

import typer

from packctl.commands.options import Action, Confirm, Note, Reason, Rehearse, Replacement
from packctl.outcome import Outcome
from packctl.publish.recall import Options, Recalled, Rows, recall, write
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = (
    "packctl recall acme/farm-animals@2.1.0 --action stop --reason unsafe-content --replacement 2.1.1 --rehearse",
    'packctl recall acme/farm-animals@2.1.0 --action stop --reason unsafe-content --replacement 2.1.1 --note "barn.ogg is painfully loud"',
)


def run(
    session: Session,
    release: Annotated[str, typer.Argument(metavar="NAME@VERSION", help="Which release")],
    action: Action = "",
    reason: Reason = "",
    replacement: Replacement = "",
    note: Note = "",
    rehearse: Rehearse = False,
    confirm: Confirm = "",
) -> Outcome[Recalled]:
    """Call a release back.

    With --action warn everybody who has it is warned; with stop nobody installs it any more, and verify and audit fail where it is
    installed. It stays where it is: nothing is deleted. The recall is in the public log for ever. It can be said again with another note
    or replacement and made stronger; only the reviewers of the registry lift it. Saying what is so already changes nothing.
    """
    from packspec.protocol.recalls import RECALL, REHEARSE

    options = Options(action, reason, replacement, note, rehearse, confirm)
    return Outcome(recall(session, release, options, Rows("recall", RECALL, REHEARSE)))


def text(result: Recalled, console: Console) -> None:
    """What is so from now on; of a rehearsal, who would be hit."""
    write(result, console)
