"""`packctl queue take`: a submission becomes a reviewer's own to decide."""

from packctl.commands.submission import Named, Submission, described, show, submission_named
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console


def run(session: Session, submission: Named) -> Outcome[Submission]:
    """Take a submission to decide on it.

    One that another reviewer took goes over to you.
    """
    from packctl.registry.choose import chosen_client
    from packspec.protocol.publishing import TAKE, AskSubmission

    chosen, client = chosen_client(session)
    return Outcome(described(chosen, client.call(TAKE, AskSubmission(id=submission_named(submission)))))


def text(result: Submission, console: Console) -> None:
    """The submission with its findings and steps."""
    show(result, console)
    console.say(f"Next: packctl approve {result.id}, or packctl reject {result.id} --reason CODE")
