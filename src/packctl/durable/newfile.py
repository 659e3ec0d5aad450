"""`NewFile`: a file while it is written."""

import os
from collections.abc import Callable
from typing import Self, TypeVar

from packctl.durable.failures import Announced, Asked
from packctl.durable.syncing import fsync

T = TypeVar("T")


class NewFile:
    """A file being written: `write` any number of times, then `close`. Not durable until it, or its file system, is synced."""

    __slots__ = ("fd", "place", "size")

    def __init__(self, fd: int, place: str) -> None:
        self.fd = fd
        self.place = place
        self.size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Appends all of `data`."""
        with Announced("write", self.place), memoryview(data) as view:
            done = 0
            while done < len(view):
                done += os.write(self.fd, view[done:])
            self.size += done

    def fill(self, bring: Callable[[int], T]) -> T:
        """Has `bring` write through the descriptor: a clone, or a copy inside the kernel. What `bring` returns."""
        with Announced("write", self.place):
            return bring(self.fd)

    def set_time(self, seconds: int) -> None:
        """Sets the times of the file, seconds since the epoch."""
        with Asked("set the time of", self.place):
            os.utime(self.fd if os.utime in os.supports_fd else self.place, (seconds, seconds))

    def status(self) -> os.stat_result:
        """What the system knows of it."""
        with Asked("look at", self.place):
            return os.fstat(self.fd)

    def sync(self) -> None:
        """Returns when the bytes are on the disk. Raises if they may not be: what follows a failed sync must not be called done."""
        with Announced("fsync", self.place):
            fsync(self.fd)

    def close(self) -> None:
        """Closes it. Some file systems (NFS) tell of a full disk only here, so this is a change that can fail."""
        if self.fd < 0:
            return
        fd, self.fd = self.fd, -1
        try:
            with Announced("close", self.place):
                pass
        finally:
            with Asked("close", self.place):
                os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
