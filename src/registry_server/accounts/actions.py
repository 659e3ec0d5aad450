"""Making accounts and giving offices, inside the caller's transaction."""

from collections.abc import Iterable

from sqlalchemy import Connection

from registry_server.accounts import store
from registry_server.accounts.rules import Account, AccountName, Member
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


def find_named(db: Connection, called: str) -> Member | None:
    """The person's member of that name, or with `M-7` that member of any account."""
    if called.startswith("M-"):
        return store.find_member(db, int(called[2:]))
    found = store.find_by_name(db, called)
    return found if found is not None and found.is_alone else None


def find_account(db: Connection, name: str) -> Account | None:
    """The account called `name`, if there is one."""
    return store.find_account(db, name)


def account_name(db: Connection, account_id: int) -> str:
    """What an account is called: accounts are never removed."""
    return store.account_name(db, account_id)


def account_names(db: Connection, ids: Iterable[int]) -> dict[int, str]:
    """What accounts are called, by id."""
    return store.account_names(db, ids)


def person_names(db: Connection, ids: Iterable[int]) -> dict[int, str]:
    """What members are called, by id."""
    return store.person_names(db, ids)
