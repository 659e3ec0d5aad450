"""The transport of bulk: connections kept alive, through proxies, checked by TLS, and never slower than a stated pace.

It stands on `http.client`, which streams a body with SHA-256 three times as fast as httpx (docs/adr/0012-http-client.md); the calls of the
API go through `api`. Below `http.client` a reader of our own (`paced`) ends what drips in byte by byte. Chapter: docs/spec/transfer.md.
"""

import base64
import http.client
import io
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from packctl.registry.exchange import BLOCK_BYTES, Exchange, Request
from packctl.registry.failures import BadAnswer, TlsFailed, TooSlow, Unreachable
from packctl.registry.network import Network, Origin, read_proxy, target_of, tls_context
from packctl.registry.paced import Paced


class _Wire:
    """A connection and how to talk through it: directly, or by a proxy."""

    def __init__(self, origin: Origin, network: Network, context: Callable[[], ssl.SSLContext]) -> None:
        proxy = network.proxy_for(origin)
        self.prefix = ""
        self.headers: dict[str, str] = {}
        self.is_used = False
        host, port = origin.host, origin.port
        credentials: dict[str, str] = {}
        if proxy:
            host, port, login = read_proxy(proxy)
            if login is not None:
                pair = base64.b64encode(":".join(login).encode()).decode()
                credentials["Proxy-Authorization"] = f"Basic {pair}"
        if origin.scheme == "https":
            self.connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=network.timeout_seconds, context=context()
            )
            if proxy:
                self.connection.set_tunnel(origin.host, origin.port, credentials)
        else:
            self.connection = http.client.HTTPConnection(host, port, timeout=network.timeout_seconds)
            if proxy:
                self.prefix, self.headers = origin, credentials

    def is_dropped(self) -> bool:
        """Whether the other side closed it, or said something unasked, while it lay idle."""
        sock = self.connection.sock
        if sock is None:
            return True
        readable, _, _ = select.select([sock], [], [], 0) if sock.fileno() < 1024 else ([], [], [])
        return bool(readable)

    def close(self) -> None:
        self.connection.close()


class _Answer(Exchange):
    """An answer over a connection, which is kept only if the body was read to its end."""

    def __init__(self, origin: Origin, request: Request, seconds: float, response: http.client.HTTPResponse) -> None:
        self.origin = origin
        self.asked = request.asked
        self.status = response.status
        self._seconds = seconds
        self._response = response
        self._length: int | None = response.length
        self._read = 0
        self.is_complete = response.isclosed() or response.length == 0

    def header(self, name: str) -> str:
        return self._response.headers.get(name, "").strip()

    @property
    def length(self) -> int | None:
        return self._length

    def blocks(self) -> Iterator[memoryview]:
        buffer = memoryview(bytearray(min(self._length or BLOCK_BYTES, BLOCK_BYTES)))
        while count := self._read_into(buffer):
            yield buffer[:count]

    def _read_into(self, buffer: memoryview) -> int:
        """Fills `buffer` as far as the body goes; 0 at its end. Raises if the body ends before its stated length."""
        with _translated(self.origin, self.asked, self._seconds):
            count = self._response.readinto(buffer)
            self._read += count
            if count == 0:
                if self._length is not None and self._read < self._length:
                    raise http.client.IncompleteRead(b"", self._length - self._read)
                self.is_complete = True
            return count

    @property
    def can_be_kept(self) -> bool:
        """Whether the connection can carry another request."""
        return self.is_complete and not self._response.will_close

    def close(self) -> None:
        self._response.close()


class Http:
    """A pool of connections, safe for threads. Close it when the command is done."""

    def __init__(self, network: Network, monotonic: Callable[[], float]) -> None:
        self.network = network
        self._monotonic = monotonic
        self._idle: dict[Origin, list[_Wire]] = {}
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None

    @contextmanager
    def send(self, request: Request) -> Iterator[Exchange]:
        """Sends `request` and gives its answer, as `Transport.send` says."""
        origin = Origin.parse(request.url)
        if self.network.is_offline:
            raise Unreachable(origin, "--offline")
        seconds = request.timeout_seconds or self.network.timeout_seconds
        answer, wire = self._answer(origin, request, seconds)
        try:
            yield answer
        finally:
            keep = answer.can_be_kept
            answer.close()
            if keep:
                self._put_back(origin, wire)
            else:
                wire.close()

    def _answer(self, origin: Origin, request: Request, seconds: float) -> tuple[_Answer, _Wire]:
        wire = self._take(origin)
        try:
            with _translated(origin, request.asked, seconds):
                return _Answer(origin, request, seconds, self._speak(wire, origin, request, seconds)), wire
        except Unreachable:
            wire.close()
            # The other side may close an idle connection just as we use it. Then a fresh one is no second try.
            if not (wire.is_used and request.is_repeatable and not isinstance(request.body, Iterator)):
                raise
        except BaseException:
            wire.close()
            raise
        return self._answer(origin, request, seconds)

    def _speak(self, wire: _Wire, origin: Origin, request: Request, seconds: float) -> http.client.HTTPResponse:
        connection = wire.connection
        connection.response_class = self._response_class(seconds, request.is_unwanted or _never)  # type: ignore[assignment]  # a factory does as well
        if connection.sock is None:
            connection.connect()
        sock: socket.socket = connection.sock
        sock.settimeout(seconds)
        headers = {
            "User-Agent": self.network.user_agent,
            "Accept-Encoding": "identity",
            **wire.headers,
            **request.headers,
        }
        if request.length is not None:
            headers["Content-Length"] = str(request.length)
        try:
            connection.request(request.method, wire.prefix + target_of(request.url), request.body, headers)
        except (BrokenPipeError, ConnectionResetError):
            if request.body is None:
                raise
            # Whoever refuses a long body answers and hangs up while we still send; the answer says why.
        response = connection.getresponse()
        response.fp.raw.in_body = True  # type: ignore[attr-defined]  # our Paced
        return response

    def _response_class(
        self, seconds: float, is_unwanted: Callable[[], bool]
    ) -> Callable[..., http.client.HTTPResponse]:
        def make(sock: socket.socket, *args: Any, **named: Any) -> http.client.HTTPResponse:
            response = http.client.HTTPResponse(sock, *args, **named)
            raw = response.fp.detach()  # a BufferedReader, says http.client
            response.fp = io.BufferedReader(Paced(raw, sock, seconds, self._monotonic, is_unwanted))
            return response

        return make

    def _take(self, origin: Origin) -> _Wire:
        while True:
            with self._lock:
                idle = self._idle.get(origin)
                wire = idle.pop() if idle else None
            if wire is None:
                return _Wire(origin, self.network, self._tls)
            if not wire.is_dropped():
                wire.is_used = True
                return wire
            wire.close()

    def _put_back(self, origin: Origin, wire: _Wire) -> None:
        with self._lock:
            idle = self._idle.setdefault(origin, [])
            if len(idle) < self.network.concurrency:
                idle.append(wire)
                return
        wire.close()

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = tls_context(self.network)
        return self._context

    def close(self) -> None:
        """Closes every idle connection."""
        with self._lock:
            wires = [wire for idle in self._idle.values() for wire in idle]
            self._idle.clear()
        for wire in wires:
            wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _never() -> bool:
    return False


@contextmanager
def _translated(origin: Origin, asked: str, seconds: float) -> Iterator[None]:
    """The wall: what sockets, TLS and http.client raise becomes ours."""
    try:
        yield
    except TimeoutError as error:
        raise TooSlow(origin, seconds) from error
    except ssl.SSLError as error:
        raise TlsFailed(origin, getattr(error, "verify_message", "") or error.reason or str(error)) from error
    except http.client.RemoteDisconnected as error:
        raise Unreachable(origin, "it closed the connection without an answer") from error
    except http.client.IncompleteRead as error:
        raise Unreachable(origin, "the connection ended in the middle of an answer") from error
    except (http.client.HTTPException, ValueError) as error:
        raise BadAnswer(origin, asked, f"no HTTP: {type(error).__name__}") from error
    except OSError as error:
        raise Unreachable(origin, error.strerror or str(error)) from error
