"""The deterministic writer: the same files make the same archive, byte for byte, on one build of zlib (docs/spec/archive.md, "Writing").

It holds at most 32 MiB of a file at once. A local header comes before its data and names its packed size, so larger files are read twice.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from zlib import crc32

from msgspec import Struct

from packspec.archive.layout import central_header, end_records, local_header
from packspec.archive.rules import PACK, Admission, ArchiveLimits, BadOrder, Form, TooBig, TooManyFiles
from packspec.digests import Digest
from packspec.errors import Damaged
from packspec.limits import KIB, MIB, RATIO, RATIO_FROM_BYTES
from packspec.paths import check_paths, shown
from packspec.tree import Tree, TreeEntry

STORED_BELOW_BYTES = 64
"""A smaller file is STORED: its header is larger than anything that DEFLATE could save."""
SAMPLE_BYTES = 256 * KIB
"""Of a larger file, this much is packed first, to see whether packing it is worth the time: pictures and music are packed already."""
SAMPLE_PACKED_BYTES = 245_760
"""A sample that is larger packed saves less than a sixteenth: the file is STORED."""
HELD_BYTES = 16 * MIB
"""Content and packed data up to this size stay in memory, each, so that the file is read once."""


class SourceFile(Struct, frozen=True):
    """A file that goes into an archive: its path there, its size in bytes; `open` gives its bytes from the beginning each time."""

    path: str
    size: int
    open: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, path: str, data: bytes) -> "SourceFile":
        """A file in memory."""
        return cls(path, len(data), lambda: (data,))


class SourceChanged(Damaged):
    """A file was not the same when it was read again, or has another size than was announced."""

    path: str

    code = "archive.source-changed"

    def what(self) -> str:
        return f"{shown(self.path)} changed while it was packed"

    def why(self) -> str:
        return "a large file is read twice, and both times must give the same bytes"

    def fix(self) -> list[str]:
        return ["wait until nothing writes into the folder any more, then repeat the command"]


def write_archive(
    files: Sequence[SourceFile],
    write: Callable[[bytes], object],
    limits: ArchiveLimits = ArchiveLimits(),
    form: Form = PACK,
) -> Tree:
    """Writes the archive of `files`, given in any order, as a sequence of `write` calls, and gives its tree.

    Raises what the reader would refuse: BadPath, PathClash, BadOrder (no pack.toml), TooBig, TooManyFiles; and SourceChanged. What was
    written before an error is not an archive and must be thrown away.
    """
    ordered = sorted(files, key=lambda file: (file.path != form.first, _raw(file.path)))
    _check(ordered, limits, form)
    admission = Admission(limits, form)
    directory: list[bytes] = []
    entries: list[TreeEntry] = []
    for file in ordered:
        raw = _raw(file.path)
        draft = _stored_draft(file) if form.stored_only or file.path == form.first else _best_draft(file)
        header_offset = admission.end
        offset = admission.admit(file.path, raw, file.size, draft.packed)
        write(local_header(raw, draft.crc, draft.packed, file.size))
        digest = draft.write_data(write)
        directory.append(central_header(raw, draft.crc, draft.packed, file.size, header_offset))
        entries.append(TreeEntry(file.path, digest, file.size, draft.packed, offset))
    data = b"".join(directory)
    write(data)
    write(end_records(len(entries), len(data), admission.end))
    return Tree(tuple(entries))


def _raw(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")  # a lone surrogate is refused by the path rules, with its place


def _check(files: Sequence[SourceFile], limits: ArchiveLimits, form: Form) -> None:
    """What can be refused before any file is read."""
    check_paths(file.path for file in files)
    if not files or files[0].path != form.first:
        raise BadOrder(form.first, "is missing")
    if len(files) > limits.files:
        raise TooManyFiles(limits.files, len(files))
    for file in files:
        if file.size > limits.file_bytes:
            raise TooBig(shown(file.path), limits.file_bytes, file.size)


class _Draft(Struct, frozen=True):
    """A file after its first reading. `data` is what will be written, in pieces, if it was small enough to keep."""

    file: SourceFile
    crc: int
    packed: int
    digest: Digest
    data: list[bytes] | None

    def write_data(self, write: Callable[[bytes], object]) -> Digest:
        """Writes the packed data and gives the digest of the content. Raises SourceChanged if a second reading differs."""
        if self.data is not None:
            for piece in self.data:
                write(piece)
            return self.digest
        return self._write_again(write)

    def _write_again(self, write: Callable[[bytes], object]) -> Digest:
        # The digest is made of what is written now, so that the tree cannot describe the first reading and the archive hold the second.
        deflate = None if self.packed == self.file.size else _deflater()
        running, crc, packed = sha256(), 0, 0
        for block in _blocks(self.file):
            running.update(block)
            crc = crc32(block, crc)
            piece = deflate.compress(block) if deflate else block
            packed += len(piece)
            write(piece)
        if deflate:
            piece = deflate.flush()
            packed += len(piece)
            write(piece)
        if (crc, packed) != (self.crc, self.packed):
            raise SourceChanged(self.file.path)
        return Digest(running.hexdigest())


def _stored_draft(file: SourceFile) -> _Draft:
    content = _Held()
    running, crc = sha256(), 0
    for block in _blocks(file):
        running.update(block)
        crc = crc32(block, crc)
        content.add(block)
    return _Draft(file, crc, file.size, Digest(running.hexdigest()), content.pieces)


def _best_draft(file: SourceFile) -> _Draft:
    """STORED or DEFLATE, by the rules of docs/spec/archive.md; deflating stops as soon as it is known not to pay."""
    if file.size < STORED_BELOW_BYTES:
        return _stored_draft(file)
    content, data = _Held(), _Held()
    running, crc = sha256(), 0
    deflate: zlib._Compress | None = _deflater()
    for number, block in enumerate(_blocks(file)):
        running.update(block)
        crc = crc32(block, crc)
        content.add(block)
        if deflate is None:
            continue
        data.add(deflate.compress(block))
        if number == 0 and file.size > SAMPLE_BYTES:
            sample = data.total + len(deflate.copy().flush())
            if sample > SAMPLE_PACKED_BYTES:
                deflate = None
        elif not _pays(file.size, data.total):
            deflate = None
    if deflate:
        data.add(deflate.flush())
    digest = Digest(running.hexdigest())
    if deflate is None or not _pays(file.size, data.total) or _is_suspicious(file.size, data.total):
        return _Draft(file, crc, file.size, digest, content.pieces)
    return _Draft(file, crc, data.total, digest, data.pieces)


def _pays(size: int, packed: int) -> bool:
    return packed <= size - size // 16


def _is_suspicious(size: int, packed: int) -> bool:
    """Whether a reader would take it for a bomb."""
    return size > RATIO_FROM_BYTES and size > RATIO * packed


def _deflater() -> "zlib._Compress":
    return zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 8)


class _Held:
    """Pieces of bytes, forgotten as soon as they are more than `HELD_BYTES`; `total` still counts them."""

    def __init__(self) -> None:
        self.pieces: list[bytes] | None = []
        self.total = 0

    def add(self, piece: bytes) -> None:
        self.total += len(piece)
        if self.total > HELD_BYTES:
            self.pieces = None
        elif self.pieces is not None and piece:
            self.pieces.append(piece)


def _blocks(file: SourceFile) -> Iterator[bytes]:
    """The content in blocks of 256 KiB whatever pieces it comes in, because DEFLATE may depend on how it is fed.

    Raises SourceChanged unless it has exactly the announced size.
    """
    total, rest = 0, bytearray()
    for piece in file.open():
        total += len(piece)
        if total > file.size:
            raise SourceChanged(file.path)
        if not rest and len(piece) == SAMPLE_BYTES:
            yield piece
            continue
        rest += piece
        cut = len(rest) - len(rest) % SAMPLE_BYTES
        for start in range(0, cut, SAMPLE_BYTES):
            yield bytes(rest[start : start + SAMPLE_BYTES])
        del rest[:cut]
    if rest:
        yield bytes(rest)
    if total != file.size:
        raise SourceChanged(file.path)
