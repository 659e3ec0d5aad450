"""`packctl reject`: turns a submission down, or asks for changes."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.options import Key, Note, RejectionReason
from packctl.commands.submission import Named, Submission, described, stands, submission_named
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    'packctl reject S-1042 --reason rights --note "whose photographs are these?" --to-draft',
    "packctl reject S-1042 --reason duplicate",
)


class Rejected(msgspec.Struct, frozen=True):
    """The submission after the rejection, and the key that signed it."""

    submission: Submission
    key: str


def run(
    session: Session,
    submission: Named,
    reason: RejectionReason = "",
    note: Note = "",
    to_draft: Annotated[
        bool, typer.Option("--to-draft", help="Ask for changes: it becomes a draft again and can be handed in anew")
    ] = False,
    key: Key = None,
) -> Outcome[Rejected]:
    """Turn a submission down, or ask for changes.

    The rejection is signed with your key, and goes to the publisher and into the registry's trail, never into the public log.
    """
    from packctl.publish.decide import Refusal, reject
    from packctl.publish.review import check_decidable, open_trusted, reviewers_now, take
    from packctl.publish.signer import find_key, open_key, shown
    from packctl.registry.choose import chosen_client
    from packspec.protocol.publishing import SHOW, AskSubmission
    from packspec.reasons import REJECTION_REASONS
    from packspec.submissions import Event, ReasonMissing

    name = submission_named(submission)
    event = Event.ASK_CHANGES if to_draft else Event.REJECT
    if reason not in REJECTION_REASONS:
        raise ReasonMissing(event, reason)
    chosen, client = chosen_client(session)
    registry = open_trusted(session, chosen)
    view = client.call(SHOW, AskSubmission(id=name))
    check_decidable(view, event)
    stored = find_key(session, key, reviewers_now(registry, view).keys, f"a reviewer's key of {chosen.name}")
    does = "Ask for changes to" if to_draft else "Reject, finally,"
    session.ask.must_confirm(f"{does} {view.pack} {view.version}?")
    view = take(client, view)
    session.console.say(f"Signing   with key {shown(stored)}")
    after = reject(client, view, open_key(session, stored), Refusal(reason, note, to_draft), session.clock())
    return Outcome(Rejected(described(chosen, after), shown(stored)))


def text(result: Rejected, console: Console) -> None:
    """What became of it."""
    one = result.submission
    console.line(f"{safe(one.pack)} {safe(one.version)}: {safe(stands(one))} ({one.id})")
