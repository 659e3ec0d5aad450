"""What this process knows the content of: files that it wrote or hashed itself, and that nobody has touched since.

Whoever writes to a file, replaces or renames it changes what the system says of it: its time of change moves on, or it is another file.
A file of the store has a time of content long gone by (`FILE_TIME`), so even a write within the same tick of the clock shows. Nothing is
kept for the next process: what was stored earlier is hashed when it is used (docs/adr/0013-links.md).
"""

import hashlib
import io
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from packctl.durable import DiskFailed, Folder
from packspec.digests import Digest

BUFFER_BYTES = 256 * 1024
LARGE_BYTES = 1024 * 1024
"""From here on a second thread is worth its start: hashing leaves Python's lock alone."""

_64_BITS = (1 << 64) - 1


def _look(status: os.stat_result) -> int:
    """Device, inode, size and both times as one number: of 100,000 files a tuple each would take 25 MB."""
    return _content(status) << 64 | status.st_ctime_ns & _64_BITS


def _content(status: os.stat_result) -> int:
    place = status.st_dev << 64 | status.st_ino & _64_BITS
    return (place << 64 | status.st_size) << 64 | status.st_mtime_ns & _64_BITS


class Vouched:
    """Digests with the look that their files had when their bytes were known. Safe for threads."""

    def __init__(self) -> None:
        self._looks: dict[Digest, int] = {}

    def note(self, digest: Digest, status: os.stat_result) -> None:
        """A file with this look has the digest. Look first, then hash: what is written meanwhile shows."""
        self._looks[digest] = _look(status)

    def holds(self, digest: Digest, status: os.stat_result) -> bool:
        """Whether a file that looks like this is the one that was noted, untouched."""
        return self._looks.get(digest) == _look(status)

    def __contains__(self, digest: object) -> bool:
        return digest in self._looks


def is_still(after: os.stat_result | None, before: os.stat_result) -> bool:
    """Whether it is the same file with the same content after one more name was given to it, which moves its time of change alone."""
    return after is not None and _content(after) == _content(before)


def is_right(fd: int, status: os.stat_result, digest: Digest, size: int) -> bool:
    """Whether the open file has the size and the digest. Reads all of it, from its beginning."""
    if status.st_size != size:
        return False
    if size < BUFFER_BYTES:
        data = os.read(fd, size + 1)
        if len(data) >= size:
            return Digest.of(data).same(digest)
        os.lseek(fd, 0, os.SEEK_SET)  # a file system that gives less than it has
    hashed, buffer = hashlib.sha256(), memoryview(bytearray(BUFFER_BYTES))
    with io.FileIO(fd, closefd=False) as file:
        while count := file.readinto(buffer):
            hashed.update(buffer[:count])
    return Digest(hashed.hexdigest()).same(digest)


def look_ahead(wanted: Iterable[tuple[Folder, Digest, int]], vouched: Vouched) -> None:
    """Hashes the large files among these, as many at once as there are processors, and notes those that are right."""
    todo = [one for one in wanted if one[2] >= LARGE_BYTES and one[1] not in vouched]
    if len(todo) < 2:
        return
    with ThreadPoolExecutor(min(os.cpu_count() or 1, len(todo)), thread_name_prefix="hash") as pool:
        for one in todo:
            pool.submit(_note_if_right, *one, vouched)


def _note_if_right(shelf: Folder, digest: Digest, size: int, vouched: Vouched) -> None:
    """What goes wrong here is not told: whoever uses the file looks again and says it."""
    try:
        fd, status = shelf.open_plain(digest)
    except DiskFailed:
        return
    try:
        if is_right(fd, status, digest, size):
            vouched.note(digest, status)
    except OSError:
        return
    finally:
        os.close(fd)
