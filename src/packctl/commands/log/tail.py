"""`packctl log tail`: the newest entries of a registry's log, or those under one publisher's name."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table

EXAMPLES = (
    "packctl log tail",
    "packctl log tail --publisher acme --since 48402",
    "packctl log tail --publisher acme --since 48402 --plain",
)
NEWEST = 20
"""Entries that are shown where nobody says since when."""


class LoggedEntry(msgspec.Struct, frozen=True):
    """One entry: its index, its time (RFC 3339 UTC), its type, what it is about, what else it says, and the document that it names."""

    index: int
    at: str
    type: str
    about: str
    says: str
    digest: str


class LogTail(msgspec.Struct, frozen=True):
    """Entries from `since` on, each compared with the tree. `next`: give it as --since the next time."""

    registry: str
    origin: str
    since: int
    next: int
    entries: list[LoggedEntry]


def run(
    session: Session,
    publisher: Annotated[
        str, typer.Option("--publisher", metavar="PUBLISHER", help="Only entries under this publisher's name")
    ] = "",
    since: Annotated[
        int | None, typer.Option("--since", metavar="INDEX", min=0, help="From this entry on; by default the newest 20")
    ] = None,
) -> Outcome[LogTail]:
    """Show what came into the registry's public log.

    A publisher sees at once what appears under its name: whatever is there and was not done by its people was done with a stolen key, or
    by the registry. A log that has fewer entries than --since names is refused: it had as many when you were told to go on from
    there. With --publisher and without --since the whole log is read.
    """
    from packctl.trust.history import entries, open_here
    from packspec.log.checkpoint import LogShrank
    from packspec.moments import moment
    from packspec.names import PublisherName

    name = PublisherName.parse(publisher) if publisher else None
    chosen, registry = open_here(session, name)
    size = registry.checkpoint.checkpoint.size
    if since is not None and since > size:
        raise LogShrank(registry.checkpoint.checkpoint.origin, since, size)
    start = since if since is not None else 0 if name else max(0, size - NEWEST)
    found = [
        LoggedEntry(one.index, moment(one.leaf.at), one.leaf.type_name, one.about, one.says, one.digest)
        for one in (entries(registry, start) if start < size else ())
        if name is None or one.concerns(name)
    ]
    return Outcome(LogTail(chosen.origin, registry.checkpoint.checkpoint.origin, start, size, found))


def text(result: LogTail, console: Console) -> None:
    """A line per entry, and how to go on."""
    columns = [
        Column("INDEX", right=True, whole=True),
        Column("TIME", whole=True),
        Column("TYPE", whole=True),
        Column("ABOUT", whole=True),
        Column("SAYS"),
    ]
    write_table(columns, [(str(one.index), one.at, one.type, one.about, one.says) for one in result.entries], console)
    if not result.entries:
        console.say(f"Nothing from entry {result.since} on")
    console.say(f"  Go on from here: --since {result.next}")


def plain(result: LogTail) -> Iterator[tuple[str, ...]]:
    """Index, time, type, about, says, digest."""
    for one in result.entries:
        yield str(one.index), one.at, one.type, one.about, one.says, one.digest
