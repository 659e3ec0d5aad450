"""Folders while they are made: somebody else who makes the same one is welcome."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from packctl.durable.failures import Announced, DiskFailed


def make_folders(path: Path, mode: int = 0o777) -> None:
    """Makes `path` and the folders above it where they are missing."""
    if path.is_dir():
        return
    make_folders(path.parent, mode)
    with suppress_exists(), Announced("make folder", str(path)):
        path.mkdir(mode)


@contextmanager
def suppress_exists() -> Iterator[None]:
    """Somebody else was faster in making the same folder, which is as good."""
    try:
        yield
    except DiskFailed as error:
        if error.errno != errno.EEXIST:
            raise
