"""From the store into a project: a clone, a link or a copy of bytes that were hashed, and of no others (docs/adr/0013-links.md)."""

import errno
import os

from msgspec import Struct

from packctl.durable import PLAIN, DiskFailed, Folder
from packctl.install.incoming import FILE_TIME
from packctl.install.link import CANNOT, Link, clone, copy_range
from packctl.install.vouched import is_still
from packspec.digests import Digest
from packspec.errors import Damaged


class NotInStore(Damaged):
    """A file is not in the store, or was damaged there and set aside. The caller fetches it again."""

    digest: Digest
    is_damaged: bool

    code = "install.not-in-store"

    def what(self) -> str:
        return f"the store {'had a damaged' if self.is_damaged else 'lacks a'} file: {self.digest.short}"

    def why(self) -> str:
        return (
            "a disk fault, or somebody changed or removed a file of the store; the damaged file was set aside"
            if self.is_damaged
            else ""
        )

    def fix(self) -> list[str]:
        return ["packctl install"]


class Placed(Struct):
    """How files got into a project."""

    clones: int = 0
    links: int = 0
    copies: int = 0
    bytes: int = 0


class Entry(Struct, frozen=True):
    """A file of the store whose content is known, with the look that it had then."""

    shelf: Folder
    digest: Digest
    status: os.stat_result


class Placing:
    """Brings files out of one store, and remembers what its disk cannot do."""

    def __init__(self) -> None:
        self._cannot_clone = self._cannot_link = False

    def links_first(self, link: Link) -> bool:
        """Whether a link is what is tried first, so that nobody needs to open the file."""
        return link.tries_hard and not self._cannot_link and (self._cannot_clone or not link.tries_clone)

    def link(self, entry: Entry, into: Folder, name: str, placed: Placed) -> bool:
        """A hard link; False where there can be none. Raises NotInStore if the file is no longer what was looked at, DiskFailed."""
        try:
            entry.shelf.link(entry.digest, into, name)
        except DiskFailed as error:
            if error.errno not in CANNOT:
                raise
            # EMLINK is this one file's limit, the others say something about the disks.
            self._cannot_link = error.errno != errno.EMLINK
            return False
        if not is_still(into.stat(name), entry.status):
            into.remove(name)
            raise NotInStore(entry.digest, is_damaged=True)  # somebody exchanged or changed it between look and link
        placed.links += 1
        return True

    def bring(self, fd: int, entry: Entry, into: Folder, name: str, link: Link, placed: Placed) -> None:
        """The bytes behind `fd`, which were hashed: clone and copy read the same descriptor, a link is compared with it."""
        if link.tries_clone and not self._cannot_clone:
            with into.create(name, PLAIN) as target:
                if target.fill(lambda there: clone(fd, there)):
                    target.set_time(FILE_TIME)
                    placed.clones += 1
                    return
            into.remove(name)
            self._cannot_clone = True
        if link.tries_hard and not self._cannot_link and self.link(entry, into, name, placed):
            return
        with into.create(name, PLAIN) as target:
            target.fill(lambda there: copy_range(fd, there, entry.status.st_size))
            target.set_time(FILE_TIME)
        placed.copies += 1
