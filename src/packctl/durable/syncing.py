"""The calls that return when bytes are on the disk, per operating system."""

import ctypes
import os
import sys
from collections.abc import Callable


def fsync(fd: int) -> None:
    """Returns when the file or folder behind `fd` is on the disk."""
    if sys.platform == "darwin":
        import fcntl

        # fsync there returns before the drive has written; this is what its manual says to use instead.
        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
    else:
        os.fsync(fd)


def _find_syncfs() -> Callable[[int], int] | None:
    if sys.platform != "linux":
        return None
    try:
        found = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError):  # a libc without it
        return None
    found.argtypes = [ctypes.c_int]
    found.restype = ctypes.c_int
    return found


syncfs = _find_syncfs()
"""Linux' call that makes a whole file system durable; None elsewhere."""
