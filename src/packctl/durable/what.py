"""`What`: what stands under a name of a folder, seen without following it."""

import os
import stat
from enum import StrEnum


class What(StrEnum):
    """What stands under a name."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"
    """A link, device, pipe or socket: never followed, opened or read."""


def what_is(mode: int) -> What:
    """What a mode of `stat` stands for."""
    if stat.S_ISREG(mode):
        return What.FILE
    return What.FOLDER if stat.S_ISDIR(mode) else What.OTHER


def what_is_entry(entry: "os.DirEntry[str]") -> What:
    """The same of an entry of a listing, mostly without another look at the disk."""
    if entry.is_file(follow_symlinks=False):
        return What.FILE
    return What.FOLDER if entry.is_dir(follow_symlinks=False) else What.OTHER
