"""Tree: path, size, SHA-256 and place of every file of an archive, as the text that publishers sign (docs/spec/tree.md).

It is a pure function of the archive and not in it. Who has the tree can check single files, share files between releases, and fetch only
the byte ranges that an update needs.
"""

import hashlib
import re
from collections.abc import Container, Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Self

import msgspec
from msgspec import Struct

from packspec.archive.layout import Entry
from packspec.archive.rules import PACK, Admission, ArchiveLimits, BadMethod, BadOrder, TooManyFiles
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.limits import KIB, TREE_BYTES
from packspec.paths import check_clashes, shown
from packspec.patterns import pattern

GAP_BYTES = 64 * KIB
"""What one more request costs, in bytes that could have come instead. Byte ranges with less between them are fetched as one."""
MOST_RANGES = 64
"""Most requests for the files of one release. A server is not asked for thousands of crumbs."""

_STRUCTURE = ("path", "size", "packed", "offset")
_NUMBER = "(0|[1-9][0-9]{0,15})"
_FIRST_LINE = pattern(f"packtree/v1 {_NUMBER} {_NUMBER}")
_LINE = pattern(f"([0-9a-f]{{64}}) {_NUMBER} {_NUMBER} {_NUMBER} (.+)", re.DOTALL)


class BadTree(Untrusted):
    """A tree document breaks its format. `line` counts from 1; 0 is the document as a whole."""

    line: int
    reason: str

    code = "archive.tree"

    def what(self) -> str:
        return (
            f"line {self.line} of the tree is malformed: {self.reason}"
            if self.line
            else f"the tree is malformed: {self.reason}"
        )

    def facts(self) -> dict[str, str]:
        return {"line": str(self.line), "reason": self.reason} if self.line else {"reason": self.reason}

    def why(self) -> str:
        return "a tree has one spelling that follows from its archive; this one was made by other software, or for another purpose"

    def fix(self) -> list[str]:
        return ["do not use this release; ask its publisher for a new one, built with packctl"]


class TreeMismatch(Untrusted):
    """An archive holds something else than its signed tree says. `subject` is a path, or the document that differs."""

    subject: str
    fact: str
    expected: str
    found: str

    code = "archive.tree-mismatch"

    def what(self) -> str:
        return f"the archive is not the signed one: {self.fact} of {shown(self.subject)} differs"

    def facts(self) -> dict[str, str]:
        return {
            "file": shown(self.subject),
            "expected": f"{self.fact} {self.expected}",
            "found": f"{self.fact} {self.found}",
        }

    def why(self) -> str:
        return "the publisher signed the digest of every file; bytes that give another digest do not come from this publisher"

    def fix(self) -> list[str]:
        return ["fetch the release again; if it happens again, report it to the registry"]


class TreeEntry(msgspec.Struct, frozen=True, gc=False):
    """One file: sizes in bytes, `offset` of the first byte of its data in the archive. `packed == size` means STORED, less DEFLATE."""

    path: str
    sha256: Digest
    size: int
    packed: int
    offset: int

    @property
    def end(self) -> int:
        """The offset behind its last byte in the archive."""
        return self.offset + self.packed


class Tree(Struct, frozen=True, dict=True):
    """All files of an archive in its order. Made by `parse`, by the writer and by the reader, which check all rules."""

    files: tuple[TreeEntry, ...]

    @classmethod
    def parse(cls, data: bytes, limits: ArchiveLimits = ArchiveLimits()) -> Self:
        """Reads a tree document. Give it only bytes whose digest was verified.

        Raises BadTree; BadPath and PathClash; TooManyFiles, TooBig and ExpandsTooMuch above `limits`.
        """
        lines = _lines(data, limits)
        count, unpacked = _first_line(lines[0])
        if count != len(lines) - 1:
            raise BadTree(1, f"it counts {count} files, {len(lines) - 1} follow")
        admission = Admission(limits, PACK)
        files = tuple(_entry(number, line, admission) for number, line in enumerate(lines[1:], start=2))
        if admission.unpacked != unpacked:
            raise BadTree(1, f"it counts {unpacked} bytes, the files have {admission.unpacked}")
        if not files:
            raise BadTree(1, f"{PACK.first} is missing")
        check_clashes(file.path for file in files)
        return cls(files)

    def encode(self) -> bytes:
        """The document: a line for the whole, then a line per file."""
        lines = [f"packtree/v1 {len(self.files)} {self.unpacked}\n"]
        lines += [f"{file.sha256} {file.size} {file.packed} {file.offset} {file.path}\n" for file in self.files]
        return "".join(lines).encode()

    @cached_property
    def digest(self) -> Digest:
        """The digest of the document."""
        return Digest.of(self.encode())

    @cached_property
    def content(self) -> Digest:
        """The digest of what the files are, however they are packed: equal for the same folder on every machine."""
        lines = "".join([f"{file.sha256} {file.size} {file.path}\n" for file in self.files])
        return Digest(hashlib.sha256(lines.encode()).hexdigest())

    @cached_property
    def unpacked(self) -> int:
        """Bytes of all files, unpacked."""
        return sum(file.size for file in self.files)

    @cached_property
    def by_path(self) -> dict[str, TreeEntry]:
        """The files by their paths."""
        return {file.path: file for file in self.files}

    def find(self, path: str) -> TreeEntry | None:
        """The file with this path, if there is one."""
        return self.by_path.get(path)

    def missing(self, present: Container[Digest]) -> tuple[TreeEntry, ...]:
        """The files whose content is not `present`, in archive order; of several with one content the first."""
        wanted: dict[Digest, TreeEntry] = {}
        for file in self.files:
            if file.sha256 not in present:
                wanted.setdefault(file.sha256, file)
        return tuple(wanted.values())


def _lines(data: bytes, limits: ArchiveLimits) -> list[str]:
    if len(data) > TREE_BYTES:
        raise BadTree(0, f"longer than {TREE_BYTES} bytes")
    # Counted before anything is cut: millions of empty lines would take a hundred times their bytes as a list.
    if (files := data.count(b"\n") - 1) > limits.files:
        raise TooManyFiles(limits.files, files)
    if not data.endswith(b"\n"):
        raise BadTree(0, "the last line does not end with LF")
    try:
        return data[:-1].decode().split("\n")
    except UnicodeDecodeError as error:
        raise BadTree(data.count(b"\n", 0, error.start) + 1, "not UTF-8") from error


def _first_line(line: str) -> tuple[int, int]:
    found = _FIRST_LINE.fullmatch(line)
    if found is None:
        raise BadTree(1, f"expected packtree/v1 FILES UNPACKED, found {shown(line)}")
    return int(found[1]), int(found[2])


def _entry(number: int, line: str, admission: Admission) -> TreeEntry:
    found = _LINE.fullmatch(line)
    if found is None:
        raise BadTree(number, "expected SHA256 SIZE PACKED OFFSET PATH with single blanks")
    sha256, size_text, packed_text, offset_text, path = found.groups()
    size, packed, offset = int(size_text), int(packed_text), int(offset_text)
    try:
        expected = admission.admit(path, path.encode(), size, packed)
    except (BadOrder, BadMethod) as error:
        raise BadTree(number, error.what()) from error
    if offset != expected:
        raise BadTree(number, f"offset {offset}, but the lines before make it {expected}")
    return TreeEntry(path, Digest(sha256), size, packed, offset)


def check_structure(entries: Sequence[Entry | TreeEntry], signed: Tree) -> None:
    """Raises TreeMismatch if paths, sizes or places of an archive's files are not those of the signed tree. Digests are not looked at."""
    for have, want in zip(entries, signed.files, strict=False):
        for fact in _STRUCTURE:
            _check_fact(fact, have, want)
    if len(entries) != len(signed.files):
        raise TreeMismatch("the archive", "number of files", str(len(signed.files)), str(len(entries)))


def check_same(found: Tree, signed: Tree) -> None:
    """Raises TreeMismatch with the first fact in which `found`, recomputed from an archive, differs from the signed tree."""
    check_structure(found.files, signed)
    for have, want in zip(found.files, signed.files, strict=True):
        _check_fact("sha256", have, want)


def check_digests(found: Tree, digest: Digest, content: Digest) -> None:
    """Raises TreeMismatch unless `found`, recomputed from an archive, has the tree digest and the content digest that were signed."""
    if not found.content.same(content):
        raise TreeMismatch("the content", "digest", content, found.content)
    if not found.digest.same(digest):
        raise TreeMismatch("the tree", "digest", digest, found.digest)


def _check_fact(fact: str, found: Entry | TreeEntry, signed: TreeEntry) -> None:
    want, have = getattr(signed, fact), getattr(found, fact)
    if want != have:
        raise TreeMismatch(signed.path, fact, shown(str(want)), shown(str(have)))


class Span(msgspec.Struct, frozen=True):
    """The bytes [start, end) of an archive, and the wanted files whose data lies in them, ascending by offset."""

    start: int
    end: int
    files: tuple[TreeEntry, ...]


def ranges(entries: Iterable[TreeEntry], gap: int = GAP_BYTES, most: int | None = None) -> tuple[Span, ...]:
    """The byte ranges that hold the data of `entries`, ascending. Those with less than `gap` bytes between them are one; where there would
    still be more than `most`, the smallest gaps are closed first.

    Empty files have no data and need no range.
    """
    wanted = sorted((entry for entry in entries if entry.packed), key=lambda entry: entry.offset)
    gaps = sorted((after.offset - before.end for before, after in pairwise(wanted)), reverse=True)
    if most is not None and len(gaps) >= most:
        gap = max(gap, gaps[most - 1] + 1)
    spans: list[Span] = []
    run: list[TreeEntry] = []
    for entry in wanted:
        if run and entry.offset - run[-1].end >= gap:
            spans.append(Span(run[0].offset, run[-1].end, tuple(run)))
            run = []
        run.append(entry)
    if run:
        spans.append(Span(run[0].offset, run[-1].end, tuple(run)))
    return tuple(spans)
