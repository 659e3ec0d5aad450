"""The log as a client sees it: its checkpoint S, opened and compared with all that was seen before (I4), and proofs from its tiles.

Tiles are fetched once and kept for ever; each is verified by the checkpoint every time it is used. Two checkpoints that contradict one
another are kept as evidence, and the message says where. Chapters: docs/spec/checkpoint.md, docs/spec/tiles.md.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, structs

from packctl.registry.failures import Unreachable
from packctl.trust.kept import KeptFiles
from packctl.trust.memory import Memory, Seen
from packctl.trust.reading import Reads, Wish
from packspec import site
from packspec.lockfile import LockedRegistry
from packspec.log.checkpoint import (
    Checkpoint,
    LogForked,
    LogShrank,
    OpenedCheckpoint,
    SignedNote,
    check_extends,
    lock_note,
    open_checkpoint,
)
from packspec.log.entries import ENTRIES_BYTES, check_entries, decode_entries, encode_entries
from packspec.log.proofs import Node, inclusion_nodes, inclusion_proof
from packspec.log.tiles import ENTRIES, TILE_BYTES, WIDTH, BadTile, Tile, VerifiedTree
from packspec.trustfiles import LogTrust

TILES_AT_ONCE = 8
"""Tiles of entries that are asked for together by who reads all of them."""


class LogFiles(Struct, frozen=True):
    """Where the files of a log come from: kept on this machine, or asked of the registry, if anybody may be asked."""

    kept: KeptFiles
    source: Reads | None
    address: str


class Earlier(Struct, frozen=True):
    """What S is compared with: what this machine remembers, and what the lock holds. `quorum` may ask for more witnesses than the log."""

    memory: Memory
    locked: LockedRegistry | None = None
    quorum: int = 0


class LogTiles:
    """Tiles from this machine or from the registry: a `TileReader`. With `is_fresh` what is kept is not asked."""

    def __init__(self, files: LogFiles, *, is_fresh: bool = False) -> None:
        self._files = files
        self._is_fresh = is_fresh
        self.fetched: set[Tile] = set()

    def read_tiles(self, tiles: Sequence[Tile]) -> list[bytes]:
        """The bytes of `tiles`. Raises Unreachable for one that is not here when nobody may ask, and what `Static.read_all` raises."""
        found = {tile: self._here(tile) for tile in tiles}
        missing = [tile for tile, data in found.items() if data is None]
        found |= zip(missing, self._fetch(missing), strict=True)
        # The full tile begins with the bytes of a partial one; a log may keep that alone (tlog-tiles).
        gone = [tile for tile, data in found.items() if data is None and tile.width != WIDTH]
        found |= zip(gone, self._fetch([tile.full for tile in gone]), strict=True)
        self.fetched |= set(missing)
        for tile, data in found.items():
            if data is None:
                raise BadTile(tile.path, "the registry does not have it")
        return [data for tile in tiles if (data := found[tile]) is not None]

    def _here(self, tile: Tile) -> bytes | None:
        if self._is_fresh:
            return None
        kept = self._files.kept
        return kept.read(site.log_tile(tile), TILE_BYTES) or kept.read(site.log_tile(tile.full), TILE_BYTES)

    def _fetch(self, tiles: Sequence[Tile]) -> list[bytes | None]:
        if not tiles:
            return []
        if self._files.source is None:
            raise Unreachable(self._files.address, f"--offline, and log tile {tiles[0].path} is not on this machine")
        ceiling = ENTRIES_BYTES if tiles[0].level == ENTRIES else TILE_BYTES
        return self._files.source.read_all([Wish(site.log_tile(tile), ceiling) for tile in tiles])


class Log:
    """The log of one registry at one checkpoint. Made by `open_log`."""

    def __init__(self, opened: OpenedCheckpoint, files: LogFiles) -> None:
        self.opened = opened
        self._files = files
        self._begin(is_fresh=False)

    def _begin(self, *, is_fresh: bool) -> None:
        self._tiles = LogTiles(self._files, is_fresh=is_fresh)
        self._tree = VerifiedTree(self.checkpoint.size, self.checkpoint.root, self._tiles)

    @property
    def checkpoint(self) -> Checkpoint:
        """S."""
        return self.opened.checkpoint

    def read_hashes(self, nodes: Sequence[Node]) -> list[bytes]:
        """Verified hashes: a `ReadHashes`. A tile that was damaged on this machine is fetched again, once (C12)."""
        try:
            found = self._tree.read_hashes(nodes)
        except BadTile:
            if self._files.source is None:
                raise
            self._begin(is_fresh=True)
            found = self._tree.read_hashes(nodes)
        self._save()
        return found

    def prepare(self, indexes: Iterable[int]) -> None:
        """Fetches what the proofs of these entries need, together."""
        size = self.checkpoint.size
        self.read_hashes([node for index in indexes if 0 <= index < size for node in inclusion_nodes(index, size)])

    def inclusion(self, index: int) -> tuple[bytes, ...] | None:
        """The proof of the entry at `index`; None for one that the log does not reach. Raises BadTile, and what fetching raises."""
        if not 0 <= index < self.checkpoint.size:
            return None
        return inclusion_proof(index, self.checkpoint.size, self.read_hashes)

    def entry(self, index: int) -> bytes | None:
        """The entry at `index`, compared with the tree; None for one that the log does not reach. Raises BadTile.

        Its tile is kept: a restore must hold without network, too.
        """
        place = Tile(ENTRIES, index // WIDTH).in_log(self.checkpoint.size)
        if place is None or not 0 <= index < self.checkpoint.size:
            return None
        path = site.log_tile(place)
        kept = self._files.kept.read(path, ENTRIES_BYTES)
        if kept is not None:
            try:
                return self._checked([place], [kept])[0][index % WIDTH]
            except BadTile:  # damaged on this machine; what the registry gives now counts (C12)
                self._files.kept.forget([path])
        found = self._entries_of([place])[0]
        self._files.kept.write({path: encode_entries(found)})
        return found[index % WIDTH]

    def tiles(self, tiles: Sequence[Tile]) -> dict[Tile, bytes]:
        """Tiles of hashes as they are in S, verified and kept. Raises BadTile, and what fetching raises."""
        self.read_hashes([Node(tile.level * 8, tile.number * WIDTH) for tile in tiles])
        return {tile: self._tree.verified[tile] for tile in tiles}

    def entries_tile(self, index: int) -> tuple[Tile, bytes] | None:
        """The tile that holds the entry at `index`, verified; None for one that the log does not reach. Raises as `entry`."""
        if self.entry(index) is None:
            return None
        place = Tile(ENTRIES, index // WIDTH).in_log(self.checkpoint.size)
        data = self._files.kept.read(site.log_tile(place), ENTRIES_BYTES) if place else None
        return (place, data) if place and data is not None else None

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """Every entry of S from `start` on, each compared with the tree; a few tiles are in memory at a time.

        Raises BadTile, and what fetching raises.
        """
        size, skipped = self.checkpoint.size, start % WIDTH
        numbers = range(start // WIDTH, -(-size // WIDTH))
        places = [place for number in numbers if (place := Tile(ENTRIES, number).in_log(size))]
        for first in range(0, len(places), TILES_AT_ONCE):
            for entries in self._entries_of(places[first : first + TILES_AT_ONCE]):
                yield from entries[skipped:]
                skipped = 0

    def _entries_of(self, places: Sequence[Tile]) -> list[list[bytes]]:
        return self._checked(places, LogTiles(self._files, is_fresh=True).read_tiles(places))

    def _checked(self, places: Sequence[Tile], tiles: Sequence[bytes]) -> list[list[bytes]]:
        self.read_hashes([Node(0, place.number * WIDTH) for place in places])
        found = []
        for place, data in zip(places, tiles, strict=True):
            entries = decode_entries(place, data)
            check_entries(place, entries, self._tree.verified[Tile(0, place.number, place.width)])
            found.append(entries)
        return found

    def _save(self) -> None:
        new = self._tiles.fetched & self._tree.verified.keys()
        self._files.kept.write({site.log_tile(tile): self._tree.verified[tile] for tile in new})
        self._tiles.fetched -= new


def open_log(note: SignedNote, trust: LogTrust, files: LogFiles, earlier: Earlier) -> tuple[Log, Seen]:
    """I4: S from `note`, consistent with the last checkpoint seen and with the lock's; and what is to be remembered of it.

    Raises LogSignature, WitnessesMissing, LogShrank, LogForked (both notes are kept then), BadTile, BadNote.
    """
    log = Log(open_checkpoint(note, trust, earlier.quorum), files)
    seen = earlier.memory.seen()
    proven = dict(seen.proven)
    for one in _notes(trust, earlier, seen):
        before = Checkpoint.parse(one.text)
        if before == log.checkpoint or (seen.knows(before) and seen.checkpoint == log.checkpoint):
            continue
        try:
            check_extends(before, log.checkpoint, log.read_hashes)
        except (LogForked, LogShrank) as error:
            error.kept = str(earlier.memory.keep_fork(one, note))
            raise
        proven[before.size] = before.root
    proven.pop(log.checkpoint.size, None)
    return log, Seen(note=note, proven=proven)


def _notes(trust: LogTrust, earlier: Earlier, seen: Seen) -> Iterator[SignedNote]:
    if seen.note:
        yield seen.note
    if earlier.locked is not None:
        yield open_locked(earlier.locked, trust).note


def open_locked(locked: LockedRegistry, trust: LogTrust) -> OpenedCheckpoint:
    """The checkpoint of a lock, which keeps the log's own signature alone. Raises LogSignature, BadNote.

    Unsigned it would be evidence of nothing: anybody could have written the line.
    """
    return open_checkpoint(lock_note(locked.log, locked.log_signature), structs.replace(trust, quorum=0))
