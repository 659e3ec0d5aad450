"""Questions of publishers to the database."""

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from packspec.digests import Digest
from packspec.names import PublisherName
from packspec.signing.publisher import Reset
from registry_server.publishers.rules import KeptRoot, Publisher, State
from registry_server.publishers.tables import (
    publisher,
    publisher_member,
    publisher_reset,
    publisher_root,
    publisher_suspension,
)

# Built once: every step of a submission asks these, and building a statement costs more than running it.
_BY_NAME = sa.select(publisher).where(publisher.c.name == sa.bindparam("wanted")).with_for_update()
_ROLE = sa.select(publisher_member.c.role).where(
    publisher_member.c.publisher == sa.bindparam("publisher"), publisher_member.c.member_id == sa.bindparam("member")
)
_ROOTS = (
    sa.select(publisher_root)
    .where(publisher_root.c.publisher == sa.bindparam("publisher"))
    .order_by(publisher_root.c.version)
)
_RESETS = sa.select(publisher_reset).order_by(publisher_reset.c.log_number)
_RESETS_OF = _RESETS.where(publisher_reset.c.publisher == sa.bindparam("publisher"))


def find(db: Connection, name: PublisherName) -> Publisher | None:
    """The publisher called `name`. In a write transaction nobody else changes it until the end."""
    row = db.execute(_BY_NAME, {"wanted": str(name)}).one_or_none()
    return None if row is None else _publisher(row)


def names(db: Connection) -> list[str]:
    """Every publisher's name."""
    return list(db.scalars(sa.select(publisher.c.name)))


def verified(db: Connection) -> list[PublisherName]:
    """The publishers that the registry has verified."""
    return [PublisherName(name) for name in db.scalars(sa.select(publisher.c.name).where(publisher.c.is_verified == 1))]


def listed(db: Connection, state: str) -> list[Publisher]:
    """All publishers in order of name; `state` empty means any."""
    wanted = sa.select(publisher).order_by(publisher.c.name)
    return [_publisher(row) for row in db.execute(wanted.where(publisher.c.state == state) if state else wanted)]


def add(db: Connection, one: Publisher) -> None:
    """Keeps a new publisher. A taken name fails on the primary key."""
    db.execute(
        publisher.insert().values(
            name=str(one.name),
            display_name=one.display_name,
            origin=one.origin,
            state=one.state.value,
            is_verified=one.is_verified,
            registered_at=one.registered_at,
            looks_like=one.looks_like,
        )
    )


def set_state(db: Connection, name: PublisherName, state: State) -> None:
    """Moves a publisher to `state`."""
    db.execute(publisher.update().where(publisher.c.name == name).values(state=state.value))


def suspension(db: Connection, name: PublisherName) -> tuple[int, int, str] | None:
    """When a suspended publisher was stopped, by which member, and why; None for any other."""
    wanted = sa.select(publisher_suspension).where(publisher_suspension.c.publisher == name)
    row = db.execute(wanted).one_or_none()
    return None if row is None else (row.suspended_at, row.member_id, row.reason)


def suspend(db: Connection, name: PublisherName, at: int, member_id: int, reason: str) -> None:
    """Stops a publisher. One that is stopped has the new reason from now on."""
    restore(db, name)
    values = {"publisher": str(name), "suspended_at": at, "member_id": member_id, "reason": reason}
    db.execute(publisher_suspension.insert().values(values))
    set_state(db, name, State.SUSPENDED)


def restore(db: Connection, name: PublisherName) -> None:
    """Lets a publisher go on."""
    db.execute(publisher_suspension.delete().where(publisher_suspension.c.publisher == name))
    set_state(db, name, State.ACTIVE)


def add_member(db: Connection, name: PublisherName, member_id: int, role: str) -> None:
    """Lets a member act for a publisher."""
    db.execute(publisher_member.insert().values(publisher=str(name), member_id=member_id, role=role))


def set_role(db: Connection, name: PublisherName, member_id: int, role: str | None) -> None:
    """Lets a member act for a publisher as `role`; None: no more."""
    mine = (publisher_member.c.publisher == name) & (publisher_member.c.member_id == member_id)
    db.execute(publisher_member.delete().where(mine))
    if role is not None:
        add_member(db, name, member_id, role)


def members(db: Connection, name: PublisherName) -> dict[int, str]:
    """Who acts for a publisher, as what."""
    wanted = sa.select(publisher_member).where(publisher_member.c.publisher == name)
    return {row.member_id: row.role for row in db.execute(wanted)}


def role_of(db: Connection, name: PublisherName, member_id: int) -> str | None:
    """As what a member acts for a publisher; None for a stranger."""
    return db.scalar(_ROLE, {"publisher": str(name), "member": member_id})


def of_member(db: Connection, member_id: int) -> list[PublisherName]:
    """The publishers that a member acts for, in order of name."""
    mine = sa.select(publisher_member.c.publisher).where(publisher_member.c.member_id == member_id)
    return [PublisherName(name) for name in db.scalars(mine.order_by(publisher_member.c.publisher))]


def roots(db: Connection, name: PublisherName) -> list[KeptRoot]:
    """All roots of a publisher, the first one first."""
    return [
        KeptRoot(
            version=row.version,
            digest=Digest(row.digest),
            envelope=row.envelope.encode(),
            log_number=row.log_number,
            logged_at=row.logged_at,
        )
        for row in db.execute(_ROOTS, {"publisher": str(name)})
    ]


def keep_root(db: Connection, name: PublisherName, root: KeptRoot) -> None:
    """Keeps a root; one that waits under the same number is replaced, one in the log is not."""
    same = (publisher_root.c.publisher == name) & (publisher_root.c.version == root.version)
    db.execute(publisher_root.delete().where(same & publisher_root.c.log_number.is_(None)))
    db.execute(
        publisher_root.insert().values(
            publisher=str(name),
            version=root.version,
            digest=str(root.digest),
            envelope=root.envelope.decode(),
            log_number=root.log_number,
            logged_at=root.logged_at,
        )
    )


def forget_waiting(db: Connection, name: PublisherName) -> None:
    """Removes a root that is not in the log."""
    mine = publisher_root.c.publisher == name
    db.execute(publisher_root.delete().where(mine & publisher_root.c.log_number.is_(None)))


def announce(db: Connection, reset: Reset) -> None:
    """Keeps a reset that was logged."""
    db.execute(
        publisher_reset.insert().values(
            publisher=str(reset.publisher),
            log_number=reset.index,
            logged_at=reset.at,
            delay_seconds=reset.delay_seconds,
            version=reset.new_version,
            old_digest=str(reset.old_digest),
            digest=str(reset.new_digest),
        )
    )


def resets(db: Connection, name: PublisherName | None = None) -> list[Reset]:
    """The resets of a publisher, or of all, in the order of the log."""
    rows = db.execute(_RESETS) if name is None else db.execute(_RESETS_OF, {"publisher": str(name)})
    return [
        Reset(
            publisher=PublisherName(row.publisher),
            old_version=row.version - 1,
            old_digest=Digest(row.old_digest),
            new_version=row.version,
            new_digest=Digest(row.digest),
            index=row.log_number,
            at=row.logged_at,
            delay_seconds=row.delay_seconds,
        )
        for row in rows
    ]


def _publisher(row: Row[tuple[object, ...]]) -> Publisher:
    return Publisher(
        name=PublisherName(row.name),
        display_name=row.display_name,
        origin=row.origin,
        state=State(row.state),
        is_verified=row.is_verified,
        registered_at=row.registered_at,
        looks_like=row.looks_like,
    )
