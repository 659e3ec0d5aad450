"""`RegistryClient`: calls rows of the protocol table. A refusal arrives as the same kind of error that the server raised."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from packctl.registry.exchange import Exchange, Request, Transport
from packctl.registry.failures import BadAnswer, NotLoggedIn, Redirected, TokenNeedsTls, TooManyRequests, Unreachable
from packctl.registry.network import LONGEST_RETRY_AFTER_SECONDS, TRIES, Origin, Pace, pause_seconds
from packctl.registry.unanswered import KEY_HEADER, Unanswered
from packspec import limits, wire
from packspec.digests import Digest
from packspec.patterns import pattern
from packspec.problems import Problem, Relayed, kind_of_status, relayed
from packspec.protocol.endpoint import Body, Endpoint

Ask = TypeVar("Ask")
Reply = TypeVar("Reply")

Prove = Callable[[str, str, Digest], Mapping[str, str]]
"""Given method, path and the digest of the body of a request: headers that go with it."""

ANSWER_BYTES = 16 * limits.MIB
"""Largest answer of a call: far above every page of the API, far below what would hurt."""
PROBLEM_BYTES = 64 * limits.KIB
_TEXT_CHARACTERS = 1_000
_CODE = pattern(r"[a-z][a-z0-9-]{0,39}\.[a-z0-9-]{1,60}")
_TRY_AGAIN = (429, 503)
_GATEWAY = (502, 504)


class RegistryClient:
    """One registry. `token` is asked before each call, so that a login during a command counts at once."""

    def __init__(
        self,
        address: str,
        transport: Transport,
        pace: Pace,
        token: Callable[[Origin], str | None],
        unanswered: Unanswered | None = None,
    ) -> None:
        self.origin = Origin.parse(address)
        self.address = self.origin + urlsplit(address).path.rstrip("/")
        self._transport = transport
        self._pace = pace
        self._token = token
        self._unanswered = unanswered

    def call(
        self,
        endpoint: Endpoint[Ask, Reply],
        ask: Ask,
        *,
        timeout_seconds: float | None = None,
        prove: Prove | None = None,
    ) -> Reply:
        """What the registry answers. `prove` makes headers that speak for this very request.

        Raises the registry's refusals (`packspec.problems.Relayed`, also an instance of their kind), Unreachable, TlsFailed, TooSlow,
        BadAnswer, Redirected, TooManyRequests, TokenNeedsTls. Calls that change nothing when repeated are repeated after failures of the
        network, and so are changes that go out with a key, which happen once; every call is repeated when the registry says that it did
        not take it (429, 503).
        """
        request = self._request(endpoint, ask, timeout_seconds, prove)
        if self._unanswered is None or not endpoint.takes_key or "Authorization" not in request.headers:
            return self._repeat(endpoint, request)
        with self._unanswered.key_for(request) as key:
            return self._repeat(endpoint, replace(request, headers={**request.headers, KEY_HEADER: key}))

    def send_bytes(
        self, endpoint: Endpoint[Ask, Reply], ask: Ask, body: Callable[[], Iterable[bytes]], length: int
    ) -> Reply:
        """Calls a row whose body is bytes. `body` is called for each try, so it must give the same bytes again."""
        return self._repeat(endpoint, self._request(endpoint, ask, None), body, length)

    def address_of(self, endpoint: Endpoint[Ask, Any], ask: Ask) -> tuple[str, dict[str, str]]:
        """Address and headers of a row that answers with bytes, for a transfer. Raises TokenNeedsTls."""
        request = self._request(endpoint, ask, None)
        return request.url, self._authorization()

    def _request(
        self, endpoint: Endpoint[Ask, Any], ask: Ask, timeout_seconds: float | None, prove: Prove | None = None
    ) -> Request:
        fields: dict[str, Any] = msgspec.to_builtins(ask, enc_hook=wire.enc_hook)
        path = fill(endpoint.path, fields)
        headers = {
            "Accept": "application/json, application/problem+json",
            "Accept-Encoding": "gzip",
            **self._authorization(),
        }
        body = None
        if endpoint.body is Body.JSON and endpoint.method not in ("GET", "HEAD", "DELETE"):
            body = wire.encode(fields)
            headers["Content-Type"] = "application/json"
        if prove is not None:
            headers.update(prove(endpoint.method, path, Digest.of(body or b"")))
        if body is None and fields:
            path += "?" + urlencode([(name, text) for name, value in fields.items() for text in _query(value)])
        return Request(endpoint.method, self.address + path, headers, body, timeout_seconds=timeout_seconds)

    def _authorization(self) -> dict[str, str]:
        token = self._token(self.origin)
        if not token:
            return {}
        if not self.origin.keeps_secrets:
            raise TokenNeedsTls(self.origin)
        return {"Authorization": f"Bearer {token}"}

    def _repeat(
        self,
        endpoint: Endpoint[Any, Reply],
        request: Request,
        body: Callable[[], Iterable[bytes]] | None = None,
        length: int | None = None,
    ) -> Reply:
        failures = 0
        is_repeatable = endpoint.is_same_again or KEY_HEADER in request.headers
        while True:
            if body is not None:
                headers = {**request.headers, "Content-Type": "application/octet-stream"}
                request = Request(request.method, request.url, headers, body(), length, request.timeout_seconds)
            try:
                with self._transport.send(request) as exchange:
                    if exchange.status in (endpoint.status, endpoint.known_status):
                        return self._reply(endpoint, exchange)
                    answer = _Refusal.read(exchange)
            except Unreachable:
                failures += 1
                if failures == TRIES or not is_repeatable:
                    raise
                self._pace.sleep(pause_seconds(failures, self._pace.random()))
                continue
            failures += 1
            again = answer.status in _TRY_AGAIN or (answer.status in _GATEWAY and is_repeatable)
            if not again or failures == TRIES or answer.retry_after > LONGEST_RETRY_AFTER_SECONDS:
                error = answer.error(self.origin)
                is_asked_who = isinstance(error, Relayed) and error.code == NotLoggedIn.code
                if is_asked_who and "Authorization" not in request.headers:
                    # No token was sent, so this is ours to tell, and the way out is ours.
                    raise NotLoggedIn(self.origin) from error
                raise error
            self._pace.sleep(pause_seconds(failures, self._pace.random(), answer.retry_after))

    def _reply(self, endpoint: Endpoint[Any, Reply], exchange: Exchange) -> Reply:
        data = exchange.read(ANSWER_BYTES)
        try:
            return wire.decode(data, endpoint.reply)
        except msgspec.DecodeError as error:
            raise BadAnswer(self.origin, endpoint.name, str(error)) from error


class _Refusal(Struct, frozen=True):
    """An answer with another status than the row's."""

    status: int
    asked: str
    kind: str
    body: bytes
    location: str
    retry_after: float

    @classmethod
    def read(cls, exchange: Exchange) -> "_Refusal":
        wait = exchange.header("Retry-After")
        return cls(
            exchange.status,
            exchange.asked,
            exchange.header("Content-Type").partition(";")[0].strip().lower(),
            exchange.read(PROBLEM_BYTES),
            exchange.header("Location"),
            float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else 0.0,
        )

    def error(self, origin: Origin) -> Exception:
        if 300 <= self.status < 400:
            return Redirected(origin, self.location)
        if self.kind == "application/problem+json":
            try:
                problem = wire.decode(self.body, Problem)
            except msgspec.DecodeError as error:
                return BadAnswer(origin, self.asked, f"status {self.status} with a broken problem document: {error}")
            if not _CODE.fullmatch(problem.code):  # it stands in front of everything that is shown
                return BadAnswer(origin, self.asked, f"status {self.status} with a problem whose code is none")
            return shortened(problem)
        if self.status in _TRY_AGAIN:
            return TooManyRequests(origin, self.retry_after)
        if self.status in _GATEWAY:
            return Unreachable(origin, f"status {self.status} from what stands in front of it")
        return BadAnswer(
            origin, self.asked, f"status {self.status} ({kind_of_status(self.status).value}), {self.kind or 'no type'}"
        )


def shortened(problem: Problem) -> Relayed:
    """The server's refusal, its texts cut to what a screen takes: a lying server must not fill it. `ui` escapes and marks them."""
    cut = [text[:_TEXT_CHARACTERS] for text in problem.fix[:5]]
    return relayed(
        msgspec.structs.replace(
            problem,
            title=problem.title[:_TEXT_CHARACTERS],
            facts={name[:40]: text[:_TEXT_CHARACTERS] for name, text in list(problem.facts.items())[:20]},
            why=problem.why[:_TEXT_CHARACTERS],
            fix=cut,
            because=[text[:_TEXT_CHARACTERS] for text in problem.because[:10]],
            request_id=problem.request_id[:100],
        )
    )


def fill(path: str, fields: dict[str, Any]) -> str:
    """`path` with its `{name}`s replaced by the fields of these names, percent-encoded; they are taken out of `fields`."""
    parts = []
    for part in path.split("/"):
        if part.startswith("{") and part.endswith("}"):
            value = str(fields.pop(part[1:-1]))
            # A part that is only dots would be folded away by whatever stands on the way.
            parts.append(quote(value, safe="") if value.strip(".") else value.replace(".", "%2E"))
        else:
            parts.append(part)
    return "/".join(parts)


def _query(value: object) -> list[str]:
    match value:
        case bool():
            return ["true" if value else "false"]
        case list() | tuple():
            return [text for one in value for text in _query(one)]
        case None:
            return []
        case _:
            return [str(value)]
