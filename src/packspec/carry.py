"""Carry file: part of a registry's static side in one archive, for machines without network (docs/spec/carry.md).

It is an archive in the layout of a pack, all files STORED, with `carry.json` in place of `pack.toml`; every other file lies under the path
that the registry serves it by, so unpacked it is a static mirror. Nothing in it is trusted, the header least of all: it says what to look
for, and signatures say what was found. `CarryFile` reads one, `write_carry` makes one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, Struct

from packspec import canonical, limits, site
from packspec.archive import ByteSource
from packspec.archive.directory import NotAPack
from packspec.archive.layout import CENTRAL_BYTES, END_BYTES, LOCAL_BYTES, Entry
from packspec.archive.read import read_file, read_layout
from packspec.archive.rules import ArchiveLimits, Form
from packspec.archive.write import SourceFile, write_archive
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.moments import Moment
from packspec.names import PackName
from packspec.paths import shown
from packspec.signing.documents import Count
from packspec.versions import Version
from packspec.wire import SignedDocument

MEDIA_TYPE = "application/vnd.packctl.carry.v1+zip"
HEADER = "carry.json"
FORM = Form(HEADER, limits.CARRY_HEADER_BYTES, stored_only=True)
LIMITS = ArchiveLimits(
    archive_bytes=limits.CARRY_BYTES, file_bytes=limits.ARCHIVE_BYTES, unpacked_bytes=limits.CARRY_BYTES
)
_PLACES = tuple(prefix for prefix in site.PREFIXES if prefix != site.STATUS_LISTS)
"""Where its files lie. Status lists are short-lived and tell of licenses, which no carry file is about."""
_OVERHEAD = LOCAL_BYTES + CENTRAL_BYTES

_FromOne: TypeAlias = Annotated[int, Meta(ge=1, le=9_999)]


class CarryBroken(Untrusted):
    """A file is not a carry file, or not a whole one."""

    file: str
    reason: str

    code = "carry.broken"

    def what(self) -> str:
        return f"{self.file} is not a whole carry file"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "it was cut off or damaged on its way, or it is something else; nothing of it was used"

    def fix(self) -> list[str]:
        return ["copy the file again", "if it stays so, make it again: packctl carry export"]


class CarryIncomplete(Untrusted):
    """A carry file lacks a file of the registry that is needed, and it does not say that an earlier one holds it."""

    file: str
    path: str

    code = "carry.incomplete"

    def what(self) -> str:
        return f"{self.file} lacks a file of the registry that is needed"

    def facts(self) -> dict[str, str]:
        return {"lacks": self.path}

    def why(self) -> str:
        return (
            "packctl carry export puts in all that an import needs, so somebody took it out, or made the file otherwise"
        )

    def fix(self) -> list[str]:
        return ["make the file again: packctl carry export"]


class CarriedRelease(SignedDocument, frozen=True):
    """A release that the file is about: its archive, that one's bytes, and in which part it lies; 0: in an earlier file."""

    pack: PackName
    version: Version
    archive: Digest
    size: Count
    part: Count


class EarlierCarry(SignedDocument, frozen=True):
    """The file that this one continues: `id` of its set, its name and time, the log's size there. What it holds is left out here."""

    id: Digest
    name: Annotated[str, Meta(max_length=240)]
    as_of: Moment
    log: Count


class Carry(SignedDocument, frozen=True):
    """`carry.json`. `as_of` is the time of the timestamp inside, seconds since 1970, UTC; `root` the newest TUF root, `log` its entries."""

    v: int
    registry: Annotated[str, Meta(max_length=2_000)]
    root: Count
    as_of: Moment
    log: Count
    part: _FromOne
    parts: _FromOne
    releases: tuple[CarriedRelease, ...]
    earlier: EarlierCarry | None = None

    def encode(self) -> bytes:
        """The one spelling."""
        return canonical.encode(self)

    def rows_of(self, part: int) -> tuple[CarriedRelease, ...]:
        """The releases whose archives lie in one part; 0: in an earlier file."""
        return tuple(row for row in self.releases if row.part == part)


class CarryFile(Struct, frozen=True):
    """A carry file whose structure was checked. `name` is its name in errors. Nothing of its content is trusted."""

    name: str
    source: ByteSource
    carry: Carry
    entries: Mapping[str, Entry]
    id: Digest
    """That of the set: equal for all its parts."""

    @classmethod
    def open(cls, source: ByteSource, name: str) -> "CarryFile":
        """Reads structure and header, nothing else. Raises CarryBroken, and ClientTooOld for a later format."""
        try:
            layout = read_layout(source, LIMITS, FORM)
            first, *others = layout.entries
            data = b"".join(read_file(source, first))
        except NotAPack as error:
            raise CarryBroken(name, "it is no archive in the layout of a pack") from error
        except Untrusted as error:
            raise CarryBroken(name, str(error)) from error
        for entry in others:
            if not entry.path.startswith(_PLACES):
                raise CarryBroken(name, f"{shown(entry.path)} is no place in a carry file")
        carry, id_ = parse_header(data, name)
        return cls(name, source, carry, {entry.path: entry for entry in others}, id_)

    def check_sums(self, on_bytes: Callable[[int], object] = lambda count: None) -> None:
        """Reads every file, so that what was damaged on its way is told as that. Raises CarryBroken."""
        for entry in self.entries.values():
            try:
                for chunk in read_file(self.source, entry):
                    on_bytes(len(chunk))
            except Untrusted as error:
                raise CarryBroken(self.name, str(error)) from error

    def paths(self) -> list[str]:
        """What it holds besides the header, in its order."""
        return list(self.entries)

    def read(self, path: str, ceiling_bytes: int) -> bytes | None:
        """The file at `path`, at most one byte more than `ceiling_bytes`; None if it does not hold one."""
        entry = self.entries.get(path)
        if entry is None:
            return None
        return self.source.read_at(entry.offset, min(entry.size, ceiling_bytes + 1))

    def slice(self, path: str) -> "Slice | None":
        """The file at `path` as a source of its own, such as an archive is read from."""
        entry = self.entries.get(path)
        return None if entry is None else Slice(self.source, entry.offset, entry.size)


class Slice(Struct, frozen=True):
    """A ByteSource of the bytes [offset, offset + size) of another one."""

    source: ByteSource
    offset: int
    size: int

    def read_at(self, offset: int, length: int) -> bytes:
        """The `length` bytes from `offset` on; fewer where the slice ends."""
        return self.source.read_at(self.offset + offset, max(0, min(length, self.size - offset)))

    def blocks(self) -> Iterator[bytes]:
        """All of it, 1 MiB at a time."""
        for start in range(0, self.size, limits.MIB):
            yield self.read_at(start, limits.MIB)


def parse_header(data: bytes, name: str) -> tuple[Carry, Digest]:
    """`carry.json`, and the id of its set. Raises CarryBroken, ClientTooOld."""
    document = f"{HEADER} of {name}"
    try:
        carry = canonical.decode(data, Carry, document)
        plain = canonical.decode_plain(data, document)
    except Untrusted as error:
        raise CarryBroken(name, str(error)) from error
    reason = _fault(carry)
    if reason:
        raise CarryBroken(name, f"{HEADER}: {reason}")
    # By the plain values, because a later packctl may have written fields that this one does not know.
    return carry, Digest.of(canonical.encode({**plain, "part": 1}))


def _fault(carry: Carry) -> str:
    names = [(row.pack, str(row.version)) for row in carry.releases]
    if carry.part > carry.parts:
        return f"part {carry.part} of {carry.parts}"
    if names != sorted(set(names)):
        return "the releases are not in order, each once"
    if any(row.part > carry.parts for row in carry.releases):
        return f"a release lies in a part behind the last of {carry.parts}"
    if carry.earlier is None and carry.rows_of(0):
        return "a release lies in an earlier file, and none is named"
    return ""


def share_out(rows: Sequence[CarriedRelease], needed: Sequence[int], room_bytes: int) -> list[CarriedRelease]:
    """Gives every row that is to be carried (`part` is not 0) the number of its part, from 1; `needed` are the bytes of its files.

    One after the other, at most `room_bytes` a part, so that equal rows give equal parts. A release that alone needs more gets a part of
    its own.
    """
    found, part, used = [], 1, 0
    seen: dict[Digest, int] = {}
    for row, bytes_ in zip(rows, needed, strict=True):
        if row.part and row.archive not in seen:
            if used and used + bytes_ > room_bytes:
                part, used = part + 1, 0
            used += bytes_
            seen[row.archive] = part
        found.append(msgspec.structs.replace(row, part=seen[row.archive] if row.part else 0))
    return found


def size_of(files: Sequence[SourceFile]) -> int:
    """Bytes of a carry file of these files."""
    return END_BYTES + sum(file.size + _OVERHEAD + 2 * len(file.path.encode()) for file in files)


def write_carry(carry: Carry, files: Sequence[SourceFile], write: Callable[[bytes], object]) -> None:
    """Writes a carry file of these files, given in any order; equal ones give equal bytes. Raises what `write_archive` raises."""
    write_archive([SourceFile.of(HEADER, carry.encode()), *files], write, LIMITS, FORM)
