"""Licenses: how long a token takes to check, and an activation while fifty machines ask at once; how large a status list is."""

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from packspec import wire
from packspec.licenses.jwk import Jwk, KeySet
from packspec.licenses.plans import Plan
from packspec.licenses.status_list import LIST_BITS, StatusList
from packspec.licenses.token import LicenseToken
from packspec.names import PackName
from packspec.protocol.licenses import ISSUE, IssueLicense
from packspec.signing.keys import SEED_BYTES, PrivateKey
from registry_server.licensing.signing import signing
from tests.support.devices import Device
from tests.support.registry import Registry, registry_on_disk

CLIENTS = 50
EACH = 12
"""Activations of every client, one after the other."""
ROUNDS = 5
REVOKED = 2_000


def tokens(folder: Path) -> tuple[float, int]:
    """Milliseconds to check one token, imports and key set at hand, and its bytes."""
    with registry_on_disk(folder) as registry:
        _publish(registry)
        license, key = _sold(registry, 1)
        device = Device(registry)
        text = device.activate(license, key).token
        keys = KeySet.of([signing(registry.world).keys.signing.public])
    issued, took = LicenseToken.read(text, keys).iat, []
    for _ in range(300):
        began = time.perf_counter()
        LicenseToken.read(text, keys).check("registry.test/log", device.name, issued)
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000, len(text)


def status_list_bytes() -> int:
    """Bytes of the signed list of a million licenses, of which 2,000 are revoked."""
    revoked = random.Random(1).sample(range(1_000_000), REVOKED)
    signer = PrivateKey.from_seed("p256", bytes(SEED_BYTES))
    return len(StatusList.of("registry.test/log", "license-status/0", 0, 0, revoked, LIST_BITS).sign(signer))


def activations(folder: Path) -> list[float]:
    """Milliseconds of each activation, sorted: fifty clients at once against a server process on SQLite, as it is served.

    Every machine is another one, and all of a round are of one license, so that each of them waits for the others. The first of a round are
    not counted: a server builds its statements when it needs them. Told is the round in the middle of all, with every answer of it.
    """
    with registry_on_disk(folder) as registry:
        _publish(registry)
        licenses = [_sold(registry, CLIENTS * (EACH + 1), f"mia-{number}") for number in range(ROUNDS)]
    rounds = []
    with _serving(folder / "registry") as address:
        for license, key in licenses:
            _crowd(address, [_activation(address, license, key) for _ in range(CLIENTS)])
            rounds.append(sorted(_crowd(address, [_activation(address, license, key) for _ in range(CLIENTS * EACH)])))
    return sorted(rounds, key=late)[ROUNDS // 2]


def late(took: list[float]) -> float:
    """The milliseconds after which 99 of 100 have their answer; `took` is sorted."""
    return took[int(len(took) * 0.99)]


def _crowd(address: str, requests: list[str]) -> list[float]:
    asked = json.dumps({"address": address, "requests": requests})
    command = [sys.executable, "-m", "benchmarks.crowd", str(CLIENTS)]
    told = subprocess.run(command, input=asked, stdout=subprocess.PIPE, text=True, check=True)
    took: list[float] = json.loads(told.stdout)
    assert len(took) == len(requests)
    return took


def _activation(address: str, license: str, key: str) -> str:
    body = json.dumps({"device": _device(), "key": key})
    head = (
        f"POST /api/v1/licenses/{license}/activations HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n"
    )
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}"


def _publish(registry: Registry) -> None:
    registry.publish("acme/pro", "1.0.0", {"a.txt": b"a"}, {"price": {"amount": "1.00", "currency": "EUR"}})


def _sold(registry: Registry, machines: int, holder: str = "mia") -> tuple[str, str]:
    registry.account(holder)
    terms = Plan(id="many", kind="perpetual", pack=PackName("acme/pro"), max_instances=machines)
    sold = registry.call(ISSUE, IssueLicense(holder=holder, terms=terms), registry.admin())
    return sold.license.id, sold.key


def _device() -> dict[str, str]:
    made = Jwk.of(PrivateKey.from_seed("p256", random.randbytes(SEED_BYTES)).public)
    plain: dict[str, str] = json.loads(wire.encode(made))
    return plain


@contextmanager
def _serving(data: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "registry_server", "serve", "--data", str(data), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            for line in server.stdout:
                if "listening on" in line:
                    yield line.rpartition("http://")[2].strip()
                    return
            raise RuntimeError("the registry did not start")
        finally:
            server.terminate()
