"""Answers about persons: seats, what somebody may use, and who used what."""

from packspec.protocol.endpoint import Nothing
from packspec.protocol.licenses import AskLicense
from packspec.protocol.seats import (
    ASSIGN_SEAT,
    ENTITLEMENTS,
    IMPORT_SEATS,
    RELEASE_SEAT,
    SEATS,
    USE,
    AskUse,
    AssignSeat,
    Entitlements,
    ImportSeats,
    ReleaseSeat,
    SeatReport,
    Seats,
    UseReport,
)
from registry_server.call import Call
from registry_server.http.bind import bind
from registry_server.licensing import asking, places, seating, store, views
from registry_server.licensing.rules import License
from registry_server.licensing.signing import entitlement_list

_ENTITLEMENTS_MOST = 1_000


def seats(call: Call, ask: AskLicense) -> Seats:
    """Who has a seat."""
    return _seats(call, asking.seen_whole(call, ask.id))


def assign_seat(call: Call, ask: AssignSeat) -> Seats:
    """A seat for a person."""
    license = asking.held(call, ask.id)
    is_new = seating.assign(call, license, ask.member)
    return _seats(call, license, is_new)


def release_seat(call: Call, ask: ReleaseSeat) -> Seats:
    """A seat back, and the machines with it."""
    license = asking.held(call, ask.id)
    is_new = seating.release(call, license, ask.member)
    return _seats(call, license, is_new)


def import_seats(call: Call, ask: ImportSeats) -> SeatReport:
    """Seats from a list, all or none."""
    return seating.import_list(call, asking.held(call, ask.id), ask.csv, dry_run=ask.dry_run)


def use(call: Call, ask: AskUse) -> UseReport:
    """The true-up report, for the holder and for admins."""
    return views.use_report(call, asking.seen_whole(call, ask.id), ask.since, ask.until)


def entitlements(call: Call, ask: Nothing) -> Entitlements:
    """What the asker may use."""
    member = call.actor.member or 0
    mine = [store.of_account(asking.account_of(call) or 0, member), store.not_revoked()]
    found = store.page(call.db, mine, None, _ENTITLEMENTS_MOST)
    told = views.entitlements(call, found, member)
    signed = entitlement_list(call.world, call.actor.name, told, call.now)
    return Entitlements(at=call.now, account=call.actor.name, entitlements=told, signed=signed)


def _seats(call: Call, license: License, is_new: bool = True) -> Seats:
    there = views.seat_views(call, places.seats(call.db, license.id))
    return Seats(seats=there, persons=license.persons, is_new=is_new)


BINDINGS = (
    bind(SEATS, seats),
    bind(ASSIGN_SEAT, assign_seat),
    bind(RELEASE_SEAT, release_seat),
    bind(IMPORT_SEATS, import_seats),
    bind(USE, use),
    bind(ENTITLEMENTS, entitlements),
)
