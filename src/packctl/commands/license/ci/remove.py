"""`packctl license ci remove`: lets runs of a repository use a license no more."""

from typing import Annotated

import typer

from packctl.commands.license.ci.list import Rules, rules
from packctl.commands.options import LicenseName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many

EXAMPLES = ("packctl license ci remove acme/farm-animals-pro C-3",)


def run(
    session: Session,
    name: LicenseName,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Which rule, as license ci list shows it: C-3")],
) -> Outcome[Rules]:
    """Let runs of a repository use a license no more.

    A lease that a run has goes on until it ends, at most six hours.
    """
    from packctl.licenses.named import asked_license
    from packspec.protocol.ci_rules import REMOVE_CI_RULE, RemoveCiRule

    client, license = asked_license(session, name)
    return Outcome(rules(client.call(REMOVE_CI_RULE, RemoveCiRule(id=license, rule=rule))))


def text(result: Rules, console: Console) -> None:
    """One line, on stderr."""
    console.say(f"{many(len(result.rules), 'rule')} for runs of {safe(result.license)}")
