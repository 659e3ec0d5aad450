"""From a file's packed bytes to its content, counting every byte (docs/spec/archive.md, "Unpacking").

The only wall around zlib's inflate. Output stops at the declared size plus one byte, whatever the input promises.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator

from packspec import limits
from packspec.archive.layout import Entry
from packspec.archive.rules import ASK_PUBLISHER
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.paths import shown
from packspec.tree import TreeEntry, TreeMismatch

CHUNK_BYTES = limits.MIB
"""Largest piece of content or packed data that is in memory at once."""

_RAW = -zlib.MAX_WBITS


class BadStream(Untrusted):
    """A file's packed data is not what the directory declares."""

    path: str
    reason: str

    code = "archive.deflate"

    def what(self) -> str:
        return f"{shown(self.path)} cannot be unpacked: {self.reason}"

    def facts(self) -> dict[str, str]:
        return {"file": shown(self.path), "reason": self.reason}

    def why(self) -> str:
        return "the data was damaged on its way, or declares a size that it does not have"

    def fix(self) -> list[str]:
        return [f"fetch the file again; else {ASK_PUBLISHER}"]


class BadCrc(Untrusted):
    """A file's content has another CRC-32 than the directory declares."""

    path: str
    expected: int
    found: int

    code = "archive.crc"

    def what(self) -> str:
        return f"{shown(self.path)} has a wrong checksum"

    def facts(self) -> dict[str, str]:
        return {
            "file": shown(self.path),
            "expected": f"CRC-32 {self.expected:08x}",
            "found": f"CRC-32 {self.found:08x}",
        }

    def why(self) -> str:
        return "the data was damaged after the archive was built"

    def fix(self) -> list[str]:
        return [f"fetch the file again; else {ASK_PUBLISHER}"]


def unpack(chunks: Iterable[bytes], entry: Entry | TreeEntry) -> Iterator[bytes]:
    """The content of `entry` from its packed bytes, in pieces of at most 1 MiB for DEFLATE, and as they come for STORED.

    Checks that packed bytes, stream and content have exactly the declared sizes; the content itself is for the caller to check. Raises
    BadStream.
    """
    if entry.packed == entry.size:
        return _stored(chunks, entry)
    return _inflated(chunks, entry)


def unpack_file(chunks: Iterable[bytes], entry: TreeEntry) -> Iterator[bytes]:
    """The content of one file from its packed bytes alone, such as an HTTP range gives: [entry.offset, entry.end) of the archive.

    Nothing that it yields may be used before it is exhausted, because the digest is known only then. Raises BadStream, and TreeMismatch for
    another digest than the tree's.
    """
    running = hashlib.sha256()
    for chunk in unpack(chunks, entry):
        running.update(chunk)
        yield chunk
    check_digest(entry, Digest(running.hexdigest()))


def check_digest(entry: TreeEntry, found: Digest) -> None:
    """Raises TreeMismatch if the content of a file has another digest than its tree says."""
    if not found.same(entry.sha256):
        raise TreeMismatch(entry.path, "sha256", entry.sha256, found)


def _stored(chunks: Iterable[bytes], entry: Entry | TreeEntry) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > entry.size:
            raise BadStream(entry.path, f"more than the declared {entry.size} bytes")
        yield chunk
    if total < entry.size:
        raise BadStream(entry.path, f"{total} of {entry.size} declared bytes")


def _inflated(chunks: Iterable[bytes], entry: Entry | TreeEntry) -> Iterator[bytes]:
    stream = zlib.decompressobj(_RAW)
    given = total = 0
    for chunk in chunks:
        given += len(chunk)
        if stream.eof or given > entry.packed:
            raise BadStream(entry.path, "bytes after the end of the stream")
        pending = chunk
        while True:
            room = min(CHUNK_BYTES, entry.size + 1 - total)
            out = _decompress(stream, pending, room, entry.path)
            total += len(out)
            if total > entry.size:
                raise BadStream(entry.path, f"it unpacks to more than the declared {entry.size} bytes")
            if out:
                yield out
            # Full output may leave more inside the decompressor even where no input is left.
            if stream.eof or len(out) < room:
                break
            pending = stream.unconsumed_tail
    if not stream.eof:
        raise BadStream(entry.path, "the stream has no end")
    if stream.unused_data or given < entry.packed:
        raise BadStream(entry.path, "bytes after the end of the stream")
    if total < entry.size:
        raise BadStream(entry.path, f"it unpacks to {total} of {entry.size} declared bytes")


def _decompress(stream: "zlib._Decompress", data: bytes, room: int, path: str) -> bytes:
    try:
        return stream.decompress(data, room)
    except zlib.error as error:
        raise BadStream(path, f"not a DEFLATE stream ({error})") from error
