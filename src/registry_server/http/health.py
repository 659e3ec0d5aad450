"""`/healthz`: the process answers. `/readyz`: database and static side can be read, so requests may be sent here. `/metrics`: numbers.

`/readyz` also warns of what people must see to soon; requests may be sent here all the same. `/metrics` is for programs on this machine
and not there for others, so that numbers to come need no thought about who reads them.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from packspec.errors import PackError
from registry_server.db.migrate import check_schema
from registry_server.http.metrics import MEDIA_TYPE, Gauge, exposition
from registry_server.http.problems import NoSuchPath, WrongMethod
from registry_server.world import World

PATHS = ("/healthz", "/readyz", "/metrics")


Warnings = Callable[[World], Mapping[str, str]]
"""What people must see to, by name; the rooms above the door know."""


@dataclass(frozen=True)
class Told:
    """What the rooms above the door know of the state of the registry."""

    warnings: Warnings
    gauges: Callable[[World], Iterable[Gauge]]


async def answer(world: World, scope: Any, send: Any, told: Told) -> None:
    """Answers one of the paths. Raises WrongMethod, and for `/metrics` NoSuchPath and what reading the static side raises."""
    if scope["path"] == "/metrics" and not _is_from_here(scope):
        raise NoSuchPath(scope["path"])
    if scope["method"] not in ("GET", "HEAD"):
        raise WrongMethod(scope["method"], ("GET", "HEAD"))
    if scope["path"] == "/metrics":
        gauges = await asyncio.get_running_loop().run_in_executor(None, told.gauges, world)
        await _send(scope, send, 200, MEDIA_TYPE, exposition(gauges).encode())
        return
    faults: dict[str, str] = {}
    said: dict[str, object] = {}
    if scope["path"] == "/readyz":
        loop = asyncio.get_running_loop()
        faults = await loop.run_in_executor(None, _faults, world)
        if found := await loop.run_in_executor(None, _warnings, world, told.warnings):
            said["warnings"] = found
    body = json.dumps({"status": "failing" if faults else "ok", **faults, **said}).encode()
    await _send(scope, send, 503 if faults else 200, "application/json", body)


def _is_from_here(scope: Any) -> bool:
    """Whether a program on this machine asks, for itself: what a proxy here hands on is from elsewhere."""
    if any(name in (b"forwarded", b"x-forwarded-for", b"x-real-ip") for name, _ in scope["headers"]):
        return False
    try:
        return ip_address((scope.get("client") or ("",))[0]).is_loopback
    except ValueError:
        return False


async def _send(scope: Any, send: Any, status: int, media_type: str, body: bytes) -> None:
    headers = [
        (b"content-type", media_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _warnings(world: World, warnings: Warnings) -> Mapping[str, str]:
    try:
        return warnings(world)
    except PackError as error:
        world.log.fault("not-ready", error)
        return {"static side": error.code}


def _faults(world: World) -> dict[str, str]:
    """What is wrong, as codes; details are in the log."""
    faults = {}
    try:
        check_schema(world.database)
    except PackError as error:
        world.log.fault("not-ready", error)
        faults["database"] = error.code
    return faults
