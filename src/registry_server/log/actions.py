"""Growing the log inside the caller's transaction, and writing its static files after it."""

from collections.abc import Iterable

from packspec import site
from packspec.digests import Digest
from packspec.log.checkpoint import Checkpoint, SignedNote, sign_checkpoint
from packspec.log.entries import grow_entries
from packspec.log.leaf import Leaf, encode_leaf
from packspec.log.proofs import leaf_hash
from packspec.log.tiles import ENTRIES, WIDTH, Tile, VerifiedTree, edge, edge_root, grow
from packspec.signing.dsse import Envelope
from packspec.trustfiles import LogTrust
from registry_server.call import Call
from registry_server.log import rules, store
from registry_server.log.rules import End, Place
from registry_server.signer import KeyUnreadable
from registry_server.world import World


def signed_checkpoint(world: World) -> tuple[SignedNote, Checkpoint] | None:
    """The checkpoint on the static side; None for a registry without one. It is our own file, so its signature is not asked."""
    data = world.public.read(site.CHECKPOINT)
    if data is None:
        return None
    note = SignedNote.parse(data)
    return note, Checkpoint.parse(note.text)


def take_place(call: Call) -> Place:
    """Where the next entry of the log goes, for a decision that depends on it. The transaction keeps the place. Raises LogBehind."""
    signed = signed_checkpoint(call.world)
    return rules.next_place(_end(call), call.now, signed[1].size if signed else 0)


def append(call: Call, place: Place, leaf: Leaf, documents: Iterable[Envelope] = ()) -> int:
    """Adds `leaf` at `place`, keeps the documents that it names, and gives its index. The static side follows after the commit.

    The index is decided here and never again: nobody can take it back once this transaction is committed.
    """
    store.keep_documents(call.db, {Digest.of(one.payload): one.encode() for one in documents})
    store.append(call.db, place.index, place.at, encode_leaf(leaf))
    call.of_log.clear()
    call.log_grew()
    return place.index


def size(call: Call) -> int:
    """How many entries there are."""
    return _end(call).size


def _end(call: Call) -> End:
    """Where the log ends, asked once in a transaction."""
    return call.of_log.get(End) or call.of_log.keep(store.end(call.db))


def entries(call: Call, start: int, end: int) -> list[bytes]:
    """The entries [start, end), in order."""
    if start >= end:
        return []
    return store.entries(call.db, start, end)


def envelopes(call: Call, digests: Iterable[Digest]) -> dict[Digest, Envelope]:
    """The documents with these payload digests, as far as they are kept."""
    found = store.documents(call.db, list(digests))
    return {digest: Envelope.parse(data) for digest, data in found.items()}


def write_tiles(world: World, size: int, added: list[bytes]) -> VerifiedTree:
    """Writes the tiles that `added` entries after the first `size` need, and gives the new tree. Doing it again is harmless."""
    reader = PublicTiles(world)
    hashes = [leaf_hash(entry) for entry in added]
    before = edge(size)
    written = grow(size, hashes, dict(zip(before, reader.read_tiles(before), strict=True)))
    old = Tile(ENTRIES, size // WIDTH).in_log(size)
    written |= grow_entries(size, added, reader.read_tiles([old])[0] if old else b"")
    for tile, data in written.items():
        world.public.write(site.log_tile(tile), data)
    return reader.tree(size + len(added))


def sign(world: World, trust: LogTrust, tree: VerifiedTree) -> SignedNote:
    """The checkpoint of `tree`, signed by every key at hand that counts for it: two, while one key follows another.

    Its root is settled in the database first, so no second root for a size is ever signed. Raises TwoRoots, KeyUnreadable.
    """
    with world.database.writing() as db:
        settled = store.root(db, tree.size)
        if settled is None:
            store.settle_root(db, tree.size, tree.root)
        elif settled != tree.root:
            raise rules.TwoRoots(tree.size)
    counting = {row.key.public for row in trust.keys if row.until is None or tree.size <= row.until}
    signers = [key for key in reversed(world.online.at_hand("log")) if key.public in counting]
    if not signers:
        raise KeyUnreadable("log.key", "it is not a key that trust/log.json names for a log of this size")
    checkpoint = Checkpoint(trust.origin, tree.size, tree.root)
    note, *others = [sign_checkpoint(checkpoint, key) for key in signers]
    for other in others:
        note = SignedNote(note.text, (*note.signatures, *other.signatures))
    return note


class PublicTiles:
    """Tiles from the static side; a `TileReader`."""

    def __init__(self, world: World) -> None:
        self._public = world.public

    def read_tiles(self, tiles: Iterable[Tile]) -> list[bytes]:
        """The bytes of `tiles`, in this order. Raises Damaged if one is missing."""
        return [self._read(tile) for tile in tiles]

    def tree(self, size: int) -> VerifiedTree:
        """The tree of the first `size` entries, whose root is computed from the tiles of its right edge."""
        edges = edge(size)
        return VerifiedTree(size, edge_root(size, dict(zip(edges, self.read_tiles(edges), strict=True))), self)

    def _read(self, tile: Tile) -> bytes:
        data = self._public.read(site.log_tile(tile)) or self._public.read(site.log_tile(tile.full))
        if data is None:
            raise rules.TileMissing(site.log_tile(tile))
        return data
