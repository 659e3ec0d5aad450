"""The table of roles and actions, cell by cell. The expected cells are written out here once more, on purpose."""

import importlib
from pkgutil import iter_modules

import pytest

from packspec import protocol
from packspec.errors import Anonymous, Denied
from packspec.protocol.endpoint import Effect, Endpoint, Nothing
from registry_server.access.roles import ACTIONS, authorize
from registry_server.actor import VISITOR, Actor, Role
from registry_server.app import BINDINGS

ALL_SCOPES = frozenset({"read", "publish", "approve", "license", "stats", "admin"})
ACTORS = {
    "visitor": VISITOR,
    "consumer": Actor(member=1, scopes=ALL_SCOPES),
    "reviewer": Actor(member=2, scopes=ALL_SCOPES, roles=frozenset({Role.REVIEWER})),
    "admin": Actor(member=3, scopes=ALL_SCOPES, roles=frozenset({Role.ADMIN})),
}
LET_IN = {
    "catalog.browse": "visitor consumer reviewer admin",
    "account.see": "consumer reviewer admin",
    "token.manage": "consumer reviewer admin",
    "publisher.register": "consumer reviewer admin",
    "publisher.accept": "admin",
    "publisher.suspend": "admin",
    "publisher.keys": "consumer reviewer admin",
    "publisher.team": "consumer reviewer admin",
    "upload.send": "consumer reviewer admin",
    "submission.open": "consumer reviewer admin",
    "submission.see": "consumer reviewer admin",
    "submission.review": "reviewer admin",
    "submission.decide": "reviewer",
    "release.yank": "consumer reviewer admin",
    "release.deprecate": "consumer reviewer admin",
    "release.recall": "consumer reviewer admin",
    "release.stop": "admin",
    "recall.lift": "reviewer",
    "license.validate": "visitor consumer reviewer admin",
    "license.activate": "visitor consumer reviewer admin",
    "license.see": "consumer reviewer admin",
    "license.use": "consumer reviewer admin",
    "license.seats": "consumer reviewer admin",
    "license.issue": "consumer reviewer admin",
    "license.judge": "admin",
    "plan.edit": "consumer reviewer admin",
}
"""Whom the door lets in. A consumer passes where a publisher may, because everybody can be a publisher's member: the room decides that."""


def row(action: str, scope: str | None) -> Endpoint[Nothing, Nothing]:
    return Endpoint("GET", "/x", Nothing, Nothing, Effect.READ, action=action, scope=scope)


@pytest.mark.parametrize("who", list(ACTORS))
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_R03_the_door_lets_in_whom_the_table_names(action: str, who: str) -> None:
    scope = None if "visitor" in LET_IN[action] else ""
    if who in LET_IN[action].split():
        authorize(ACTORS[who], row(action, scope))
        return
    with pytest.raises(Anonymous if who == "visitor" else Denied):
        authorize(ACTORS[who], row(action, scope))


@pytest.mark.parametrize("who", ["consumer", "reviewer", "admin"])
def test_a_token_without_the_scope_does_not_pass_whatever_the_role(who: str) -> None:
    weak = Actor(member=1, scopes=frozenset({"read"}), roles=ACTORS[who].roles)
    with pytest.raises(Denied, match="does not have the scope publish"):
        authorize(weak, row("submission.open", "publish"))


def test_a_narrowed_scope_passes_the_door_and_is_judged_by_the_room() -> None:
    from packspec.names import PackName, PublisherName

    acme = Actor(member=1, scopes=frozenset({"publish:acme/icons"}))
    authorize(acme, row("submission.open", "publish"))
    assert not acme.may_publish(PublisherName("acme"))
    assert acme.may_publish(PublisherName("acme"), PackName("acme/icons"))
    assert not acme.may_publish(PublisherName("acme"), PackName("acme/icons-2"))


def test_every_endpoint_has_a_row_and_visitors_only_where_the_table_says_so() -> None:
    for binding in BINDINGS:
        endpoint = binding.endpoint
        assert endpoint.action in ACTIONS, endpoint.name
        assert (endpoint.scope is None) == ("visitor" in LET_IN[endpoint.action].split()), endpoint.name


def test_the_table_names_the_actions_of_the_protocol_and_no_others() -> None:
    modules = [importlib.import_module(f"packspec.protocol.{found.name}") for found in iter_modules(protocol.__path__)]
    rows = [value for module in modules for value in vars(module).values() if isinstance(value, Endpoint)]
    assert {row.action for row in rows} == set(ACTIONS) == set(LET_IN)


def test_no_two_rows_have_the_same_method_and_path() -> None:
    names = [binding.endpoint.name for binding in BINDINGS]
    assert len(set(names)) == len(names)
