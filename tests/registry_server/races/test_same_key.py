"""One request with one `Idempotency-Key`, many times at the same instant and at two servers: it happens once, and no answer is a 500."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from packspec import wire
from packspec.errors import PackError
from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.licenses import ISSUE, RENEW, SHOW, AskLicense, IssueLicense
from registry_server.app import BINDINGS, HOOKS
from registry_server.db.engine import Database
from registry_server.http.bind import Door, Incoming
from registry_server.http.server import make_pool
from tests.support import postgres
from tests.support.registry import Registry, registry_at

MONTH = Plan(id="month", kind="subscription", pack=PackName("acme/pro"), duration_s=30 * 86_400)
COUNT = 8


@pytest.mark.parametrize("brand", ["sqlite", "postgresql"])
def test_a_key_that_comes_from_all_sides_at_once_stands_for_one_change(brand: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(postgres.migrated()) if brand == "postgresql" else ""
        registry = stack.enter_context(registry_at(tmp_path / "registry", url=url))
        worlds = [registry.world]
        if url:
            second = Database(url, registry.world.settings.database)
            stack.callback(second.close)
            worlds.append(replace(registry.world, database=second))
        pool = stack.enter_context(make_pool(registry.world.settings.http))
        doors = [(world, Door(lambda: registry.world, HOOKS, pool)) for world in worlds]
        admin = registry.admin()
        license, ends = _sold(registry, admin)

        def at_once(endpoint: object, path: dict[str, str], body: bytes, key: str) -> list[str]:
            binding: Any = next(one for one in BINDINGS if one.endpoint is endpoint)
            start = Barrier(COUNT)

            def ask(number: int) -> str:
                world, door = doors[number % len(doors)]
                start.wait()
                try:
                    return door.perform(world, binding, Incoming("", admin, path, b"", body, key=key)).decode()
                except PackError as error:
                    return error.code

            with ThreadPoolExecutor(COUNT) as threads:
                return list(threads.map(ask, range(COUNT)))

        for number in range(1, 4):
            told = at_once(RENEW, {"id": license}, b"{}", f"renewal-{number}-0123456789")
            assert len(set(told)) == 1, told
            shown = registry.call(SHOW, AskLicense(id=license), admin).license
            assert shown.ends_at == ends + number * 30 * 86_400
        for name in ("ida", "ina"):
            registry.account(name)
            body = wire.encode(IssueLicense(holder=name, terms=MONTH))
            told = at_once(ISSUE, {}, body, f"for-{name}-0123456789")
            assert sorted(told)[:-1] == ["registry.answered-before"] * (COUNT - 1), told
            assert '"key":"' in max(told)


def _sold(registry: Registry, admin: str) -> tuple[str, int]:
    registry.publish("acme/pro", "1.0.0", {"a.txt": b"a"})
    registry.account("mia")
    license = registry.call(ISSUE, IssueLicense(holder="mia", terms=MONTH), admin).license
    assert license.ends_at is not None
    return license.id, license.ends_at
