"""`packctl license use`: which machines and persons used a license when, and the most at once."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.options import LicenseName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table

EXAMPLES = (
    "packctl license use acme/farm-animals-pro --since 2026-11-01",
    "packctl license use L-12 --plain > use.tsv",
)


class Used(msgspec.Struct, frozen=True):
    """A place and who had it. `kind` is `machine`, `floating`, `ci` or `seat`; times are RFC 3339 UTC, `until` is empty while it is had."""

    kind: str
    who: str
    slot: int
    since: str
    until: str
    ended: str


class Copied(msgspec.Struct, frozen=True):
    """A machine whose key another one used, too, and the day that the registry noticed."""

    activation: str
    who: str
    at: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Who used a license in a time, and the most of each that were in use at once."""

    license: str
    pack: str
    since: str
    until: str
    machines_most: int
    machines: int
    ci_most: int
    persons_most: int
    used: list[Used]
    copied: list[Copied]


def run(
    session: Session,
    name: LicenseName,
    since: Annotated[
        str, typer.Option("--since", metavar="DATE", help="From this day on; by default from its start")
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="Up to this day; by default up to now")] = "",
) -> Outcome[Report]:
    """Show which machines and persons used a license when.

    The most that were in use at once is what a renewal is bought for. For whoever holds the license.
    """
    from packctl.licenses.named import asked_license
    from packctl.usage import read_day
    from packspec.moments import moment
    from packspec.protocol.seats import USE, AskUse

    since_at, until_at = (
        read_day(option, text, "2026-11-20") if text else 0 for option, text in (("--since", since), ("--until", until))
    )
    client, license = asked_license(session, name)
    got = client.call(USE, AskUse(id=license, since=since_at, until=until_at))
    used = [
        Used(
            one.pool,
            one.label or one.instance[:8],
            one.slot,
            moment(one.activated_at),
            _end(one.ended_at),
            one.ended_reason,
        )
        for one in got.activations
    ]
    used += [
        Used("seat", str(one.member), one.slot, moment(one.assigned_at), _end(one.released_at), "") for one in got.seats
    ]
    return Outcome(
        Report(
            license=got.license.id,
            pack=got.license.pack,
            since=moment(got.since),
            until=moment(got.until),
            machines_most=got.machines_most,
            machines=got.license.machines,
            ci_most=got.ci_most,
            persons_most=got.persons_most,
            used=used,
            copied=[Copied(one.activation, one.machine, moment(one.at)) for one in got.copied],
        )
    )


def _end(at: int | None) -> str:
    from packspec.moments import moment

    return "" if at is None else moment(at)


def text(result: Report, console: Console) -> None:
    """A table, then the most at once, then what the holder should look into."""
    columns = [
        Column("PLACE", whole=True),
        Column("WHO"),
        Column("SINCE", whole=True),
        Column("UNTIL", whole=True),
        Column("ENDED"),
    ]
    rows = [(f"{one.kind} {one.slot}", one.who, one.since, one.until or "now", one.ended) for one in result.used]
    write_table(columns, rows, console)
    console.say(
        f"At most {result.machines_most} of {result.machines} machines at once, {result.ci_most} CI runs, {result.persons_most} persons"
    )
    for one in result.copied:
        console.say(
            f"Two machines used the key of {one.who} ({one.activation}) on {one.at}: its state was copied or restored"
        )
    for machine in sorted({one.activation for one in result.copied}):
        console.say(f"If that was nobody you know: packctl license deactivate {result.pack} --machine {machine}")


def plain(result: Report) -> list[tuple[str, ...]]:
    """Kind, who, slot, since, until, why it ended."""
    return [(one.kind, one.who, str(one.slot), one.since, one.until, one.ended) for one in result.used]
