"""`Idempotency-Key`: what is asked for again happens once."""

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.licenses import ISSUE, IssueLicense
from registry_server.app import TIMERS
from registry_server.http.tables import repeated_call
from tests.support.registry import Registry

KEY = "0123456789abcdef-1"
YEAR = Plan(id="year", kind="subscription", pack=PackName("acme/pro"), duration_s=365 * 86_400)


@pytest.fixture
def sold(registry: Registry) -> tuple[Registry, str, str]:
    """A registry with a license, the token of an admin, and the address of the license."""
    registry.publish("acme/pro", "1.0.0", {"a.txt": b"a"})
    registry.account("mia")
    admin = registry.admin()
    license = registry.call(ISSUE, IssueLicense(holder="mia", terms=YEAR), admin).license
    return registry, admin, f"/api/v1/licenses/{license.id}"


def post(registry: Registry, path: str, token: str, key: str, **fields: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"} | ({"idempotency-key": key} if key else {})
    return registry.client.post(path, json=fields, headers=headers)


def test_the_same_request_again_gives_the_same_answer_and_changes_nothing(sold: tuple[Registry, str, str]) -> None:
    registry, admin, license = sold
    first, again = (post(registry, f"{license}/renew", admin, KEY) for _ in range(2))
    assert (first.status_code, again.content) == (200, first.content)
    without = post(registry, f"{license}/renew", admin, "")
    assert without.json()["ends_at"] == first.json()["ends_at"] + 365 * 86_400


def test_a_key_stands_for_one_request_of_one_member_and_one_call(sold: tuple[Registry, str, str]) -> None:
    registry, admin, license = sold
    first = post(registry, f"{license}/renew", admin, KEY)
    other = post(registry, f"{license}/renew", admin, KEY, periods=2)
    assert (other.status_code, other.json()["code"]) == (409, "registry.key-used-otherwise")
    assert post(registry, f"{license}/suspend", admin, KEY).json()["suspended_at"] == registry.clock()
    chief = registry.account("chief", ["admin"])
    theirs = post(registry, f"{license}/renew", chief, KEY)
    assert theirs.json()["ends_at"] == first.json()["ends_at"] + 365 * 86_400


def test_what_was_refused_may_be_asked_for_with_the_same_key(sold: tuple[Registry, str, str]) -> None:
    registry, admin, license = sold
    refused = post(registry, f"{license}/transfer", admin, KEY, to="mia")
    assert refused.status_code == 404
    post(registry, f"{license}/revoke", admin, "revoke-0123456789")
    for _ in range(2):
        assert post(registry, f"{license}/renew", admin, KEY).json()["code"] == "licensing.illegal-event"


def test_an_answer_with_a_secret_is_not_kept_and_the_change_not_repeated(sold: tuple[Registry, str, str]) -> None:
    registry, admin, _ = sold
    ask = {"scopes": ["read"]}
    first = post(registry, "/api/v1/tokens", admin, KEY, **ask)
    again = post(registry, "/api/v1/tokens", admin, KEY, **ask)
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "registry.answered-before")
    made = first.json()["view"]["id"]
    assert (again.json()["facts"]["made"], again.json()["fix"][0]) == (made, f"packctl token revoke {made}")
    with registry.world.database.reading() as db:
        assert db.scalars(sa.select(repeated_call.c.reply)).all() == [made]


@pytest.mark.parametrize("key", ["short", "x" * 101, "a key with blanks"])
def test_a_key_that_is_too_easily_anothers_is_refused(registry: Registry, key: str) -> None:
    answer = post(registry, "/api/v1/tokens", registry.account("mia"), key, scopes=["read"])
    assert (answer.status_code, answer.json()["code"]) == (400, "registry.bad-http")


def test_answers_are_forgotten_after_a_day(sold: tuple[Registry, str, str]) -> None:
    registry, admin, license = sold
    (forget,) = (timer for timer in TIMERS if timer.name == "forget-answers")
    first = post(registry, f"{license}/renew", admin, KEY).json()["ends_at"]
    registry.clock.advance(hours=24)
    forget.run(registry.world)
    assert post(registry, f"{license}/renew", admin, KEY).json()["ends_at"] == first
    registry.clock.advance(seconds=1)
    forget.run(registry.world)
    assert post(registry, f"{license}/renew", admin, KEY).json()["ends_at"] == first + 365 * 86_400
