"""Suspending a publisher: what stops, what stays, who is told what, and how it goes on."""

from collections.abc import Callable

import pytest

from packspec.names import PublisherName
from packspec.problems import Relayed
from packspec.protocol.publishers import (
    RESTORE,
    SHOW,
    SUSPEND,
    TEAM,
    AskPublisher,
    MemberView,
    PublisherView,
    RestorePublisher,
    SuspendPublisher,
)
from packspec.protocol.publishing import PUBLISH, AskSubmission
from registry_server.actor import TERMINAL
from registry_server.audit.actions import entries
from registry_server.call import call_of
from tests.registry_server.publishers.test_publishers import register
from tests.support import publishing as do
from tests.support.registry import Registry

ACME = PublisherName("acme")
WHY = "its laptop was stolen, files > keys"


def suspend(registry: Registry, admin: str, reason: str = WHY) -> PublisherView:
    return registry.call(SUSPEND, SuspendPublisher(publisher=ACME, reason=reason), admin)


def restore(registry: Registry, admin: str, *owners: str) -> PublisherView:
    return registry.call(RESTORE, RestorePublisher(publisher=ACME, owners=list(owners)), admin)


def told(registry: Registry) -> list[tuple[str, str]]:
    with call_of(registry.world, TERMINAL).reading() as call:
        found = entries(call.db, "publisher:acme")
    return [
        (one.action, one.reason) for one in reversed(found) if one.action in ("publisher.suspend", "publisher.restore")
    ]


def refused(call: Callable[[], object]) -> Relayed:
    with pytest.raises(Relayed) as caught:
        call()
    return caught.value


def test_nothing_of_a_suspended_publisher_that_waits_is_published_and_what_it_published_stays(
    registry: Registry,
) -> None:
    acme, kim, admin = registry.publisher("acme"), registry.reviewer("kim"), registry.admin()
    registry.publish("acme/icons", "1.0.0")
    held, waiting = registry.submit("acme/icons", "1.1.0", hold=True).id, registry.submit("acme/icons", "1.2.0").id
    for id in (held, waiting):
        do.take(registry, kim, id)
    do.approve(registry, kim, held)
    before = registry.world.public.read("tuf/timestamp.json")
    suspend(registry, admin)

    let_go = refused(lambda: registry.call(PUBLISH, AskSubmission(id=held), acme.token))
    approved = refused(lambda: do.approve(registry, kim, waiting))
    assert (let_go.code, approved.code) == ("publishers.suspended", "publishers.suspended")
    assert let_go.facts()["by"] == "admin"
    assert let_go.facts()["reason"] == WHY
    assert registry.world.public.read("tuf/timestamp.json") == before  # no client is told anything

    restore(registry, admin)
    assert registry.call(PUBLISH, AskSubmission(id=held), acme.token).state == "published"
    assert do.approve(registry, kim, waiting).state == "published"


def test_everybody_sees_why_and_since_when_and_the_team_and_admins_see_by_whom(registry: Registry) -> None:
    acme, admin, lee = registry.publisher("acme"), registry.admin(), registry.account("lee")
    suspend(registry, admin)
    ask = AskPublisher(publisher=ACME)
    shown = [registry.call(SHOW, ask, token) for token in (None, lee, acme.token, admin)]
    assert [one.suspended_by for one in shown] == ["", "", "admin", "admin"]
    assert {(one.state, one.suspended_reason, one.suspended_at) for one in shown} == {
        ("suspended", WHY, registry.clock())
    }
    restored = restore(registry, admin)
    assert (restored.state, restored.suspended_at, restored.suspended_reason) == ("active", 0, "")


def test_R21_to_suspend_or_restore_again_changes_nothing_and_a_new_reason_is_told(registry: Registry) -> None:
    registry.publisher("acme")
    admin, lee = registry.admin(), registry.account("lee")
    assert restore(registry, admin).state == "active"
    first = suspend(registry, admin)
    registry.clock.advance(hours=1)
    assert suspend(registry, admin) == first
    assert suspend(registry, admin, "and its account").suspended_reason == "and its account"
    assert restore(registry, admin, "lee") == restore(registry, admin, "lee")
    assert told(registry) == [
        ("publisher.suspend", WHY),
        ("publisher.suspend", "and its account"),
        ("publisher.restore", ""),
    ]
    assert registry.call(TEAM, AskPublisher(publisher=ACME), lee).members == [MemberView(account="lee", role="owner")]


def test_who_owns_a_publisher_is_said_by_an_admin_only_while_it_is_suspended(registry: Registry) -> None:
    acme, admin, lee = registry.publisher("acme"), registry.admin(), registry.account("lee")
    assert refused(lambda: restore(registry, admin, "lee")).code == "publishers.not-suspended"
    suspend(registry, admin)
    assert refused(lambda: restore(registry, admin, "nobody")).code == "publishers.no-such-account"
    assert refused(lambda: registry.call(TEAM, AskPublisher(publisher=ACME), lee)).code == "publishers.not-yours"
    assert refused(lambda: restore(registry, acme.token)).code == "access.scope-missing"


def test_a_publisher_that_waits_is_neither_suspended_nor_restored(registry: Registry) -> None:
    admin = registry.admin()
    register(registry, registry.account("mia"))
    assert refused(lambda: suspend(registry, admin)).code == "publishers.never-accepted"
    assert refused(lambda: restore(registry, admin)).code == "publishers.never-accepted"


def test_a_suspension_needs_a_reason_that_can_be_read(registry: Registry) -> None:
    headers = {"authorization": f"Bearer {registry.admin()}"}
    for reason in ("", " \n", "x" * 2001):
        answer = registry.client.post("/api/v1/admin/publishers/acme/suspend", json={"reason": reason}, headers=headers)
        assert (answer.status_code, answer.json()["facts"]["field"]) == (422, "reason")
