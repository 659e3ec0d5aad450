"""Metadata that came in a file instead of through TUF's client: verified by the same walk, never older than what is kept, then kept (I2).

It is kept so that a reader finds the old state or the new one at every moment: first every role beside the ones that are there, under its
version, then the timestamp in one step, which names the new ones. A process that dies leaves at most files that nobody names.
Chapters: docs/spec/carry.md, docs/spec/tuf.md.
"""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote

from packctl.durable import PRIVATE, Folder, KernelLock
from packctl.trust.cached import Cached, MetadataMissing, read_cached
from packctl.trust.faults import (
    IndexRollback,
    MetadataMalformed,
    MetadataMismatch,
    MetadataSignature,
    MetadataTooBig,
    RootMismatch,
)
from packctl.trust.metadata import ADOPTED, CEILINGS, LOCK, ROOTS, version_of
from packctl.trust.newer import check_newer_snapshot, check_newer_timestamp
from packctl.trust.opening import Opened
from packctl.trust.targets import Targets
from packspec import limits, site
from packspec.patterns import pattern

_ROOT = pattern(r"tuf/([1-9][0-9]{0,6})\.root\.json")


class HasPaths(Protocol):
    """A file with the static side of a registry."""

    def paths(self) -> list[str]:
        """What it holds."""
        ...

    def read(self, path: str, ceiling_bytes: int) -> bytes | None:
        """A file of it, at most one byte more than the ceiling."""
        ...


class BroughtMetadata:
    """A `MetadataFiles` of such a file, and of the roots on this machine, which go before its own: those were verified."""

    def __init__(self, opened: Opened, files: HasPaths) -> None:
        self._opened = opened
        self._files = files

    def roots(self) -> Mapping[int, bytes]:
        """Every root, by version."""
        return dict(sorted({**self.own_roots(), **self._opened.metadata.roots()}.items()))

    def own_roots(self) -> dict[int, bytes]:
        """Those of the file alone."""
        found: dict[int, bytes] = {}
        for path in self._files.paths():
            match = _ROOT.fullmatch(path)
            data = self._files.read(path, limits.TUF_ROOT_BYTES) if match else None
            if match and data is not None:
                found[int(match[1])] = data
        return found

    def role(self, name: str, version: int) -> bytes | None:
        """A role's metadata of this version; for version 0 the timestamp."""
        path = site.TIMESTAMP if name == "timestamp" else site.tuf_metadata(name, version)
        return self._files.read(path, CEILINGS.get(name, limits.TUF_TARGETS_BYTES))


def brought_targets(opened: Opened, files: HasPaths, now: int) -> Targets:
    """I2 for a state that was brought: verified from the pinned root on, and not older than what this machine has seen.

    Raises IndexRollback, and what `read_cached` raises. That it has expired is for the caller to judge; nothing is kept.
    """
    brought = BroughtMetadata(opened, files)
    seen, found = max(opened.metadata.roots(), default=0), max(brought.own_roots(), default=0)
    if found < seen:
        raise IndexRollback("root", f"version {seen}", f"version {found}")
    cached = read_cached(brought, opened.pinned, opened.address)
    _check_newer(opened, cached)
    return Targets(opened, cached, None, now)


def adopt(opened: Opened, cached: Cached) -> None:
    """Keeps what was read of `cached`. Raises IndexRollback if something newer was kept meanwhile, and DiskFailed."""
    roles = {name: data for name, data in cached.used.items() if not name.endswith(".root.json")}
    timestamp = roles.pop("timestamp.json")
    with Folder.open(opened.metadata.path, create=True, mode=0o700) as folder, KernelLock.take(folder, LOCK):
        _check_newer(opened, cached)
        with folder.folder(ROOTS, create=True) as roots:
            for version, data in cached.roots.items():
                _put(roots, f"{version}.root.json", data)
        with folder.folder(ADOPTED, create=True) as beside:
            for name, data in roles.items():
                _put(beside, f"{version_of(data)}.{_file(name)}", data)
        folder.replace("timestamp.json", timestamp, PRIVATE)
        for name, data in roles.items():
            _put(folder, _file(name), data)
        folder.remove_tree(ADOPTED)


def _check_newer(opened: Opened, cached: Cached) -> None:
    try:
        seen = read_cached(opened.metadata, opened.pinned, opened.address)
    except (MetadataMissing, RootMismatch):
        return  # nothing is kept
    except (MetadataMismatch, MetadataSignature, MetadataMalformed, MetadataTooBig):
        return  # it is damaged, or a newer root has other keys; the memory of the registry judges by time all the same
    check_newer_timestamp(seen.timestamp, cached.timestamp)
    check_newer_snapshot(seen.snapshot, cached.snapshot)


def _file(role: str) -> str:
    return f"{quote(role.removesuffix('.json'), '')}.json"


def _put(folder: Folder, name: str, data: bytes) -> None:
    """Replaces a file, unless it holds these bytes already."""
    if folder.stat(name) is None or folder.read(name, limits.TUF_TARGETS_BYTES + 1) != data:
        folder.replace(name, data, PRIVATE)
