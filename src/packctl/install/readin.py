"""What was fetched, into the store: whole archives through the strict reader, pieces of them file by file (docs/spec/install.md, I14).

A file enters under the digest that the signed tree has for it, or not at all.
"""

import os
from collections.abc import Callable, Iterator

from msgspec import Struct, field

from packctl.install.incoming import Incoming
from packctl.install.store import Store
from packspec.archive import ByteSource
from packspec.archive.layout import Entry
from packspec.archive.read import read_files, read_layout
from packspec.archive.unpack import CHUNK_BYTES, unpack
from packspec.tree import Span, Tree, TreeEntry


def fill_from_archive(store: Store, source: ByteSource, tree: Tree) -> int:
    """I14: passes an archive through the strict reader; every file that the store lacks enters it. How many did.

    Raises `archive.*` for what is no archive of our layout, TreeMismatch for another content than the signed tree's, DiskFailed.
    """
    filling = _Filling(store, tree)
    try:
        # Without a look into pack.toml: what it says was judged where it was published, and a later packctl may have written it.
        read_files(
            source, read_layout(source), filling.sink, on_done=filling.done, signed=tree, at_once=os.cpu_count() or 1
        )
    finally:
        filling.drop()
    return filling.count


class _Filling(Struct):
    """One archive on its way in, several files of it at once. Of those with one content the first to come enters."""

    store: Store
    tree: Tree
    count: int = 0
    _open: dict[str, Incoming] = field(default_factory=dict)

    def sink(self, entry: Entry) -> Callable[[bytes], None] | None:
        signed = self.tree.by_path[entry.path]
        if signed.sha256 in self.store:
            return None
        file = self._open[entry.path] = self.store.incoming(signed.sha256, signed.size, signed.path)
        return file.append  # the reader hashes

    def done(self, file: TreeEntry) -> None:
        """The reader has hashed the file and compared its digest: it may enter."""
        if (incoming := self._open.pop(file.path, None)) is not None:
            incoming.finish(file.sha256)
            self.count += 1

    def drop(self) -> None:
        """Removes what was not read to its end."""
        for file in self._open.values():
            file.drop()


def fill_from_piece(store: Store, source: ByteSource, span: Span) -> int:
    """The same from the bytes [span.start, span.end) of an archive: each wanted file unpacks to what was signed, or does not enter.

    Raises BadStream and WrongContent where the bytes are others, and then what stood before them has entered; DiskFailed.
    """
    count = 0
    for entry in span.files:
        if entry.sha256 not in store:
            with store.incoming(entry.sha256, entry.size, entry.path) as file:
                for chunk in unpack(_chunks(source, entry.offset - span.start, entry.packed), entry):
                    file.write(chunk)
                file.finish()
            count += 1
    return count


def _chunks(source: ByteSource, offset: int, length: int) -> Iterator[bytes]:
    """Fewer bytes than `length` where the source ends, which whoever unpacks them notices."""
    end = offset + length
    while offset < end and (chunk := source.read_at(offset, min(CHUNK_BYTES, end - offset))):
        yield chunk
        offset += len(chunk)


def fill_empty(store: Store, entries: tuple[TreeEntry, ...]) -> None:
    """Files without a byte, which no range brings."""
    for entry in entries:
        if entry.size == 0:
            store.put(entry.sha256, 0, [], entry.path)
