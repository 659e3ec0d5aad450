"""Transfers of a test, into a folder, against whatever server the test has."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from packctl.durable import Folder
from packctl.registry.http import Http
from packctl.registry.network import Network, Pace
from packctl.registry.transfer import Transfers, Wanted
from packspec.digests import Digest
from tests.support.liar import Answer, Asked, Liar

BODY = bytes(range(256)) * 2
NAME = Digest.of(BODY)


class Rig:
    """Transfers into a folder, with pauses noted instead of made."""

    def __init__(self, folder: Path, timeout: float = 5.0) -> None:
        self.path = folder
        self.pauses: list[float] = []
        self.http = Http(Network(timeout_seconds=timeout), time.monotonic)
        self.transfers = Transfers(
            self.http, Folder.open(folder, create=True), Pace(self.http._monotonic, self.pauses.append, lambda: 0.5)
        )

    def fetch(self, liar: Liar, size: int | None = len(BODY), ceiling: int = 1000, digest: Digest = NAME) -> bytes:
        wanted = Wanted(f"{liar.url}/blobs/x", digest, "acme/icons 1.0.0", ceiling, size)
        return (self.path / self.transfers.fetch(wanted)).read_bytes()

    def left(self) -> list[str]:
        return sorted(path.name for path in self.path.iterdir())


def scripted(*answers: bytes | Callable[[Asked], Iterable[bytes]]) -> Answer:
    """The n-th request gets the n-th answer, later ones the last."""

    def serve(asked: Asked) -> Iterable[bytes]:
        chosen = answers[min(asked.number, len(answers) - 1)]
        return [chosen] if isinstance(chosen, bytes) else chosen(asked)

    return serve
