"""Reads the static side of one registry: small files by path, without redirects, below a ceiling, several at once.

Nothing read here is trusted; whoever asks verifies it. Mirrors are asked in their order when the registry cannot be reached, or gives other
bytes than were signed: they serve the same registry, so what they may do is exactly what a network may do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct, field

from packctl.registry.exchange import Request, Transport
from packctl.registry.failures import BadAnswer, Redirected, TooManyRequests, TooSlow, Unreachable
from packctl.registry.network import LONGEST_RETRY_AFTER_SECONDS, TRIES, Origin, Pace, pause_seconds
from packctl.registry.reachable import Reachable
from packctl.trust.reading import Wish
from packspec import site
from packspec.digests import Digest
from packspec.errors import PackError


class Static(Struct):
    """One registry's static side. `addresses` are the registry's own and then its mirrors'.

    `authorize` gives the headers for paths that only some accounts may read; they go to the registry itself, never to a mirror. `asked`
    counts requests, for budgets.
    """

    bulk: Transport
    addresses: Sequence[str]
    pace: Pace
    at_once: int = 8
    authorize: Callable[[Origin], Mapping[str, str]] = lambda origin: {}
    reachable: Reachable = field(default_factory=Reachable)
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
        return self._read(Wish(path, ceiling_bytes))

    def _read(self, wish: Wish) -> bytes | None:
        """The first right answer. The registry's own word that there is no such file counts, a mirror's only where no other has it."""
        refused: PackError | None = None
        wrong, is_missing = None, False
        for address in self.reachable.order(self.addresses):
            is_own = address == self.address
            if is_missing and self.reachable.is_silent(address):
                break
            try:
                data = self._repeat(address, wish.path, wish.ceiling_bytes)
            except (Unreachable, TooSlow, TooManyRequests) as error:
                self.reachable.failed(address)
                refused = error if is_own or refused is None else refused
                continue
            if data is None and is_own:
                return None
            if data is None:
                is_missing = True
            elif wish.sha256 is None or Digest.of(data).same(wish.sha256):
                return data
            else:
                wrong = wrong or data
        if wrong is not None or is_missing or refused is None:
            return wrong  # what is wrong with it is told by whoever asked
        raise refused

    def read_all(self, wanted: Iterable[Wish]) -> list[bytes | None]:
        """Several files at once, in the order asked. Raises as `read`, the first failure in that order."""
        asked = list(wanted)
        if len(asked) < 2:
            return [self._read(one) for one in asked]
        with ThreadPoolExecutor(min(self.at_once, len(asked)), thread_name_prefix="static") as pool:
            return list(pool.map(self._read, asked))

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
        is_own = url.startswith(f"{self.address}/")
        headers = self.authorize(Origin.parse(url)) if is_own and site.cache_of(path) is site.Cache.PRIVATE else {}
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
