"""Stands around everything that is served: request id, checks that come before any reading, log line, and the answer to the unexpected."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from packspec.errors import PackError, Unavailable
from registry_server.http import health
from registry_server.http.files import Send
from registry_server.http.headers import check_request, find_request_id, has_body, with_close, with_security
from registry_server.http.problems import answer_to
from registry_server.logs import is_ours
from registry_server.world import World


class Stopping(Unavailable):
    """The server ends, and takes no new requests."""

    code = "registry.stopping"
    retry_after_seconds = 5

    def what(self) -> str:
        return "the registry is stopping"

    def fix(self) -> list[str]:
        return ["try again in a few seconds"]


App = Callable[[Any, Any, Any], Awaitable[None]]
"""An ASGI application; messages are untyped at this wall."""


class Files(Protocol):
    """What answers for paths of files."""

    def serves(self, path: str) -> bool:
        """Whether `path` is one of its own."""
        ...

    async def __call__(self, scope: Any, send: Send) -> None:
        """Answers one request."""
        ...


class Frame:
    """The outermost ASGI application. `under_way` counts requests that have no answer yet; once `is_stopping`, no other begins."""

    def __init__(self, world: Callable[[], World], api: App, files: Sequence[Files], told: health.Told) -> None:
        self._world = world
        self._api = api
        self._files = files
        self._told = told
        self.under_way = 0
        self.is_stopping = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        self.under_way += 1
        try:
            await self._serve(scope, receive, send)
        finally:
            self.under_way -= 1

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        world = self._world()
        clock = asyncio.get_running_loop().time
        began_at = clock()
        request_id = find_request_id(scope["headers"], world.randomness)
        scope["state"] = {"request_id": request_id}
        status, is_read = 0, not has_body(scope["headers"])

        async def receive_framed() -> Any:
            nonlocal is_read
            message = await receive()
            is_read = message["type"] == "http.request" and not message.get("more_body", False)
            return message

        async def send_framed(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = with_security(list(message.get("headers", ())), request_id)
                message = {**message, "headers": headers if is_read else with_close(headers)}
            await send(message)

        try:
            if self.is_stopping:
                raise Stopping()
            check_request(scope.get("raw_path") or scope["path"].encode(), scope["headers"])
            await self._dispatch(world, scope, receive_framed, send_framed)
        except Exception as error:  # noqa: BLE001 - the last resort: whatever it was, the client gets an answer and the log the reason
            if is_ours(error):
                world.log.fault("fault", error, request_id=request_id, method=scope["method"], path=scope["path"])
            if not status:
                await send_error(error, request_id, send_framed)
        if world.settings.server.log_requests:
            milliseconds = round((clock() - began_at) * 1000, 1)
            facts = {"request_id": request_id, "method": scope["method"], "path": scope["path"], "status": status}
            world.log.line("request", **facts, ms=milliseconds, client=str((scope.get("client") or ("",))[0]))

    async def _dispatch(self, world: World, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        if files := next((files for files in self._files if files.serves(path)), None):
            await files(scope, send)
        elif path in health.PATHS:
            await health.answer(world, scope, send, self._told)
        else:
            await self._api(scope, receive, send)


async def send_error(error: PackError | Exception, request_id: str, send: Any) -> None:
    """Sends the answer to `error`."""
    answer = answer_to(error, request_id)
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})
