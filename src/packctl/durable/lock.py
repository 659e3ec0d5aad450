"""`KernelLock`: one process at a time, and a killed holder is no holder."""

import os
import sys
from collections.abc import Callable

from packctl.durable.failures import Announced, disk_error
from packctl.durable.folder import PRIVATE, Folder
from packctl.durable.looking import O_BINARY, O_NOFOLLOW


class KernelLock:
    """A lock that the kernel drops with the process that held it, so none is ever stale. The file holds nothing."""

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder = folder
        self._name = name
        self._fd = -1

    def take(self, on_wait: Callable[[], None] | None = None) -> bool:
        """Takes the lock. Held by somebody else: calls `on_wait` and waits; without `on_wait` returns False at once."""
        place = self._folder.at(self._name)
        while True:
            with Announced("create", place):
                flags = os.O_RDWR | os.O_CREAT | O_NOFOLLOW | O_BINARY
                fd = os.open(self._folder.name_for(self._name), flags, PRIVATE, dir_fd=self._folder.dir_fd)
            taken = False
            try:
                taken = _try_lock(fd)
                if not taken:
                    if on_wait is None:
                        return False
                    on_wait()
                    _wait_lock(fd)
                    taken = True
                # Somebody may have removed the file while we waited; then a third process could lock a new one beside us.
                if self._is_still(fd):
                    self._fd, fd = fd, -1
                    return True
            except OSError as error:
                raise disk_error("lock", place, error) from error
            finally:
                if fd >= 0:
                    os.close(fd)

    def _is_still(self, fd: int) -> bool:
        there, ours = self._folder.stat(self._name), os.fstat(fd)
        return there is not None and (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)

    def release(self) -> None:
        """Lets the next one in. The file stays: removing it would only be one more thing that can fail."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


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
