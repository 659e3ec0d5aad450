"""The door: a protocol row and a typed function become a route, and the transaction around it lives here.

A request runs in one thread of our pool, so a connection never crosses threads. Who is asking is decided before a field is read, and again
inside a write transaction: a token or an office that went meanwhile does not count. What the rooms know (who, may they, how is a refusal
remembered, how does the static side follow) `app` hands in as Hooks.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Generic, Protocol, TypeVar

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import Connection

from packspec import wire
from packspec.digests import Digest
from packspec.errors import Kind, PackError
from packspec.protocol.endpoint import Body, Effect, Endpoint, FileBytes
from registry_server.actor import Actor
from registry_server.call import NOTHING_SHOWN, Call, Shown
from registry_server.http import again
from registry_server.http.ask import read_ask
from registry_server.http.body import check_media_type, receive_into, receive_whole
from registry_server.http.files import Found, deliver
from registry_server.http.identity import find_shown, find_token
from registry_server.http.problems import WrongMethod
from registry_server.staging import Upload
from registry_server.world import World

Ask = TypeVar("Ask")
Reply = TypeVar("Reply")
JSON = b"application/json"
BYTES = b"application/octet-stream"


class Sink(Protocol):
    """Where the body of a row goes whose body is bytes, piece by piece."""

    def write(self, chunk: bytes) -> None:
        """Keeps a piece."""
        ...

    def close(self) -> Upload:
        """Ends it, complete or not, and says what is there."""
        ...


@dataclass(frozen=True)
class Binding(Generic[Ask, Reply]):
    """A row and the function that answers it."""

    endpoint: Endpoint[Ask, Reply]
    handler: Callable[[Call, Ask], Reply]
    sink: Callable[[Call, Ask, int], Sink] | None = None
    """For a body of bytes: opens its sink, given the length that the request announced."""


def bind(
    endpoint: Endpoint[Ask, Reply],
    handler: Callable[[Call, Ask], Reply],
    sink: Callable[[Call, Ask, int], Sink] | None = None,
) -> Binding[Ask, Reply]:
    """Binds `handler` to a row; the type checker refuses one of another ask or reply."""
    assert (sink is not None) == (endpoint.body is Body.BYTES), endpoint.name
    assert endpoint.effect is not Effect.FILES or endpoint.scope is None, endpoint.name
    return Binding(endpoint, handler, sink)


@dataclass(frozen=True)
class Hooks:
    """What the door needs from the rooms above it."""

    identify: Callable[[Connection, str | None, int], Actor]
    """Who shows this token; raises an Anonymous error."""
    authorize: Callable[[Actor, Endpoint[Any, Any]], None]
    """Raises unless the actor may use the row at all."""
    note_use: Callable[[World, Actor, int], None]
    """The actor's token was used."""
    remember: Callable[[Call, Endpoint[Any, Any], PackError], None]
    """Writes a refusal into the trail, in the transaction of the call."""
    settle: Callable[[World], None]
    """Brings the static side up to date with the database."""


@dataclass(frozen=True)
class Incoming:
    """A request as far as the door needs it, read."""

    request_id: str
    token: str | None
    path: dict[str, str]
    query: bytes
    body: bytes = b""
    shown: Shown = NOTHING_SHOWN
    key: str = ""
    """Its `Idempotency-Key`."""


class Door:
    """Makes routes. `world` is asked anew for every request, so a test can exchange it."""

    def __init__(self, world: Callable[[], World], hooks: Hooks, pool: Executor) -> None:
        self._world = world
        self._hooks = hooks
        self._pool = pool

    def routes(self, bindings: Iterable[Binding[Any, Any]]) -> list[HTTPRouteHandler]:
        """A route per binding, and one per path that refuses OPTIONS like any other wrong method."""
        made = list(bindings)
        methods: dict[str, list[str]] = {}
        for binding in made:
            methods.setdefault(_litestar_path(binding.endpoint.path), []).append(binding.endpoint.method)
        # OPTIONS first: Litestar answers it by itself on every path that has no route for it yet.
        return [_refuse_options(path, sorted(there)) for path, there in methods.items()] + [
            self._route(binding) for binding in made
        ]

    def _route(self, binding: Binding[Any, Any]) -> HTTPRouteHandler:
        endpoint = binding.endpoint

        async def answer(request: Request[Any, Any, Any]) -> Response[bytes]:
            reply = await self._answer(binding, request)
            headers = {"cache-control": "no-store"}
            if endpoint.status == HTTPStatus.FOUND:
                headers["location"] = _location(request.scope["path"], wire.decode(reply, endpoint.reply).url)
            return Response(reply, status_code=_status(endpoint, reply), media_type=JSON.decode(), headers=headers)

        async def answer_with_file(request: Request[Any, Any, Any]) -> _FileAnswer:
            reply = await self._answer(binding, request)
            return _FileAnswer(wire.decode(reply, FileBytes).digest, self._world(), self._pool)

        return HTTPRouteHandler(
            _litestar_path(endpoint.path),
            http_method=[endpoint.method],  # type: ignore[list-item]  # the table's methods are the ones Litestar knows
            status_code=endpoint.status,
            name=endpoint.name,
        )(answer_with_file if endpoint.reply is FileBytes else answer)

    async def _answer(self, binding: Binding[Any, Any], request: Request[Any, Any, Any]) -> bytes:
        world = self._world()
        headers = request.scope["headers"]
        incoming = Incoming(
            request_id=str(request.scope.get("state", {}).get("request_id", "")),
            token=find_token(headers),
            path={name: str(value) for name, value in request.scope["path_params"].items()},
            query=request.scope["query_string"],
            shown=find_shown(request.scope, headers),
            key=again.find_key(headers),
        )
        run = asyncio.get_running_loop().run_in_executor
        match binding.endpoint.body:
            case Body.JSON:
                body = await receive_whole(request.receive, headers, world.settings.http)
                if body:
                    check_media_type(headers, JSON)
                return await run(self._pool, self.perform, world, binding, replace(incoming, body=body))
            case Body.QUERY:
                return await run(self._pool, self.perform, world, binding, incoming)
            case Body.BYTES:
                check_media_type(headers, BYTES)

                def open_sink(length: int) -> Sink:
                    return self._open_sink(world, binding, incoming, length)

                upload = await receive_into(open_sink, request.receive, headers, world.settings.http, self._pool)
                return await run(self._pool, self.perform, world, binding, incoming, upload)

    def perform(
        self, world: World, binding: Binding[Any, Any], incoming: Incoming, upload: Upload | None = None
    ) -> bytes:
        """Runs one request in this thread and gives its answer's body. Raises what the handler raises."""
        endpoint = binding.endpoint
        shown = replace(incoming.shown, body=incoming.body)
        call = Call(world, Actor(), world.now(), request_id=incoming.request_id, upload=upload, shown=shown)
        if endpoint.effect is Effect.FILES:
            return wire.encode(binding.handler(call, read_ask(endpoint, incoming.path, incoming.query, incoming.body)))

        def recheck(db: Connection, now: int) -> Actor:
            actor = self._hooks.identify(db, incoming.token, now)
            self._hooks.authorize(actor, endpoint)
            return actor

        reply = None
        if incoming.token is None and endpoint.effect is not Effect.READ:
            self._hooks.authorize(call.actor, endpoint)  # who shows nothing is nobody, and no database knows more
            call = replace(call, recheck=recheck)
            ask = read_ask(endpoint, incoming.path, incoming.query, incoming.body)
        else:
            with call.reading() as inside:
                call = replace(call, actor=recheck(inside.db, inside.now), now=inside.now, recheck=recheck)
                ask = read_ask(endpoint, incoming.path, incoming.query, incoming.body)
                if endpoint.effect is Effect.READ:
                    reply = binding.handler(replace(inside, actor=call.actor), ask)
        if endpoint.effect is not Effect.READ:
            asked = again.repeatable(call, endpoint, incoming.key, incoming.path, incoming.body)
            reply = self._change(binding, call, ask, asked)
        self._hooks.note_use(world, call.actor, call.now)
        return wire.encode(reply)

    def _change(self, binding: Binding[Any, Any], call: Call, ask: object, asked: again.Repeatable | None) -> object:
        try:
            if binding.endpoint.effect is Effect.WRITE:
                with call.writing() as inside:
                    reply = _once(binding, inside, ask, asked)
            else:
                reply = binding.handler(call, ask)
        except PackError as error:
            if error.kind in _REMEMBERED:
                self._remember(binding.endpoint, call, error)
            raise
        if call.after.log_grew or call.after.status_changed:
            self._hooks.settle(call.world)
        return reply

    def _remember(self, endpoint: Endpoint[Any, Any], call: Call, refusal: PackError) -> None:
        try:
            with call.world.database.writing() as db:
                self._hooks.remember(call.inside(db), endpoint, refusal)
        except PackError as error:  # the refusal stands all the same, and is what the client should hear
            call.world.log.fault("refusal-not-remembered", error, request_id=call.request_id, code=refusal.code)

    def _open_sink(self, world: World, binding: Binding[Any, Any], incoming: Incoming, length: int) -> Sink:
        with world.database.reading() as db:
            now = world.time_in(db)
            actor = self._hooks.identify(db, incoming.token, now)
        self._hooks.authorize(actor, binding.endpoint)
        ask = read_ask(binding.endpoint, incoming.path, incoming.query, b"")
        assert binding.sink is not None
        return binding.sink(Call(world=world, actor=actor, now=now, request_id=incoming.request_id), ask, length)


class _FileAnswer:
    """An answer that is a file: an ASGI application, which Litestar takes as it is."""

    def __init__(self, digest: Digest, world: World, pool: Executor) -> None:
        self._digest = digest
        self._world = world
        self._pool = pool

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        source = await asyncio.get_running_loop().run_in_executor(self._pool, self._world.blobs.open, self._digest)
        await deliver(Found.private(self._digest, source), scope, send, self._pool)


def _status(endpoint: Endpoint[Any, Any], reply: bytes) -> int:
    if endpoint.known_status is None or wire.decode(reply, endpoint.reply).is_new:
        return endpoint.status
    return endpoint.known_status


def _once(binding: Binding[Any, Any], call: Call, ask: object, asked: again.Repeatable | None) -> object:
    """The answer of a change, which happens unless it happened already."""
    if asked is None:
        return binding.handler(call, ask)
    before = again.answer_of(call.db, asked, binding.endpoint)
    if before is not None:
        return wire.decode(before.encode(), binding.endpoint.reply)
    reply = binding.handler(call, ask)
    again.keep(call, asked, reply)
    return reply


_REMEMBERED = (Kind.DENIED, Kind.UNTRUSTED, Kind.AGAINST_POLICY)
"""Refusals that leave an entry in the trail, when a known actor tried to change something."""


def _location(path: str, url: str) -> str:
    """Where a redirect goes: an address as it is, a path of ours so that it holds below whatever a proxy puts in front."""
    return url if "://" in url else "../" * (path.count("/") - 1) + url


def _litestar_path(path: str) -> str:
    return path.replace("}", ":str}")


def _refuse_options(path: str, there: list[str]) -> HTTPRouteHandler:
    async def refuse() -> None:
        raise WrongMethod("OPTIONS", there)

    return HTTPRouteHandler(path, http_method=["OPTIONS"], status_code=204, name=f"OPTIONS {path}")(refuse)
