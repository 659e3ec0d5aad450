"""The keys of changes that were asked for and whose answer never came: asking again, also by another command, changes nothing twice.

A file for each, written before the request goes out and removed by its answer. So a change whose answer was lost, to the network or to a
kill, is asked for with the same `Idempotency-Key` when the same is asked for again within a day (docs/spec/idempotency.md).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from packctl.durable import PRIVATE, Folder, KernelLock
from packctl.registry.exchange import Request
from packspec import wire
from packspec.digests import Digest
from packspec.errors import Kind, PackError
from packspec.limits import DAY_SECONDS
from packspec.signing.encoding import to_base64url

KEY_HEADER = "Idempotency-Key"
KEPT_SECONDS = DAY_SECONDS
"""As long as a registry knows the key."""
_FILE_BYTES = 1024
_LOCK = ".lock"
_OPEN = (Kind.UNAVAILABLE, Kind.BUSY, Kind.BUG, Kind.DAMAGED, Kind.STALE)
"""Failures after which nobody knows whether the change happened."""


class Asked(msgspec.Struct, frozen=True):
    """The file of one change."""

    key: str
    at: int


class Unanswered:
    """The folder of these files. `tell` is given a line where a change is asked for again."""

    def __init__(
        self,
        folder: Path,
        random_bytes: Callable[[int], bytes],
        clock: Callable[[], int],
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._folder = folder
        self._random_bytes = random_bytes
        self._clock = clock
        self._tell = tell

    @contextmanager
    def key_for(self, request: Request) -> Iterator[str]:
        """The key to send with a change. Where nothing can be written it is new each time, and holds for this one command."""
        try:
            folder = Folder.open(self._folder, create=True, mode=0o700)
        except PackError:
            yield self._new().key
            return
        with folder:
            yield from self._kept(folder, _name_of(request))

    def _kept(self, folder: Folder, name: str) -> Iterator[str]:
        lock = None
        with suppress(PackError):
            lock = KernelLock.try_take(folder, name + _LOCK)
        if lock is None:  # the same is being asked for right now by another command, and that is another change
            yield self._new().key
            return
        with lock:
            try:
                yield self._note(folder, name)
            except PackError as error:
                if error.kind not in _OPEN:
                    self._drop(folder, name)
                raise
            self._drop(folder, name)

    def _note(self, folder: Folder, name: str) -> str:
        with suppress(PackError):
            self._sweep(folder)
            asked = self._read(folder, name)
            if asked is not None:
                self._tell("asking again for what was asked before and never answered; it happens once")
                return asked.key
        asked = self._new()
        with suppress(PackError):
            folder.replace(name, wire.encode(asked), PRIVATE)
        return asked.key

    def _new(self) -> Asked:
        return Asked(to_base64url(self._random_bytes(24)), self._clock())

    @staticmethod
    def _read(folder: Folder, name: str) -> Asked | None:
        try:
            return wire.decode(folder.read(name, _FILE_BYTES), Asked) if folder.stat(name) else None
        except (msgspec.DecodeError, PackError):
            return None

    def _sweep(self, folder: Folder) -> None:
        """Removes what is too old to be of use, or cannot be read."""
        for name, _ in folder.entries():
            if name.endswith(_LOCK):
                continue
            asked = self._read(folder, name)
            if asked is None or self._clock() - asked.at >= KEPT_SECONDS:
                self._drop(folder, name)

    @staticmethod
    def _drop(folder: Folder, name: str) -> None:
        with suppress(PackError):
            folder.remove(name)
            folder.remove(name + _LOCK)


def _name_of(request: Request) -> str:
    """What is asked for, where, and by whom, as a digest: it tells nothing of either."""
    assert request.body is None or isinstance(request.body, bytes)
    who = request.headers.get("Authorization", "")
    return str(Digest.of("\n".join((request.method, request.url, who, "")).encode() + (request.body or b"")))
