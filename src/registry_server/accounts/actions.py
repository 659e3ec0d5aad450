"""Making accounts and giving offices, inside the caller's transaction."""

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from registry_server.accounts import store
from registry_server.accounts.rules import AccountExists, AccountName, Member, NoAccount
from registry_server.actor import Role
from registry_server.audit.actions import record
from registry_server.call import Call


def add_person(call: Call, name: AccountName) -> Member:
    """A new person. Raises AccountExists."""
    if store.find_by_name(call.db, name) is not None:
        raise AccountExists(name)
    try:
        member_id = store.add_person(call.db, name, call.now)
    except IntegrityError as error:
        raise AccountExists(name) from error
    record(call, "account.add", f"member:{member_id}", {"kind": "person"})
    return member(call.db, member_id)


def give_role(call: Call, member_id: int, role: Role) -> None:
    """Gives an office; having it already is fine."""
    if store.give_role(call.db, member_id, role, call.actor.subject, call.now):
        record(call, "role.give", f"member:{member_id}", {"role": role.value})


def member(db: Connection, member_id: int) -> Member:
    """The member with that id. Raises NoAccount."""
    found = store.find_member(db, member_id)
    if found is None:
        raise NoAccount(f"with member {member_id}")
    return found


def by_name(db: Connection, name: str) -> Member:
    """The member of the person's account `name`. Raises NoAccount."""
    found = store.find_by_name(db, name)
    if found is None:
        raise NoAccount(name)
    return found


def find_person(db: Connection, name: str) -> Member | None:
    """The member of the person's account `name`, if there is one."""
    return store.find_by_name(db, name)
