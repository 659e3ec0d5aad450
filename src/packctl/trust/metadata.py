"""Where TUF metadata lies: the folder of a registry on this machine, as the library keeps it. Nothing it gives is trusted."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from packspec import limits

CEILINGS = {
    "root": limits.TUF_ROOT_BYTES,
    "timestamp": limits.TUF_TIMESTAMP_BYTES,
    "snapshot": limits.TUF_SNAPSHOT_BYTES,
}
"""Largest file of each top-level role, bytes; all others are `targets`."""
LOCK = "lock"
"""The file in the metadata folder that whoever changes it holds."""
ROOTS = "root_history"
"""The folder, inside the metadata folder, in which the library keeps roots."""
ADOPTED = "adopted"
"""The folder, inside it, for roles that came another way than through the library, each with its version in front (`adopting`)."""


class MetadataFiles(Protocol):
    """Where metadata lies: the state of a registry on this machine, the install state of a project. Nothing it gives is trusted."""

    def roots(self) -> Mapping[int, bytes]:
        """Every root that is at hand, by version."""
        ...

    def role(self, name: str, version: int) -> bytes | None:
        """A role's metadata of this version, or whichever is there for version 0; None if there is none."""
        ...


class MetadataFolder:
    """The metadata that was accepted, as the library keeps it. A `MetadataFiles`.

    A delegated role is fetched when somebody looks something up in it, so an older one than the snapshot lists may lie there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def roots(self) -> dict[int, bytes]:
        """Every root that is at hand, by version."""
        found = {}
        for path in (self.path / ROOTS).glob("*.root.json"):
            version = path.name.partition(".")[0]
            if version.isascii() and version.isdecimal():
                found[int(version)] = _read(path, limits.TUF_ROOT_BYTES)
        return dict(sorted(found.items()))

    def role(self, name: str, version: int) -> bytes | None:
        """A role's metadata, if it has this version; whichever is there for version 0."""
        file, ceiling_bytes = f"{quote(name, '')}.json", CEILINGS.get(name, limits.TUF_TARGETS_BYTES)
        for path in (self.path / file, self.path / ADOPTED / f"{version}.{file}"):
            try:
                data = _read(path, ceiling_bytes)
            except FileNotFoundError:
                continue
            if version in (0, version_of(data)):
                return data
        return None


def version_of(data: bytes) -> int:
    """The version that a file of metadata claims; 0 for what is none. Nothing is verified."""
    try:
        version = json.loads(data)["signed"]["version"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return 0
    return version if type(version) is int else 0


def _read(path: Path, ceiling_bytes: int) -> bytes:
    with path.open("rb") as file:
        return file.read(ceiling_bytes + 1)
