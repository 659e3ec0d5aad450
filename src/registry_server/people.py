"""People who are added where the data is, before there is a login: the first admin, and everybody in a small registry."""

from collections.abc import Iterable
from dataclasses import dataclass

from packspec.limits import DAY_SECONDS
from packspec.tokens import Token
from registry_server.access.actions import Wish, make
from registry_server.access.rules import scopes_of_person
from registry_server.accounts import actions as accounts
from registry_server.accounts.rules import AccountName
from registry_server.actor import Actor, Role
from registry_server.call import call_of
from registry_server.world import World


@dataclass(frozen=True)
class Added:
    """A person with their new token, all their roles, whether they were added just now, and the second at which the token ends."""

    token: Token
    roles: frozenset[Role]
    is_new: bool
    ends_at: int


def add_person(world: World, by: Actor, name: str, roles: Iterable[Role]) -> Added:
    """The person `name`, made unless there, with `roles` added, and a new token with all scopes they may have.

    Raises BadAccountName.
    """
    parsed = AccountName.parse(name)
    with call_of(world, by).writing() as call:
        known = accounts.find_person(call.db, parsed)
        member = known or accounts.add_person(call, parsed)
        for role in roles:
            accounts.give_role(call, member.id, role)
        member = accounts.member(call.db, member.id)
        seconds = world.settings.tokens.default_days * DAY_SECONDS
        token, kept = make(call, Wish(member.id, scopes_of_person(member.roles), seconds, label="made at the terminal"))
        return Added(token, frozenset(member.roles), known is None, kept.expires_at)
