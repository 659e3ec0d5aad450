"""`KernelLock`: one process at a time, and a killed holder is no holder."""

import os
import sys
from collections.abc import Callable

from packctl.durable.failures import Announced, disk_error
from packctl.durable.folder import PRIVATE, Folder
from packctl.durable.looking import O_BINARY, O_NOFOLLOW


class KernelLock:
    """A lock that is held, like an open file is open: until its `with` ends, or `close`.

    The kernel drops it with the process that held it, so none is ever stale. The file holds nothing.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd

    @classmethod
    def take(cls, folder: Folder, name: str, on_wait: Callable[[], None] = lambda: None) -> "KernelLock":
        """Held by somebody else: calls `on_wait` and waits. Raises DiskFailed."""
        held = _lock(folder, name, on_wait)
        assert held is not None
        return cls(held)

    @classmethod
    def try_take(cls, folder: Folder, name: str) -> "KernelLock | None":
        """Held by somebody else: None, at once. Raises DiskFailed."""
        held = _lock(folder, name, None)
        return None if held is None else cls(held)

    def close(self) -> None:
        """Lets the next one in. The file stays: removing it would only be one more thing that can fail."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def __enter__(self) -> "KernelLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _lock(folder: Folder, name: str, on_wait: Callable[[], None] | None) -> int | None:
    """The descriptor that holds the lock; None if somebody else does, and `on_wait` is not there to be told."""
    place = folder.at(name)
    while True:
        with Announced("create", place):
            flags = os.O_RDWR | os.O_CREAT | O_NOFOLLOW | O_BINARY
            fd = os.open(folder.name_for(name), flags, PRIVATE, dir_fd=folder.dir_fd)
        held = False
        try:
            if not _try_lock(fd):
                if on_wait is None:
                    return None
                on_wait()
                _wait_lock(fd)
            # Somebody may have removed the file while we waited; then a third process could lock a new one beside us.
            held = _is_still(folder, name, fd)
            if held:
                return fd
        except OSError as error:
            raise disk_error("lock", place, error) from error
        finally:
            if not held:
                os.close(fd)


def _is_still(folder: Folder, name: str, fd: int) -> bool:
    there, ours = folder.stat(name), os.fstat(fd)
    return there is not None and (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)


if sys.platform == "win32":
    import msvcrt
    import time

    def _try_lock(fd: int) -> bool:
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_lock(fd: int) -> None:
        while not _try_lock(fd):
            time.sleep(0.1)  # there is no call that waits for ever

else:
    import fcntl

    def _try_lock(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait_lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX)
