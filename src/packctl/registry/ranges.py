"""`RangeSource`: an archive on a registry, read piece by piece with HTTP ranges."""

from collections.abc import Mapping

from packctl.registry.exchange import Request, Transport
from packctl.registry.failures import BadAnswer
from packctl.registry.transfer import answer_to


class RangesRefused(BadAnswer):
    """The server gave the whole file where a part was asked for. The caller then fetches the whole archive on purpose."""


class RangeSource:
    """A `packspec.archive.ByteSource` over HTTP. Its bytes are unverified: each file's digest is compared by whoever reads it."""

    def __init__(
        self, bulk: Transport, url: str, size: int, name: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self._bulk = bulk
        self._url = url
        self._size = size
        self._name = name
        self._headers = dict(headers or {})
        self.requests = 0
        self.bytes_read = 0

    @property
    def size(self) -> int:
        """Bytes of the archive, as signed."""
        return self._size

    def read_at(self, offset: int, length: int) -> bytes:
        """The `length` bytes from `offset` on, by one request. Raises RangesRefused, and what a transfer raises."""
        if length == 0:
            return b""
        last = offset + length - 1
        request = Request("GET", self._url, {**self._headers, "Range": f"bytes={offset}-{last}"})
        self.requests += 1
        with answer_to(self._bulk, request, self._name) as exchange:
            if exchange.status != 206:
                raise RangesRefused(exchange.origin, exchange.asked, f"status {exchange.status} instead of a part")
            if not exchange.header("Content-Range").startswith(f"bytes {offset}-{last}/"):
                raise BadAnswer(exchange.origin, exchange.asked, "another part than asked")
            data = exchange.read(length)
        self.bytes_read += len(data)
        if len(data) != length:
            raise BadAnswer(exchange.origin, exchange.asked, f"{len(data)} bytes instead of {length}")
        return data
