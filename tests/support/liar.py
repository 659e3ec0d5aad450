"""The liar: a socket that answers exactly the bytes a test wants, cut, slow, endless or wrong; and it remembers what it was asked."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import IO


@dataclass
class Asked:
    """One request as it arrived. `number` counts requests of this liar from 0."""

    number: int
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[Asked], Iterable[bytes]]


class HangUp(Exception):
    """Raised by an answer to close the connection at once."""


@dataclass
class Liar:
    """Serves on a port of loopback while in a `with`. `answer` gives the bytes to send; without Content-Length end with HangUp."""

    answer: Answer
    tls: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __enter__(self) -> "Liar":
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)  # or the thread in accept would keep it open
        self._socket.close()

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def came(self, count: int) -> bool:
        """Whether so many requests came and no more: a client that gave up may be gone a moment before its last one is read."""
        for _ in range(2000):
            if len(self.asked) >= count:
                break
            time.sleep(0.01)
        return len(self.asked) == count

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as reader:
                while asked := self._read(reader):
                    for data in self.answer(asked):
                        connection.sendall(data)
        except (OSError, HangUp):
            connection.close()

    def _read(self, reader: IO[bytes]) -> Asked | None:
        first = reader.readline().decode("latin-1").split(" ")
        if len(first) < 2:
            return None
        headers: dict[str, str] = {}
        while (line := reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        body = reader.read(int(headers.get("content-length", "0"))) or b""
        if headers.get("transfer-encoding") == "chunked":
            while size := int(reader.readline() or b"0", 16):  # no line at all: the client left
                body += reader.read(size) or b""
                reader.readline()
            reader.readline()
        with self._counting:
            asked = Asked(len(self.asked), first[0], first[1], headers, body)
            self.asked.append(asked)
        return asked


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer. Header names with `_` for `-`; Content-Length is set unless given (empty: left out)."""
    named = {"Content-Length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Told"] + [f"{name}: {value}" for name, value in named.items() if value]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def cut(data: bytes, at: int) -> Iterable[bytes]:
    """The first `at` bytes of an answer, then the connection ends."""
    yield data[:at]
    raise HangUp


def file_server(body: bytes, tag: str = '"one"') -> Answer:
    """Serves `body` under every path as a good static server does, ranges included."""

    def serve(asked: Asked) -> Iterable[bytes]:
        wanted = asked.headers.get("range")
        if wanted and asked.headers.get("if-range", tag) == tag:
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, end = int(first), min(int(last or len(body)), len(body) - 1)
            part = body[start : end + 1]
            return [answer(206, part, ETag=tag, Content_Range=f"bytes {start}-{end}/{len(body)}")]
        return [answer(200, body, ETag=tag)]

    return serve
