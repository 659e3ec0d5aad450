"""Many clients at once, each asking again when it has its answer: `python -m benchmarks.crowd CLIENTS < requests.json`.

A process of its own and one thread of it, with requests that are written before the first is sent, so that the server is measured and not
the clients. Reads `{"address": "HOST:PORT", "requests": ["...", ...]}`; prints the milliseconds of each answer.
"""

import json
import selectors
import socket
import sys
import time

END_OF_HEAD = b"\r\n\r\n"


class Client:
    """One connection."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._began = 0.0
        self._got = b""

    def ask(self, request: bytes) -> None:
        """Sends a request."""
        self._got = b""
        self._began = time.perf_counter()
        self.socket.sendall(request)

    def answered(self) -> float | None:
        """Takes what is there; the milliseconds since the request, if that is the whole answer. Raises RuntimeError for a refusal."""
        if not (piece := self.socket.recv(1 << 16)):
            raise RuntimeError("the server closed a connection before its answer")
        self._got += piece
        head, found, body = self._got.partition(END_OF_HEAD)
        if not found:
            return None
        lines = head.lower().split(b"\r\n")
        length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
        if len(body) < length:
            return None
        if not lines[0].split()[1].startswith(b"2"):
            raise RuntimeError(body.decode())
        return (time.perf_counter() - self._began) * 1000


def compete(address: tuple[str, int], requests: list[bytes], clients: int) -> list[float]:
    """Milliseconds of each of `requests`, asked by so many clients."""
    left = iter(requests)
    took: list[float] = []
    with selectors.DefaultSelector() as waiting:
        asking = [Client(address) for _ in range(clients)]
        for client, request in zip(asking, left, strict=False):
            waiting.register(client.socket, selectors.EVENT_READ, client)
            client.ask(request)
        while len(took) < len(requests):
            for key, _ in waiting.select():
                if (milliseconds := key.data.answered()) is None:
                    continue
                took.append(milliseconds)
                if (following := next(left, None)) is not None:
                    key.data.ask(following)
    return took


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    host, _, port = asked["address"].rpartition(":")
    print(json.dumps(compete((host, int(port)), [one.encode() for one in asked["requests"]], int(sys.argv[1]))))
