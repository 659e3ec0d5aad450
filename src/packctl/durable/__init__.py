"""The one door to files that must survive a crash: folders held open, links never followed, and every change announced.

A `Folder` is an open descriptor, so nobody can swap a parent under our feet (on Windows, which has no such calls, paths are used and links
are refused when they are met). Every change calls `sys.audit("packctl.durable", operation, path)` before it happens: a test that fails or
kills the n-th change is an ordinary audit hook, and nothing here knows of tests. OSError becomes ours here and nowhere else.
"""

from packctl.durable.failures import (
    Announced,
    Asked,
    DiskFailed,
    DiskFull,
    LinkInTheWay,
    NoPlainFile,
    NotWritable,
    TooLarge,
    disk_error,
)
from packctl.durable.folder import PLAIN, PRIVATE, READ_ONLY, Folder
from packctl.durable.lock import KernelLock
from packctl.durable.named import NoSuchFile, NotAFile, folder_of, is_pipe, named_file, open_named, read_named
from packctl.durable.newfile import NewFile
from packctl.durable.newfolder import make_folders
from packctl.durable.replacing import replacing
from packctl.durable.source import FileSource
from packctl.durable.what import What

__all__ = [
    "PLAIN",
    "PRIVATE",
    "READ_ONLY",
    "Announced",
    "Asked",
    "DiskFailed",
    "DiskFull",
    "FileSource",
    "Folder",
    "KernelLock",
    "LinkInTheWay",
    "NewFile",
    "NoPlainFile",
    "NoSuchFile",
    "NotAFile",
    "NotWritable",
    "TooLarge",
    "What",
    "disk_error",
    "folder_of",
    "is_pipe",
    "make_folders",
    "named_file",
    "open_named",
    "read_named",
    "replacing",
]
