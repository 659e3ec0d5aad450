"""`packctl admin publisher suspend`: stops all that a publisher does here."""

from typing import Annotated

import typer

from packctl.commands.publisher.show import Publisher, described
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl admin publisher suspend acme --reason 'its owner keys were stolen'",)


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="PUBLISHER", help="Which publisher")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; everybody sees it")],
) -> Outcome[Publisher]:
    """Stop all that a publisher does here.

    It submits and signs nothing, changes neither keys nor team, and stops no reset of its keys; what waits is not published. What it
    published stays and verifies: to take that back, recall it. Where owner keys were stolen, others follow by packctl publisher recover.
    """
    from packctl.registry.choose import chosen_client
    from packctl.usage import BadValue
    from packspec.names import PublisherName
    from packspec.protocol.publishers import SUSPEND, SuspendPublisher

    publisher = PublisherName.parse(name)
    if not reason.strip():
        raise BadValue("--reason", reason, "a sentence that everybody may read")
    chosen, client = chosen_client(session, publisher)
    view = client.call(SUSPEND, SuspendPublisher(publisher=publisher, reason=reason))
    return Outcome(described(chosen.origin, view))


def text(result: Publisher, console: Console) -> None:
    """One line; what lets it go on goes to stderr."""
    console.line(
        f"{safe(result.name)} is {safe(result.state)} since {result.suspended}: {safe(result.suspended_reason)}"
    )
    console.say(f"  Let it go on: packctl admin publisher restore {safe(result.name)}")
