"""Reads bodies: with a ceiling, a deadline for slow ones, and the type the call takes.

The server ends half-sent headers by itself but waits for ever for a body, so the deadlines are here: for silence, and for a drip that
keeps a connection busy without getting anywhere.
"""

import asyncio
from asyncio import get_running_loop
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Executor
from typing import Any, Protocol, TypeVar

from registry_server.http.problems import BadHttp, BodyCut, BodyTooLarge, BodyTooSlow, LengthMissing, WrongMediaType
from registry_server.settings import HttpSettings

Receive = Callable[[], Awaitable[Any]]
"""ASGI's receive."""
HeaderPairs = Iterable[tuple[bytes, bytes]]
PIECE_BYTES = 1 << 20

U = TypeVar("U", covariant=True)


class _Sink(Protocol[U]):
    def write(self, chunk: bytes) -> None: ...

    def close(self) -> U: ...


def check_media_type(headers: HeaderPairs, expected: bytes) -> None:
    """Raises WrongMediaType unless the body is of the `expected` type, in UTF-8 if it says so, and not encoded again."""
    found = _only(headers, b"content-type").decode("latin-1")
    kind, *parameters = (part.strip().lower() for part in found.split(";"))
    if kind != expected.decode() or any(
        parameter not in ("charset=utf-8", 'charset="utf-8"') for parameter in parameters
    ):
        raise WrongMediaType(found, expected.decode())
    encoding = _only(headers, b"content-encoding").decode("latin-1")
    if encoding.lower() not in ("", "identity"):
        raise WrongMediaType(f"content-encoding: {encoding}", "no content-encoding")


async def receive_whole(receive: Receive, headers: HeaderPairs, settings: HttpSettings) -> bytes:
    """A body in memory. Raises BodyTooLarge, before reading where the length is announced, BodyTooSlow or BodyCut."""
    ceiling = settings.request_bytes
    if (announced_length(headers) or 0) > ceiling:
        raise BodyTooLarge(ceiling)
    pieces = _Pieces(receive, settings)
    body = bytearray()
    while (chunk := await pieces.next()) is not None:
        body += chunk
        if len(body) > ceiling:
            raise BodyTooLarge(ceiling)
    return bytes(body)


async def receive_into(
    open_sink: Callable[[int], _Sink[U]], receive: Receive, headers: HeaderPairs, settings: HttpSettings, pool: Executor
) -> U:
    """A body into a sink, in pieces of about 1 MiB; what arrived before a break stays in the sink.

    The sink is opened, written and closed in `pool`. Raises LengthMissing, BodyTooLarge, BodyTooSlow, BodyCut, or what the sink raises.
    """
    length = announced_length(headers)
    if length is None:
        raise LengthMissing()
    run = get_running_loop().run_in_executor
    sink = await run(pool, open_sink, length)
    try:
        await _pump(_Pieces(receive, settings), length, lambda piece: run(pool, sink.write, piece))
    finally:
        upload = await run(pool, sink.close)
    return upload


async def _pump(pieces: "_Pieces", length: int, write: Callable[[bytes], Awaitable[None]]) -> None:
    piece = bytearray()
    left = length
    try:
        while (chunk := await pieces.next()) is not None:
            left -= len(chunk)
            if left < 0:
                raise BodyTooLarge(length)
            piece += chunk
            if len(piece) >= PIECE_BYTES:
                await write(bytes(piece))
                piece.clear()
        if left:
            raise BodyCut()
    finally:
        if piece and left >= 0:
            await write(bytes(piece))


class _Pieces:
    """The chunks of a body, each within the time a body may take."""

    def __init__(self, receive: Receive, settings: HttpSettings) -> None:
        self._receive = receive
        self._settings = settings
        self._clock = get_running_loop().time
        self._began_at = self._clock()
        self._received = 0
        self._ended = False

    async def next(self) -> bytes | None:
        """The next chunk; None after the last. Raises BodyTooSlow or BodyCut."""
        if self._ended:
            return None
        idle = self._settings.body_idle_seconds
        allowed = self._began_at + idle + self._received / self._settings.body_bytes_per_second - self._clock()
        try:
            async with asyncio.timeout(min(idle, max(allowed, 0.001))):  # wait_for would make a task of each piece
                message = await self._receive()
        except TimeoutError as error:
            raise BodyTooSlow() from error
        if message["type"] != "http.request":
            raise BodyCut()
        self._ended = not message.get("more_body", False)
        chunk: bytes = message.get("body", b"")
        self._received += len(chunk)
        return chunk


def announced_length(headers: HeaderPairs) -> int | None:
    """What Content-Length says; None without it. Raises BadHttp where it is no number."""
    text = _only(headers, b"content-length")
    if not text:
        return None
    if not text.isdigit() or len(text) > 18:
        raise BadHttp("Content-Length is not a number")
    return int(text)


def _only(headers: HeaderPairs, wanted: bytes) -> bytes:
    found = [value for name, value in headers if name == wanted]
    if len(found) > 1:
        raise BadHttp(f"two {wanted.decode()} headers")
    return found[0] if found else b""
