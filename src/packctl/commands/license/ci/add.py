"""`packctl license ci add`: lets runs of a repository use a license."""

from typing import Annotated

import typer

from packctl.commands.license.ci.list import Rules, rules, runs
from packctl.commands.options import LicenseName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    "packctl license ci add acme/farm-animals-pro mia/game --ref main",
    "packctl license ci add L-12 studio/games/farm --issuer gitlab",
)


def run(
    session: Session,
    name: LicenseName,
    repository: Annotated[
        str, typer.Argument(metavar="REPOSITORY", help="OWNER/NAME, or the path of a project at GitLab")
    ],
    issuer: Annotated[
        str, typer.Option("--issuer", metavar="ISSUER", help="Whose runs: github, gitlab, or the issuer's address")
    ] = "github",
    ref: Annotated[
        str, typer.Option("--ref", metavar="REF", help="Only this branch, or refs/tags/v*; the default is any")
    ] = "",
    pull_requests: Annotated[
        bool, typer.Option("--pull-requests", help="Also runs that test what others propose")
    ] = False,
    repository_id: Annotated[
        str, typer.Option("--repository-id", metavar="NUMBER", help="The repository's number; else its first run's")
    ] = "",
    owner_id: Annotated[
        str, typer.Option("--owner-id", metavar="NUMBER", help="Its owner's number; else its first run's")
    ] = "",
) -> Outcome[Rules]:
    """Let runs of a repository use a license without its key.

    They show the identity that their CI gives them. The rule holds for the repository's number, not for its name: the first run sets it,
    unless it is given here, so that whoever gets the name later has not got the license. Runs that test pull requests are left out,
    because anybody may open one.
    """
    from packctl.licenses.named import asked_license
    from packspec.protocol.ci_rules import ADD_CI_RULE, AddCiRule

    client, license = asked_license(session, name)
    ask = AddCiRule(
        id=license,
        repository=repository,
        issuer=issuer,
        repository_id=repository_id,
        owner_id=owner_id,
        ref=ref,
        pull_requests=pull_requests,
    )
    return Outcome(rules(client.call(ADD_CI_RULE, ask)))


def text(result: Rules, console: Console) -> None:
    """What was added, and what the CI must be told."""
    if not result.is_new:
        console.say("there is this rule already")
    for one in result.rules[-1:] if result.is_new else ():
        console.say(
            f"{safe(one.id)}: runs of {safe(one.repository)} ({safe(runs(one))}) may use {safe(result.license)}"
        )
    console.say(f"audience of identities: {safe(result.audience)}")
