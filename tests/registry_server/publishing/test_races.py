"""Two people at the same instant: one wins, the other is told, and nothing is half done."""

import dataclasses
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from packspec import site
from packspec.errors import PackError
from packspec.names import PackName
from packspec.protocol.publishing import APPROVE, HAND_IN, WITHDRAW, YANK, Decide, Withdrawn, YankRelease
from packspec.protocol.recalls import RECALL, RecallRelease
from packspec.verdict import Answer, check_release
from packspec.versions import Version
from registry_server.access.actions import identify
from registry_server.app import BINDINGS, HOOKS
from registry_server.call import Call
from registry_server.catalog.tables import release
from registry_server.db.engine import Database
from registry_server.http.bind import Door, Incoming
from registry_server.http.server import make_pool
from registry_server.publishing import reading, review
from registry_server.publishing.tables import submission
from tests.support import publishing as do
from tests.support.evidence import Site
from tests.support.registry import Registry


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Runs all calls at the same instant; gives what each returned, or the code of its refusal."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = call()
        except PackError as error:
            results[place] = error.code

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def count(registry: Registry, table: sa.Table, *where: Any) -> int:
    with registry.world.database.reading() as db:
        return int(db.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0)


@pytest.mark.parametrize("several", [2, 16])
def test_R19_of_many_hand_ins_of_one_version_exactly_one_wins(registry, several):
    acme = registry.publisher("acme")
    ready = []
    for number in range(several):
        built = registry.build("acme/icons", "1.0.0", files={f"icons/{number}.svg": do.SVG})
        draft = do.open_draft(registry, acme.token, built)
        ready.append((draft.id, do.signed(built.statement, acme.releases)))

    results = at_once(
        *(lambda id=id, envelope=envelope: do.hand_in(registry, acme.token, id, envelope) for id, envelope in ready)
    )

    codes = [result for result in results if isinstance(result, str)]
    won = [result for result in results if not isinstance(result, str)]
    assert codes == ["publishing.version-exists"] * (several - 1)
    assert [view.state for view in won] == ["pending_review"]
    assert count(registry, submission, submission.c.state == "pending_review") == 1
    assert count(registry, submission, submission.c.state == "draft") == several - 1


def test_R19_many_hand_ins_of_the_same_bytes_are_one(registry):
    acme = registry.publisher("acme")
    built = registry.build("acme/icons", "1.0.0")
    do.upload(registry, acme.token, built.data)
    envelope = do.signed(built.statement, acme.releases)

    def publish():
        draft = do.open_draft(registry, acme.token, built)
        return do.hand_in(registry, acme.token, draft.id, envelope)

    results = at_once(*[publish] * 8)

    assert {view.id for view in results} == {"S-1"}
    assert {view.state for view in results} == {"pending_review"}
    assert [len(view.moves) for view in results] == [1] * 8
    assert count(registry, submission) == 1


def test_R19_a_draft_whose_archive_was_exchanged_while_it_was_read_is_not_handed_in(registry, monkeypatch):
    acme, kim = registry.publisher("acme"), registry.reviewer()
    first = registry.build("acme/icons", "1.0.0")
    other = registry.build("acme/icons", "1.0.0", files={"icons/other.svg": do.SVG})
    id = registry.submit("acme/icons", "1.0.0").id
    do.take(registry, kim, id)
    do.reject(registry, kim, id, to_draft=True)
    read = reading.check

    def exchange(*asked):
        do.open_draft(registry, acme.token, other)  # what a colleague does meanwhile
        return read(*asked)

    monkeypatch.setattr(reading, "check", exchange)
    [refused] = at_once(lambda: do.hand_in(registry, acme.token, id, do.signed(first.statement, acme.releases)))

    assert refused == "publishing.changed-meanwhile"
    after = do.show(registry, acme.token, id)
    assert (after.state, after.archive) == ("draft", other.digest)


def in_review(registry):
    id = registry.submit("acme/icons", "1.0.0").id
    return do.take(registry, registry.reviewer(), id)


def approval(registry, reviewer, view):
    return Decide(id=view.id, approval=do.signed_decision(do.decision(view, registry.clock()), [reviewer.key]))


@pytest.mark.parametrize("round", range(5))
def test_R20_approve_against_withdraw_gives_the_result_of_some_order(registry, round):
    view, kim, acme = in_review(registry), registry.reviewer(), registry.publisher("acme")
    ask = approval(registry, kim, view)

    approved, withdrawn = at_once(
        lambda: registry.call(APPROVE, ask, kim.token),
        lambda: registry.call(WITHDRAW, Withdrawn(id=view.id), acme.token),
    )

    after = do.show(registry, kim.token, view.id)
    is_published = registry.world.public.read("proofs/acme/icons/1.0.0.packproof") is not None
    if after.state == "published":
        assert (approved.state, withdrawn, is_published) == ("published", "publishing.illegal-move", True)
        assert count(registry, release) == 1
    else:
        assert (after.state, withdrawn.state, is_published) == ("draft", "draft", False)
        assert approved == "publishing.illegal-move"
        assert count(registry, release) == 0


def test_R20_two_approvals_at_once_publish_once(registry):
    registry.reviewer("kim")
    registry.reviewer("ana", threshold=2)
    view = in_review(registry)
    people = [registry.reviewer("kim"), registry.reviewer("ana")]

    results = at_once(
        *(lambda who=who, ask=approval(registry, who, view): registry.call(APPROVE, ask, who.token) for who in people)
    )

    assert sorted(result.state for result in results) in (["in_review", "published"], ["published", "published"])
    after = do.show(registry, people[0].token, view.id)
    assert [move.to_state for move in after.moves] == ["pending_review", "in_review", "approved", "published"]
    assert count(registry, release) == 1


def test_R20_who_is_told_that_another_has_just_decided_is_told_of_the_release(registry, monkeypatch):
    kim = registry.reviewer("kim")
    ana = registry.reviewer("ana", threshold=2)
    view = in_review(registry)
    theirs, keep = approval(registry, ana, view), review.approve

    def and_then_another(call, ask):
        kept = keep(call, ask)
        with registry.world.database.reading() as db:
            other = identify(db, ana.token, call.now)
        keep(Call(registry.world, other, call.now), theirs)  # who has decided and not yet published
        return kept

    monkeypatch.setattr(review, "approve", and_then_another)
    told = registry.call(APPROVE, approval(registry, kim, view), kim.token)
    assert (told.state, told.log_index) == ("published", 9)
    assert registry.world.public.read(site.packproof(PackName("acme/icons"), told.version)) is not None


def test_R20_the_same_approval_many_times_at_once_publishes_once(registry):
    view, kim = in_review(registry), registry.reviewer()
    ask = approval(registry, kim, view)
    results = at_once(*[lambda: registry.call(APPROVE, ask, kim.token)] * 6)
    assert {result.state for result in results} == {"published"}
    assert {result.log_index for result in results} == {8}
    assert count(registry, release) == 1


def test_R20_releases_and_yanks_at_once_leave_one_history_that_every_client_accepts(registry):
    acme, kim = registry.publisher("acme"), registry.reviewer()
    registry.publish("acme/first", "1.0.0")
    views = []
    for number in range(4):
        view = registry.submit(f"acme/pack-{number}", "1.0.0")
        views.append(do.take(registry, kim, view.id))
    ask = YankRelease(publisher=acme.name, name="first", version="1.0.0", reason="broken")

    results = at_once(
        *(lambda view=view: registry.call(APPROVE, approval(registry, kim, view), kim.token) for view in views),
        lambda: registry.call(YANK, ask, acme.token),
    )

    assert [getattr(result, "state", result) for result in results] == ["published"] * 4 + ["yanked"]
    assert sorted(result.log_index for result in results) == [9, 10, 11, 12, 13]
    static = Site(registry.world.public.read)
    assert static.checkpoint.checkpoint.size == 14
    for number in range(4):
        verdict = check_release(static.evidence(f"acme/pack-{number}", "1.0.0"))
        assert [verdict.authentic.answer, verdict.approved.answer, verdict.logged.answer] == [Answer.YES] * 3
    first = static.listed(PackName("acme/first"), views[0].version)
    assert first is not None
    assert (first.state, first.reason) == ("yanked", "broken")
    assert registry.world.public.read(site.CHECKPOINT) is not None


def test_R19_two_servers_on_one_database_let_one_version_through(registry):
    """The second server has doors of its own; nothing but the database stands between the two."""
    acme = registry.publisher("acme")
    asks = []
    for number in range(6):
        built = registry.build("acme/icons", "1.0.0", files={f"icons/{number}.svg": do.SVG})
        draft = do.open_draft(registry, acme.token, built)
        statement = do.signed(built.statement, acme.releases).encode().decode()
        asks.append((draft.id, json.dumps({"statement": statement}).encode()))
    world = registry.world
    second = dataclasses.replace(world, database=Database(registry.database_url, world.settings.database))
    binding = next(one for one in BINDINGS if one.endpoint is HAND_IN)

    def hand_in(server, id, body):
        with make_pool(server.settings.http) as pool:
            incoming = Incoming("", acme.token, {"id": id}, b"", body)
            return Door(lambda: server, HOOKS, pool).perform(server, binding, incoming)

    results = at_once(
        *(
            lambda server=server, id=id, body=body: hand_in(server, id, body)
            for server, (id, body) in zip([world, second] * 3, asks, strict=True)
        )
    )
    second.close()

    assert sorted(isinstance(result, bytes) for result in results) == [False] * 5 + [True]
    assert [result for result in results if not isinstance(result, bytes)] == ["publishing.version-exists"] * 5
    assert count(registry, submission, submission.c.state == "pending_review") == 1


def test_R19_the_database_refuses_a_second_one_by_itself(registry):
    first, second = registry.submit("acme/icons", "1.0.0"), registry.submit("acme/icons", "1.0.1")
    assert first.id != second.id
    with pytest.raises(sa.exc.IntegrityError), registry.world.database.writing() as db:
        db.execute(submission.update().values(version="1.0.0"))


def test_R20_of_many_recalls_at_once_one_is_logged_and_the_strongest_stands(registry):
    registry.publish("acme/icons", "1.0.0")
    token = registry.publisher("acme").token

    def recall(action):
        ask = RecallRelease(publisher="acme", name="icons", version="1.0.0", action=action, reason="malware")
        return registry.call(RECALL, ask, token)

    same = at_once(*(lambda: recall("stop") for _ in range(6)))
    assert sorted(act.is_new for act in same) == [False] * 5 + [True]
    assert len({act.log_index for act in same}) == 1
    mixed = at_once(lambda: recall("warn"), lambda: recall("stop"), lambda: recall("warn"))
    assert [act if isinstance(act, str) else act.is_new for act in mixed] == [
        "catalog.recall-stands", False, "catalog.recall-stands",
    ]  # fmt: skip
    listed = Site(registry.world.public.read).listed(PackName("acme/icons"), Version.parse("1.0.0"))
    assert listed is not None
    assert listed.state == "recalled"
