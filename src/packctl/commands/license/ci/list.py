"""`packctl license ci list`: which runs in CI may use a license."""

from typing import TYPE_CHECKING

import msgspec

from packctl.commands.options import LicenseName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, write_table

if TYPE_CHECKING:
    from packspec.protocol.ci_rules import CiRules

EXAMPLES = ("packctl license ci list acme/farm-animals-pro",)


class Rule(msgspec.Struct, frozen=True):
    """Runs of a repository that may use a license. `repository_id` and `owner_id` are empty until its first run sets them."""

    id: str
    issuer: str
    repository: str
    repository_id: str
    owner_id: str
    ref: str
    pull_requests: bool
    added: str


class Rules(msgspec.Struct, frozen=True):
    """Whose runs may use a license. `audience` is what their identities must be made for."""

    license: str
    audience: str
    rules: list[Rule]
    is_new: bool = True


def run(
    session: Session,
    name: LicenseName,
) -> Outcome[Rules]:
    """Show which runs in CI may use a license without its key."""
    from packctl.licenses.named import asked_license
    from packspec.protocol.ci_rules import CI_RULES
    from packspec.protocol.licenses import AskLicense

    client, license = asked_license(session, name)
    return Outcome(rules(client.call(CI_RULES, AskLicense(id=license))))


def rules(told: "CiRules") -> Rules:
    """The rules as the registry told them."""
    from packspec.moments import moment

    rows = [
        Rule(
            one.id,
            one.issuer,
            one.repository,
            one.repository_id,
            one.owner_id,
            one.ref,
            one.pull_requests,
            moment(one.added_at),
        )
        for one in told.rules
    ]
    return Rules(told.license, told.audience, rows, told.is_new)


def text(result: Rules, console: Console) -> None:
    """A table, and what identities must be made for."""
    columns = [Column("RULE", whole=True), Column("REPOSITORY", whole=True), Column("RUNS"), Column("HOLDS FOR")]
    write_table(columns, [(one.id, one.repository, runs(one), holds_for(one)) for one in result.rules], console)
    if not result.rules:
        console.say(f"no run may use {safe(result.license)} without its key")
    console.say(f"audience of identities: {safe(result.audience)}")


def runs(rule: Rule) -> str:
    """Which of a repository's runs a rule means."""
    ref = rule.ref or "any ref"
    return f"{ref}, pull requests" if rule.pull_requests else ref


def holds_for(rule: Rule) -> str:
    """Whom a rule means: a number that nobody else gets, or still a name."""
    return f"repository {rule.repository_id}" if rule.repository_id else "its first run"
