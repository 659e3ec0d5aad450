"""The calls that return when bytes are on the disk, per operating system."""

import os
import sys


def fsync(fd: int) -> None:
    """Returns when the file or folder behind `fd` is on the disk."""
    if sys.platform == "darwin":
        import fcntl

        # fsync there returns before the drive has written; this is what its manual says to use instead.
        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
    else:
        os.fsync(fd)


def hand_over(fd: int) -> None:
    """Hands the file or folder behind `fd` to the drive, which may still hold it in its cache: an `fsync` of anything ends that."""
    if fd >= 0:  # a folder on Windows, which has no such call
        os.fsync(fd)


def sync_file_system(fd: int) -> bool:
    """Returns when everything on the file system of `fd` is on the disk; False, at once, where there is no such call."""
    if sys.platform != "linux":
        return False
    import ctypes  # 5 ms, and only who changes something needs it

    try:
        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError):  # a libc without it
        return False
    if syncfs(ctypes.c_int(fd)) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return True
