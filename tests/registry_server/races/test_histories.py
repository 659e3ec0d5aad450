"""Random histories of a license, by many threads of two servers at once; a checker follows the trail entry by entry (L02, L14, L15)."""

import dataclasses
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
import sqlalchemy as sa

from packspec.errors import PackError
from packspec.licenses.events import Event
from registry_server.accounts.store import find_by_name
from registry_server.actor import TERMINAL
from registry_server.audit.rules import Entry
from registry_server.audit.tables import audit_entry
from registry_server.call import call_of
from registry_server.db.engine import Database
from registry_server.licensing import actions, activating, places
from registry_server.licensing.rules import License
from registry_server.licensing.tables import activation
from registry_server.world import World
from tests.support import postgres, selling
from tests.support.registry import Clock, Registry, registry_at
from tests.support.selling import Machine

REFUSALS = {
    "licensing.no-machine-left", "licensing.suspended", "licensing.revoked", "licensing.expired", "licensing.illegal-event",
    "licensing.not-activated", "licensing.has-license", "licensing.no-seat-left",
}  # fmt: skip
"""What a machine or an admin may be told in such a history; anything else is a fault."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def registry(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    folder = tmp_path_factory.mktemp("shop")
    if request.param == "sqlite":
        with registry_at(folder) as opened:
            yield opened
        return
    with postgres.migrated() as url, registry_at(folder, url=url) as opened:
        yield opened


@pytest.fixture(scope="module")
def servers(registry: Registry) -> Iterator[list[World]]:
    """Two servers with doors of their own; nothing but the database stands between them."""
    patient = msgspec.structs.replace(registry.world.settings.database, wait_seconds=30)
    worlds = [dataclasses.replace(registry.world, database=Database(registry.database_url, patient)) for _ in range(2)]
    yield worlds
    for world in worlds:
        world.close()


@dataclasses.dataclass
class History:
    """What threads do to one license, and what came of it."""

    servers: list[World]
    license: License
    heirs: dict[int, int]
    """Accounts that may hold it, each with its member."""
    clock: Clock
    faults: list[BaseException] = dataclasses.field(default_factory=list)

    def act(self, seed: int, steps: int, start: threading.Barrier) -> None:
        """One thread: `steps` random steps on random machines."""
        chance = random.Random(seed)
        start.wait()
        for _ in range(steps):
            world, machine = chance.choice(self.servers), Machine(f"m{chance.randrange(6)}")
            try:
                self._step(chance, world, machine)
            except PackError as error:
                if error.code not in REFUSALS:
                    self.faults.append(error)
            except BaseException as error:
                self.faults.append(error)

    def _step(self, chance: random.Random, world: World, machine: Machine) -> None:
        with call_of(world, TERMINAL).writing() as call:
            locked = actions.get_locked(call, self.license.id)
            mine = places.live_instance(call.db, locked.id, machine.device)
            if chance.random() < 0.03:
                self.clock.advance(days=31)  # leases end
            match chance.randrange(12):
                case 0 | 1 | 2 | 3 | 4:
                    selling.take_in(call, locked, machine, member=self.heirs[locked.holder_id])
                case 5 | 6 if mine is not None:
                    activating.end(call, locked, mine, "given-back")
                case 7 if mine is not None:
                    activating.extend(call, locked, mine)
                case 8:
                    actions.change(call, locked, Event.RESIZE, quantity=chance.randint(1, 3))
                case 9:
                    actions.change(call, locked, chance.choice([Event.SUSPEND, Event.UNSUSPEND]))
                case 10:
                    actions.transfer(call, locked, chance.choice(list(self.heirs)))
                case 11 if chance.random() < 0.03:
                    actions.change(call, locked, Event.FRAUD)
                case _:
                    pass


def follow(world: World, license: License) -> int:
    """Replays the trail of a license: at no entry more places are taken than were sold, none twice. Gives the activations it saw.

    A lease that ends by itself has no entry: its end stands in its row, and counts from the first activation after it.
    """
    limit, taken, seen = license.quantity, dict[str, str](), 0
    with world.database.reading() as db:
        documents = db.scalars(sa.select(audit_entry.c.document).order_by(audit_entry.c.id)).all()
        lapsed = {
            f"activation:{row.id}": row.ended_at
            for row in db.execute(sa.select(activation).where(activation.c.ended_reason == "lease"))
        }
    for entry in (msgspec.json.decode(document, type=Entry) for document in documents):
        facts = dict(entry.facts)
        if entry.about == f"license:{license.id}":
            limit = int(facts.get("quantity", limit))
            if entry.action in ("license.transfer", "license.fraud"):
                assert int(facts["ended"]) <= len(taken), entry
                taken.clear()
        elif facts.get("license") == str(license) and entry.action == "license.activate":
            taken = {one: slot for one, slot in taken.items() if lapsed.get(one, entry.at + 1) > entry.at}
            assert len(taken) < limit, entry
            assert facts["slot"] not in taken.values(), entry
            taken[entry.about] = facts["slot"]
            seen += 1
        elif facts.get("license") == str(license) and entry.action == "license.deactivate":
            assert taken.pop(entry.about) == facts["slot"], entry
    with call_of(world, TERMINAL).reading() as call:
        live = {f"activation:{one.id}": str(one.slot + 1) for one in places.live(call.db, license.id, "machine")}
    assert live == {one: slot for one, slot in taken.items() if one not in lapsed}
    return seen


@pytest.mark.timeout(7200)
def test_L02_L14_L15_whatever_happens_at_once_no_place_is_taken_twice_and_none_above_the_limit(
    registry: Registry, servers: list[World], request: pytest.FixtureRequest
) -> None:
    rounds = 200 if request.config.getoption("--long") else 4
    seen = 0
    for number in range(rounds):
        name = f"holder-{number}"
        heirs = dict(_person(registry, one) for one in (name, f"{name}-heir", f"{name}-other-heir"))
        terms = {"unit": "seat", "max_instances": 1, "transferable": True}
        license = selling.issue(registry.world, name, "acme/icons", quantity=2, **terms)
        history, start = History(servers, license, heirs, registry.clock), threading.Barrier(6)
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(history.act, range(number * 6, number * 6 + 6), [12] * 6, [start] * 6))
        assert history.faults == []
        seen += follow(registry.world, license)
    assert seen > rounds * 3, "the histories hardly did anything"


def test_the_checker_sees_a_place_that_is_taken_twice(registry: Registry) -> None:
    registry.account("cheat")
    license = selling.issue(registry.world, "cheat", "acme/icons", max_instances=2)
    placed = selling.take(registry.world, license, Machine("one"))
    follow(registry.world, license)
    with call_of(registry.world, TERMINAL).writing() as call:
        call.db.execute(
            sa.text("UPDATE activation SET ended_at = activated_at WHERE id = :id"), {"id": placed.activation.id}
        )
    with pytest.raises(AssertionError):
        follow(registry.world, license)


def _person(registry: Registry, name: str) -> tuple[int, int]:
    """Account and member of somebody new."""
    registry.account(name)
    with registry.world.database.reading() as db:
        member = find_by_name(db, name)
    assert member is not None
    return member.account_id, member.id
