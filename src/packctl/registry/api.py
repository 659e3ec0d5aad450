"""The transport of API calls: one httpx client, set up once, HTTP/1.1. Imported when the first call is made.

httpx alone bounds each read of a socket, not an answer, so a server that sends a byte of a header every 29 s could hold a caller for days,
and it unpacks what it is sent without a limit. So the pools below it get sockets that keep a pace (httpcore's public `NetworkBackend`), and
bodies are taken as they travel and unpacked by `Exchange.read`. Chapter: docs/spec/transfer.md.
"""

import ssl
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import ModuleType
from typing import Any, cast

import httpcore

from packctl.registry.exchange import SLOWEST_BYTES_PER_SECOND, Exchange, Request
from packctl.registry.failures import BadAnswer, TlsFailed, TooSlow, Unreachable
from packctl.registry.network import Network, Origin, read_proxy, tls_context

# httpx imports its own command line wherever click and rich are installed, half of its import time, and goes without where that import
# fails. None in sys.modules is Python's documented way to make it fail.
sys.modules.setdefault("httpx._main", cast(ModuleType, None))
import httpx  # noqa: E402

_HUNG_UP = ("Server disconnected", "peer closed connection")
"""How httpcore and h11 begin when the other side ended the connection too early; every other fault of the protocol is no HTTP."""


class Api:
    """API calls over httpx, safe for threads. Close it when the command is done."""

    def __init__(self, network: Network, monotonic: Callable[[], float]) -> None:
        self.network = network
        self._client = httpx.Client(
            transport=_Pools(network, monotonic),
            headers={"User-Agent": network.user_agent, "Accept-Encoding": "identity"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
        )

    @contextmanager
    def send(self, request: Request) -> Iterator[Exchange]:
        """Sends `request` and gives its answer, as `Transport.send` says."""
        origin = Origin.parse(request.url)
        if self.network.is_offline:
            raise Unreachable(origin, "--offline")
        seconds = request.timeout_seconds or self.network.timeout_seconds
        with _translated(origin, request.asked, seconds):
            response = self._client.send(self._prepared(request, seconds), stream=True)
        try:
            yield _Answer(origin, request.asked, seconds, response)
        finally:
            response.close()

    def _prepared(self, request: Request, seconds: float) -> httpx.Request:
        headers = dict(request.headers)
        if request.length is not None:
            headers["Content-Length"] = str(request.length)
        body = request.body
        return self._client.build_request(request.method, request.url, headers=headers, content=body, timeout=seconds)

    def close(self) -> None:
        """Closes every connection."""
        self._client.close()

    def __enter__(self) -> "Api":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Answer(Exchange):
    def __init__(self, origin: Origin, asked: str, seconds: float, response: httpx.Response) -> None:
        self.origin = origin
        self.asked = asked
        self.status = response.status_code
        self._seconds = seconds
        self._response = response

    @property
    def length(self) -> int | None:
        stated = self.header("Content-Length")
        return int(stated) if stated.isascii() and stated.isdigit() and not self.header("Transfer-Encoding") else None

    def header(self, name: str) -> str:
        return str(self._response.headers.get(name, "")).strip()

    def blocks(self) -> Iterator[memoryview]:
        with _translated(self.origin, self.asked, self._seconds):
            for block in self._response.iter_raw():
                yield memoryview(block)


class _Pools(httpx.BaseTransport):
    """A pool of connections for each way out: directly or by a proxy, with TLS or without."""

    def __init__(self, network: Network, monotonic: Callable[[], float]) -> None:
        self._network = network
        self._sockets = _Sockets(monotonic)
        self._pools: dict[tuple[str, str | None], httpcore.ConnectionPool] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request. Raises httpx's errors, as a transport of httpx must."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        pool = self._pool(Origin.parse(str(url.copy_with(raw_path=b"/"))))
        with _in_words_of_httpx():
            response = pool.handle_request(
                httpcore.Request(
                    request.method,
                    target,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response.stream), extensions=response.extensions
        )

    def _pool(self, origin: Origin) -> httpcore.ConnectionPool:
        proxy = self._network.proxy_for(origin)
        way = (origin.scheme, proxy)
        if way not in self._pools:  # two threads may each make one; the second stays, the first ends with its request
            self._pools[way] = httpcore.ConnectionPool(
                ssl_context=tls_context(self._network) if origin.scheme == "https" else None,
                proxy=_proxy(proxy) if proxy else None,
                max_connections=None,
                max_keepalive_connections=self._network.concurrency,
                network_backend=self._sockets,
            )
        return self._pools[way]

    def close(self) -> None:
        """Closes every pool."""
        for pool in self._pools.values():
            pool.close()


def _proxy(address: str) -> httpcore.Proxy:
    host, port, login = read_proxy(address)
    return httpcore.Proxy(httpcore.URL(scheme="http", host=host, port=port, target="/"), auth=login)


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _in_words_of_httpx():
            yield from self._stream

    def close(self) -> None:
        self._stream.close()


class _Sockets(httpcore.NetworkBackend):
    """Opens sockets that keep a pace."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._backend = httpcore.SyncBackend()
        self._monotonic = monotonic

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        return _Paced(self._backend.connect_tcp(host, port, timeout, local_address, socket_options), self._monotonic)


class _Paced(httpcore.NetworkStream):
    """A connection that gives up: from the last byte sent on, every window of the timeout brings its share or is the last."""

    def __init__(self, stream: httpcore.NetworkStream, monotonic: Callable[[], float]) -> None:
        self._stream = stream
        self._monotonic = monotonic
        self._window_ends: float | None = None
        self._in_window = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        seconds = timeout or 0.0
        while True:
            now = self._monotonic()
            if self._window_ends is not None and now >= self._window_ends:
                if self._in_window < SLOWEST_BYTES_PER_SECOND * seconds:
                    raise httpcore.ReadTimeout
                self._window_ends = None
            if self._window_ends is None:
                self._window_ends, self._in_window = now + seconds, 0
            try:
                data = self._stream.read(max_bytes, self._window_ends - now)
            except httpcore.ReadTimeout:
                self._window_ends = now  # this window is over; what it brought decides
                continue
            self._in_window += len(data)
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._window_ends = None
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Paced(self._stream.start_tls(ssl_context, server_hostname, timeout), self._monotonic)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@contextmanager
def _in_words_of_httpx() -> Iterator[None]:
    """httpcore's errors as httpx's of the same names."""
    try:
        yield
    except (
        httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, httpcore.UnsupportedProtocol,
    ) as error:  # fmt: skip
        kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        raise kind(str(error)) from error


@contextmanager
def _translated(origin: Origin, asked: str, seconds: float) -> Iterator[None]:
    """The wall: what httpx raises becomes ours."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise TooSlow(origin, seconds) from error
    except httpx.RemoteProtocolError as error:
        if str(error).startswith(_HUNG_UP):
            raise Unreachable(origin, "the connection ended before the answer did") from error
        raise BadAnswer(origin, asked, "no HTTP") from error
    except httpx.TransportError as error:
        cause = _beneath(error)
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "verify_message", "") or cause.reason or str(cause)
            raise TlsFailed(origin, reason) from error
        reason = (cause.strerror or str(cause)) if cause else str(error)
        raise Unreachable(origin, reason or type(error).__name__) from error
    except httpx.InvalidURL as error:
        raise BadAnswer(origin, asked, "no address that can be asked") from error


def _beneath(error: httpx.TransportError) -> OSError | None:
    """The error of the socket or of TLS that httpcore took for its own. It raises `from None`, so it is no cause but a context."""
    mapped = error.__cause__
    found = mapped.__context__ if mapped else None
    return found if isinstance(found, OSError) else None
