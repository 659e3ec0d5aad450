"""How a file of the store gets into a project: a clone where the file system can, a hard link, a copy (docs/adr/0013-links.md)."""

import errno
import os
import sys
from enum import StrEnum

_FICLONE = 0x40049409
"""Linux' ioctl that makes a file share another one's blocks until one of them is written (btrfs, xfs, bcachefs)."""
CANNOT = frozenset(
    (errno.EXDEV, errno.EMLINK, errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.ENOTTY)
)
"""What a file system says that cannot clone or link: another disk, too many links, no such call."""


class Link(StrEnum):
    """`--link`: the first way to try. Each falls back to copying."""

    AUTO = "auto"
    """A clone, else a hard link, else a copy."""
    REFLINK = "reflink"
    HARD = "hard"
    COPY = "copy"

    @property
    def tries_clone(self) -> bool:
        return self in (Link.AUTO, Link.REFLINK)

    @property
    def tries_hard(self) -> bool:
        return self in (Link.AUTO, Link.HARD)


def clone(source: int, target: int) -> bool:
    """Makes the empty file `target` share the blocks of `source`, both descriptors. False where the file system cannot."""
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError as error:
        if error.errno in CANNOT:
            return False
        raise
    return True


def copy_range(source: int, target: int, size: int) -> None:
    """Copies `size` bytes inside the kernel where it can, else through memory."""
    done = 0
    while done < size:
        count = _copy_some(source, target, size - done, done)
        if count == 0:
            raise OSError(errno.EIO, "the file became shorter while it was copied")
        done += count


def _copy_some(source: int, target: int, size: int, offset: int) -> int:
    if sys.platform == "linux":
        try:
            return os.copy_file_range(source, target, size, offset, offset)
        except OSError as error:
            if error.errno not in CANNOT:
                raise
    os.lseek(source, offset, os.SEEK_SET)
    data = os.read(source, min(size, 1 << 20))
    return os.write(target, data)
