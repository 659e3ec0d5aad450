"""Questions about activations and seats to the database."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from packspec.licenses.plans import Pool
from registry_server.db.prepared import Prepared
from registry_server.licensing import rules
from registry_server.licensing.rules import Activation, Extent, Seat, kind_of
from registry_server.licensing.tables import activation, seat

_TAKEN = (
    activation.c.license_id == sa.bindparam("wanted"),
    activation.c.kind == sa.bindparam("kind"),
    activation.c.ended_at.is_(None),
)
_LIVE = sa.select(activation).where(*_TAKEN)
_LAPSED = (
    activation.update()
    .where(
        activation.c.license_id == sa.bindparam("wanted"),
        activation.c.ended_at.is_(None),
        activation.c.expires_at <= sa.bindparam("now"),
    )
    .values(ended_at=activation.c.expires_at, ended_reason="lease")
)
_SLOTS = sa.select(activation.c.slot).where(*_TAKEN)
_EXTENTS = Prepared(
    sa.select(
        activation.c.kind,
        sa.func.count().label("number"),
        sa.func.max(activation.c.slot).label("highest"),
        sa.func.min(activation.c.expires_at).label("first_end"),
    )
    .where(activation.c.license_id == sa.bindparam("wanted"), activation.c.ended_at.is_(None))
    .group_by(activation.c.kind)
)
_ADD_SEAT = seat.insert()
_ADD = Prepared(
    activation.insert().returning(activation.c.id), [one.name for one in activation.c if not one.primary_key]
)
_USED = (
    sa.select(activation.c.license_id, activation.c.kind, sa.func.count())
    .where(activation.c.license_id.in_(sa.bindparam("ids", expanding=True)))
    .where(activation.c.ended_at.is_(None), activation.c.expires_at > sa.bindparam("now"))
    .group_by(activation.c.license_id, activation.c.kind)
)
_SEATED = (
    sa.select(seat.c.license_id, sa.func.count())
    .where(seat.c.license_id.in_(sa.bindparam("ids", expanding=True)), seat.c.released_at.is_(None))
    .group_by(seat.c.license_id)
)
_IN_SEATS = (seat.c.license_id == sa.bindparam("wanted"), seat.c.released_at.is_(None))
_SEAT_SLOTS = sa.select(seat.c.slot).where(*_IN_SEATS)
_SEATS_EXTENT = sa.select(sa.func.count(), sa.func.max(seat.c.slot)).where(*_IN_SEATS)
_HAS_SEAT = sa.select(seat.c.id).where(*_IN_SEATS, seat.c.member_id == sa.bindparam("member"))
_INSTANCE = Prepared(
    sa.select(activation).where(
        activation.c.license_id == sa.bindparam("wanted"),
        activation.c.instance_id == sa.bindparam("instance"),
        activation.c.ended_at.is_(None),
    )
)


def taken(db: Connection, license_id: int, now: int) -> dict[str, Extent]:
    """What is taken of a locked license, by kind of place, after the leases that are over were ended as of the end of each."""
    found = _extents(db, license_id)
    if all(one.first_end > now for one in found.values()):
        return found
    db.execute(_LAPSED, {"wanted": license_id, "now": now})
    return _extents(db, license_id)


def _extents(db: Connection, license_id: int) -> dict[str, Extent]:
    rows = _EXTENTS.all(db, {"wanted": license_id})
    return {row.kind: Extent(row.number, row.highest, row.first_end) for row in rows}


def free_slots(db: Connection, license_id: int, pool: Pool, extent: Extent, places: int) -> Iterator[int]:
    """The numbers that may be taken, of those that `pool` counts among, of which `extent` is taken."""
    mine = {"wanted": license_id, "kind": kind_of(pool)}
    return rules.free_slots(extent.number, extent.highest, places, lambda: db.scalars(_SLOTS, mine))


def live(db: Connection, license_id: int, pool: Pool) -> list[Activation]:
    """The activations of a license that are not ended, of the places that `pool` counts among, in order of place."""
    rows = db.execute(_LIVE, {"wanted": license_id, "kind": kind_of(pool)})
    return sorted(map(_activation, rows), key=lambda one: one.slot)


def live_instance(db: Connection, license_id: int, instance_id: str) -> Activation | None:
    """The activation of a device or run that is not ended."""
    row = _INSTANCE.one(db, {"wanted": license_id, "instance": instance_id})
    return None if row is None else _activation(row)


def find(db: Connection, activation_id: int) -> Activation | None:
    """The activation of that id, ended or not."""
    row = db.execute(sa.select(activation).where(activation.c.id == activation_id)).one_or_none()
    return None if row is None else _activation(row)


def by_request(db: Connection, license_id: int, request_id: str) -> Activation | None:
    """The activation that answered a request file."""
    mine = (activation.c.license_id == license_id) & (activation.c.request_id == request_id)
    row = db.execute(sa.select(activation).where(mine).order_by(activation.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _activation(row)


def add(db: Connection, new: Activation) -> Activation:
    """Keeps a new activation, and gives it with its id. A place or device that is taken fails on a constraint."""
    values = {**msgspec.structs.asdict(new), "kind": new.kind}
    del values["id"]
    [added] = _ADD.all(db, values)
    return msgspec.structs.replace(new, id=added.id)


def save(db: Connection, changed: Activation) -> None:
    """Keeps an activation as it is now."""
    values = {**msgspec.structs.asdict(changed), "kind": changed.kind}
    del values["id"]
    db.execute(activation.update().where(activation.c.id == changed.id).values(**values))


def end_all(db: Connection, license_id: int, now: int, reason: str) -> int:
    """Ends all activations and seats of a license; how many activations there were."""
    mine = (activation.c.license_id == license_id) & activation.c.ended_at.is_(None)
    ended = db.execute(activation.update().where(mine).values(ended_at=now, ended_reason=reason)).rowcount
    seated = (seat.c.license_id == license_id) & seat.c.released_at.is_(None)
    db.execute(seat.update().where(seated).values(released_at=now))
    return ended


def move(db: Connection, license_id: int, to: int) -> None:
    """Makes the activations and seats of a license, which are all ended, those of another one."""
    for of in (activation, seat):
        db.execute(of.update().where(of.c.license_id == license_id).values(license_id=to))


def end_of_member(db: Connection, license_id: int, member_id: int, now: int, reason: str) -> list[int]:
    """Ends the activations that a member made; their ids."""
    mine = (activation.c.license_id == license_id) & (activation.c.member_id == member_id)
    wanted = mine & activation.c.ended_at.is_(None)
    found = list(db.scalars(sa.select(activation.c.id).where(wanted).order_by(activation.c.id)))
    db.execute(activation.update().where(wanted).values(ended_at=now, ended_reason=reason))
    return found


def between(db: Connection, license_id: int, since: int, until: int, limit: int = 10_000) -> list[Activation]:
    """The activations of a license that held a place at some time of [since, until], oldest first."""
    mine = (activation.c.license_id == license_id) & (activation.c.activated_at <= until)
    wanted = mine & (activation.c.ended_at.is_(None) | (activation.c.ended_at >= since))
    rows = db.execute(sa.select(activation).where(wanted).order_by(activation.c.id).limit(limit))
    return [_activation(row) for row in rows]


Used: TypeAlias = Mapping[tuple[int, str], int]
"""How many places are in use, by license and kind of place."""


def used(db: Connection, license_ids: Iterable[int], now: int) -> Used:
    """How many places are in use now, by license and kind of place."""
    rows = db.execute(_USED, {"ids": list(license_ids), "now": now})
    return {(license_id, kind): number for license_id, kind, number in rows}


# Persons


def seats(db: Connection, license_id: int) -> list[Seat]:
    """Who has a seat now, in order of place."""
    mine = (seat.c.license_id == license_id) & seat.c.released_at.is_(None)
    return [_seat(row) for row in db.execute(sa.select(seat).where(mine).order_by(seat.c.slot))]


def seated(db: Connection, license_ids: Iterable[int]) -> dict[int, int]:
    """How many seats are taken, by license."""
    if not (ids := list(license_ids)):
        return {}
    return {row[0]: row[1] for row in db.execute(_SEATED, {"ids": ids})}


def free_seats(db: Connection, license_id: int, places: int) -> Iterator[int]:
    """The numbers of seats that may be given."""
    mine = {"wanted": license_id}
    taken, highest = db.execute(_SEATS_EXTENT, mine).one()
    yield from rules.free_slots(taken, highest, places, lambda: db.scalars(_SEAT_SLOTS, mine))


def has_seat(db: Connection, license_id: int, member_id: int) -> bool:
    """Whether a member has a seat now."""
    return db.execute(_HAS_SEAT, {"wanted": license_id, "member": member_id}).first() is not None


def add_seat(db: Connection, new: Seat) -> None:
    """Gives a seat. One that is taken, or a member who has one, fails on a constraint."""
    values = msgspec.structs.asdict(new)
    del values["id"]
    db.execute(_ADD_SEAT, values)


def release(db: Connection, license_id: int, member_id: int, now: int) -> bool:
    """Takes a member's seat back; whether there was one."""
    mine = (seat.c.license_id == license_id) & (seat.c.member_id == member_id) & seat.c.released_at.is_(None)
    return bool(db.execute(seat.update().where(mine).values(released_at=now)).rowcount)


def seats_between(db: Connection, license_id: int, since: int, until: int, limit: int = 10_000) -> list[Seat]:
    """The seats that were taken at some time of [since, until], oldest first."""
    mine = (seat.c.license_id == license_id) & (seat.c.assigned_at <= until)
    wanted = mine & (seat.c.released_at.is_(None) | (seat.c.released_at >= since))
    return [_seat(row) for row in db.execute(sa.select(seat).where(wanted).order_by(seat.c.id).limit(limit))]


def _activation(row: Row[tuple[object, ...]]) -> Activation:
    values = row._asdict()
    del values["kind"]
    return Activation(**values)


def _seat(row: Row[tuple[object, ...]]) -> Seat:
    return Seat(**row._mapping)
