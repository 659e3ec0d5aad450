"""Server processes that compete: each answers the same call in many threads at the same instant, from one database and one data folder.

A child opens the world of a server in service and goes through the real door. It reads rounds from stdin, one JSON line each (`id`, `key`
of a license, `count` of machines), and writes what every machine was told, so a process serves many rounds.
"""

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from packspec import wire
from packspec.errors import PackError
from packspec.protocol.activations import ACTIVATE, Activated
from registry_server.app import BINDINGS, HOOKS
from registry_server.http.bind import Door, Incoming
from registry_server.http.server import make_pool
from registry_server.settings import DatabaseSettings, ServerSettings, Settings
from registry_server.variables import Secret
from registry_server.world import Surroundings, World, open_world
from tests.support.devices import new_key

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Told:
    """What one machine was told: its activation and place, or the code of a refusal."""

    machine: str
    activation: str = ""
    slot: int = 0
    code: str = ""


def settings_of(folder: Path, url: str) -> Settings:
    """The settings of such a server: patient, because forty come at once."""
    return Settings(
        server=ServerSettings(data=str(folder), log_requests=False),
        database=DatabaseSettings(url=Secret(url), wait_seconds=30),
    )


def world_of(folder: Path, url: str, now: int) -> World:
    """The world of a server in service on `folder` at a moment that stands still."""
    return open_world(settings_of(folder, url), Surroundings(lambda: now, os.urandom, io.StringIO()))


class Rival:
    """A server process as its parent sees it."""

    def __init__(self, folder: Path, url: str, now: int) -> None:
        command = [sys.executable, "-m", "tests.support.rivals", str(folder), url, str(now)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def begin(self, id: str, key: str, count: int) -> None:
        """Has `count` new machines ask for a place at once."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"id": id, "key": key, "count": count}) + "\n")
        self.process.stdin.flush()

    def told(self) -> list[Told]:
        """What they were told."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return msgspec.json.decode(line, type=list[Told]) if line else []

    def close(self) -> None:
        """Ends the process."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


@contextmanager
def rivals(count: int, folder: Path, url: str, now: int) -> Iterator[list[Rival]]:
    """So many server processes."""
    started = [Rival(folder, url, now) for _ in range(count)]
    try:
        yield started
    finally:
        for one in started:
            one.close()


def compete(world: World, id: str, key: str, count: int) -> list[Told]:
    """`count` new machines ask this server for a place of the license at the same instant."""
    binding = next(one for one in BINDINGS if one.endpoint is ACTIVATE)
    start = threading.Barrier(count)
    told: list[Told] = []
    with make_pool(world.settings.http) as pool:
        door = Door(lambda: world, HOOKS, pool)

        def ask(body: bytes, machine: str) -> None:
            start.wait()
            try:
                got = wire.decode(door.perform(world, binding, Incoming("", None, {"id": id}, b"", body)), Activated)
            except PackError as error:
                told.append(Told(machine, code=error.code))
            else:
                told.append(Told(machine, got.activation.id, got.activation.slot))

        threads = [threading.Thread(target=ask, args=_body(key)) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return told


def _body(key: str) -> tuple[bytes, str]:
    from packspec.licenses.jwk import Jwk

    jwk = Jwk.of(new_key().public)
    device = {"kty": jwk.kty, "crv": jwk.crv, "x": jwk.x, "y": jwk.y}
    return json.dumps({"device": device, "key": key}).encode(), jwk.thumbprint


def main() -> None:
    """The child."""
    from tests.support import devices

    folder, url, now = sys.argv[1:]
    devices._CHANCE.seed(os.urandom(16))  # the processes are to have different machines
    world = world_of(Path(folder), url, int(now))
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        told = compete(world, **asked)
        print(msgspec.json.encode(told).decode(), flush=True)


if __name__ == "__main__":
    main()
