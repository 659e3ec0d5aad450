"""Files that a person named: links in their path are followed, and one that is not there is the person's to put right, not the disk's."""

import errno
import stat
from pathlib import Path

from packctl.durable.failures import Asked, TooLarge
from packctl.durable.folder import Folder
from packctl.durable.source import FileSource
from packctl.durable.what import What
from packspec.errors import Invalid, NotFound


class NoSuchFile(NotFound):
    """A file that was named is not there."""

    path: str
    named_by: str = ""

    code = "cli.no-such-file"

    def what(self) -> str:
        return f"there is no file {self.path}"

    def facts(self) -> dict[str, str]:
        return {"named by": self.named_by} if self.named_by else {}

    def fix(self) -> list[str]:
        return ["look at the name, and at the folder you are in"]


class NotAFile(Invalid):
    """A folder, a device, a pipe or a socket was named where a file is wanted."""

    path: str
    is_folder: bool

    code = "cli.not-a-file"

    def what(self) -> str:
        return f"{self.path} is {'a folder' if self.is_folder else 'a device, a pipe or a socket'}, not a file"

    def why(self) -> str:
        return "it is read more than once, so it must be a file; what comes through a pipe can be kept in one"

    def fix(self) -> list[str]:
        return ["name a file"]


def named_file(path: Path, named_by: str = "") -> Path:
    """Where the file really is, all links followed, once. `named_by` is the variable, if it was one. Raises NoSuchFile, DiskFailed."""
    with Asked("open", str(path)):
        try:
            return path.resolve(strict=True)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NoSuchFile(str(path), named_by) from error


def open_named(path: Path) -> FileSource:
    """The file that was named, as a source of bytes. Raises NoSuchFile, NotAFile, DiskFailed."""
    path = named_file(path)
    with folder_of(path) as folder:
        return FileSource(folder.open_file(path.name), str(path))


def read_named(path: Path, ceiling_bytes: int, named_by: str = "") -> bytes:
    """What is in the file that was named, or comes through the pipe: shells make one of <(command).

    Raises NoSuchFile, NotAFile, DiskFailed (TooLarge above the ceiling).
    """
    if is_pipe(path):
        with Asked("read", str(path)), path.open("rb") as pipe:
            data = pipe.read(ceiling_bytes + 1)
        if len(data) > ceiling_bytes:
            raise TooLarge("read", path, errno.EFBIG)
        return data
    path = named_file(path, named_by)
    with folder_of(path) as folder:
        return folder.read(path.name, ceiling_bytes)


def is_pipe(path: Path) -> bool:
    """Whether a pipe was named, which can be read once."""
    try:
        return stat.S_ISFIFO(path.stat().st_mode)
    except OSError:
        return False  # whoever opens it says what is wrong


def folder_of(path: Path) -> Folder:
    """The folder of a file that was named, and whose path `named_file` gave. Raises NotAFile for what is no file."""
    folder = Folder.open(path.parent)
    what = folder.what(path.name) if path.name else What.FOLDER
    if what in (What.FOLDER, What.OTHER):
        folder.close()
        raise NotAFile(str(path), what is What.FOLDER)
    return folder
