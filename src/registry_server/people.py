"""People who are added where the data is, before there is a login: the first admin, and everybody in a small registry."""

from collections.abc import Iterable

from packspec.limits import DAY_SECONDS
from packspec.tokens import Token
from registry_server.access.actions import Wish, make
from registry_server.access.rules import scopes_of_person
from registry_server.accounts import actions as accounts
from registry_server.accounts.rules import AccountName, NoAccount
from registry_server.actor import Actor, Role
from registry_server.call import call_of
from registry_server.world import World


def add_person(world: World, by: Actor, name: str, roles: Iterable[Role]) -> Token:
    """The person `name`, made unless there, with `roles` added, and a new token with all scopes they may have.

    Raises BadAccountName.
    """
    parsed = AccountName.parse(name)
    with call_of(world, by).writing() as call:
        try:
            member = accounts.by_name(call.db, parsed)
        except NoAccount:
            member = accounts.add_person(call, parsed)
        for role in roles:
            accounts.give_role(call, member.id, role)
        member = accounts.member(call.db, member.id)
        seconds = world.settings.tokens.default_days * DAY_SECONDS
        token, _ = make(call, Wish(member.id, scopes_of_person(member.roles), seconds, label="made at the terminal"))
        return token
