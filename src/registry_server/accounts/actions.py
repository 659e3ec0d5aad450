"""Making accounts and giving offices, inside the caller's transaction."""

from sqlalchemy import Connection

from registry_server.accounts import store
from registry_server.accounts.rules import AccountName, Member
from registry_server.actor import Role
from registry_server.audit.actions import record
from registry_server.call import Call


def add_person(call: Call, name: AccountName) -> Member:
    """A new person. Nobody may have this name: the caller looked in the same transaction, and a constraint stands behind that."""
    member_id = store.add_person(call.db, name, call.now)
    record(call, "account.add", f"member:{member_id}", {"kind": "person"})
    return member(call.db, member_id)


def give_role(call: Call, member_id: int, role: Role) -> None:
    """Gives an office; having it already is fine."""
    if store.give_role(call.db, member_id, role, call.actor.subject, call.now):
        record(call, "role.give", f"member:{member_id}", {"role": role.value})


def member(db: Connection, member_id: int) -> Member:
    """The member with that id, which came from this database: members are never removed."""
    found = find_member(db, member_id)
    assert found is not None, f"no member {member_id}"
    return found


def find_member(db: Connection, member_id: int) -> Member | None:
    """The member with that id, if there is one."""
    return store.find_member(db, member_id)


def find_person(db: Connection, name: str) -> Member | None:
    """The member of the person's account `name`, if there is one."""
    return store.find_by_name(db, name)
