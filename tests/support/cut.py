"""A proxy that cuts an answer after its n-th byte: what a connection does that breaks while the reply is under way."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Cutting:
    """Hands requests on, one connection each, and no more than `after` bytes of the answer back; None: all of it."""

    def __init__(self, upstream: str) -> None:
        found = urlsplit(upstream)
        self._upstream = (str(found.hostname), int(found.port or 80))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.after: int | None = None
        self.only = b""
        """What the first line of a request has whose answer is cut."""
        self.instead: bytes | None = None
        """What such a request is answered with, and the registry not asked."""
        self.answered = 0
        """How many bytes the last answer had."""
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self._listener.shutdown(socket.SHUT_RDWR)  # or the thread in accept would keep it open
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, suppress(OSError):  # a client that has read enough leaves
                self._hand_on(client)

    def _hand_on(self, client: socket.socket) -> None:
        request = _request(client)
        is_meant = self.only in request.partition(b"\r\n")[0]
        if is_meant and self.instead is not None:
            client.sendall(self.instead.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            return
        with socket.create_connection(self._upstream) as server:
            server.sendall(request)
            answer = _answer(server)
        self.answered = len(answer)
        client.sendall(answer[: self.after] if is_meant else answer)


def _request(client: socket.socket) -> bytes:
    """A whole request, told to close its connection, so that the end of the answer is the end of the bytes."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(client)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += _more(client)
    return b"\r\n".join([*lines, b"connection: close", b"", b""]) + body


def _more(client: socket.socket) -> bytes:
    """What came next. Raises ConnectionError where the client left in the middle of its request."""
    data = client.recv(65536)
    if not data:
        raise ConnectionResetError("the client left")
    return data


def _answer(server: socket.socket) -> bytes:
    data = b""
    while chunk := server.recv(65536):
        data += chunk
    return data


@contextmanager
def cutting(upstream: str) -> Iterator[Cutting]:
    """A proxy before `upstream`."""
    proxy = Cutting(upstream)
    try:
        yield proxy
    finally:
        proxy.close()
