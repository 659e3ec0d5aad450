"""`packctl admin publisher list`: all publishers, those that wait included."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from packctl.commands.publisher.show import Publisher, described
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table


class Listing(msgspec.Struct, frozen=True):
    """Publishers by name."""

    registry: str
    publishers: list[Publisher]


def run(
    session: Session,
    state: Annotated[
        str, typer.Option("--state", metavar="STATE", help="Only these: pending, active or suspended")
    ] = "",
) -> Outcome[Listing]:
    """Show publishers and those who wait to be accepted."""
    from packctl.registry.choose import chosen_client
    from packctl.usage import BadValue
    from packspec.protocol.publishers import LIST, ListPublishers

    if state not in ("", "pending", "active", "suspended"):
        raise BadValue("--state", state, "pending, active or suspended")
    chosen, client = chosen_client(session)
    found = client.call(LIST, ListPublishers(state=state)).publishers
    return Outcome(Listing(chosen.origin, [described(chosen.origin, view) for view in found]))


def text(result: Listing, console: Console) -> None:
    """A table; the root's digest stands whole, because it is compared."""
    columns = [Column("PUBLISHER", whole=True), Column("STATE"), Column("ROOT", whole=True), Column("NOTE")]
    rows = [(one.name, one.state, one.root, _note(one)) for one in result.publishers]
    write_table(columns, rows, console)
    if not rows:
        console.say("no publishers")


def _note(one: Publisher) -> str:
    looks_like = f"looks like {one.looks_like}" if one.looks_like else ""
    return "; ".join(filter(None, (looks_like, one.suspended_reason)))


def plain(result: Listing) -> Iterator[tuple[str, ...]]:
    """Name, state, digest of the root, the publisher it looks like."""
    for one in result.publishers:
        yield one.name, one.state, one.root, one.looks_like
