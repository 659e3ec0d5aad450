"""What has no peer among package managers: start-up beside bare Python, `verify` beside hashlib, the transfer beside other HTTP clients."""

import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import Packctl
from benchmarks.place import Place
from benchmarks.static import serving
from benchmarks.timing import Series, run
from benchmarks.work import Files

START_ROUNDS = 21
LARGE_FILES, LARGE_BYTES = 100, 10_000_000
"""1 GB, for `verify`."""
BLOB_BYTES = 200_000_000
BLOCK_BYTES = 1 << 18


@dataclass(frozen=True)
class Figure:
    """One measured number, and beside what it is a ratio."""

    name: str
    value: float
    unit: str
    peak_bytes: int = 0

    def document(self) -> dict[str, object]:
        """For JSON."""
        return {"name": self.name, "value": round(self.value, 4), "unit": self.unit, "peak_bytes": self.peak_bytes}


def measure(folder: Path, only: Sequence[str], rounds: int | None, say: Callable[[str], None]) -> list[Figure]:
    """The figures that were asked for; all of them where `only` is empty."""
    rooms = {
        "start": lambda place: _start(place, rounds or START_ROUNDS),
        "verify": _verify,
        "transfer": _transfer,
        "resolver": _resolver,
        "licensing": _licensing,
        "trust": _trust,
    }
    found: list[Figure] = []
    for name, room in rooms.items():
        if not only or name in only:
            say(f"{name}: measuring")
            found += room(folder / name)
    return found


def _start(folder: Path, rounds: int) -> list[Figure]:
    """Start-up, as ratios to a Python that does nothing; in turns."""
    tool, place = Packctl(), Place(folder)
    place.begin()
    packs: dict[str, Files] = {f"pack-{number:02}": {"a.txt": b"a\n"} for number in range(20)}
    tool.publish(folder / "site", packs)
    with serving(folder / "site") as url:
        tool.prepare(place, url, list(packs))
        environ = tool.environment(place, url)
        run(tool.command("cold"), place.project, environ)
        commands = {
            "python": [sys.executable, "-c", "pass"],
            "--version": [*tool.program(), "--version"],
            "list": [*tool.program(), "list"],
            "--help": [*tool.program(), "--help"],
            "verify": [*tool.program(), "verify"],
        }
        series = {name: Series() for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                series[name].runs.append(run(command, place.project, environ))
    bare = series.pop("python").cpu_seconds
    return [
        Figure(f"{name} / bare Python", one.cpu_seconds / bare, "x", one.peak_bytes) for name, one in series.items()
    ]


def _verify(folder: Path) -> list[Figure]:
    """1 GB of installed files: `packctl verify` beside SHA-256 of the same files by both cores."""
    tool, place = Packctl(), Place(folder)
    place.begin()
    content = os.urandom(LARGE_BYTES)
    packs = {
        f"pack-{number}": {
            f"assets/{file}.bin": bytes([number, file]) + content[2:] for file in range(LARGE_FILES // 5)
        }
        for number in range(5)
    }
    tool.publish(folder / "site", packs)
    with serving(folder / "site") as url:
        tool.prepare(place, url, list(packs))
        environ = tool.environment(place, url)
        installed = run(tool.command("cold"), place.project, environ)
    del packs
    files = list((place.project / "packs").rglob("*.bin"))
    series, hashed = Series(), []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_hash, files))
        for _ in range(5):
            began = time.perf_counter()
            list(pool.map(_hash, files))
            hashed.append(time.perf_counter() - began)
            series.runs.append(run([*tool.program(), "verify"], place.project, environ))
    ratio = statistics.median(hashed) / series.wall_seconds
    return [
        Figure("verify of 1 GB, share of hashlib's speed", ratio, "share", series.peak_bytes),
        Figure("install of 1 GB, peak memory", installed.peak_bytes / 1e6, "MB", installed.peak_bytes),
    ]


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _transfer(folder: Path) -> list[Figure]:
    """200 MB over loopback into memory, by each client: the raw rate, in MB/s."""
    import http.client

    import httpx

    from packctl.registry.exchange import Request
    from packctl.registry.http import Http
    from packctl.registry.network import Network

    folder.mkdir(parents=True)
    (folder / "blob").write_bytes(os.urandom(BLOB_BYTES))
    with serving(folder) as url:
        host = url.removeprefix("http://")

        def by_httpx() -> int:
            with httpx.Client(trust_env=False) as client, client.stream("GET", f"{url}/blob") as answer:
                return sum(len(block) for block in answer.iter_raw(BLOCK_BYTES))

        def by_stdlib() -> int:
            connection = http.client.HTTPConnection(host)
            connection.request("GET", "/blob")
            answer, size = connection.getresponse(), 0
            while block := answer.read(BLOCK_BYTES):
                size += len(block)
            connection.close()
            return size

        def by_packctl() -> int:
            with (
                Http(Network(), time.monotonic) as client,
                client.send(Request("GET", f"{url}/blob", {})) as answer,
            ):
                return sum(len(block) for block in answer.blocks())

        rates: dict[str, list[float]] = {"httpx": [], "http.client": [], "packctl": []}
        for _ in range(5):
            for name, get in (("httpx", by_httpx), ("http.client", by_stdlib), ("packctl", by_packctl)):
                began = time.perf_counter()
                assert get() == BLOB_BYTES
                rates[name].append(BLOB_BYTES / 1e6 / (time.perf_counter() - began))
    best = {name: statistics.median(found) for name, found in rates.items()}
    return [Figure(f"transfer by {name}", rate, "MB/s") for name, rate in best.items()]


def _resolver(folder: Path) -> list[Figure]:
    """The hard cases of benchmarks/resolver.py."""
    from benchmarks.resolver import measure as measure_resolver

    found = measure_resolver()
    seconds = [Figure(f"resolver, {one.world} of {one.packs} packs", one.seconds, "s") for one in found]
    peak = max(one.peak_mb for one in found)
    return [*seconds, Figure("resolver, peak memory", peak, "MB", int(peak * 1e6))]


def _licensing(folder: Path) -> list[Figure]:
    """Licenses: a token checked, the list of revocations of a million, and fifty machines that activate at once, as they are served."""
    from benchmarks import licensing

    milliseconds, size = licensing.tokens(folder / "token")
    took = licensing.activations(folder / "activations")
    return [
        Figure("license token, one check", milliseconds, "ms"),
        Figure("license token, size", size, "bytes"),
        Figure("status list of 1,000,000 licenses, 2,000 revoked", licensing.status_list_bytes(), "bytes"),
        Figure(f"activation, {licensing.CLIENTS} clients at once, median", statistics.median(took), "ms"),
        Figure(f"activation, {licensing.CLIENTS} clients at once, 99 of 100", licensing.late(took), "ms"),
        Figure("activations, rate", 1000 * licensing.CLIENTS / statistics.mean(took), "a second"),
    ]


def _trust(folder: Path) -> list[Figure]:
    """Trust in a registry of 50,000 packs and 1,000,000 entries of the log: a refresh, a release's evidence, a publication."""
    from benchmarks import trust

    costs = trust.measure(folder)
    return [
        Figure("refresh with nothing new, requests", costs.requests, "requests"),
        Figure("refresh with nothing new, one pack, processor", costs.small_refresh_ms, "ms"),
        Figure("refresh with nothing new, 50,000 packs, processor", costs.refresh_ms, "ms"),
        Figure("evidence of one more release, processor", costs.evidence_ms, "ms"),
        Figure("publication, all of the static side, processor", costs.publish_ms, "ms"),
        Figure("publication, index and TUF, processor", costs.index_ms, "ms"),
        Figure("publication, log, processor", costs.append_ms, "ms"),
        Figure("publication, index and TUF, written", costs.index_bytes / 1000, "kB"),
        Figure("publication, log, written", costs.log_bytes / 1000, "kB"),
        Figure("publication, packproof and blobs, written", costs.release_bytes / 1000, "kB"),
        Figure("proof of an entry among 1,000,000", costs.proof_bytes, "bytes"),
    ]
