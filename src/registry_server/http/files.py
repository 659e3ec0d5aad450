"""Serves the static side where no nginx or CDN does: strong ETag (the digest), one range, conditions, HEAD.

It reads `public` alone, so it works when the database does not. A file of the static side never changes under its name, but for two that
are small and sent from memory: what a client gets is always of one state. Several ranges in one request are refused: they cost more than
they are worth.
"""

import asyncio
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from packspec import site
from packspec.digests import Digest
from registry_server.http.problems import Headers, NoSuchPath, WrongMethod
from registry_server.public import is_path
from registry_server.sources import BlobSource, FileSource, chunks_of
from registry_server.world import World

Send = Callable[[Any], Awaitable[None]]
"""ASGI's send."""
WHOLE_BYTES = 256 * 1024
"""A body up to this size goes out in one piece, from memory."""
_RANGE = re.compile(rb"bytes=(\d{0,18})-(\d{0,18})")
_BLOB = re.compile(r"blobs/sha256/[0-9a-f]{2}/([0-9a-f]{64})")
_TYPES = (
    (".packproof", b"application/vnd.packctl.packproof.v1+json"),
    (".json", b"application/json"),
    ("log/checkpoint", b"text/plain; charset=utf-8"),
)


@dataclass(frozen=True)
class Found:
    """A file that is there, with what its answer needs. `path` tells its type."""

    path: str
    source: BlobSource
    etag: bytes
    cache: site.Cache

    @classmethod
    def private(cls, digest: Digest, source: BlobSource) -> "Found":
        """Bytes by their digest, for nobody but the one who asked."""
        return cls(site.blob(digest), source, b'"%s"' % digest.encode(), site.Cache.PRIVATE)


@dataclass(frozen=True)
class Reply:
    """Status, headers, and which bytes of the file follow: `length` None means none."""

    status: int
    headers: Headers
    start: int = 0
    length: int | None = None


class StaticFiles:
    """Answers GET and HEAD for the paths of `packspec.site`."""

    def __init__(self, world: Callable[[], World], pool: Executor) -> None:
        self._world = world
        self._pool = pool
        self._digests = _Digests()

    def serves(self, path: str) -> bool:
        """Whether `path`, with its leading slash, belongs to the static side."""
        return path.startswith(_ROOTS)

    async def __call__(self, scope: Any, send: Send) -> None:
        """Answers one request. Raises NoSuchPath or WrongMethod."""
        if scope["method"] not in ("GET", "HEAD"):
            raise WrongMethod(scope["method"], ("GET", "HEAD"))
        found = await asyncio.get_running_loop().run_in_executor(self._pool, self._find, scope["path"][1:])
        await deliver(found, scope, send, self._pool)

    def _find(self, path: str) -> Found:
        # Nobody is known here, and a private file is only for those with access.
        if not is_path(path) or site.cache_of(path) is site.Cache.PRIVATE:
            raise NoSuchPath(f"/{path}")
        source = self._world().public.open(path)
        if source is None:
            raise NoSuchPath(f"/{path}")
        return Found(path, source, b'"%s"' % self._digests.of(path, source).encode(), site.cache_of(path))


async def deliver(found: Found, scope: Any, send: Send, pool: Executor) -> None:
    """Sends a file as the request wants it, and closes it."""
    run = asyncio.get_running_loop().run_in_executor
    try:
        reply = decide(found, dict(scope["headers"]))
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        if reply.length is None or scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
        elif reply.length <= WHOLE_BYTES:
            body = await run(pool, found.source.read_at, reply.start, reply.length)
            await send({"type": "http.response.body", "body": body})
        elif reply.status == 200 and isinstance(found.source, FileSource) and _can_send_paths(scope):
            await send({"type": "http.response.pathsend", "path": str(found.source.path)})
        else:
            pieces: Iterator[bytes] = chunks_of(found.source, reply.start, reply.length)
            while piece := await run(pool, next, pieces, b""):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
    finally:
        found.source.close()


_ROOTS = tuple(f"/{prefix}" for prefix in site.PREFIXES)


def decide(found: Found, asked: dict[bytes, bytes]) -> Reply:
    """What to answer: the file, a part of it, or that the client has it already. Pure."""
    size = found.source.size
    headers: Headers = [
        (b"etag", found.etag),
        (b"cache-control", found.cache.encode()),
        (b"accept-ranges", b"bytes"),
    ]
    if _matches(asked.get(b"if-none-match"), found.etag):
        return Reply(304, headers)
    headers += [(b"content-type", _type_of(found.path)), (b"x-content-type-options", b"nosniff")]
    if found.path.startswith("blobs/"):
        headers.append((b"content-disposition", b"attachment"))
    wanted = asked.get(b"range")
    if wanted is None or asked.get(b"if-range", found.etag) != found.etag or not wanted.startswith(b"bytes="):
        return Reply(200, [*headers, _length(size)], 0, size)
    part = _part(wanted, size)
    if part is None:
        return Reply(416, [*headers, (b"content-range", b"bytes */%d" % size), _length(0)])
    start, length = part
    where = b"bytes %d-%d/%d" % (start, start + length - 1, size)
    return Reply(206, [*headers, (b"content-range", where), _length(length)], start, length)


def _part(wanted: bytes, size: int) -> tuple[int, int] | None:
    """Start and length of a range; None for one that lies outside, makes no sense, or is not the only one."""
    found = _RANGE.fullmatch(wanted)
    if found is None or found.groups() == (b"", b""):
        return None
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        return (size - length, length) if length else None
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    return (start, end - start + 1) if start <= end else None


def _matches(tags: bytes | None, etag: bytes) -> bool:
    return tags is not None and (
        tags.strip() == b"*" or etag in (tag.strip().removeprefix(b"W/") for tag in tags.split(b","))
    )


def _length(size: int) -> tuple[bytes, bytes]:
    return (b"content-length", b"%d" % size)


def _type_of(path: str) -> bytes:
    return next((kind for ending, kind in _TYPES if path.endswith(ending)), b"application/octet-stream")


def _can_send_paths(scope: Any) -> bool:
    return "http.response.pathsend" in (scope.get("extensions") or {})


class _Digests:
    """Digests of files that do not say theirs in their path, remembered by what changes when the file does."""

    MOST = 4096

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[object, ...], Digest] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, path: str, source: BlobSource) -> Digest:
        if named := _BLOB.fullmatch(path):
            return Digest(named[1])
        if not isinstance(source, FileSource):
            return Digest.of_chunks(chunks_of(source))
        status = os.fstat(source.fileno())
        key = (path, status.st_ino, status.st_size, status.st_mtime_ns)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        digest = Digest.of_chunks(chunks_of(source))
        with self._lock:
            self._known[key] = digest
            if len(self._known) > self.MOST:
                self._known.popitem(last=False)
        return digest
