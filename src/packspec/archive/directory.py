"""The structure of an archive: end record, directory and local headers, before a byte is unpacked (docs/spec/archive.md, "Reading").

Every header is made again from the values it holds, and compared byte by byte. So a field nobody thought of cannot hide anything: what is
not exactly the layout is refused.
"""

import msgspec

from packspec.archive import ByteSource, layout
from packspec.archive.layout import Entry
from packspec.archive.rules import ASK_PUBLISHER, PACK, Admission, ArchiveLimits, BadMethod, Form, TooBig, TooManyFiles
from packspec.errors import Untrusted
from packspec.limits import FILES, PATH_BYTES
from packspec.paths import BadPath, check_clashes, shown


class NotAPack(Untrusted):
    """The bytes are no archive of ours at all, or not all of them can be read."""

    reason: str

    code = "archive.not-a-pack"

    def what(self) -> str:
        return f"this is not a pack: {self.reason}"

    def why(self) -> str:
        return "a pack begins with the header of its first file; another kind of file, or a part of one, does not"

    def fix(self) -> list[str]:
        return ["fetch the file again; if it happens again, it is not a pack"]


class BadEndRecord(Untrusted):
    """The last bytes are not the one end record that fits the archive."""

    reason: str

    code = "archive.end-record"

    def what(self) -> str:
        return f"the archive does not end as a pack must: {self.reason}"

    def why(self) -> str:
        return "readers find the files from the end of an archive; a second, hidden or longer end would show other files to other readers"

    def fix(self) -> list[str]:
        return [f"fetch the file again, it may be cut off; else {ASK_PUBLISHER}"]


class BadLayout(Untrusted):
    """Parts of the archive do not follow each other without gap and overlap. Places are byte offsets."""

    subject: str
    expected: int
    found: int

    code = "archive.layout"

    def what(self) -> str:
        return f"parts of the archive lie in the wrong place: {self.subject}"

    def facts(self) -> dict[str, str]:
        return {"subject": self.subject, "expected": f"offset {self.expected}", "found": f"offset {self.found}"}

    def why(self) -> str:
        return "bytes that belong to no file, or to two, can hide content from a review"

    def fix(self) -> list[str]:
        return [ASK_PUBLISHER]


class _BadHeader(Untrusted):
    """What the two kinds of wrong headers have in common."""

    path: str
    field: str
    expected: int | str
    found: int | str

    def facts(self) -> dict[str, str]:
        return {"file": shown(self.path), "field": self.field, "expected": str(self.expected), "found": str(self.found)}

    def why(self) -> str:
        return "a header has exactly one form; encryption, extra fields, comments or dates are read differently by different tools"

    def fix(self) -> list[str]:
        return [ASK_PUBLISHER]


class BadCentralHeader(_BadHeader):
    """An entry of the directory is not the one we would write."""

    code = "archive.central"

    def what(self) -> str:
        return f"the directory entry of {shown(self.path)} is not canonical: {self.field}"


class BadLocalHeader(_BadHeader):
    """The header in front of a file's data is not the one that its directory entry demands."""

    code = "archive.local"

    def what(self) -> str:
        return f"the header of {shown(self.path)} is not canonical: {self.field}"


class BadMode(Untrusted):
    """A directory entry that is not a plain file with mode 0644. `attributes` are its 32 external attribute bits."""

    path: str
    attributes: int

    code = "archive.mode"

    def what(self) -> str:
        return f"{shown(self.path)} is not a plain file with mode 0644"

    def facts(self) -> dict[str, str]:
        return {
            "file": shown(self.path),
            "expected": f"{layout.FILE_MODE:07o}",
            "found": f"{self.attributes >> 16:07o}, low bits {self.attributes & 0xFFFF:#06x}",
        }

    def why(self) -> str:
        return "links, folders, devices and programs could write outside the pack's folder or run by themselves"

    def fix(self) -> list[str]:
        return [ASK_PUBLISHER]


class Layout(msgspec.Struct, frozen=True):
    """The files of an archive whose structure was checked, and where its directory begins (bytes)."""

    entries: tuple[Entry, ...]
    directory_offset: int


def read_layout(source: ByteSource, limits: ArchiveLimits = ArchiveLimits(), form: Form = PACK) -> Layout:
    """The checked structure of an archive. Nothing is unpacked: contents may still be broken.

    Raises NotAPack, BadEndRecord, BadLayout, BadCentralHeader, BadLocalHeader, BadMode, BadMethod, BadOrder, BadPath, PathClash,
    TooManyFiles, TooBig, ExpandsTooMuch; docs/spec/archive.md says which of them wins.
    """
    _check_begin(source, limits, form)
    count, directory_bytes, directory_offset = _read_end(source, limits)
    directory = exactly(source, directory_offset, directory_bytes)
    entries = _read_directory(directory, directory_offset, count, Admission(limits, form))
    check_clashes(entry.path for entry in entries)
    _check_local_headers(source, entries)
    return Layout(entries, directory_offset)


def exactly(source: ByteSource, offset: int, length: int) -> bytes:
    """`length` bytes of `source`. Raises NotAPack if it gives fewer or more than it promised."""
    data = source.read_at(offset, length)
    if len(data) != length:
        raise NotAPack(f"{length} bytes at offset {offset} were promised, {len(data)} came")
    return data


def _check_begin(source: ByteSource, limits: ArchiveLimits, form: Form) -> None:
    smallest = layout.LOCAL_BYTES + layout.CENTRAL_BYTES + 2 * len(form.first.encode()) + layout.END_BYTES
    if source.size < smallest:
        raise NotAPack(f"it has {source.size} bytes, the smallest pack has {smallest}")
    if source.size > limits.archive_bytes:
        raise TooBig("the archive", limits.archive_bytes, source.size)
    if (found := exactly(source, 0, 4)) != layout.LOCAL_SIGNATURE:
        raise NotAPack(f"it begins with {found.hex(' ')} instead of {layout.LOCAL_SIGNATURE.hex(' ')}")


def _read_end(source: ByteSource, limits: ArchiveLimits) -> tuple[int, int, int]:
    """File count, directory size and directory offset, of which the whole end was made again and compared."""
    tail_bytes = layout.ZIP64_BYTES + layout.END_BYTES  # fewer than the smallest pack has
    tail = exactly(source, source.size - tail_bytes, tail_bytes)
    record = tail[-layout.END_BYTES :]
    if not record.startswith(layout.END_SIGNATURE):
        raise BadEndRecord("the last 22 bytes are not an end record")
    count, directory_bytes, directory_offset = layout.end_values(record)
    if count == layout.ZIP64_FROM_FILES:
        count = layout.zip64_count(tail)
        if count < layout.ZIP64_FROM_FILES:
            raise BadEndRecord("it needs a zip64 record for 65,535 files or more, and only for them")
    expected = layout.end_records(count, directory_bytes, directory_offset)
    if tail[-len(expected) :] != expected:
        raise BadEndRecord(
            "its disks, counts, sizes, comment or zip64 record are not those of the files in front of it"
        )
    if count > limits.files:
        raise TooManyFiles(limits.files, count)
    if count == 0:
        raise NotAPack("it lists no files")
    _check_directory_place(source, len(expected), directory_offset, directory_bytes)
    return count, directory_bytes, directory_offset


def _check_directory_place(source: ByteSource, end_bytes: int, offset: int, length: int) -> None:
    directory_end = offset + length
    if directory_end != source.size - end_bytes:
        if directory_end + 4 <= source.size and exactly(source, directory_end, 4) in layout.END_SIGNATURES:
            raise BadEndRecord("it has more end records than it needs")
        raise BadLayout(
            "the directory does not end where the end record begins", source.size - end_bytes, directory_end
        )
    widest = FILES * (layout.CENTRAL_BYTES + PATH_BYTES)
    if length > widest:
        raise TooBig("the directory", widest, length)


def _read_directory(directory: bytes, directory_offset: int, count: int, admission: Admission) -> tuple[Entry, ...]:
    entries = []
    at = 0
    for _ in range(count):
        if at + layout.CENTRAL_BYTES > len(directory):
            raise BadLayout(
                "the directory ends before its last entry", directory_offset + at, directory_offset + len(directory)
            )
        crc, packed, size, path_bytes = layout.central_values(directory, at)
        end = at + layout.CENTRAL_BYTES + path_bytes
        if end > len(directory):
            raise BadLayout(
                "the directory ends within its last path", directory_offset + end, directory_offset + len(directory)
            )
        raw = directory[at + layout.CENTRAL_BYTES : end]
        expected = layout.central_header(raw, crc, packed, size, admission.end)
        if directory[at:end] != expected:
            raise _central_fault(directory[at:end], expected, raw)
        path = _path(raw)
        offset = admission.admit(path, raw, size, packed)
        if admission.end > directory_offset:
            raise BadLayout(f"{shown(path)} reaches into the directory", directory_offset, admission.end)
        entries.append(Entry(path, crc, size, packed, offset))
        at = end
    if at != len(directory):
        raise BadLayout(
            "the directory goes on behind its last entry", directory_offset + at, directory_offset + len(directory)
        )
    if admission.end != directory_offset:
        raise BadLayout("the directory does not begin where the last file ends", admission.end, directory_offset)
    return tuple(entries)


def _path(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise BadPath(raw.decode(errors="backslashreplace"), "not UTF-8") from error


def _central_fault(found: bytes, expected: bytes, raw: bytes) -> Untrusted:
    """The error for a directory entry that is not the expected one: the first field that differs decides."""
    path = raw.decode(errors="backslashreplace")
    field, want, have = layout.first_difference(found, expected)
    match field, want, have:
        case "method", _, int():
            return BadMethod(path, _method_rule(have))
        case "external attributes", _, int():
            return BadMode(path, have)
        case "local header offset", int(), int():
            return BadLayout(f"the local header of {shown(path)}", want, have)
        case _:
            return BadCentralHeader(path, field, want, have)


def _method_rule(method: int) -> str:
    if method == layout.STORED:
        return "method 0, STORED, with two different sizes"
    if method == layout.DEFLATE:
        return "method 8, DEFLATE, that saves nothing"
    return f"method {method}; only 0, STORED, and 8, DEFLATE, are allowed"


def _check_local_headers(source: ByteSource, entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        expected = layout.local_header(entry.path.encode(), entry.crc, entry.packed, entry.size)
        found = exactly(source, entry.offset - len(expected), len(expected))
        if found != expected:
            raise BadLocalHeader(entry.path, *layout.first_difference(found, expected))
