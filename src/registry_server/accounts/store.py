"""Questions about accounts to the database."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import Connection

from registry_server.accounts.rules import Account, Member
from registry_server.accounts.tables import account, member, registry_role
from registry_server.actor import Role
from registry_server.db.prepared import Prepared

_MEMBERS = (
    sa.select(
        member.c.id,
        member.c.account_id,
        member.c.display_name,
        member.c.kind.label("member_kind"),
        account.c.name,
        account.c.state,
        account.c.kind,
        registry_role.c.role,
    )
    .select_from(member)
    .join(account, member.c.account_id == account.c.id)
    .outerjoin(registry_role, registry_role.c.member_id == member.c.id)
    .order_by(member.c.id)
)
_BY_ID = Prepared(_MEMBERS.where(member.c.id == sa.bindparam("wanted")))
_NAME = Prepared(sa.select(account.c.name).where(account.c.id == sa.bindparam("wanted")))
_ACCOUNTS = sa.select(account.c.id, account.c.name).where(account.c.id.in_(sa.bindparam("ids", expanding=True)))
_PERSONS = (
    sa.select(member.c.id, account.c.name, account.c.kind)
    .join(account, member.c.account_id == account.c.id)
    .where(member.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_BY_NAME = Prepared(_MEMBERS.where(account.c.name == sa.bindparam("wanted")))


def find_member(db: Connection, member_id: int) -> Member | None:
    """The member with that id."""
    return _one(db, _BY_ID, member_id)


def find_by_name(db: Connection, name: str) -> Member | None:
    """The one member of the person's account `name`."""
    return _one(db, _BY_NAME, name)


def find_account(db: Connection, name: str) -> Account | None:
    """The account called `name`."""
    row = db.execute(sa.select(account).where(account.c.name == name)).one_or_none()
    return None if row is None else Account(id=row.id, name=row.name, kind=row.kind, is_active=row.state == "active")


def account_name(db: Connection, account_id: int) -> str:
    """What an account is called that came from this database."""
    [row] = _NAME.all(db, {"wanted": account_id})
    return str(row.name)


def account_names(db: Connection, ids: Iterable[int]) -> dict[int, str]:
    """What accounts are called."""
    return {row.id: row.name for row in db.execute(_ACCOUNTS, {"ids": list(ids)})}


def person_names(db: Connection, ids: Iterable[int]) -> dict[int, str]:
    """What members are called, as `Member.called`."""
    if not (wanted := list(ids)):
        return {}
    rows = db.execute(_PERSONS, {"ids": wanted})
    return {row.id: row.name if row.kind == "person" else f"M-{row.id}" for row in rows}


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


def _one(db: Connection, statement: Prepared, wanted: int | str) -> Member | None:
    rows = statement.all(db, {"wanted": wanted})
    if not rows:
        return None
    first = rows[0]
    return Member(
        id=first.id,
        account_id=first.account_id,
        account=first.name,
        is_active=first.state == "active",
        display_name=first.display_name,
        is_child=first.member_kind == "child",
        is_alone=first.kind == "person",
        roles=frozenset(Role(row.role) for row in rows if row.id == first.id and row.role is not None),
    )
