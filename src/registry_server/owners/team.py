"""Who acts for a publisher: owners change team and keys, maintainers publish, analysts look.

The team is the registry's own: it opens doors there and counts for no client. What clients believe is the list of keys.
"""

from packspec.names import PublisherName
from packspec.protocol.publishers import MemberView, Team
from registry_server.accounts import actions as accounts
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.publishers import actions as publishers
from registry_server.publishers import store
from registry_server.publishers.rules import LastOwner, NoSuchAccount, NotYourPublisher


def team(call: Call, name: PublisherName) -> Team:
    """The team, for its members. Raises NoSuchPublisher, NotYourPublisher."""
    publishers.get(call, name)
    if publishers.role_in(call, name) is None:
        raise NotYourPublisher(name, "only its team may see who belongs to it")
    return _team(call, name)


def give(call: Call, name: PublisherName, account: str, role: str | None) -> Team:
    """Lets `account` act as `role`; None: no more. What is so already is no failure.

    Raises as `publishers.owned`, NoSuchAccount, LastOwner.
    """
    publishers.owned(call, name)
    found = accounts.find_person(call.db, account)
    if found is None:
        raise NoSuchAccount(account)
    before = store.members(call.db, name)
    owners = {member for member, held in before.items() if held == "owner"}
    if role != "owner" and owners == {found.id}:
        raise LastOwner(name, account)
    if before.get(found.id) != role:
        store.set_role(call.db, name, found.id, role)
        audit.record(call, "publisher.team", f"publisher:{name}", {"member": str(found.id), "role": role or "none"})
    return _team(call, name)


def _team(call: Call, name: PublisherName) -> Team:
    held = store.members(call.db, name)
    found = [MemberView(account=accounts.member(call.db, id).account, role=role) for id, role in held.items()]
    return Team(publisher=name, members=sorted(found, key=lambda one: one.account))
