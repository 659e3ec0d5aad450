"""Calls over httpx where the wire itself does what neither our server nor a socket in a test can be made to do."""

import gzip
import time
from collections.abc import Iterator

import httpx
import pytest
import respx

from packctl.registry.api import Api
from packctl.registry.client import RegistryClient
from packctl.registry.failures import BadAnswer, Redirected, TooManyRequests, TooSlow, Unreachable
from packctl.registry.network import Network, Pace
from packspec.errors import Anonymous, Invalid, PackError, Unavailable
from packspec.problems import Relayed
from packspec.protocol import access
from packspec.protocol.accounts import WHOAMI
from packspec.protocol.endpoint import Nothing
from tests.support.invariants import clean_refusal

ADDRESS = "https://registry.example"
ME = b'{"account":"mia","display_name":"Mia","roles":[],"token":"T-1","scopes":["read"],"token_expires_at":1790000000}'
PROBLEM = {"Content-Type": "application/problem+json"}


class Wire:
    """A client whose wire answers as a test says, and the pauses it made."""

    def __init__(self, router: respx.Router) -> None:
        self.pauses: list[float] = []
        self.router = router
        self.me = router.get(f"{ADDRESS}{WHOAMI.path}")
        self.make = router.post(f"{ADDRESS}{access.CREATE.path}")
        pace = Pace(time.monotonic, self.pauses.append, lambda: 0.5)
        self.client = RegistryClient(ADDRESS, Api(Network(), time.monotonic), pace, lambda origin: None)

    def ask(self) -> str:
        """Who we are, as an example of a read."""
        return self.client.call(WHOAMI, Nothing()).account

    def write(self) -> None:
        """Makes a token, as an example of what must not happen twice."""
        self.client.call(access.CREATE, access.CreateToken(["read"]))


class Sent(httpx.SyncByteStream):
    """Blocks as they travel, and then perhaps a failure."""

    def __init__(self, *parts: bytes | Exception) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            yield part


@pytest.fixture
def wire() -> Iterator[Wire]:
    with respx.mock(assert_all_called=False) as router:
        yield Wire(router)


def test_what_httpx_brings_is_typed(wire: Wire) -> None:
    wire.me.respond(200, content=ME)
    assert wire.ask() == "mia"
    [call] = wire.me.calls
    assert call.request.extensions["timeout"] == {"connect": 30.0, "read": 30.0, "write": 30.0, "pool": 30.0}


@pytest.mark.parametrize("failure", [httpx.ConnectTimeout, httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout])
def test_C10_each_timeout_is_too_slow_and_not_tried_again(wire: Wire, failure: type[Exception]) -> None:
    wire.me.side_effect = failure("it took long")
    with pytest.raises(TooSlow) as refused:
        wire.ask()
    clean_refusal(refused.value)
    assert wire.me.call_count == 1


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (httpx.ConnectError("[Errno -2] Name or service not known"), "[Errno -2] Name or service not known"),
        (httpx.ReadError(""), "ReadError"),
        (httpx.WriteError("[Errno 32] Broken pipe"), "[Errno 32] Broken pipe"),
        (httpx.ProxyError("407 Proxy Authentication Required"), "407 Proxy Authentication Required"),
        (
            httpx.UnsupportedProtocol("Request URL has an unsupported protocol"),
            "Request URL has an unsupported protocol",
        ),
        (
            httpx.RemoteProtocolError("Server disconnected without sending a response."),
            "the connection ended before the answer did",
        ),
        (
            httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body (received 3 bytes, expected 9)"
            ),
            "the connection ended before the answer did",
        ),
    ],
)
def test_a_failure_of_the_network_is_unreachable_after_four_tries_of_a_read(
    wire: Wire, failure: Exception, reason: str
) -> None:
    wire.me.side_effect = failure
    with pytest.raises(Unreachable) as refused:
        wire.ask()
    clean_refusal(refused.value)
    assert refused.value.facts() == {"reason": reason}
    assert wire.me.call_count == 4
    assert wire.pauses == [0.125, 0.25, 0.5]


def test_a_write_is_never_repeated_after_a_failure_of_the_network(wire: Wire) -> None:
    wire.make.side_effect = httpx.ReadError("reset")
    with pytest.raises(Unreachable):
        wire.write()
    assert wire.make.call_count == 1


def test_what_is_no_http_is_a_bad_answer(wire: Wire) -> None:
    wire.me.side_effect = httpx.RemoteProtocolError("illegal status line")
    with pytest.raises(BadAnswer) as refused:
        wire.ask()
    clean_refusal(refused.value)


def test_C10_a_timeout_in_the_middle_of_a_body_is_too_slow(wire: Wire) -> None:
    wire.me.respond(200, stream=Sent(ME[:20], httpx.ReadTimeout("it took long")))
    with pytest.raises(TooSlow):
        wire.ask()


def test_a_cut_in_the_middle_of_a_body_is_read_again(wire: Wire) -> None:
    cut = httpx.RemoteProtocolError(
        "peer closed connection without sending complete message body (incomplete chunked read)"
    )
    wire.me.side_effect = [httpx.Response(200, stream=Sent(ME[:20], cut)), httpx.Response(200, content=ME)]
    assert wire.ask() == "mia"


@pytest.mark.parametrize(
    "status", [100, 101, 199, 201, 202, 204, 206, 299, 400, 405, 418, 451, 499, 500, 501, 505, 599]
)
def test_C21_an_odd_status_without_a_problem_is_a_bad_answer(wire: Wire, status: int) -> None:
    wire.me.respond(status, content=ME)
    with pytest.raises(BadAnswer) as refused:
        wire.ask()
    clean_refusal(refused.value)
    assert wire.me.call_count == 1


@pytest.mark.parametrize(
    ("status", "error", "asked"),
    [
        (300, Redirected, 1), (304, Redirected, 1), (399, Redirected, 1),
        (429, TooManyRequests, 4), (503, TooManyRequests, 4),
        (502, Unreachable, 4), (504, Unreachable, 4),
    ],
)  # fmt: skip
def test_a_status_of_what_stands_in_front_is_told_as_that(
    wire: Wire, status: int, error: type[PackError], asked: int
) -> None:
    wire.me.respond(status, headers={"Location": "https://elsewhere.example/"})
    with pytest.raises(error) as refused:
        wire.ask()
    clean_refusal(refused.value)
    assert wire.me.call_count == asked


@pytest.mark.parametrize(
    "document",
    [
        b"", b"null", b"[]", b"{}", b'"no"', b'{"title":"x"}', b"\xff\xfe",
        b'{"type":"/","title":"x","status":"403","kind":"denied","code":"a.b"}',
        b'{"type":"/","title":null,"status":403,"kind":"denied","code":"a.b"}', b'{"type":"/","title":"x","status":403,"kind":"denied"}',
        b'{"type":"/","title":"x","status":403,"kind":"denied","code":"a.b","fix":"rm -rf /"}',
        b'{"type":"/","title":"x","status":403,"kind":"denied","code":"a.b","facts":{"a":1}}',
        b'{"type":"/","title":"x","status":1e999,"kind":"denied","code":"a.b"}', b"[" * 5000,
    ],
)  # fmt: skip
def test_C21_a_broken_problem_document_is_a_bad_answer(wire: Wire, document: bytes) -> None:
    wire.me.respond(403, content=document, headers=PROBLEM)
    with pytest.raises(BadAnswer) as refused:
        wire.ask()
    clean_refusal(refused.value)


def test_a_problem_whose_words_contradict_its_status_is_believed_by_its_kind(wire: Wire) -> None:
    told = b'{"type":"/","title":"log in","status":200,"kind":"anonymous","code":"access.x","new_member":[1]}'
    wire.me.respond(500, content=told, headers=PROBLEM)
    with pytest.raises(Anonymous) as refused:
        wire.ask()
    assert isinstance(refused.value, Relayed)
    wire.me.respond(418, content=told.replace(b"anonymous", b"of-the-future"), headers=PROBLEM)
    with pytest.raises(Invalid):
        wire.ask()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Encoding": "gzip"}, ME),
        ({"Content-Encoding": "gzip"}, gzip.compress(ME)[:-1]),
        ({"Content-Encoding": "gzip"}, gzip.compress(ME)[:30]),
        ({"Content-Encoding": "gzip"}, gzip.compress(ME) * 2),
        ({"Content-Encoding": "gzip"}, gzip.compress(ME)[:-8] + b"\0" * 8),
        ({"Content-Encoding": "gzip, identity"}, gzip.compress(ME)),
        ({"Content-Encoding": "deflate"}, ME),
    ],
)
def test_C11_broken_gzip_and_other_packings_are_bad_answers(wire: Wire, headers: dict[str, str], body: bytes) -> None:
    wire.me.respond(200, stream=Sent(body), headers=headers)
    with pytest.raises(BadAnswer) as refused:
        wire.ask()
    clean_refusal(refused.value)


def test_C15_a_token_does_not_follow_a_redirect_and_no_cookie_comes_back(wire: Wire) -> None:
    wire.me.side_effect = [
        httpx.Response(307, headers={"Location": "https://evil.example/", "Set-Cookie": "id=1"}),
        httpx.Response(200, content=ME, headers={"Set-Cookie": "id=2"}),
        httpx.Response(200, content=ME),
    ]
    with pytest.raises(Redirected):
        wire.ask()
    wire.ask()
    wire.ask()
    assert [call.request.url.host for call in wire.router.calls] == ["registry.example"] * 3
    assert [call.request.headers.get("cookie") for call in wire.router.calls] == [None] * 3


def test_every_failure_that_httpx_can_have_is_ours(wire: Wire) -> None:
    kinds = [kind for kind in vars(httpx).values() if isinstance(kind, type) and issubclass(kind, httpx.TransportError)]
    assert len(kinds) >= 14
    for kind in kinds:
        wire.make.side_effect = kind("secret pkt_abcdefgh12345678")
        with pytest.raises(Unavailable) as refused:
            wire.write()
        clean_refusal(refused.value)
