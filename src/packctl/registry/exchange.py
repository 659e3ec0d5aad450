"""One request and its answer, whatever carries them: `Transport` is all that callers know of the libraries that open sockets.

Two modules are transports: `http` carries the bytes of packs, `api` the calls of the API (docs/adr/0012-http-client.md). Both are kept to
the same rules, and either can stand in for the other: no redirects, no cookies, no secrets from the environment, an answer that begins in
time and then brings at least 1 KiB a second, and the same errors.
"""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol
from urllib.parse import urlsplit

from msgspec import Struct, field

from packctl.registry.failures import BadAnswer
from packctl.registry.network import Origin

SLOWEST_BYTES_PER_SECOND = 1024
"""A body brings at least this, over windows of the timeout."""
BLOCK_BYTES = 256 * 1024


class Request(Struct, frozen=True):
    """One request. `body` may be read once; with an iterable, `length` says how many bytes it gives."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Iterable[bytes] | None = None
    length: int | None = None
    timeout_seconds: float | None = None
    """Instead of the network's own, for answers that take long to make."""

    is_unwanted: Callable[[], bool] | None = None
    """Asked while an answer is waited for: once it says so, waiting ends with Cancelled."""

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice does what sending it once does."""
        return self.method in ("GET", "HEAD", "PUT", "DELETE")

    @property
    def asked(self) -> str:
        """How it is called in texts: method and path."""
        return f"{self.method} {urlsplit(self.url).path}"


class Exchange(ABC):
    """An answer whose head has arrived, open until the `with` of `Transport.send` ends.

    Reading raises Unreachable (also when the body ends before its stated length), TlsFailed, TooSlow and BadAnswer.
    """

    origin: Origin
    asked: str
    status: int

    @property
    @abstractmethod
    def length(self) -> int | None:
        """Bytes of the body as it travels, where the answer says so."""

    @abstractmethod
    def header(self, name: str) -> str:
        """A header's value, empty if it is absent."""

    @abstractmethod
    def blocks(self) -> Iterator[memoryview]:
        """The body as it travels, block by block; each block may be overwritten by the next."""

    def read(self, ceiling_bytes: int) -> bytes:
        """The whole body, unpacked if it is packed with gzip, at most `ceiling_bytes`.

        Raises BadAnswer if there is more, having read no more than a block beyond, for broken gzip, and for any other packing.
        """
        blocks: Iterable[bytes | memoryview] = self.blocks()
        match self.header("Content-Encoding").lower():
            case "" | "identity":
                if self.length is not None and self.length > ceiling_bytes:
                    raise self._too_much(ceiling_bytes)
            case "gzip":
                blocks = self._unpacked(blocks)
            case other:
                raise BadAnswer(self.origin, self.asked, f"packed as {other[:20]}")
        data = bytearray()
        for block in blocks:
            data += block[: ceiling_bytes + 1 - len(data)]
            if len(data) > ceiling_bytes:
                raise self._too_much(ceiling_bytes)
        return bytes(data)

    def _too_much(self, ceiling_bytes: int) -> BadAnswer:
        return BadAnswer(self.origin, self.asked, f"more than {ceiling_bytes} bytes")

    def _unpacked(self, blocks: Iterable[bytes | memoryview]) -> Iterator[bytes]:
        """One gzip member, a block at a time: 64 KiB can hold 64 MiB, so nothing is unpacked before the last block was taken."""
        unpacker = zlib.decompressobj(wbits=31)
        try:
            for packed in blocks:
                left = bytes(packed)
                while True:
                    block = unpacker.decompress(left, BLOCK_BYTES)
                    left = unpacker.unconsumed_tail
                    yield block
                    if not left and len(block) < BLOCK_BYTES:
                        break
                if unpacker.unused_data:
                    raise BadAnswer(self.origin, self.asked, "something follows its gzip")
        except zlib.error as error:
            raise BadAnswer(self.origin, self.asked, "broken gzip") from error
        if not unpacker.eof:
            raise BadAnswer(self.origin, self.asked, "gzip without its end")


class Transport(Protocol):
    """What sends a request and gives the head of its answer."""

    def send(self, request: Request) -> AbstractContextManager[Exchange]:
        """Sends `request` and gives its answer, whatever its status: redirects too.

        Raises BadAddress, Unreachable, TlsFailed, TooSlow, BadAnswer; the latter four also while the body is read.
        """
        ...
