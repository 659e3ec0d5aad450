"""The one legal byte layout of an archive, as functions from values to bytes (docs/spec/archive.md, "Layout").

Writer and reader both use these: the writer to make an archive, the reader to make it again and compare. So there is no second description
of the layout that could differ from this one. Everything is little-endian.
"""

import struct

import msgspec

LOCAL_BYTES = 30
"""Local header without its path."""
CENTRAL_BYTES = 46
"""Central entry without its path."""
END_BYTES = 22
"""End record."""
ZIP64_BYTES = 76
"""zip64 record (56) and locator (20), which stand before the end record from `ZIP64_FROM_FILES` files on, and only then."""
ZIP64_FROM_FILES = 0xFFFF
"""The first number of files that the end record's 16 bits cannot hold, because 0xffff says: look into the zip64 record."""

STORED = 0
DEFLATE = 8

LOCAL_SIGNATURE = b"PK\3\4"
CENTRAL_SIGNATURE = b"PK\1\2"
END_SIGNATURE = b"PK\5\6"
ZIP64_SIGNATURE = b"PK\6\6"
LOCATOR_SIGNATURE = b"PK\6\7"
END_SIGNATURES = (END_SIGNATURE, ZIP64_SIGNATURE, LOCATOR_SIGNATURE)

FILE_MODE = 0o100644
"""A plain file that its owner may write and everybody read; never executable."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_ZIP64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")

_MADE_BY = 0x0314
_MADE_BY_ZIP64 = 0x032D
_NEEDED = 20
_NEEDED_ZIP64 = 45
_FLAGS = 0x0800
_TIME = 0
_DATE = 0x0021
_ATTRIBUTES = FILE_MODE << 16

LOCAL_FIELDS = (
    "signature", "version needed", "flags", "method", "time", "date", "CRC-32", "packed size", "size", "path length", "extra length",
)  # fmt: skip
CENTRAL_FIELDS = (
    "signature", "made by", "version needed", "flags", "method", "time", "date", "CRC-32", "packed size", "size", "path length",
    "extra length", "comment length", "disk", "internal attributes", "external attributes", "local header offset",
)  # fmt: skip


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One file as the directory tells: sizes in bytes, `offset` of the first byte of its data, `crc` the CRC-32 of its content.

    `packed == size` means STORED, less means DEFLATE.
    """

    path: str
    crc: int
    size: int
    packed: int
    offset: int

    @property
    def is_stored(self) -> bool:
        """Whether the data is the content itself."""
        return self.packed == self.size


def local_header(path: bytes, crc: int, packed: int, size: int) -> bytes:
    """The bytes in front of a file's data. `path` is UTF-8, sizes are bytes."""
    method = STORED if packed == size else DEFLATE
    return _LOCAL.pack(LOCAL_SIGNATURE, _NEEDED, _FLAGS, method, _TIME, _DATE, crc, packed, size, len(path), 0) + path


def central_header(path: bytes, crc: int, packed: int, size: int, header_offset: int) -> bytes:
    """A file's entry in the directory. `header_offset` is where its local header begins."""
    method = STORED if packed == size else DEFLATE
    return (
        _CENTRAL.pack(
            CENTRAL_SIGNATURE, _MADE_BY, _NEEDED, _FLAGS, method, _TIME, _DATE, crc, packed, size, len(path), 0, 0, 0, 0,
            _ATTRIBUTES, header_offset,
        ) + path
    )  # fmt: skip


def end_records(count: int, directory_bytes: int, directory_offset: int) -> bytes:
    """What follows the directory: the end record, from 65,535 files on behind the zip64 record and its locator."""
    if count < ZIP64_FROM_FILES:
        return _END.pack(END_SIGNATURE, 0, 0, count, count, directory_bytes, directory_offset, 0)
    record_offset = directory_offset + directory_bytes
    return (
        _ZIP64.pack(
            ZIP64_SIGNATURE, 44, _MADE_BY_ZIP64, _NEEDED_ZIP64, 0, 0, count, count, directory_bytes, directory_offset
        )
        + _LOCATOR.pack(LOCATOR_SIGNATURE, 0, record_offset, 1)
        + _END.pack(END_SIGNATURE, 0, 0, ZIP64_FROM_FILES, ZIP64_FROM_FILES, directory_bytes, directory_offset, 0)
    )


def central_values(directory: bytes, at: int) -> tuple[int, int, int, int]:
    """CRC-32, packed size, size and path length of the central entry at `at`, unchecked. At least 46 bytes must be there."""
    found: tuple[int, int, int, int] = _CENTRAL.unpack_from(directory, at)[7:11]
    return found


def end_values(record: bytes) -> tuple[int, int, int]:
    """File count, directory size and directory offset of an end record of 22 bytes, unchecked."""
    found: tuple[int, int, int] = _END.unpack(record)[4:7]
    return found


def zip64_count(records: bytes) -> int:
    """File count of a zip64 record of 56 bytes or more, unchecked."""
    found: int = _ZIP64.unpack_from(records)[7]
    return found


def first_difference(found: bytes, expected: bytes) -> tuple[str, int | str, int | str]:
    """The first field in which two headers of one kind differ: its name, the expected and the found value.

    Both begin with a local header or a central entry, of which `expected` is one that this module made.
    """
    shape, names = (_LOCAL, LOCAL_FIELDS) if expected.startswith(LOCAL_SIGNATURE) else (_CENTRAL, CENTRAL_FIELDS)
    for name, want, have in zip(names, shape.unpack_from(expected), shape.unpack_from(found), strict=True):
        if want != have:
            return name, _printable(want), _printable(have)
    return "path", _printable(expected[shape.size :]), _printable(found[shape.size :])


def _printable(value: int | bytes) -> int | str:
    return value if isinstance(value, int) else ascii(value[:80])[2:-1]
