"""Two `registry-server serve` on one data folder and one PostgreSQL: begun together, publishing in turns."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import StringIO
from pathlib import Path

import httpx
import pytest

from packspec.names import PackName
from packspec.protocol.catalog import SEARCH, SearchPacks
from packspec.verdict import Answer, check_release
from registry_server.settings import Settings
from registry_server.steps import open_registry
from registry_server.world import DataInUse, Surroundings, open_world
from tests.support import postgres
from tests.support.evidence import Site
from tests.support.registry import Clock, Registry


@contextmanager
def serving(count: int, folder: Path, url: str) -> Iterator[list[str]]:
    """The addresses of so many servers that were started at the same moment."""
    environment = {**os.environ, "REGISTRY_DATABASE_URL": url, "REGISTRY_LOG_REQUESTS": "false"}
    command = [sys.executable, "-P", "-m", "registry_server", "serve", "--data", str(folder), "--port", "0"]
    started = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    try:
        yield [_address(one) for one in started]
    finally:
        for one in started:
            one.terminate()
        ended = [(one.wait(30), one.communicate()[1]) for one in started]
        assert [status for status, _ in ended] == [0] * count, ended


def _address(server: "subprocess.Popen[str]") -> str:
    assert server.stdout is not None and server.stderr is not None
    for line in server.stdout:
        if "listening on " in line:
            return line.split()[-1]
    raise AssertionError(server.stderr.read())


@pytest.mark.early
def test_two_servers_begin_one_registry_and_publish_into_one_log(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    with ExitStack() as stack:
        url = stack.enter_context(postgres.empty())
        first, second = stack.enter_context(serving(2, folder, url))
        settings = Settings.from_env({"REGISTRY_DATA": str(folder), "REGISTRY_DATABASE_URL": url})
        clock, log = Clock(int(time.time())), StringIO()
        world = open_world(settings, Surroundings(clock, os.urandom, log))
        stack.callback(world.close)
        open_registry(world)
        clients = [
            stack.enter_context(httpx.Client(base_url=one, trust_env=False, timeout=30)) for one in (first, second)
        ]
        registry = Registry(first, world, clock, log, clients[0], tmp_path / "shop-offline-keys")
        for number in range(4):
            registry.client = clients[number % 2]
            registry.publish("acme/icons", f"1.{number}.0")
        for client in clients:
            registry.client = client
            [hit] = registry.call(SEARCH, SearchPacks(q="icons")).packs
            assert str(hit.version) == "1.3.0"
            assert client.get("/readyz").json() == {"status": "ok"}
        static = Site(world.public.read)
        for number in range(4):
            verdict = check_release(static.evidence("acme/icons", f"1.{number}.0"))
            assert [verdict.authentic.answer, verdict.approved.answer, verdict.logged.answer] == [Answer.YES] * 3
        assert static.listed(PackName("acme/icons"), hit.version) is not None
        with pytest.raises(DataInUse), world.folder.hold():
            raise AssertionError("a migration would be alone")
