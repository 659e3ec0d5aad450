"""ZIP archives with any field wrong on purpose: a second description of the layout, independent of packspec, for hostile examples.

Without arguments that say otherwise it makes the canonical archive of the given files, so that a test changes one thing at a time.
"""

import struct
import zlib
from dataclasses import dataclass, field, replace

from packspec.archive import BytesSource
from packspec.archive.read import read_files, read_layout
from packspec.archive.rules import ArchiveLimits
from packspec.tree import Tree

MANIFEST = (
    b'[pack]\nname = "acme/farm"\nversion = "1.0.0"\nsummary = "Animals"\nlicense = "CC0-1.0"\ncategory = "pictures"\n'
)

_LOCAL_FIELDS = (
    "signature",
    "needed",
    "flags",
    "method",
    "time",
    "date",
    "crc",
    "packed",
    "size",
    "path_bytes",
    "extra_bytes",
)
_CENTRAL_FIELDS = (
    "signature", "made_by", "needed", "flags", "method", "time", "date", "crc", "packed", "size", "path_bytes", "extra_bytes",
    "comment_bytes", "disk", "internal", "external", "offset",
)  # fmt: skip
_END_FIELDS = (
    "signature",
    "disk",
    "directory_disk",
    "count_here",
    "count",
    "directory_bytes",
    "directory_offset",
    "comment_bytes",
)


@dataclass(frozen=True)
class Raw:
    """One file. `local`, `central` and `both` replace fields of its headers; extra fields and comment are counted in their lengths."""

    path: str | bytes
    content: bytes = b""
    packed: bytes | None = None
    both: dict[str, int] = field(default_factory=dict)
    local: dict[str, int] = field(default_factory=dict)
    central: dict[str, int] = field(default_factory=dict)
    local_path: bytes | None = None
    local_extra: bytes = b""
    central_extra: bytes = b""
    comment: bytes = b""
    gap: bytes = b""
    present: bool = True
    listed: bool = True

    @property
    def raw_path(self) -> bytes:
        return self.path if isinstance(self.path, bytes) else self.path.encode("utf-8", "surrogatepass")

    def changed(self, **fields: object) -> "Raw":
        return replace(self, **fields)  # type: ignore[arg-type]

    def values(self) -> dict[str, int]:
        data = self.content if self.packed is None else self.packed
        return {
            "needed": 20,
            "flags": 0x0800,
            "method": 0 if self.packed is None else 8,
            "time": 0,
            "date": 0x0021,
            "crc": zlib.crc32(self.content),
            "packed": len(data),
            "size": len(self.content),
            "path_bytes": len(self.raw_path),
        } | self.both

    def local_part(self) -> bytes:
        values = {"signature": 0x04034B50, **self.values(), "extra_bytes": len(self.local_extra)} | self.local
        path = self.raw_path if self.local_path is None else self.local_path
        header = struct.pack("<L5H3L2H", *(values[name] for name in _LOCAL_FIELDS))
        return header + path + self.local_extra + (self.content if self.packed is None else self.packed)

    def central_part(self, offset: int) -> bytes:
        values = {
            "signature": 0x02014B50,
            "made_by": 0x0314,
            **self.values(),
            "extra_bytes": len(self.central_extra),
            "comment_bytes": len(self.comment),
            "disk": 0,
            "internal": 0,
            "external": 0o100644 << 16,
            "offset": offset,
        } | self.central
        header = struct.pack("<L6H3L5H2L", *(values[name] for name in _CENTRAL_FIELDS))
        return header + self.raw_path + self.central_extra + self.comment


@dataclass(frozen=True)
class Around:
    """What stands around the files. `end` replaces fields of the end record, `zip64` those of the zip64 record and locator."""

    prefix: bytes = b""
    before_directory: bytes = b""
    before_end: bytes = b""
    comment: bytes = b""
    suffix: bytes = b""
    end: dict[str, int] = field(default_factory=dict)
    zip64: dict[str, int] | None = None


MANIFEST_FILE = Raw("pack.toml", MANIFEST)


def deflated(path: str, content: bytes) -> Raw:
    """A file packed as DEFLATE."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return Raw(path, content, packed=stream.compress(content) + stream.flush())


def raw_zip(*files: Raw, around: Around = Around()) -> bytes:
    """The archive of `files` as they stand, pack.toml in front; nothing is sorted or checked."""
    return raw_zip_of((MANIFEST_FILE, *files), around)


def raw_zip_of(files: tuple[Raw, ...], around: Around = Around()) -> bytes:
    """The archive of exactly `files`."""
    body, directory, listed = bytearray(around.prefix), bytearray(), 0
    for file in files:
        body += file.gap
        offset = len(body)
        if file.present:
            body += file.local_part()
        if file.listed:
            directory += file.central_part(offset)
            listed += 1
    body += around.before_directory
    values = {
        "signature": 0x06054B50,
        "disk": 0,
        "directory_disk": 0,
        "count_here": min(listed, 0xFFFF),
        "count": min(listed, 0xFFFF),
        "directory_bytes": len(directory),
        "directory_offset": len(body),
        "comment_bytes": len(around.comment),
    } | around.end
    body += directory + around.before_end
    if around.zip64 is not None or listed >= 0xFFFF:
        body += _zip64(len(body), listed, values, around.zip64 or {})
    body += struct.pack("<L4H2LH", *(values[name] for name in _END_FIELDS))
    return bytes(body + around.comment + around.suffix)


def _zip64(at: int, count: int, end: dict[str, int], changes: dict[str, int]) -> bytes:
    values = {
        "signature": 0x06064B50, "record_bytes": 44, "made_by": 0x032D, "needed": 45, "disk": 0, "directory_disk": 0,
        "count_here": count, "count": count, "directory_bytes": end["directory_bytes"], "directory_offset": end["directory_offset"],
        "locator": 0x07064B50, "locator_disk": 0, "record_offset": at, "disks": 1,
    } | changes  # fmt: skip
    return struct.pack("<LQ2H2L4QLLQL", *values.values())


def verdict_tree(data: bytes, limits: ArchiveLimits = ArchiveLimits()) -> Tree:
    """The tree of an archive that the strict reader takes; its error otherwise."""
    source = BytesSource(data)
    return read_files(source, read_layout(source, limits))
