"""Requests, license files, receipts and pools on disk: read where a person says, written whole or not at all."""

from pathlib import Path

from packctl.durable import PRIVATE, Folder, read_named
from packctl.usage import check_folder_of
from packspec.licenses.files import FILE_BYTES


def read_text(path: Path, what: str) -> str:
    """The file of a person. Raises NoSuchFile, DiskFailed."""
    return read_named(path, FILE_BYTES + 1, what).decode("utf-8", "replace").strip()


def write_text(path: Path, text: str) -> Path:
    """Writes a file that only its owner can read, in the place of one that had its name. Raises NoFolder, DiskFailed."""
    path = path.absolute()
    check_folder_of(path)
    with Folder.open(path.parent) as folder:
        folder.replace(path.name, text.rstrip("\n").encode() + b"\n", PRIVATE)
    return path
