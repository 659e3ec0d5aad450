"""`Incoming`: a file on its way into the store, hashed on its way, there under its digest when it is finished or not at all."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from msgspec import Struct

from packctl.durable import READ_ONLY
from packctl.install.lane import Lane
from packspec.digests import Digest
from packspec.errors import PackError, Untrusted

FILE_TIME = 315_532_800
"""Seconds since the epoch, 1980-01-01: what archives say. A constant, so that equal installs are equal (reliability A46)."""


class WrongContent(Untrusted):
    """Bytes that should enter the store under a digest have another one."""

    path: str
    expected: Digest
    found: str

    code = "trust.content-changed"

    def what(self) -> str:
        return f"the content of {self.path} is not what was signed"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected.labelled, "found": self.found}

    def why(self) -> str:
        return "the archive came from somewhere that altered or confused it; nothing of it was kept"

    def fix(self) -> list[str]:
        return ["try again", "packctl install --reinstall"]


class Expected(Struct, frozen=True):
    """What a file must be to enter: digest, bytes, and its name in errors."""

    digest: Digest
    size: int
    path: str


class Incoming:
    """A file on its way into the store. Made by `Store.incoming`.

    `accept` gives the file its place: it is told the name in the lane, and what the system knew of the file when all of it was written.
    """

    def __init__(self, lane: Lane, wanted: Expected, accept: Callable[[str, os.stat_result], None]) -> None:
        self._accept = accept
        self._lane = lane
        self._wanted = wanted
        self._name = lane.next_name()
        self._hash = hashlib.sha256()
        self._file = lane.folder.create(self._name, READ_ONLY)
        self._is_in = False

    def write(self, chunk: bytes) -> None:
        """Appends a piece. Raises WrongContent at the first byte too many, DiskFailed."""
        self.append(chunk)
        self._hash.update(chunk)

    def append(self, chunk: bytes) -> None:
        """The same for somebody who hashes every piece, and tells `finish` what came out."""
        wanted = self._wanted
        if self._file.size + len(chunk) > wanted.size:
            raise WrongContent(wanted.path, wanted.digest, f"more than {wanted.size} bytes")
        self._file.write(chunk)

    def finish(self, found: Digest | None = None) -> None:
        """Compares the digest, `found` where the caller has hashed, and gives the file its place. Raises WrongContent, DiskFailed."""
        wanted = self._wanted
        self._file.set_time(FILE_TIME)
        status = self._file.status()
        self._file.close()
        found = found or Digest(self._hash.hexdigest())
        if not found.same(wanted.digest):
            raise WrongContent(wanted.path, wanted.digest, found.labelled)
        self._accept(self._name, status)
        self._is_in = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()

    def drop(self) -> None:
        """Removes the file, unless it was finished."""
        if not self._is_in:
            with suppress(PackError):
                self._file.close()
            with suppress(PackError):
                self._lane.folder.remove(self._name)
