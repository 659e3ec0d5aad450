"""Installed files against the signed tree of their release (V5): which changed, which are missing, which belong to nobody.

Threads share the files, because hashlib and reading let go of the interpreter's lock. No link is followed, and every file is read to its
end: a file's time says nothing about its bytes.
"""

import errno
import hashlib
import os
from collections.abc import Container, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from packctl.durable import DiskFailed, Folder, LinkInTheWay, What
from packspec.digests import Digest
from packspec.errors import Untrusted, Where
from packspec.names import PackName
from packspec.tree import Tree, TreeEntry

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

BUFFER_BYTES = 4 * 1024 * 1024
"""A thread that hashes asks for the interpreter once a buffer, and may wait for whoever has it: small ones would be spent on waiting."""
LARGE_BYTES = 128 * 1024
"""From here on a file is worth a thread."""


class Fault(StrEnum):
    """What is wrong with an installed file."""

    CHANGED = "changed"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Finding(Struct, frozen=True):
    """One file that is not as its tree says. `path` is relative to the pack's folder; `found` is a digest, or says what stands there."""

    fault: Fault
    path: str
    expected: Digest | None = None
    found: str = ""

    def error(self, pack: PackName, release: str, place: str) -> "FileChanged":
        """The finding as an error; `release` for people (`acme/icons 1.0.0`), `place` the path of the pack's folder in the project."""
        path = f"{place}/{self.path}"
        return _ERRORS[self.fault](pack, release, path, self.expected.labelled if self.expected else "", self.found)


Differences: TypeAlias = list[Finding]


class FileChanged(Untrusted):
    """An installed file has other bytes than its publisher signed, or something else stands in its place."""

    pack: PackName
    release: str
    path: str
    expected: str
    found: str

    code = "trust.file-changed"

    def what(self) -> str:
        return f"{self.release} is not what pack.lock recorded"

    def facts(self) -> dict[str, str]:
        facts = {"file": self.path, "expected": self.expected, "found": self.found}
        return {name: text for name, text in facts.items() if text}

    def why(self) -> str:
        return "the file changed after it was installed"

    def fix(self) -> list[str]:
        return [f"packctl heal {self.pack}"]

    def where(self) -> Where:
        return Where(self.path)


class FileMissing(FileChanged):
    """A file of a release is gone."""

    code = "trust.file-missing"

    def what(self) -> str:
        return f"{self.release} lacks a file"

    def why(self) -> str:
        return "the file was removed after it was installed"


class FileUnknown(FileChanged):
    """A file lies in a pack's folder that its publisher did not sign."""

    code = "trust.file-unknown"

    def what(self) -> str:
        return f"{self.release} has a file that its publisher did not sign"

    def why(self) -> str:
        return "whatever loads this pack would take the file for a part of it"


_ERRORS = {Fault.CHANGED: FileChanged, Fault.MISSING: FileMissing, Fault.UNKNOWN: FileUnknown}


def check_files(
    root: Folder,
    tree: Tree,
    *,
    threads: int | None = None,
    left_out: Container[str] = (),
    begun: "Mapping[str, Future[Differences]] | None" = None,
) -> list[Finding]:
    """All that differs between the folder `root` of a pack and its `tree`, by path. Empty: exactly the signed files are there.

    `left_out` are files of the tree that a part install left out on purpose; where they lie there all the same, they must be right.
    `begun` are comparisons that threads began before (`begin_large`), by path. Raises DiskFailed where the disk fails, never for what
    somebody did to the files.
    """
    present = dict(_walk(root, ""))
    findings = [
        Finding(Fault.UNKNOWN, path, found=_NAMES[kind]) for path, kind in present.items() if tree.find(path) is None
    ]
    there = []
    for entry in tree.files:
        kind = present.get(entry.path)
        if kind is None:
            if entry.path not in left_out:
                findings.append(Finding(Fault.MISSING, entry.path, entry.sha256))
        elif kind is not What.FILE:
            findings.append(Finding(Fault.CHANGED, entry.path, entry.sha256, _NAMES[kind]))
        else:
            there.append(entry)
    findings += _compare(root, there, threads or os.cpu_count() or 1, begun or {})
    return sorted(findings, key=lambda finding: finding.path)


def begin_large(root: Folder, tree: Tree, pool: "ThreadPoolExecutor") -> "dict[str, Future[Differences]]":
    """Has `pool` compare the large files of a pack with its tree, each by its path. `root` stays open until they are done."""
    return {entry.path: pool.submit(_compare_run, root, [entry]) for entry in tree.files if entry.size >= LARGE_BYTES}


_NAMES = {What.FILE: "a file", What.FOLDER: "a folder", What.OTHER: "a link, or no plain file"}


def _walk(folder: Folder, prefix: str) -> Iterator[tuple[str, What]]:
    """Everything below `folder` but folders, with its path. An empty folder is nobody's file and harms nobody."""
    for name, kind in folder.entries():
        path = prefix + name
        if kind is What.FOLDER:
            with folder.folder(name) as inside:
                yield from _walk(inside, f"{path}/")
        else:
            yield path, kind


def _compare(
    root: Folder, entries: Sequence[TreeEntry], threads: int, begun: "Mapping[str, Future[Differences]]"
) -> Differences:
    """Large files go to the threads, one at a time; the small ones stay here, where a change of threads would cost more than the hash."""
    if begun:
        findings = _compare_run(root, [entry for entry in entries if entry.path not in begun])
        for entry in entries:
            if entry.path in begun:
                findings += begun[entry.path].result()
        return findings
    large = [entry for entry in entries if entry.size >= LARGE_BYTES]
    if threads == 1 or not large:
        return _compare_run(root, entries)
    from concurrent.futures import ThreadPoolExecutor  # 12 ms, and most packs have no large files

    small = [entry for entry in entries if entry.size < LARGE_BYTES]
    with ThreadPoolExecutor(threads, thread_name_prefix="hash") as pool:
        futures = [pool.submit(_compare_run, root, [entry]) for entry in large]
        findings = _compare_run(root, small)
        for future in futures:
            findings += future.result()
    return findings


def _compare_run(root: Folder, entries: Sequence[TreeEntry]) -> Differences:
    """Files in order of path, so that a folder is opened once for all of its files."""
    findings = []
    at: list[str] = []
    folder = root.again()
    try:
        for entry in entries:
            *parts, name = entry.path.split("/")
            try:
                if parts != at:
                    below = root.descend(parts)
                    folder.close()
                    folder, at = below, parts
                found = _digest(folder, name, entry.size)
            except LinkInTheWay:  # somebody replaces things while we look
                found = _NAMES[What.OTHER]
            except DiskFailed as error:
                if error.errno != errno.ENOENT:
                    raise
                found = "nothing"
            if found != entry.sha256:
                shown = f"sha256:{found}" if len(found) == 64 else found
                findings.append(Finding(Fault.CHANGED, entry.path, entry.sha256, shown))
    finally:
        folder.close()
    return findings


def _digest(folder: Folder, name: str, size: int) -> str:
    """The digest of a file, or what is wrong with it. A file of another length is read no further than it should be long."""
    with folder.reading(name) as file:
        hashed, left = hashlib.sha256(), size + 1
        buffer = memoryview(bytearray(min(left, BUFFER_BYTES)))
        while left and (count := file.readinto(buffer[:left])):
            hashed.update(buffer[:count])
            left -= count
    return hashed.hexdigest() if left else f"more than {size} bytes"
