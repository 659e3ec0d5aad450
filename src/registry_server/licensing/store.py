"""Questions about licenses and their events to the database."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from packspec.licenses.events import Event
from packspec.licenses.plans import Plan, read_plan, write_plan
from packspec.licenses.status import LicenseFacts
from packspec.names import PackName
from packspec.protocol.licenses import EventView
from registry_server.db.prepared import Prepared
from registry_server.licensing.rules import License
from registry_server.licensing.tables import license_, license_event, plan, seat, trial_taken

_FACTS = (
    "starts_at",
    "ends_at",
    "trial_until",
    "cancel_at",
    "past_due_since",
    "awaiting",
    "suspended_at",
    "revoked_at",
)
_LOCKED = Prepared(sa.select(license_).where(license_.c.id == sa.bindparam("wanted")).with_for_update())
_BY_KEY = Prepared(sa.select(license_).where(license_.c.key_hmac == sa.bindparam("wanted")).with_for_update())
_FOUND = Prepared(sa.select(license_).where(license_.c.id == sa.bindparam("wanted")))


def find(db: Connection, license_id: int) -> License | None:
    """The license of that id."""
    row = _FOUND.one(db, {"wanted": license_id})
    return None if row is None else _license(row)


def lock(db: Connection, license_id: int) -> License | None:
    """The license of that id, which nobody else changes or takes a place of until this transaction ends."""
    row = _LOCKED.one(db, {"wanted": license_id})
    return None if row is None else _license(row)


def find_by_key(db: Connection, key_hmac: str) -> License | None:
    """The license whose key is stored so, locked as by `lock`."""
    row = _BY_KEY.one(db, {"wanted": key_hmac})
    return None if row is None else _license(row)


def find_live(db: Connection, holder_key: str, pack_key: str) -> License | None:
    """The holder's one license for a pack that is not revoked, locked."""
    mine = (license_.c.holder_key == holder_key) & (license_.c.pack_key == pack_key) & license_.c.revoked_at.is_(None)
    row = db.execute(sa.select(license_).where(mine).with_for_update()).one_or_none()
    return None if row is None else _license(row)


def add(db: Connection, new: License, key_hmac: str) -> int:
    """Keeps a new license and gives its id; that of `new` is not looked at. A second live one fails on the constraint."""
    values = {**_values(new), "key_hmac": key_hmac, "key_hint": new.key_hint, "holder_kind": "account"}
    values |= {"issued_at": new.issued_at, "status_index": new.status_index}
    return int(db.execute(license_.insert().values(**values).returning(license_.c.id)).scalar_one())


def save(db: Connection, changed: License) -> None:
    """Keeps what an event made of a license."""
    db.execute(license_.update().where(license_.c.id == changed.id).values(**_values(changed)))


def set_key(db: Connection, of: License, key_hmac: str) -> str:
    """Gives a license another key, with its hint, and its place in the status list; how the key before was stored."""
    mine = license_.c.id == of.id
    before = str(db.execute(sa.select(license_.c.key_hmac).where(mine)).scalar_one())
    values = {"key_hmac": key_hmac, "key_hint": of.key_hint, "status_index": of.status_index}
    db.execute(license_.update().where(mine).values(**values))
    return before


def newest_id(db: Connection) -> int:
    """The id of the newest license: about how many there were ever. 0 before the first."""
    return db.scalar(sa.select(sa.func.max(license_.c.id))) or 0


def has_index(db: Connection, status_index: int) -> bool:
    """Whether this place of the status list was ever given."""
    return db.execute(sa.select(license_.c.id).where(license_.c.status_index == status_index)).first() is not None


def barred(db: Connection, first: int, end: int) -> list[int]:
    """The places [first, end) of the status list whose licenses are revoked or suspended."""
    wanted = sa.select(license_.c.status_index).where(
        license_.c.status_index >= first,
        license_.c.status_index < end,
        license_.c.revoked_at.is_not(None) | license_.c.suspended_at.is_not(None),
    )
    return list(db.scalars(wanted.order_by(license_.c.status_index)))


def highest_index(db: Connection) -> int | None:
    """The highest place of the status list that was given; None before the first license."""
    highest: int | None = db.scalar(sa.select(sa.func.max(license_.c.status_index)))
    return highest


def page(db: Connection, wanted: Iterable[sa.ColumnElement[bool]], before: int | None, limit: int) -> list[License]:
    """Licenses for which all of `wanted` holds, with smaller ids than `before`, newest first."""
    found = sa.select(license_).where(*wanted)
    if before is not None:
        found = found.where(license_.c.id < before)
    return [_license(row) for row in db.execute(found.order_by(license_.c.id.desc()).limit(limit))]


def of_account(account_id: int, member_id: int) -> sa.ColumnElement[bool]:
    """The licenses that an account holds, and those in which a member has a seat."""
    seated = sa.select(seat.c.license_id).where(seat.c.member_id == member_id, seat.c.released_at.is_(None))
    return (license_.c.holder_id == account_id) | license_.c.id.in_(seated)


def of_holder(account_id: int) -> sa.ColumnElement[bool]:
    """The licenses that an account holds."""
    return license_.c.holder_id == account_id


def of_pack(pack_key: str) -> sa.ColumnElement[bool]:
    """The licenses for a pack."""
    return license_.c.pack_key == pack_key


def not_revoked() -> sa.ColumnElement[bool]:
    """The licenses that are not revoked."""
    return license_.c.revoked_at.is_(None)


# What happened


def add_event(db: Connection, license_id: int, event: EventView) -> None:
    """Keeps what happened. The same number twice fails on the primary key."""
    values = {"event": event.event, "actor": event.actor, "at": event.at, "facts": event.facts}
    db.execute(license_event.insert().values(license_id=license_id, seq=event.seq, **values))


def events(db: Connection, license_id: int, limit: int = 100) -> list[EventView]:
    """What happened to a license since its holder has it, newest first."""
    came = sa.select(sa.func.max(license_event.c.seq)).where(
        license_event.c.license_id == license_id, license_event.c.event == Event.TRANSFER.value
    )
    since = sa.func.coalesce(came.scalar_subquery(), 0)
    wanted = sa.select(license_event).where(license_event.c.license_id == license_id, license_event.c.seq >= since)
    rows = db.execute(wanted.order_by(license_event.c.seq.desc()).limit(limit))
    return [_event(row) for row in rows]


def happened(db: Connection, license_id: int, event: str, since: int, until: int) -> list[EventView]:
    """The events of that name in [since, until], oldest first."""
    mine = (license_event.c.license_id == license_id) & (license_event.c.event == event)
    wanted = sa.select(license_event).where(mine, license_event.c.at.between(since, until))
    return [_event(row) for row in db.execute(wanted.order_by(license_event.c.seq).limit(1_000))]


def trial_was_taken(db: Connection, holder_key: str, pack_key: str) -> bool:
    """Whether the holder had the one trial of a pack."""
    mine = (trial_taken.c.holder_key == holder_key) & (trial_taken.c.pack_key == pack_key)
    return db.execute(sa.select(trial_taken.c.at).where(mine)).first() is not None


def take_trial(db: Connection, of: License, now: int) -> None:
    """Notes the one trial. A second one fails on the primary key."""
    values = {"holder_key": of.holder_key, "pack_key": of.pack_key, "license_id": of.id, "at": now}
    db.execute(trial_taken.insert().values(**values))


# Plans


def changed_plans(db: Connection, pack: PackName) -> dict[str, Plan | None]:
    """What was changed of a pack's plans, by id; None: sold no more."""
    rows = db.execute(sa.select(plan).where(plan.c.pack == str(pack)).order_by(plan.c.id))
    return {row.id: read_plan(row.terms) if row.is_sold else None for row in rows}


def set_plan(db: Connection, pack: PackName, id: str, terms: Plan | None) -> None:
    """Keeps a plan as it is sold from now on; None: no more."""
    mine = (plan.c.pack == str(pack)) & (plan.c.id == id)
    db.execute(plan.delete().where(mine))
    kept = None if terms is None else write_plan(terms)
    db.execute(plan.insert().values(pack=str(pack), id=id, terms=kept, is_sold=terms is not None))


def _event(row: Row[tuple[object, ...]]) -> EventView:
    return EventView(seq=row.seq, event=row.event, at=row.at, actor=row.actor, facts=row.facts)


def _values(of: License) -> dict[str, Any]:
    facts = {name: getattr(of.facts, name) for name in _FACTS}
    return {
        **facts,
        "plan": write_plan(of.plan),
        "pack_key": of.pack_key,
        "holder_id": of.holder_id,
        "holder_key": of.holder_key,
        "quantity": of.quantity,
        "reason": of.reason,
        "seq": of.seq,
    }


def _license(row: Row[tuple[object, ...]]) -> License:
    values = row._asdict()
    sold = read_plan(values["plan"])
    return License(
        id=values["id"],
        key_hint=values["key_hint"],
        plan=sold,
        pack_key=values["pack_key"],
        holder_id=values["holder_id"],
        quantity=values["quantity"],
        issued_at=values["issued_at"],
        facts=LicenseFacts(grace_s=sold.grace_s, **{name: values[name] for name in _FACTS}),
        reason=values["reason"],
        status_index=values["status_index"],
        seq=values["seq"],
    )
