"""Uploads: by digest, in pieces, continued after a cut, and nothing sent twice."""

import time
from collections.abc import Iterable

import pytest

from packctl.registry import upload as module
from packctl.registry.api import Api
from packctl.registry.client import RegistryClient
from packctl.registry.failures import Unreachable
from packctl.registry.network import Network, Pace
from packctl.registry.upload import upload
from packspec import wire
from packspec.archive import BytesSource
from packspec.digests import Digest
from packspec.problems import Problem
from packspec.protocol.uploads import UploadState
from tests.support.liar import Asked, HangUp, Liar, answer

DATA = bytes(range(256)) * 40
NAME = Digest.of(DATA)


class Staging:
    """The registry's side of one upload, which drops the connections of the pieces whose numbers are in `lost`."""

    def __init__(self, lost: frozenset[int] = frozenset(), keeps: int = 0) -> None:
        self.received = bytearray()
        self.complete = False
        self.pieces = 0
        self.lost = lost
        self.keeps = keeps
        """Bytes of a lost piece that arrived before the connection broke."""

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        if asked.method == "PUT":
            self.pieces += 1
            if self.pieces in self.lost:
                self.received += asked.body[: self.keeps]
                raise HangUp
            if f"offset={len(self.received)}" not in asked.target:
                problem = Problem("/errors/x", "another offset", 409, "conflict", "publishing.upload-offset")
                return [answer(409, wire.encode(problem), Content_Type="application/problem+json")]
            self.received += asked.body
        if asked.target.endswith("/finish"):
            self.complete = Digest.of(bytes(self.received)) == NAME
        state = UploadState(
            digest=NAME, size=len(DATA), received=len(self.received), complete=self.complete, expires_at=0
        )
        return [answer(200, wire.encode(state))]


def send(staging: Staging, seen: list[int] | None = None) -> UploadState:
    with Liar(staging) as liar:
        pace = Pace(time.monotonic, lambda seconds: None, lambda: 0.5)
        client = RegistryClient(liar.url, Api(Network(), time.monotonic), pace, lambda origin: None)
        return upload(client, BytesSource(DATA), NAME, pace, (seen if seen is not None else []).append)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE_BYTES", 3000)
    monkeypatch.setattr(module, "BLOCK_BYTES", 700)


def test_all_bytes_arrive_in_order_and_progress_is_told() -> None:
    staging, seen = Staging(), list[int]()
    assert send(staging, seen).complete
    assert bytes(staging.received) == DATA
    assert seen == [0, 3000, 6000, 9000, 10240]


def test_an_upload_that_began_earlier_is_continued() -> None:
    staging = Staging()
    staging.received += DATA[:9500]
    assert send(staging).complete
    assert staging.pieces == 1


def test_bytes_that_are_there_are_not_sent() -> None:
    staging = Staging()
    staging.received, staging.complete = bytearray(DATA), True
    assert send(staging).complete
    assert staging.pieces == 0


@pytest.mark.parametrize("keeps", [0, 1, 2999, 3000])
def test_R22_after_a_lost_piece_the_upload_goes_on_where_the_registry_is(keeps: int) -> None:
    staging = Staging(lost=frozenset({2}), keeps=keeps)
    assert send(staging).complete
    assert bytes(staging.received) == DATA


def test_a_connection_that_never_holds_ends_the_upload() -> None:
    with pytest.raises(Unreachable):
        send(Staging(lost=frozenset(range(100))))
