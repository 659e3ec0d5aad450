"""`packctl license seat list`: which persons may use a license."""

from typing import TYPE_CHECKING

import msgspec

from packctl.commands.options import LicenseName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table

if TYPE_CHECKING:
    from packspec.protocol.seats import Seats

EXAMPLES = ("packctl license seat list acme/farm-animals-pro",)


class Seat(msgspec.Struct, frozen=True):
    """A person's seat, since when (RFC 3339 UTC)."""

    member: str
    slot: int
    assigned: str


class Seating(msgspec.Struct, frozen=True):
    """The persons who have a seat of a license. `persons` is how many there may be; null: nobody needs one."""

    license: str
    seats: list[Seat]
    persons: int | None


def run(
    session: Session,
    name: LicenseName,
) -> Outcome[Seating]:
    """Show which persons may use a license."""
    from packctl.licenses.named import asked_license
    from packspec.protocol.licenses import AskLicense
    from packspec.protocol.seats import SEATS

    client, license = asked_license(session, name)
    return Outcome(seating(license, client.call(SEATS, AskLicense(id=license))))


def seating(license: str, seats: "Seats") -> Seating:
    """The persons as the registry told them."""
    from packspec.moments import moment

    live = [one for one in seats.seats if one.released_at is None]
    return Seating(license, [Seat(one.member, one.slot, moment(one.assigned_at)) for one in live], seats.persons)


def text(result: Seating, console: Console) -> None:
    """A table, and how many seats are left."""
    columns = [Column("MEMBER", whole=True), Column("SEAT", right=True), Column("SINCE", whole=True)]
    write_table(columns, [(one.member, str(one.slot), one.assigned) for one in result.seats], console)
    if result.persons is None:
        console.say(f"{result.license} needs no seats: whoever sits at one of its machines may use it")
    else:
        console.say(f"{len(result.seats)} of {result.persons} seats of {result.license} are taken")
