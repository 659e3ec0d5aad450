"""Files behind addresses that were given to somebody: `/downloads/...`. Ranges and conditions work as on the static side, nothing is cached
for others. What an address opens says `opens`, from its text alone, so files go out while the database is away."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from packspec.digests import Digest
from registry_server.http.files import Found, Send, deliver
from registry_server.http.problems import WrongMethod
from registry_server.world import World

PREFIX = "downloads/"
"""What the addresses begin with, below the registry's own."""


class LinkedFiles:
    """Answers GET and HEAD for addresses below PREFIX."""

    def __init__(
        self, world: Callable[[], World], pool: Executor, opens: Callable[[World, str, bytes], Digest]
    ) -> None:
        self._world = world
        self._pool = pool
        self._opens = opens

    def serves(self, path: str) -> bool:
        """Whether `path`, with its leading slash, is such an address."""
        return path.startswith(f"/{PREFIX}")

    async def __call__(self, scope: Any, send: Send) -> None:
        """Answers one request. Raises WrongMethod, BlobMissing, and what `opens` raises."""
        if scope["method"] not in ("GET", "HEAD"):
            raise WrongMethod(scope["method"], ("GET", "HEAD"))
        run = asyncio.get_running_loop().run_in_executor
        found = await run(self._pool, self._find, scope["path"].removeprefix(f"/{PREFIX}"), scope["query_string"])
        await deliver(found, scope, send, self._pool)

    def _find(self, path: str, query: bytes) -> Found:
        world = self._world()
        digest = self._opens(world, path, query)
        return Found.private(digest, world.blobs.open(digest))
