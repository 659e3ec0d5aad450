"""The strict reader: an archive is read whole and checked in every byte, or refused (docs/spec/archive.md, "Reading").

The same reader runs where a pack is built, uploaded and installed. First the structure (`read_layout`), then every file once: sizes,
CRC-32, SHA-256 and, where the caller wants the content, into its sink in the same pass. Python's `zipfile` is never used: it opens half
of the archives that must be refused.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from zlib import crc32

from msgspec import Struct

from packspec.archive import ByteSource
from packspec.archive.directory import Layout, exactly, read_layout
from packspec.archive.layout import Entry
from packspec.archive.rules import ArchiveLimits
from packspec.archive.unpack import CHUNK_BYTES, BadCrc, check_digest, unpack, unpack_file
from packspec.digests import Digest
from packspec.limits import KIB
from packspec.manifest import Manifest, parse_manifest
from packspec.tree import Tree, TreeEntry, check_structure

__all__ = ["Archive", "Sink", "read_archive", "read_file", "read_files", "read_layout"]

Sink = Callable[[bytes], object]
"""Takes the content of one file, piece by piece."""

_AHEAD_BYTES = 256 * KIB
"""How much is read at once where files are small."""


class Archive(Struct, frozen=True):
    """An archive that passed every check: its manifest, parsed and byte for byte, and its recomputed tree."""

    manifest: Manifest
    manifest_bytes: bytes
    tree: Tree


def read_archive(
    source: ByteSource,
    limits: ArchiveLimits = ArchiveLimits(),
    on_file: Callable[[Entry], Sink | None] | None = None,
    *,
    on_done: Callable[[TreeEntry], object] | None = None,
    signed: Tree | None = None,
) -> Archive:
    """Reads and checks a whole pack. See `read_files` for `on_file`, `on_done` and `signed`.

    Raises the errors of `read_layout` and `read_files`, then ManifestFaults for a broken pack.toml, and no other.
    """
    layout = read_layout(source, limits)
    manifest: list[bytes] = []

    def open_sink(entry: Entry) -> Sink | None:
        sink = on_file(entry) if on_file else None
        return _both(manifest.append, sink) if entry is layout.entries[0] else sink

    tree = read_files(source, layout, open_sink, on_done=on_done, signed=signed)
    manifest_bytes = b"".join(manifest)
    return Archive(parse_manifest(manifest_bytes, strict=False), manifest_bytes, tree)


def _both(keep: Sink, sink: Sink | None) -> Sink:
    def take(chunk: bytes) -> None:
        keep(chunk)
        if sink:
            sink(chunk)

    return take


def read_files(
    source: ByteSource,
    layout: Layout,
    on_file: Callable[[Entry], Sink | None] | None = None,
    *,
    on_done: Callable[[TreeEntry], object] | None = None,
    signed: Tree | None = None,
    at_once: int = 1,
) -> Tree:
    """Reads every file once, in archive order, and gives the recomputed tree; `layout` comes from `read_layout` of the same source.

    For each file `on_file` may give a sink for its content, in pieces of at most 1 MiB. Nothing in a sink may be used before `on_done` was
    called with the file's tree entry: only then its sizes, CRC-32 and, if a `signed` tree is given, its digest are checked.
    With `at_once` above 1 large files are read by that many threads beside the small ones: `source`, `on_file` and `on_done` must bear it,
    and of several faults any may be raised. Raises BadStream, BadCrc, NotAPack for a source that gives other lengths than it promised, and
    TreeMismatch where `signed` says otherwise: for places and sizes before anything is unpacked, for a digest as soon as its file is read.
    """
    if signed is not None:
        check_structure(layout.entries, signed)

    def read(number: int, window: "_Window") -> TreeEntry:
        entry = layout.entries[number]
        digest = _read_one(window, entry, on_file(entry) if on_file else None)
        file = TreeEntry(entry.path, digest, entry.size, entry.packed, entry.offset)
        if signed is not None:
            check_digest(signed.files[number], digest)
        if on_done:
            on_done(file)
        return file

    window, numbers = _Window(source, layout.directory_offset), range(len(layout.entries))
    large = [number for number in numbers if layout.entries[number].packed >= CHUNK_BYTES] if at_once > 1 else []
    if len(large) < 2:
        return Tree(tuple(read(number, window) for number in numbers))
    from concurrent.futures import ThreadPoolExecutor  # late, because few read so

    with ThreadPoolExecutor(at_once, thread_name_prefix="read") as pool:
        try:
            begun = {number: pool.submit(read, number, _Window(source, layout.directory_offset)) for number in large}
            files = {number: read(number, window) for number in numbers if number not in begun}
            files |= {number: one.result() for number, one in begun.items()}
        finally:
            pool.shutdown(cancel_futures=True)
    return Tree(tuple(files[number] for number in numbers))


def _read_one(window: "_Window", entry: Entry, sink: Sink | None) -> Digest:
    if entry.is_stored and 0 < entry.size <= CHUNK_BYTES:  # most files: one piece, and of the length that was asked for
        chunk = window.take(entry.offset, entry.size)
        crc, running = crc32(chunk), sha256(chunk)
        if sink:
            sink(chunk)
    else:
        crc, running = 0, sha256()
        for chunk in unpack(window.chunks(entry.offset, entry.packed), entry):
            crc = crc32(chunk, crc)
            running.update(chunk)
            if sink:
                sink(chunk)
    if crc != entry.crc:
        raise BadCrc(entry.path, entry.crc, crc)
    return Digest(running.hexdigest())


def read_file(source: ByteSource, entry: Entry | TreeEntry) -> Iterator[bytes]:
    """The content of one file of a local archive, in pieces of at most 1 MiB; nothing may be used before it is exhausted.

    An Entry of `read_layout` is checked by its CRC-32 (BadCrc), a TreeEntry by its SHA-256 (TreeMismatch). Also raises BadStream and
    NotAPack.
    """
    packed = _Window(source, entry.offset + entry.packed).chunks(entry.offset, entry.packed)
    if isinstance(entry, TreeEntry):
        yield from unpack_file(packed, entry)
        return
    crc = 0
    for chunk in unpack(packed, entry):
        crc = crc32(chunk, crc)
        yield chunk
    if crc != entry.crc:
        raise BadCrc(entry.path, entry.crc, crc)


class _Window:
    """Reads a source forward: large pieces as they are asked for, small ones out of a block read ahead."""

    def __init__(self, source: ByteSource, end: int) -> None:
        self._source = source
        self._end = end
        self._at = 0
        self._block = b""

    def chunks(self, offset: int, length: int) -> Iterator[bytes]:
        """The bytes [offset, offset + length), in pieces of at most 1 MiB. Raises NotAPack if the source gives fewer."""
        end = offset + length
        while offset < end:
            piece = min(CHUNK_BYTES, end - offset)
            yield self.take(offset, piece)
            offset += piece

    def take(self, offset: int, length: int) -> bytes:
        """As many bytes, at most 1 MiB. Raises NotAPack if the source gives fewer or more."""
        if length >= _AHEAD_BYTES // 4:
            return exactly(self._source, offset, length)
        start = offset - self._at
        if start < 0 or start + length > len(self._block):
            self._block = exactly(self._source, offset, min(_AHEAD_BYTES, self._end - offset))
            self._at, start = offset, 0
        return self._block[start : start + length]
