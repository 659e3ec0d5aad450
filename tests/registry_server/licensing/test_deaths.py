"""The server dies in the middle of an activation, or its answer is lost: the same machine gets the same place, and only one."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import msgspec

from packspec import wire
from packspec.licenses.plans import Plan
from packspec.protocol.activations import ACTIVATE, Activate
from packspec.protocol.licenses import ISSUE, SHOW, IssueLicense
from registry_server.app import BINDINGS, HOOKS
from registry_server.durable import Watch
from registry_server.http.bind import Door, Incoming
from registry_server.http.server import make_pool
from registry_server.signer import OnlineKeys
from registry_server.world import World
from tests.registry_server.licensing.conftest import PACK
from tests.support.devices import Device
from tests.support.kill import sweep
from tests.support.registry import Clock, disk_world, registry_on_disk


def perform(world: World, row: Any, ask: dict[str, Any], token: str = "") -> Any:
    """One request through the door of this process."""
    binding = next(one for one in BINDINGS if one.endpoint is row)
    path = {"id": ask.pop("id")}
    body = json.dumps(ask).encode() if ask else b""
    with make_pool(world.settings.http) as pool:
        door = Door(lambda: world, HOOKS, pool)
        return wire.decode(door.perform(world, binding, Incoming("", token or None, path, b"", body)), row.reply)


def opened(folder: Path, watch: Watch | None = None) -> World:
    world = disk_world(folder, Clock(), io.StringIO(), *([watch] if watch else []))
    world.signer = OnlineKeys.read(world.folder.keys)
    return world


def run_activate(folder: Path, watch: Watch) -> None:
    """What a process does that may die: one activation on a copy of the prepared registry."""
    shutil.copytree(folder.parent / "prepared", folder / "registry")
    prepared = json.loads((folder.parent / "ask.json").read_text())
    print(perform(opened(folder, watch), ACTIVATE, prepared["ask"]).activation.id)


def test_V02_a_death_at_any_moment_of_an_activation_leaves_one_place_or_none(tmp_path: Path) -> None:
    with registry_on_disk(tmp_path / "origin") as registry:
        registry.publish("acme/pro", "1.0.0", {"a.txt": b"a"}, {"price": {"amount": "1.00", "currency": "EUR"}})
        owner, device = registry.account("mia"), Device(registry)
        terms = Plan(id="two", kind="perpetual", pack=PACK, max_instances=2)
        sold = registry.call(ISSUE, IssueLicense(holder="mia", terms=terms), registry.admin())
        asked = wire.encode(Activate(id=sold.license.id, device=device.jwk, key=sold.key, label="laptop"))
    (tmp_path / "origin" / "registry").rename(tmp_path / "prepared")
    (tmp_path / "ask.json").write_text(json.dumps({"ask": msgspec.json.decode(asked)}))
    ends = []
    for folder, death in sweep("tests.registry_server.licensing.test_deaths", "run_activate", tmp_path):
        world = opened(folder)
        before = perform(world, SHOW, {"id": sold.license.id}, owner)
        found = [one.id for one in before.activations]
        assert len(found) <= 1
        if death.said.strip():
            assert found == [death.said.strip()], "what was answered is there"
        again = perform(world, ACTIVATE, msgspec.json.decode(asked))
        assert again.is_new == (not found), "whoever asks again gets the place that was taken"
        after = perform(world, SHOW, {"id": sold.license.id}, owner)
        assert (after.license.machines_used, [one.slot for one in after.activations]) == (1, [1])
        ends.append(bool(found))
        world.close()
    assert ends == sorted(ends), "before the commit nothing, after it everything"
