"""Files that never change, kept below a folder under the path that the registry serves them by: tiles, targets, packproofs, roots.

They can be fetched again and are verified each time they are used, so they are whole or not there while nothing fails, and whatever a power
cut leaves is found out and fetched anew.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from packctl.durable import PRIVATE, DiskFailed, Folder, KernelLock

LOCK = "writing.lock"


class KeptFiles:
    """A folder of them. Only verified bytes are put in."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, path: str, ceiling_bytes: int) -> bytes | None:
        """The file at `path`, at most one byte more than `ceiling_bytes`; None if it is not there or cannot be read."""
        try:
            with (self._root / path).open("rb") as file:
                return file.read(ceiling_bytes + 1)
        except OSError:
            return None

    def write(self, files: Mapping[str, bytes]) -> None:
        """Puts files under their paths, in the place of what lies there. Raises DiskFailed."""
        if not files:
            return
        with Folder.open(self._root, create=True, mode=0o700) as root, KernelLock.take(root, LOCK):
            for path, data in files.items():
                *parts, name = path.split("/")
                with root.descend(parts, create=True) as folder:
                    folder.remove(f"{name}.new")
                    folder.write(f"{name}.new", data, PRIVATE)
                    folder.rename(f"{name}.new", folder, name)

    def forget(self, paths: Mapping[str, bytes] | list[str]) -> None:
        """Removes files that turned out to be wrong."""
        with suppress(DiskFailed), Folder.open(self._root) as root:
            for path in paths:
                *parts, name = path.split("/")
                with suppress(DiskFailed), root.descend(parts) as folder:
                    folder.remove(name)
