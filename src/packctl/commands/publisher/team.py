"""`packctl publisher team`: who acts for a publisher on the registry."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, write_table

EXAMPLES = (
    "packctl publisher team acme",
    "packctl publisher team acme --add tom --role maintainer",
    "packctl publisher team acme --remove tom",
)


class Role(StrEnum):
    """As what somebody acts."""

    OWNER = "owner"
    MAINTAINER = "maintainer"
    ANALYST = "analyst"


class Member(msgspec.Struct, frozen=True):
    """An account and its role: `owner`, `maintainer` or `analyst`."""

    account: str
    role: str


class Team(msgspec.Struct, frozen=True):
    """Who acts for a publisher now, in order of name."""

    registry: str
    publisher: str
    members: list[Member]


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="PUBLISHER", help="Which publisher")],
    add: Annotated[str, typer.Option("--add", metavar="ACCOUNT", help="Let this account act for it")] = "",
    role: Annotated[Role, typer.Option("--role", help="As what, with --add")] = Role.MAINTAINER,
    remove: Annotated[str, typer.Option("--remove", metavar="ACCOUNT", help="Let this account act no more")] = "",
) -> Outcome[Team]:
    """Show who acts for a publisher, or change it.

    Owners change team and keys, maintainers publish, analysts look. The team opens doors on this registry only: what everybody who installs
    believes is the list of keys, which its owners sign.
    """
    from packctl.registry.choose import chosen_client
    from packctl.usage import BadValue
    from packspec.names import PublisherName
    from packspec.protocol.publishers import DROP_MEMBER, SET_MEMBER, TEAM, AskPublisher, DropMember, SetMember

    if add and remove:
        raise BadValue("--remove", remove, "--add or --remove, one at a time")
    publisher = PublisherName.parse(name)
    chosen, client = chosen_client(session, publisher)
    if add:
        session.ask.must_confirm(f"Let {add} act for {publisher} on {chosen.name} as {role.value}?")
        found = client.call(SET_MEMBER, SetMember(publisher=publisher, account=add, role=role.value))
    elif remove:
        session.ask.must_confirm(f"Let {remove} act for {publisher} on {chosen.name} no more?")
        found = client.call(DROP_MEMBER, DropMember(publisher=publisher, account=remove))
    else:
        found = client.call(TEAM, AskPublisher(publisher=publisher))
    return Outcome(Team(chosen.origin, str(publisher), [Member(one.account, one.role) for one in found.members]))


def text(result: Team, console: Console) -> None:
    """A table."""
    rows = [(safe(one.account), safe(one.role)) for one in result.members]
    write_table([Column("ACCOUNT", whole=True), Column("ROLE")], rows, console)


def plain(result: Team) -> Iterator[tuple[str, ...]]:
    """Account and role."""
    for one in result.members:
        yield one.account, one.role
