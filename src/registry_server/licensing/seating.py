"""Seats of persons: one by one, or from a CSV text, all or none."""

import csv
import io
from collections.abc import Iterable, Iterator

from packspec.errors import PackError
from packspec.names import PublisherName
from packspec.protocol.seats import SeatLine, SeatReport
from registry_server.accounts import actions as accounts
from registry_server.accounts.rules import Member
from registry_server.audit.actions import record
from registry_server.call import Call
from registry_server.licensing import places
from registry_server.licensing.place_refusals import BadSeatList, NoSeatLeft, NoSeats
from registry_server.licensing.refusals import NoSuchHolder
from registry_server.licensing.rules import License, Seat
from registry_server.licensing.standing import check_takes

LINES_MOST = 10_000
"""Most persons in one list."""


def assign(call: Call, license: License, called: str) -> bool:
    """Gives the person `called` a seat of a locked license; whether they had none. Raises NoSuchHolder, NoSeats, NoSeatLeft, PastDue.

    A license that takes nothing new is refused as for machines.
    """
    _check_takes(call, license)
    return give(call, license, _person(call, license, called).id)


def release(call: Call, license: License, called: str) -> bool:
    """Takes a seat back, and the places of the machines that its person activated; whether there was one. Raises NoSuchHolder."""
    member = accounts.find_named(call.db, called)
    if member is None:
        raise NoSuchHolder(called)
    if not places.release(call.db, license.id, member.id, call.now):
        return False
    ended = places.end_of_member(call.db, license.id, member.id, call.now, "seat")
    facts = {"member": f"member:{member.id}", "ended": str(len(ended))}
    record(call, "license.seat-release", f"license:{license.id}", facts, stream=license.stream)
    return True


def import_list(call: Call, license: License, text: str, *, dry_run: bool) -> SeatReport:
    """Seats for all persons of a list, or for none if one line is wrong or seats are missing. Raises BadSeatList and as `assign`."""
    _check_takes(call, license)
    named = list(read_list(text))
    seats = license.persons or 0
    used = {one.member_id for one in places.seats(call.db, license.id)}
    lines, wanted, seated = [], dict[int, Member](), set(used)
    for number, called in named:
        line, member = _judge(call, license, number, called, seated)
        lines.append(line)
        if member is not None:
            wanted[member.id] = member
            seated.add(member.id)
    missing = len(used) + len(wanted) - seats
    if missing > 0:
        lines = [_without_seat(line, seats) if line.outcome == "assigned" else line for line in lines]
    is_right = missing <= 0 and all(line.outcome in ("assigned", "had-one") for line in lines)
    if is_right and not dry_run:
        _give_all(call, license, wanted)
    done = is_right and not dry_run
    return SeatReport(
        done=done,
        assigned=len(wanted) if is_right else 0,
        lines=lines,
        persons=seats,
        persons_used=len(used) + (len(wanted) if done else 0),
    )


def read_list(text: str) -> Iterator[tuple[int, str]]:
    """Line numbers and names of a CSV text. The column `member` if the first line has one, else the first column. Raises BadSeatList."""
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    except csv.Error as error:
        raise BadSeatList(str(error)) from error
    if len(rows) > LINES_MOST:
        raise BadSeatList(f"it has more than {LINES_MOST} lines")
    heads = [cell.strip().lower() for cell in rows[0]] if rows else []
    column, first = (heads.index("member"), 1) if "member" in heads else (0, 0)
    found = [
        (number, row[column].strip() if len(row) > column else "")
        for number, row in enumerate(rows[first:], first + 1)
        if any(cell.strip() for cell in row)
    ]
    if not found:
        raise BadSeatList("it names nobody")
    yield from found


def _judge(call: Call, license: License, number: int, called: str, seated: set[int]) -> tuple[SeatLine, Member | None]:
    """What becomes of a line, and whom it gives a seat that they do not have yet."""
    try:
        member = _person(call, license, called)
    except PackError as error:
        return SeatLine(line=number, member=called[:80], outcome=error.code, reason=error.what()), None
    if member.id in seated:
        return SeatLine(line=number, member=called, outcome="had-one"), None
    return SeatLine(line=number, member=called, outcome="assigned"), member


def _without_seat(line: SeatLine, seats: int) -> SeatLine:
    reason = f"there are {seats} seats, too few for this list"
    return SeatLine(line=line.line, member=line.member, outcome=NoSeatLeft.code, reason=reason)


def _check_takes(call: Call, license: License) -> None:
    if license.persons is None:
        raise NoSeats(license.pack_key)
    check_takes(license, call.now)


def _person(call: Call, license: License, called: str) -> Member:
    """The person of that name who may have a seat. In a family that is one of its children. Raises NoSuchHolder."""
    try:
        known = called.startswith("M-") and called.isascii() and called[2:].isdecimal() and len(called) <= 17
        PublisherName.parse(called) if not known else None
    except ValueError as error:
        raise NoSuchHolder(called) from error
    member = accounts.find_named(call.db, called)
    if member is None or not member.is_active:
        raise NoSuchHolder(called)
    if license.plan.unit == "family" and not (member.is_child and member.account_id == license.holder_id):
        raise NoSuchHolder(called)
    return member


def give(call: Call, license: License, member_id: int) -> bool:
    """Gives a member a seat of a locked license; whether they had none. Raises NoSeatLeft."""
    if places.has_seat(call.db, license.id, member_id):
        return False
    _give_all(call, license, [member_id])
    return True


def _give_all(call: Call, license: License, member_ids: Iterable[int]) -> None:
    """Seats for members who have none."""
    seats = license.persons or 0
    free = places.free_seats(call.db, license.id, seats)
    for member_id in member_ids:
        slot = next(free, None)
        if slot is None:
            raise NoSeatLeft(license.pack_key, seats, 1)
        _give(call, license, member_id, slot)


def _give(call: Call, license: License, member_id: int, slot: int) -> None:
    new = Seat(
        id=0,
        license_id=license.id,
        member_id=member_id,
        slot=slot,
        assigned_by=call.actor.subject,
        assigned_at=call.now,
        released_at=None,
    )
    places.add_seat(call.db, new)
    facts = {"member": f"member:{member_id}", "slot": str(slot + 1)}
    record(call, "license.seat-assign", f"license:{license.id}", facts, stream=license.stream)
