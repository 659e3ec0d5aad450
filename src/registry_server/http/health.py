"""`/healthz`: the process answers. `/readyz`: database and static side can be read, so requests may be sent here."""

import asyncio
import json
from typing import Any

from packspec.errors import PackError
from registry_server.db.migrate import check_schema
from registry_server.http.problems import WrongMethod
from registry_server.world import World

PATHS = ("/healthz", "/readyz")


async def answer(world: World, scope: Any, send: Any) -> None:
    """Answers either path. Raises WrongMethod."""
    if scope["method"] not in ("GET", "HEAD"):
        raise WrongMethod(scope["method"], ("GET", "HEAD"))
    faults: dict[str, str] = {}
    if scope["path"] == "/readyz":
        faults = await asyncio.get_running_loop().run_in_executor(None, _faults, world)
    body = json.dumps({"status": "failing" if faults else "ok", **faults}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 503 if faults else 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _faults(world: World) -> dict[str, str]:
    """What is wrong, as codes; details are in the log."""
    faults = {}
    try:
        check_schema(world.database)
    except PackError as error:
        world.log.fault("not-ready", error)
        faults["database"] = error.code
    return faults
