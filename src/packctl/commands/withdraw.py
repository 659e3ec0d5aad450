"""`packctl withdraw`: takes a submission back to draft."""

from packctl.commands.options import Note
from packctl.commands.submission import Named, Submission, described, next_step, stands, submission_named
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe


def run(session: Session, submission: Named, note: Note = "") -> Outcome[Submission]:
    """Take a submission back to draft.

    It can be handed in again with `packctl publish`.
    """
    from packctl.registry.choose import chosen_client
    from packspec.protocol.publishing import WITHDRAW, Withdrawn

    chosen, client = chosen_client(session)
    view = client.call(WITHDRAW, Withdrawn(id=submission_named(submission), note=note))
    return Outcome(described(chosen, view))


def text(result: Submission, console: Console) -> None:
    """One line."""
    console.line(f"{result.id}  {safe(result.pack)} {safe(result.version)}: {safe(stands(result))}")
    console.say(f"  {next_step(result)}")
