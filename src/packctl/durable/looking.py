"""`OpenFolder`: what stands in an open folder, and the bytes of its files. A name is one part, and links are never followed."""

import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from packctl.durable.failures import Asked, NoPlainFile, TooLarge, disk_error
from packctl.durable.what import What, what_is, what_is_entry

HAS_DIR_FD = os.open in os.supports_dir_fd
O_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
O_BINARY = getattr(os, "O_BINARY", 0)
_O_NONBLOCK = getattr(os, "O_NONBLOCK", 0)  # opening a pipe that lies in our way must not hang
_TO_READ = os.O_RDONLY | O_NOFOLLOW | O_BINARY | _O_NONBLOCK


class OpenFolder:
    """An open folder that is looked into. Names given to its methods are one part each; links are not followed."""

    __slots__ = ("fd", "place")

    def __init__(self, place: str, fd: int) -> None:
        self.place = place
        self.fd = fd

    @property
    def path(self) -> Path:
        """Where it was when it was opened: for messages, and for systems without descriptors of folders."""
        return Path(self.place)

    def at(self, name: str) -> str:
        """The path of `name`, for messages."""
        return f"{self.place}{os.sep}{name}"

    def close(self) -> None:
        """Lets the descriptor go. Twice is harmless."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def dir_fd(self) -> int | None:
        """For the `dir_fd` of calls in `os`."""
        return self.fd if HAS_DIR_FD else None

    def name_for(self, name: str) -> str:
        """What calls in `os` take for `name`, together with `dir_fd`. A name that is more than one part is a fault of ours."""
        if "/" in name or name in ("", ".", ".."):
            raise ValueError(f"not the name of something in a folder: {name!r}")
        return name if HAS_DIR_FD else self.at(name)

    def stat(self, name: str) -> os.stat_result | None:
        """What the system knows of `name` itself; None if there is nothing."""
        try:
            return os.stat(self.name_for(name), dir_fd=self.dir_fd, follow_symlinks=False)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise disk_error("look at", self.at(name), error) from error

    def what(self, name: str) -> What | None:
        """What stands under `name`; None if there is nothing."""
        found = self.stat(name)
        return None if found is None else what_is(found.st_mode)

    def entries(self) -> list[tuple[str, What]]:
        """What is in this folder, by name, in ascending order."""
        with Asked("list", self.place), os.scandir(self.fd if HAS_DIR_FD else self.place) as found:
            return sorted((entry.name, what_is_entry(entry)) for entry in found)

    def file_sizes(self) -> list[tuple[str, int]]:
        """Name and bytes of every plain file in this folder, in no order, by one look at each: for whoever counts many."""
        with Asked("list", self.place), os.scandir(self.fd if HAS_DIR_FD else self.place) as found:
            looked = [(entry.name, entry.stat(follow_symlinks=False)) for entry in found]
            return [(name, status.st_size) for name, status in looked if stat.S_ISREG(status.st_mode)]

    def open_file(self, name: str) -> int:
        """A descriptor to read the plain file `name`; the caller closes it. Raises DiskFailed for a link or anything else."""
        return self.open_plain(name)[0]

    def open_plain(self, name: str) -> tuple[int, os.stat_result]:
        """The same, and what the system knows of the file."""
        with Asked("open", self.at(name)):
            if not HAS_DIR_FD and self.what(name) is What.OTHER:
                raise OSError(errno.ELOOP, "a link", name)
            fd = os.open(self.name_for(name), _TO_READ, dir_fd=self.dir_fd)
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                os.close(fd)
                raise OSError(errno.ELOOP, "not a plain file", name)
            return fd, status

    def read(self, name: str, ceiling_bytes: int) -> bytes:
        """The bytes of the file `name`, at most `ceiling_bytes` of them. Raises TooLarge if there are more."""
        with self.reading(name) as raw, io.BufferedReader(raw) as file:
            data = file.read(ceiling_bytes + 1)
            if len(data) > ceiling_bytes:
                raise TooLarge("read", self.path / name, errno.EFBIG)
            return data

    def wrapped(self, name: str) -> Asked:
        """For what is done with a descriptor of `name`: OSError becomes DiskFailed."""
        return Asked("read", self.at(name))

    @contextmanager
    def reading(self, name: str) -> Iterator[io.FileIO]:
        """The plain file `name`, open and unbuffered; what fails while it is read becomes ours too."""
        with Asked("read", self.at(name)), io.FileIO(self.open_file(name)) as file:
            yield file

    def refuse_device(self, name: str) -> None:
        """Raises NoPlainFile if a device, a pipe or a socket stands under `name`: as root a rename would take /dev/null away."""
        found = self.stat(name)
        if found is not None and not (
            stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode) or stat.S_ISDIR(found.st_mode)
        ):
            raise NoPlainFile("replace", self.path / name, errno.EINVAL)
