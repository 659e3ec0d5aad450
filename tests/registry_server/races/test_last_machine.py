"""The last machine: however many ask at once, of however many servers, on whichever database, exactly as many win as were sold (L01)."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from packspec.licenses.plans import Plan
from packspec.names import PackName
from registry_server import steps
from registry_server.accounts.store import find_by_name
from registry_server.actor import TERMINAL
from registry_server.call import call_of
from registry_server.licensing import actions, places
from registry_server.licensing.actions import Order, Outcome
from registry_server.people import add_person
from registry_server.steps import Beginning
from registry_server.world import World
from tests.support import postgres
from tests.support.registry import BEGINNING
from tests.support.rivals import Told, compete, rivals, world_of

BRANDS = ["sqlite", "postgresql"]


@dataclass
class Shop:
    """A registry on the disk, as several server processes find it."""

    world: World
    folder: Path
    url: str
    number: int = 0

    def issue(self, machines: int = 3) -> Outcome:
        """A license for so many machines, for a holder of its own."""
        self.number += 1
        name = f"holder-{self.number}"
        add_person(self.world, TERMINAL, name, [])
        plan = Plan(id="test", kind="perpetual", pack=PackName("acme/icons"), max_instances=machines)
        with call_of(self.world, TERMINAL).writing() as call:
            holder = find_by_name(call.db, name)
            assert holder is not None
            return actions.issue(call, Order(holder.account_id, plan))

    def live(self, outcome: Outcome) -> list[tuple[str, int]]:
        """Activations and places of a license that are taken."""
        with call_of(self.world, TERMINAL).reading() as call:
            return [(str(one), one.slot + 1) for one in places.live(call.db, outcome.license.id, "machine")]


@pytest.fixture(scope="module", params=BRANDS)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop") / "registry"
    if request.param == "sqlite":
        yield from begun(folder, "")
        return
    with postgres.empty() as url:
        yield from begun(folder, url)


def begun(folder: Path, url: str) -> Iterator[Shop]:
    world = world_of(folder, url, BEGINNING)
    steps.begin(world, Beginning("registry.test", folder.parent / "offline-keys"))
    yield Shop(world, folder, url)
    world.close()


def fair(told: list[Told], shop: Shop, outcome: Outcome, places_sold: int = 3) -> None:
    """Exactly so many won, each a place of its own; the others were told cleanly; the database says the same."""
    won = [(one.activation, one.slot) for one in told if not one.code]
    assert sorted(slot for _, slot in won) == list(range(1, places_sold + 1))
    assert {one.code for one in told if one.code} == {"licensing.no-machine-left"}
    assert sorted(won) == sorted(shop.live(outcome))


def rounds(request: pytest.FixtureRequest, short: int) -> range:
    return range(1000 if request.config.getoption("--long") else short)


@pytest.mark.timeout(7200)
def test_L01_forty_machines_for_three_places_of_one_server(shop: Shop, request: pytest.FixtureRequest) -> None:
    for _ in rounds(request, 3):
        outcome = shop.issue()
        told = compete(shop.world, str(outcome.license), str(outcome.key), 40)
        assert len(told) == 40
        fair(told, shop, outcome)


@pytest.mark.timeout(7200)
def test_L01_V02_forty_machines_for_three_places_of_two_servers_and_then_one_is_killed(
    shop: Shop, request: pytest.FixtureRequest
) -> None:
    with rivals(2, shop.folder, shop.url, BEGINNING) as (first, second):
        for _ in rounds(request, 3):
            outcome = shop.issue()
            for one in (first, second):
                one.begin(str(outcome.license), str(outcome.key), 20)
            told = [said for one in (first, second) for said in one.told()]
            assert len(told) == 40
            fair(told, shop, outcome)

        outcome = shop.issue(machines=40)
        for one in (first, second):
            one.begin(str(outcome.license), str(outcome.key), 20)
        time.sleep(random.uniform(0.005, 0.05))
        first.process.kill()
        told = second.told()
    # Nobody waits for the dead one; what it had committed is taken, each place once, and the rest is free.
    assert [one.code for one in told] == [""] * 20
    live = shop.live(outcome)
    assert {(one.activation, one.slot) for one in told} <= set(live)
    assert len({slot for _, slot in live}) == len(live) <= 40
    more = compete(shop.world, str(outcome.license), str(outcome.key), 40 - len(live) + 1)
    assert sorted(one.code for one in more) == [""] * (40 - len(live)) + ["licensing.no-machine-left"]
