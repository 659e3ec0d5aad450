"""`Paced`: bytes of a connection that must keep up a pace, and that somebody must still want; what `http.client` reads through."""

import errno
import io
import socket
from collections.abc import Callable
from typing import Any

from packctl.registry.exchange import SLOWEST_BYTES_PER_SECOND
from packctl.registry.failures import Cancelled

GLANCE_SECONDS = 0.25
"""How often whoever waits for bytes looks whether anybody still wants them."""


class Paced(io.RawIOBase):
    """The reading side of a socket that gives up: the head must be complete within one window, the body bring its share in each."""

    def __init__(
        self,
        raw: Any,
        sock: socket.socket,
        seconds: float,
        monotonic: Callable[[], float],
        is_unwanted: Callable[[], bool],
    ) -> None:
        self._is_unwanted = is_unwanted
        self._raw = raw  # http.client's own reader of the socket, which counts who still uses it; after a timeout it reads no more
        self._sock = sock
        self._seconds = seconds
        self._monotonic = monotonic
        self._window_ends = monotonic() + seconds
        self._in_window = self._total = 0
        self.in_body = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            left = self._window_ends - self._monotonic()
            if left <= 0:
                if not self.in_body or self._in_window < SLOWEST_BYTES_PER_SECOND * self._seconds:
                    raise TimeoutError
                left, self._in_window = self._seconds, 0
                self._window_ends = self._monotonic() + left
            self._sock.settimeout(min(left, GLANCE_SECONDS))
            try:
                count = self._sock.recv_into(buffer)
            except TimeoutError:
                if self._is_unwanted():
                    raise Cancelled from None
                if left <= GLANCE_SECONDS:
                    self._window_ends = self._monotonic()  # this window is over; what it brought decides
                continue
            break
        self._total += count
        self._in_window += count
        if count == 0 and self._total and not self.in_body:
            # http.client takes the end of the connection for the end of the head.
            raise ConnectionResetError(errno.ECONNRESET, "the connection ended in the head of an answer")
        return count

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._raw.close()
