"""`/healthz`: the process answers. `/readyz`: database and static side can be read, so requests may be sent here.

`/readyz` also warns of what people must see to soon; requests may be sent here all the same.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from packspec.errors import PackError
from registry_server.db.migrate import check_schema
from registry_server.http.problems import WrongMethod
from registry_server.world import World

PATHS = ("/healthz", "/readyz")


Warnings = Callable[[World], Mapping[str, str]]
"""What people must see to, by name; the rooms above the door know."""


async def answer(world: World, scope: Any, send: Any, warnings: Warnings) -> None:
    """Answers either path. Raises WrongMethod."""
    if scope["method"] not in ("GET", "HEAD"):
        raise WrongMethod(scope["method"], ("GET", "HEAD"))
    faults: dict[str, str] = {}
    told: dict[str, object] = {}
    if scope["path"] == "/readyz":
        loop = asyncio.get_running_loop()
        faults = await loop.run_in_executor(None, _faults, world)
        if found := await loop.run_in_executor(None, _warnings, world, warnings):
            told["warnings"] = found
    body = json.dumps({"status": "failing" if faults else "ok", **faults, **told}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 503 if faults else 200, "headers": headers})
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
