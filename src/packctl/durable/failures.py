"""What a disk can refuse, and the announcement that goes before every change (`Announced`): the wall where OSError becomes ours."""

import errno
import os
import sys
from pathlib import Path
from types import TracebackType

from packspec.errors import Damaged


class DiskFailed(Damaged):
    """The operating system refused something on a disk of this machine."""

    doing: str
    path: Path
    errno: int

    code = "install.disk"

    def what(self) -> str:
        return f"cannot {self.doing} {self.path}"

    def facts(self) -> dict[str, str]:
        return {"system": os.strerror(self.errno)}

    def why(self) -> str:
        return "the disk, or what connects it, reported a failure"

    @property
    def folder(self) -> Path:
        """The folder to look at. Not one inside `.packctl`, which holds what comes and goes: it may be gone when somebody looks."""
        return next((above.parent for above in self.path.parents if above.name == ".packctl"), self.path.parent)

    def fix(self) -> list[str]:
        return [f"look at the disk that holds {self.folder}, then run the command again"]


class DiskFull(DiskFailed):
    """No room is left, or the quota is used up."""

    code = "install.disk-full"

    def why(self) -> str:
        return "the disk is full, or your quota on it is used up; what the command had begun was taken back"

    def fix(self) -> list[str]:
        return [f"make room on the disk that holds {self.folder}, then run the command again"]


class NotWritable(DiskFailed):
    """The folder or its disk may not be written, or not read, by this user."""

    code = "install.not-writable"

    def why(self) -> str:
        return "its owner, its mode or a read-only disk forbids it"

    def fix(self) -> list[str]:
        return [f"ls -ld {self.folder}", "run the command as the user who owns the folder"]


class NoPlainFile(DiskFailed):
    """A device, a pipe or a socket has the name under which a file is to be put. A rename would do away with it."""

    code = "install.no-plain-file"

    def what(self) -> str:
        return f"{self.path} is a device or a pipe, and would be replaced by a file"

    def why(self) -> str:
        return "a file is put in its place as a whole, so whoever uses the device would lose it"

    def fix(self) -> list[str]:
        return [f"name a file instead of {self.path}"]


class LinkInTheWay(DiskFailed):
    """A link, or something that is no folder, stands where a folder of ours belongs."""

    code = "install.link-in-the-way"

    def what(self) -> str:
        return f"{self.path} is a link, or something else that does not belong there"

    def why(self) -> str:
        return "a link could lead outside the project, so links below the project's folder are never followed"

    def fix(self) -> list[str]:
        return [f"move {self.path} away, then run the command again"]


class TooLarge(DiskFailed):
    """A file is larger than any of its kind."""

    code = "install.too-large"

    def why(self) -> str:
        return "no file of its kind is so large: it is another one, or something was written behind its end"

    def fix(self) -> list[str]:
        return [f"ls -l {self.path}", "name another file, or move it away, then run the command again"]


_CLASSES: dict[int, type[DiskFailed]] = {
    errno.ENOSPC: DiskFull, errno.EDQUOT: DiskFull,
    errno.EACCES: NotWritable, errno.EPERM: NotWritable, errno.EROFS: NotWritable,
    errno.ELOOP: LinkInTheWay, errno.ENOTDIR: LinkInTheWay,
}  # fmt: skip


def disk_error(doing: str, place: str | Path, error: OSError) -> DiskFailed:
    """The error of ours that tells what the system said."""
    number = error.errno or errno.EIO
    return _CLASSES.get(number, DiskFailed)(doing, Path(place), number)


class Announced:
    """One change: announced before, and its OSError made ours. A class and texts, because generators and Paths cost 20 us per file."""

    __slots__ = ("doing", "place")

    def __init__(self, doing: str, place: str) -> None:
        self.doing = doing
        self.place = place

    def __enter__(self) -> None:
        try:
            sys.audit("packctl.durable", self.doing, self.place)
        except OSError as error:
            raise disk_error(self.doing, self.place, error) from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if isinstance(error, OSError):
            raise disk_error(self.doing, self.place, error) from error


class Asked(Announced):
    """A question to the disk: its OSError made ours, not announced, because it changes nothing."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass
