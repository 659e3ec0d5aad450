"""Questions about accounts to the database."""

import sqlalchemy as sa
from sqlalchemy import Connection

from registry_server.accounts.rules import Member
from registry_server.accounts.tables import account, member, registry_role
from registry_server.actor import Role


def find_member(db: Connection, member_id: int) -> Member | None:
    """The member with that id."""
    return _one(db, member.c.id == member_id)


def find_by_name(db: Connection, name: str) -> Member | None:
    """The one member of the person's account `name`."""
    return _one(db, account.c.name == name)


def add_person(db: Connection, name: str, now: int) -> int:
    """A new account of kind person with its one member, whose id it gives. A taken name fails on the constraint."""
    account_id = db.execute(
        account.insert().values(name=name, kind="person", state="active", created_at=now).returning(account.c.id)
    ).scalar_one()
    values = {"account_id": account_id, "kind": "adult", "display_name": name, "is_owner": True, "created_at": now}
    return int(db.execute(member.insert().values(**values).returning(member.c.id)).scalar_one())


def give_role(db: Connection, member_id: int, role: Role, given_by: str, now: int) -> bool:
    """Gives an office; whether the member did not have it already."""
    mine = (registry_role.c.member_id == member_id) & (registry_role.c.role == role.value)
    if db.execute(sa.select(registry_role.c.role).where(mine)).first() is not None:
        return False
    db.execute(registry_role.insert().values(member_id=member_id, role=role.value, given_by=given_by, given_at=now))
    return True


def _one(db: Connection, condition: sa.ColumnElement[bool]) -> Member | None:
    joined = sa.join(member, account, member.c.account_id == account.c.id)
    columns = (member.c.id, member.c.account_id, member.c.display_name, account.c.name, account.c.state)
    row = db.execute(sa.select(*columns).select_from(joined).where(condition).order_by(member.c.id)).first()
    if row is None:
        return None
    roles = db.scalars(sa.select(registry_role.c.role).where(registry_role.c.member_id == row.id))
    return Member(
        id=row.id,
        account_id=row.account_id,
        account=row.name,
        is_active=row.state == "active",
        display_name=row.display_name,
        roles=frozenset(Role(role) for role in roles),
    )
