"""Suspending: an admin stops all that a publisher does here, and lets it go on (docs/how-to/lose-a-key.md).

It closes the doors of this registry and nothing else: no document says it, no client asks for it, and the index does not change, so what
was published stays, installs and verifies. A registry that lies could always have refused to serve a publisher. Whoever holds stolen owner
keys can then not stop a reset of them either, and that still waits its days and must be accepted by everybody who knew the old keys.
"""

from collections.abc import Sequence

from registry_server.accounts import actions as accounts
from registry_server.accounts.rules import Member
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.publishers import store
from registry_server.publishers.rules import (
    NeverAccepted,
    NoSuchAccount,
    NotActive,
    NotSuspended,
    Publisher,
    PublisherSuspended,
    State,
    Suspension,
)


def check_active(call: Call, publisher: Publisher) -> None:
    """Raises NotActive for a publisher that waits to be accepted, PublisherSuspended for one that an admin stopped."""
    if publisher.state is State.PENDING:
        raise NotActive(publisher.name)
    if (stopped := suspension(call, publisher)) is not None:
        raise PublisherSuspended(publisher.name, stopped)


def suspension(call: Call, publisher: Publisher) -> Suspension | None:
    """Who stopped a publisher, when and why; None for one that was not."""
    if publisher.state is not State.SUSPENDED:
        return None
    found = store.suspension(call.db, publisher.name)
    assert found is not None, "the state and the row are written together"
    at, member_id, reason = found
    return Suspension(at, accounts.member(call.db, member_id).account, reason)


def suspend(call: Call, publisher: Publisher, reason: str) -> None:
    """Stops a publisher; one that is stopped already gets the new reason. The same again changes nothing (R21). Raises NeverAccepted."""
    assert call.actor.member is not None  # the row asks for a token
    if publisher.state is State.PENDING:
        raise NeverAccepted(publisher.name)
    before = store.suspension(call.db, publisher.name)
    if before is not None and before[1:] == (call.actor.member, reason):
        return
    store.suspend(call.db, publisher.name, call.now, call.actor.member, reason)
    audit.record(call, "publisher.suspend", f"publisher:{publisher.name}", reason=reason)


def restore(call: Call, publisher: Publisher, reason: str, owners: Sequence[str]) -> None:
    """Lets a publisher go on. The accounts `owners`, if any are named, are its whole team from now on.

    A thief of an owner's account may have put the true owners out of the team, which nobody else could mend. What is so already is no
    failure. Raises NeverAccepted, NoSuchAccount, NotSuspended.
    """
    if publisher.state is State.PENDING:
        raise NeverAccepted(publisher.name)
    name, team = publisher.name, {_person(call, one).id: "owner" for one in owners}
    if publisher.state is State.ACTIVE:
        if team and store.members(call.db, name) != team:
            raise NotSuspended(name)
        return
    store.restore(call.db, name)
    if team:
        for member_id in {**store.members(call.db, name), **team}:
            store.set_role(call.db, name, member_id, team.get(member_id))
    facts = {"owners": " ".join(f"member:{member_id}" for member_id in team)} if team else {}
    audit.record(call, "publisher.restore", f"publisher:{name}", facts, reason=reason)


def _person(call: Call, account: str) -> Member:
    found = accounts.find_person(call.db, account)
    if found is None:
        raise NoSuchAccount(account)
    return found
