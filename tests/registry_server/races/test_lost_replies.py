"""What a client is left with when the reply is lost, or the database is held or away: the same place, or none; never two."""

import contextlib
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from packspec import wire
from packspec.licenses.jwk import Jwk
from packspec.problems import Problem
from packspec.protocol.activations import Activated
from registry_server.actor import TERMINAL
from registry_server.call import call_of
from registry_server.db.engine import Database
from registry_server.db.sqlite import sqlite_url
from registry_server.licensing import places
from registry_server.licensing.rules import License
from registry_server.settings import DatabaseSettings, Settings
from tests.support import postgres, selling
from tests.support.cut import cutting
from tests.support.devices import new_key
from tests.support.registry import Registry, registry_at

IMPATIENT = Settings(database=DatabaseSettings(wait_seconds=1))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def registry(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    folder = tmp_path_factory.mktemp("shop")
    settings = Settings.for_testing(str(folder / "registry"))
    with contextlib.ExitStack() as stack:
        url = "" if request.param == "sqlite" else stack.enter_context(postgres.migrated())
        yield stack.enter_context(registry_at(folder, settings=settings, url=url))


def sold(registry: Registry, holder: str, machines: int) -> tuple[License, str]:
    """A license, and the token of its holder."""
    token = registry.account(holder)
    return selling.issue(registry.world, holder, "acme/icons", max_instances=machines), token


def activate(client: httpx.Client, license: License, token: str, key: Jwk | None = None) -> httpx.Response:
    jwk = key or Jwk.of(new_key().public)
    device = {"kty": jwk.kty, "crv": jwk.crv, "x": jwk.x, "y": jwk.y}
    return client.post(
        f"/api/v1/licenses/L-{license.id}/activations",
        json={"device": device},
        headers={"authorization": f"Bearer {token}"},
    )


def live(registry: Registry, license: License) -> list[tuple[str, int]]:
    with call_of(registry.world, TERMINAL).reading() as call:
        return [(str(one), one.slot + 1) for one in places.live(call.db, license.id, "machine")]


@pytest.mark.timeout(1200)
def test_L03_a_reply_that_is_cut_at_any_byte_costs_no_second_place(
    registry: Registry, request: pytest.FixtureRequest
) -> None:
    license, token = sold(registry, "lossy", 10_000)
    with cutting(registry.url) as proxy, httpx.Client(base_url=proxy.url, trust_env=False, verify=False) as client:
        assert activate(client, license, token).is_success
        whole = proxy.answered
        step = 1 if request.config.getoption("--long") else whole // 12
        for number, after in enumerate(range(0, whole, step), 2):
            key = Jwk.of(new_key().public)
            proxy.after = after
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                activate(client, license, token, key)
            proxy.after = None
            again = activate(client, license, token, key)
            got = wire.decode(again.content, Activated)
            assert (again.status_code, got.is_new, got.activation.slot) == (200, False, number), after
            assert live(registry, license)[-1] == (got.activation.id, number)
            assert len(live(registry, license)) == number


def test_V04_V06_while_somebody_holds_the_database_activating_says_when_to_come_back(registry: Registry) -> None:
    license, token = sold(registry, "waiting", 1)
    holding = registry.world.database
    quick = Database(registry.database_url, IMPATIENT.database)
    registry.world.database = quick
    try:
        with holding.writing() as db:
            db.execute(sa.text("SELECT 1"))
            answer = activate(registry.client, license, token)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert wire.decode(answer.content, Problem).code == "registry.database-busy"
        assert live(registry, license) == []
        assert activate(registry.client, license, token).is_success
    finally:
        registry.world.database = holding
        quick.close()


@contextlib.contextmanager
def away(registry: Registry) -> Iterator[None]:
    """While its database takes no connections and ended those there were; of SQLite, while its file cannot be opened."""
    if registry.database_url.startswith("sqlite"):
        there = registry.world.database
        registry.world.database = Database(sqlite_url(registry.world.folder.root / "no" / "such"), IMPATIENT.database)
        yield
        registry.world.database = there
        return
    name = registry.database_url.split("/")[3].partition("?")[0]
    postgres.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
    postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    yield
    postgres.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")


def test_V05_while_the_database_is_away_activating_is_refused_and_goes_on_by_itself(registry: Registry) -> None:
    license, token = sold(registry, "cut-off", 1)
    with away(registry):
        answer = activate(registry.client, license, token)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert wire.decode(answer.content, Problem).code == "registry.database-gone"
        assert "test_" not in answer.text
        assert registry.client.get("/tuf/timestamp.json").status_code == 200
        assert registry.client.get("/readyz").status_code == 503
    assert activate(registry.client, license, token).is_success
