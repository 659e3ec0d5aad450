"""Each request as a line for `-vv` and for the debug log: method, address, status, and how long its head took. Never a header or a body."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

from packctl.registry.exchange import Exchange, Request, Transport
from packspec.errors import PackError, redact


class Traced:
    """A transport that tells what it sends. `tell` takes one line, and is never called by two threads at once."""

    def __init__(self, inner: Transport, tell: Callable[[str], None], monotonic: Callable[[], float]) -> None:
        self._inner = inner
        self._tell = tell
        self._monotonic = monotonic
        self._lock = Lock()

    @contextmanager
    def send(self, request: Request) -> Iterator[Exchange]:
        """Sends `request`, as `Transport.send` says."""
        began = self._monotonic()
        with ExitStack() as stack:
            try:
                exchange = stack.enter_context(self._inner.send(request))
            except PackError as error:
                self._say(request, error.code, began)
                raise
            self._say(request, str(exchange.status), began)
            yield exchange

    def _say(self, request: Request, end: str, began: float) -> None:
        with self._lock:
            self._tell(f"{request.method} {redact(request.url)}: {end} in {self._monotonic() - began:.2f} s")
