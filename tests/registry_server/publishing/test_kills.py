"""kill -9 before every durable operation of handing in, approving, yanking and recalling: afterwards nothing is visible, or all of it."""

import io
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from packspec import site, wire
from packspec.index import Recalls
from packspec.names import PackName
from packspec.protocol.catalog import RELEASES
from packspec.protocol.endpoint import Endpoint
from packspec.protocol.publishing import APPROVE, HAND_IN, SHOW, YANK, Decide, HandIn, YankRelease
from packspec.protocol.recalls import RECALL, RecallRelease
from packspec.verdict import Answer, check_release
from packspec.versions import Version
from registry_server.app import BINDINGS, HOOKS, settle
from registry_server.durable import Watch
from registry_server.http.bind import Door, Incoming
from registry_server.http.server import make_pool
from registry_server.signer import OnlineKeys
from registry_server.steps import open_registry
from registry_server.world import World
from tests.support import publishing as do
from tests.support.copies import copy_folder
from tests.support.evidence import Site
from tests.support.kill import remains, sweep
from tests.support.registry import Clock, disk_world, registry_on_disk

ICONS, FIRST = PackName("acme/icons"), Version.parse("1.0.0")
ROWS: dict[str, Endpoint[Any, Any]] = {"hand-in": HAND_IN, "approve": APPROVE, "yank": YANK, "recall": RECALL}


@dataclass
class Process:
    """A server's process without its socket: the door, over a world on the disk."""

    world: World

    def perform(self, endpoint: Endpoint[Any, Any], token: str, ask: dict[str, Any]) -> Any:
        """One request through the door."""
        binding = next(one for one in BINDINGS if one.endpoint is endpoint)
        path = {name: ask.pop(name) for name in list(ask) if f"{{{name}}}" in endpoint.path}
        body = json.dumps(ask).encode() if ask else b""
        with make_pool(self.world.settings.http) as pool:
            door = Door(lambda: self.world, HOOKS, pool)
            return wire.decode(
                door.perform(self.world, binding, Incoming("", token or None, path, b"", body)), endpoint.reply
            )


def run(folder: Path, watch: Watch, verb: str) -> None:
    """What a process does that may die: one request on a copy of the prepared registry."""
    copy_folder(folder.parent / "prepared", folder / "registry")
    prepared = json.loads((folder.parent / "ask.json").read_text())
    world = disk_world(folder, Clock(), io.StringIO(), watch)
    world.signer = OnlineKeys.read(world.folder.keys)
    print(Process(world).perform(ROWS[verb], prepared["token"], prepared["ask"]).state)


def run_hand_in(folder: Path, watch: Watch) -> None:
    run(folder, watch, "hand-in")


def prepare(folder: Path, verb: str) -> tuple[str, dict[str, Any]]:
    """A registry that only waits for the request; gives token and ask."""
    with registry_on_disk(folder / "origin") as registry:
        acme, kim = registry.publisher("acme"), registry.reviewer()
        built = registry.build("acme/icons", "1.0.0")
        draft = do.open_draft(registry, acme.token, built)
        envelope = do.signed(built.statement, acme.releases)
        if verb == "hand-in":
            token, ask = acme.token, wire.encode(HandIn(id=draft.id, statement=envelope.encode().decode()))
        else:
            do.hand_in(registry, acme.token, draft.id, envelope)
            view = do.take(registry, kim, draft.id)
            made = do.decision(view, registry.clock())
            token, ask = kim.token, wire.encode(Decide(id=view.id, approval=do.signed_decision(made, [kim.key])))
        if verb in ("yank", "recall"):
            do.approve(registry, kim, draft.id)
        if verb == "recall":
            recall = RecallRelease(publisher=acme.name, name="icons", version=FIRST, action="stop", reason="malware")
            token, ask = acme.token, wire.encode(recall)
        elif verb == "yank":
            yank = YankRelease(publisher=acme.name, name="icons", version=FIRST, reason="broken")
            token, ask = acme.token, wire.encode(yank)
    (folder / "origin" / "registry").rename(folder / "prepared")
    (folder / "ask.json").write_text(json.dumps({"token": token, "ask": json.loads(ask)}))
    return token, json.loads(ask)


def restarted(folder: Path) -> World:
    """The registry after the start of the next process."""
    world = disk_world(folder, Clock(), io.StringIO())
    open_registry(world)
    settle(world)
    return world


def test_V01_killed_at_any_step_of_handing_in_a_draft_is_a_draft_or_handed_in(tmp_path):
    token, ask = prepare(tmp_path, "hand-in")
    for folder, death in sweep(__name__, "run_hand_in", tmp_path):
        world = restarted(folder)
        process = Process(world)
        view = process.perform(SHOW, token, {"id": "S-1"})
        assert (view.state, len(view.moves)) in (("draft", 0), ("pending_review", 1))
        if death.said:
            assert view.state == "pending_review"
        again = process.perform(HAND_IN, token, dict(ask))
        assert (again.state, len(again.moves)) == ("pending_review", 1)
        assert world.blobs.has(again.archive)
        world.close()


@pytest.fixture
def every(request):
    """Which deaths of the two that end like an approval are looked at: all with --long."""
    return 1 if request.config.getoption("--long") else 2


def test_V02_killed_at_any_step_of_a_yank_it_holds_everywhere_or_nowhere(tmp_path, every):
    token, ask = prepare(tmp_path, "yank")
    for folder, death in remains(partial(run, verb="yank"), tmp_path, every):
        world = restarted(folder)
        process, static = Process(world), Site(world.public.read)
        (release,) = process.perform(RELEASES, "", {"publisher": "acme", "name": "icons"})
        listed = static.listed(ICONS, FIRST)
        assert listed is not None
        assert listed.state == release.state
        assert release.state in ("published", "yanked")
        if death.said:
            assert release.state == "yanked"
        assert process.perform(YANK, token, dict(ask)).log_index == 9
        listed = static.listed(ICONS, FIRST)
        assert listed is not None
        assert (listed.state, listed.reason) == ("yanked", "broken")
        assert static.checkpoint.checkpoint.size == 10
        world.close()


def test_V02_killed_at_any_step_of_a_recall_it_is_in_index_recalls_and_log_or_nowhere(tmp_path, every):
    token, ask = prepare(tmp_path, "recall")
    for folder, death in remains(partial(run, verb="recall"), tmp_path, every):
        # What readers saw at the moment of death, before anybody repaired anything, and what they see after the next start.
        _is_whole(Site(disk_world(folder, Clock(), io.StringIO()).public.read))
        world = restarted(folder)
        process, static = Process(world), Site(world.public.read)
        (release,) = process.perform(RELEASES, "", {"publisher": "acme", "name": "icons"})
        assert release.state == ("recalled" if _is_whole(static) else "published")
        if death.said:
            assert (death.said, release.state) == ("recalled\n", "recalled")
        assert process.perform(RECALL, token, dict(ask)).log_index == 9
        assert _is_whole(static)
        assert static.checkpoint.checkpoint.size == 10
        world.close()


def _is_whole(static: Site) -> bool:
    """Whether the recall is there, in the index and among the recalls alike."""
    listed, data = static.listed(ICONS, FIRST), static.target(site.RECALLS_TARGET)
    assert listed is not None
    assert data is not None
    rows = [(row.pack, row.action, row.reason) for row in Recalls.parse(data).recalls]
    is_recalled = listed.state == "recalled"
    assert rows == ([("acme/icons", "stop", "malware")] if is_recalled else [])
    assert static.checkpoint.checkpoint.size == (10 if is_recalled else 9)
    return is_recalled


def test_V01_killed_at_any_step_of_an_approval_a_release_is_absent_or_complete(tmp_path):
    token, ask = prepare(tmp_path, "approve")
    seen = set()
    for folder, death in remains(partial(run, verb="approve"), tmp_path):
        before = Site(disk_world(folder, Clock(), io.StringIO()).public.read)
        was_listed = before.listed(ICONS, FIRST) is not None
        if was_listed:  # what readers saw at the moment of death was whole
            assert check_release(before.evidence("acme/icons", "1.0.0")).faults == ()
        world = restarted(folder)
        process, static = Process(world), Site(world.public.read)
        state = process.perform(SHOW, token, {"id": "S-1"}).state
        is_listed = static.listed(ICONS, FIRST) is not None
        seen.add((was_listed, is_listed))
        assert state == ("published" if is_listed else "in_review")
        assert is_listed or not was_listed
        if death.said:
            assert (death.said, is_listed) == ("published\n", True)
        if not is_listed:
            assert static.checkpoint.checkpoint.size == 8
            assert process.perform(APPROVE, token, dict(ask)).state == "published"
        verdict = check_release(static.evidence("acme/icons", "1.0.0"))
        answers = [verdict.authentic, verdict.approved, verdict.current, verdict.logged]
        assert [finding.answer for finding in answers] == [Answer.YES] * 4
        (release,) = process.perform(RELEASES, "", {"publisher": "acme", "name": "icons"})
        assert (release.state, static.checkpoint.checkpoint.size) == ("published", 9)
        world.close()
    assert seen == {(False, False), (False, True), (True, True)}
