"""`packctl admin publisher restore`: lets a suspended publisher go on."""

from typing import Annotated

import typer

from packctl.commands.publisher.show import Publisher, described
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    "packctl admin publisher restore acme",
    "packctl admin publisher restore acme --owner mia --reason 'new keys, met in person'",
)


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="PUBLISHER", help="Which publisher")],
    owner: Annotated[
        list[str] | None,
        typer.Option(
            "--owner", metavar="ACCOUNT", help="This account owns it from now on, and nobody else; may be repeated"
        ),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the registry's trail")] = "",
) -> Outcome[Publisher]:
    """Let a suspended publisher go on.

    Its team and keys are as before. If a thief had an owner's account, name the accounts of the true owners with --owner: they are the
    whole team then. Keys are not changed by this; lost or stolen ones take packctl publisher recover.
    """
    from packctl.registry.choose import chosen_client
    from packspec.names import PublisherName
    from packspec.protocol.publishers import RESTORE, RestorePublisher

    publisher = PublisherName.parse(name)
    chosen, client = chosen_client(session, publisher)
    view = client.call(RESTORE, RestorePublisher(publisher=publisher, reason=reason, owners=owner or []))
    return Outcome(described(chosen.origin, view))


def text(result: Publisher, console: Console) -> None:
    """One line."""
    console.line(f"{safe(result.name)} is {safe(result.state)}; root {result.root_version} is in force")
