"""Answers `POST /add-checkpoint` (C2SP tlog-witness): an ASGI application of one path, and `/healthz`."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from packspec.errors import PackError
from packspec.log.note import BadNote
from packspec.log.witnessing import ADD_CHECKPOINT, REQUEST_BYTES, SIZE_TYPE, AddCheckpoint
from registry_server.logs import Log
from registry_server.witness.store import Witness

_TEXT = "text/plain; charset=utf-8"


class Service:
    """The application. `under_way` and `is_stopping` are what a listener asks for at its end."""

    read_seconds = 10.0
    """How long a request may take to arrive. It is at most 32 KiB; whoever sends it a byte an hour keeps a connection from others."""

    def __init__(self, witness: Witness, now: Callable[[], int], log: Log) -> None:
        self._witness = witness
        self._now = now
        self._log = log
        self.under_way = 0
        self.is_stopping = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        self.under_way += 1
        try:
            status, media, body = await self._answer(scope, receive)
            headers = [
                (b"content-type", media.encode()),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", b"no-store"),
            ]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})
        finally:
            self.under_way -= 1

    async def _answer(self, scope: Mapping[str, Any], receive: Any) -> tuple[int, str, bytes]:
        if scope["path"] == "/healthz":
            return 200, _TEXT, f"{self._witness.public}\n".encode()
        if scope["path"] != f"/{ADD_CHECKPOINT}":
            return 404, _TEXT, b"only /add-checkpoint is here\n"
        if scope["method"] != "POST":
            return 405, _TEXT, b"POST a checkpoint\n"
        try:
            async with asyncio.timeout(self.read_seconds):
                body = await _read(receive)
        except TimeoutError:
            return 408, _TEXT, b"the request did not end in time\n"
        if body is None:
            return 413, _TEXT, f"more than {REQUEST_BYTES} bytes\n".encode()
        try:
            asked = AddCheckpoint.parse(body)
            judged, answer = await asyncio.to_thread(self._witness.answer, asked, self._now())
        except BadNote as error:
            return 400, _TEXT, f"{error}\n".encode()
        except PackError as error:
            self._log.fault("fault", error)
            return 503, _TEXT, f"{error.code}\n".encode()
        text = asked.note.text.split("\n")
        self._log.line("checkpoint", origin=text[0][:120], size=text[1][:20], old=asked.old, status=judged.status)
        return judged.status, SIZE_TYPE if judged.size is not None else _TEXT, answer


async def _read(receive: Any) -> bytes | None:
    """The body; None if it is too long."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += bytes(message.get("body", b""))
        if len(body) > REQUEST_BYTES:
            return None
        if not message.get("more_body", False):
            return body
