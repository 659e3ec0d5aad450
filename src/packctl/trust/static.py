"""Reads the static side of one registry: small files by path, without redirects, below a ceiling, several at once.

Nothing read here is trusted; whoever asks verifies it. Mirrors are asked in their order when the registry cannot be reached: they serve the
same registry, so what they may do is exactly what a network may do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from packctl.registry.exchange import Request, Transport
from packctl.registry.failures import BadAnswer, Redirected, TooManyRequests, TooSlow, Unreachable
from packctl.registry.network import LONGEST_RETRY_AFTER_SECONDS, TRIES, Origin, Pace, pause_seconds
from packctl.trust.reading import Wish
from packspec import site


@dataclass
class Static:
    """One registry's static side. `addresses` are the registry's own and then its mirrors'.

    `authorize` gives the headers for paths that only some accounts may read. `asked` counts requests, for budgets.
    """

    bulk: Transport
    addresses: Sequence[str]
    pace: Pace
    at_once: int = 8
    authorize: Callable[[Origin], Mapping[str, str]] = lambda origin: {}
    asked: int = field(default=0)

    @property
    def address(self) -> str:
        """The registry's own address."""
        return self.addresses[0]

    def read(self, path: str, ceiling_bytes: int) -> bytes | None:
        """The file at `path`; None if there is none.

        Reading ends one byte after the ceiling, and that byte is given too, so that whoever parses the file says in its own words that it
        is too large. Raises Unreachable, TlsFailed, TooSlow, BadAnswer, Redirected, TooManyRequests.
        """
        for number, address in enumerate(self.addresses, 1):
            try:
                return self._repeat(address, path, ceiling_bytes)
            except (Unreachable, TooSlow, TooManyRequests):
                if number == len(self.addresses):
                    raise
        raise AssertionError("a registry has an address")

    def read_all(self, wanted: Iterable[Wish]) -> list[bytes | None]:
        """Several files at once, in the order asked. Raises as `read`, the first failure in that order."""
        asked = list(wanted)
        if len(asked) < 2:
            return [self.read(one.path, one.ceiling_bytes) for one in asked]
        with ThreadPoolExecutor(min(self.at_once, len(asked)), thread_name_prefix="static") as pool:
            return list(pool.map(lambda one: self.read(one.path, one.ceiling_bytes), asked))

    def _repeat(self, address: str, path: str, ceiling_bytes: int) -> bytes | None:
        failures = 0
        while True:
            try:
                return self._once(f"{address}/{path}", path, ceiling_bytes)
            except (Unreachable, TooSlow, TooManyRequests) as error:
                failures += 1
                wait = error.wait_seconds if isinstance(error, TooManyRequests) else 0.0
                # TooSlow is not repeated: it already cost the person a whole timeout.
                if failures == TRIES or wait > LONGEST_RETRY_AFTER_SECONDS or isinstance(error, TooSlow):
                    raise
                self.pace.sleep(pause_seconds(failures, self.pace.random(), wait))

    def _once(self, url: str, path: str, ceiling_bytes: int) -> bytes | None:
        self.asked += 1
        headers = self.authorize(Origin.parse(url)) if site.cache_of(path) is site.Cache.PRIVATE else {}
        with self.bulk.send(Request("GET", url, headers)) as exchange:
            status = exchange.status
            if status == 200:
                encoding = exchange.header("Content-Encoding").lower()
                if encoding not in ("", "identity"):
                    raise BadAnswer(exchange.origin, exchange.asked, f"packed as {encoding[:20]} though asked not to")
                return _up_to(exchange.blocks(), ceiling_bytes + 1)
            if status in (403, 404, 410):
                return None
            if 300 <= status < 400:
                raise Redirected(exchange.origin, exchange.header("Location"))
            if status in (429, 503):
                wait = exchange.header("Retry-After")
                raise TooManyRequests(exchange.origin, float(wait) if wait.isdigit() and len(wait) < 7 else 0.0)
            if status >= 500:
                raise Unreachable(exchange.origin, f"status {status}")
            raise BadAnswer(exchange.origin, exchange.asked, f"status {status}")


def _up_to(blocks: Iterable[memoryview], most: int) -> bytes:
    data = bytearray()
    for block in blocks:
        data += block[: most - len(data)]
        if len(data) == most:
            break
    return bytes(data)
