"""The first runs of a repository at once: each gets a place, the rule is bound to one pair of numbers, and a thief of the name to none."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from packspec.errors import PackError
from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.activations import LeaseCi
from registry_server import steps
from registry_server.accounts.store import find_by_name
from registry_server.actor import TERMINAL
from registry_server.call import call_of
from registry_server.licensing import actions, ci_store, runs
from registry_server.licensing.actions import Order
from registry_server.licensing.ci_rules import CiRule
from registry_server.people import add_person
from registry_server.steps import Beginning
from registry_server.world import World
from tests.support import postgres
from tests.support.issuer import CiIssuer, ci_issuer
from tests.support.registry import BEGINNING
from tests.support.rivals import world_of
from tests.support.selling import Machine

PACK = PackName("acme/icons")


@pytest.mark.parametrize("brand", ["sqlite", "postgresql"])
def test_first_runs_at_once_each_get_a_place_and_bind_the_rule_once(brand: str, tmp_path: Path) -> None:
    if brand == "sqlite":
        _race(tmp_path, "")
        return
    with postgres.empty() as url:
        _race(tmp_path, url)


def _race(folder: Path, url: str) -> None:
    world = world_of(folder / "registry", url, BEGINNING)
    steps.begin(world, Beginning("registry.test", folder / "offline-keys"))
    with ci_issuer(lambda: BEGINNING) as issuer:
        issuer.trusted_by(world)
        license_id = _sold(world, issuer)
        barrier = Barrier(8)

        def lease(number: int) -> str:
            thief: dict[str, Any] = {"repository_id": "666", "repository_owner_id": "66"} if number > 5 else {}
            token = issuer.token(run_id=str(number), **thief)
            barrier.wait()
            try:
                ask = LeaseCi(device=Machine(f"step-{number}").public, identity=token, pack=PACK)
                return runs.lease_ci(call_of(world, TERMINAL), ask).leases[0].activation.instance
            except PackError as error:
                return error.code

        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(lease, range(8)))
        with call_of(world, TERMINAL).reading() as call:
            [rule] = ci_store.of_license(call.db, license_id)
        mine, theirs = told[:6], told[6:]
        lost = mine if rule.repository_id == "666" else theirs  # who came first is the repository that was meant
        won = theirs if lost is mine else mine
        assert set(lost) == {"licensing.run-not-allowed"}
        assert len(set(won)) == len(won)
        assert all(one.startswith("ci:") for one in won)
    world.close()


def _sold(world: World, issuer: CiIssuer) -> int:
    add_person(world, TERMINAL, "mia", [])
    plan = Plan(id="test", kind="perpetual", pack=PACK, max_ci=8)
    with call_of(world, TERMINAL).writing() as call:
        holder = find_by_name(call.db, "mia")
        assert holder is not None
        license = actions.issue(call, Order(holder.account_id, plan)).license
        rule = CiRule(
            id=0,
            license_id=license.id,
            issuer=issuer.url,
            repository="mia/game",
            repository_id="",
            owner_id="",
            ref="",
            pull_requests=False,
            added_by="terminal",
            added_at=BEGINNING,
        )
        ci_store.add(call.db, rule)
    return license.id
