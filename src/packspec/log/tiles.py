"""Tiles of C2SP tlog-tiles: the Merkle tree as small files that never change, read with their own proof (docs/spec/tiles.md).

A tile holds up to 256 hashes of one level; level L counts in steps of eight levels of the tree. `VerifiedTree` reads tiles from wherever
its `TileReader` gets them and lets out only hashes that the root of the log vouches for. `grow` says which tiles a longer log needs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, Self, TypeAlias

from packspec.errors import Invalid, Untrusted
from packspec.log.proofs import EMPTY_ROOT, HASH_BYTES, SIZE_LIMIT, Node, node_hash, tree_hash
from packspec.patterns import pattern

WIDTH = 256
"""Hashes in a full tile."""
_HEIGHT = 8
ENTRIES = -1
"""The level of tiles that hold entries instead of hashes."""
TILE_BYTES = WIDTH * HASH_BYTES


class BadTile(Untrusted):
    """A tile is not the part of the tree that the checkpoint commits to, or not a tile at all."""

    path: str
    reason: str

    code = "trust.log-tile"

    def what(self) -> str:
        return f"log tile {self.path} does not belong to the log's checkpoint"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "a mirror or cache gave other bytes than the log signed"

    def fix(self) -> list[str]:
        return ["try again, or use another mirror"]


class BadTilePath(Invalid, ValueError):
    """A path does not name a tile."""

    path: str

    code = "log.tile-path"

    def what(self) -> str:
        return f"not the path of a log tile: {self.path[:120]!r}"

    def why(self) -> str:
        return "every tile has one path, so that it is cached once and never changes"

    def fix(self) -> list[str]:
        return ["use the paths of C2SP tlog-tiles, such as tile/0/x001/067.p/8"]


_PATH = pattern(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Tile(NamedTuple):
    """Tile `number` of `level`, from 0, with its first `width` hashes (1 to 256). Level `ENTRIES` holds entries."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its path below the log's prefix: `tile/0/x001/067`, and `.p/W` behind it if it is not full."""
        digits = str(self.number)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
        place = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level == ENTRIES else self.level}/{place}{partial}"

    @classmethod
    def parse(cls, path: str) -> Self:
        """Reads a path. Raises BadTilePath for every other spelling than `path` has."""
        if not (match := _PATH.fullmatch(path)) or len(path) > 64:
            raise BadTilePath(path)
        level, place, width = match.groups()
        number = int(place.replace("x", "").replace("/", ""))
        tile = cls(ENTRIES if level == "entries" else int(level), number, int(width or WIDTH))
        if tile.path != path or tile.level > 63 or number >= SIZE_LIMIT or (width is not None and tile.width >= WIDTH):
            raise BadTilePath(path)
        return tile

    @property
    def full(self) -> "Tile":
        """The full tile in the same place. It begins with the bytes of this one and may be all that a log still keeps."""
        return Tile(self.level, self.number)

    def in_log(self, size: int) -> "Tile | None":
        """The tile in this place as it is in a log of `size` entries; None if it is empty there."""
        width = min(WIDTH, (size >> _HEIGHT * max(self.level, 0)) - self.number * WIDTH)
        return Tile(self.level, self.number, width) if width > 0 else None

    def root(self, data: bytes) -> bytes:
        """The hash that a full tile has in the tile above it."""
        return _rows(data)[_HEIGHT][0]


class TileReader(Protocol):
    """Where tiles come from: disk, cache, network. What it gives is not trusted."""

    def read_tiles(self, tiles: Sequence[Tile]) -> Sequence[bytes]:
        """The bytes of `tiles`, in this order. For a partial tile the full one may be given. Raises any PackError if one is missing."""
        ...


def tile_of(node: Node, size: int) -> Tile:
    """The tile in which a log of `size` entries keeps what `node` is made of. Raises ValueError if the log does not hold all of `node`."""
    level, row = divmod(node.level, _HEIGHT)
    tile = Tile(level, node.number >> (_HEIGHT - row)).in_log(size)
    if tile is None or (node.number + 1) << node.level > size:
        raise ValueError(f"{node} is not in a log of {size} entries")
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of hashes of a log of `size` entries, the lower levels first."""
    level = 0
    while (count := size >> _HEIGHT * level) > 0:
        for number in range(-(-count // WIDTH)):
            tile = Tile(level, number).in_log(size)
            assert tile is not None
            yield tile
        level += 1


def edge(size: int) -> list[Tile]:
    """The partial tiles at the right end of a log, lowest level first. Their hashes alone give the root."""
    places = (Tile(level, size >> _HEIGHT * (level + 1)) for level in range(-(-size.bit_length() // _HEIGHT)))
    return [tile for place in places if (tile := place.in_log(size))]


def edge_root(size: int, edge_tiles: Mapping[Tile, bytes]) -> bytes:
    """The root of a log of `size` entries, from the tiles of `edge(size)` alone. Nothing is verified here."""

    def read(nodes: Sequence[Node]) -> list[bytes]:
        homes = [tile_of(node, size) for node in nodes]
        return [_hash_in(tile, _rows(edge_tiles[tile]), node) for tile, node in zip(homes, nodes, strict=True)]

    return tree_hash(size, read)


def tiles_for(nodes: Iterable[Node], size: int) -> list[Tile]:
    """Every tile that reading `nodes` with proof needs: the edge, the nodes' own, and what stands above them."""
    wanted = dict.fromkeys(edge(size))
    for node in nodes:
        tile: Tile | None = tile_of(node, size)
        while tile is not None and tile not in wanted:
            wanted[tile] = None
            tile = _above(tile, size)
    return list(wanted)


def _above(tile: Tile, size: int) -> Tile | None:
    return Tile(tile.level + 1, tile.number // WIDTH).in_log(size)


_Rows: TypeAlias = list[list[bytes]]
"""The hashes of a tile, and above them those of every whole subtree in it, row by row."""


def _rows(data: bytes) -> _Rows:
    rows = [[data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]]
    while len(row := rows[-1]) > 1:
        rows.append([node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)])
    return rows


def _hash_in(tile: Tile, rows: _Rows, node: Node) -> bytes:
    row = node.level - tile.level * _HEIGHT
    return rows[row][node.number - (tile.number * WIDTH >> row)]


class VerifiedTree:
    """The hashes of the log (size, root), from tiles that are checked before any of them is used.

    The edge tiles must give the root, and every other tile the hash that stands for it one level up. Each tile is asked for once and kept;
    `verified` holds what may be saved.
    """

    def __init__(self, size: int, root: bytes, tiles: TileReader) -> None:
        self.size = size
        self.root = root
        self.verified: dict[Tile, bytes] = {}
        self._tiles = tiles
        self._kept_rows: dict[Tile, _Rows] = {}

    def read_hashes(self, nodes: Sequence[Node]) -> list[bytes]:
        """The hashes of `nodes`: a `ReadHashes` for the makers of proofs. Raises BadTile, ValueError for a node that the log does not
        hold, and whatever the reader raises."""
        self._fetch([tile for tile in tiles_for(nodes, self.size) if tile not in self.verified])
        homes = [tile_of(node, self.size) for node in nodes]
        return [_hash_in(tile, self._rows_of(tile), node) for tile, node in zip(homes, nodes, strict=True)]

    def _rows_of(self, tile: Tile) -> _Rows:
        # Many releases stand in one tile: what lies between its hashes and its root is computed once.
        if tile not in self._kept_rows:
            self._kept_rows[tile] = _rows(self.verified[tile])
        return self._kept_rows[tile]

    def check(self) -> None:
        """Reads the edge, so that it is known to be there and to give the root. Raises BadTile, and whatever the reader raises."""
        self.read_hashes(())

    def _fetch(self, tiles: list[Tile]) -> None:
        if self.size == 0:
            if self.root != EMPTY_ROOT:
                raise BadTile("tile/0/000", "the root of a log without entries is another")
            return
        if not tiles:
            return
        found = {tile: _cut(tile, data) for tile, data in zip(tiles, self._tiles.read_tiles(tiles), strict=True)}
        edges = edge(self.size)
        if edges[-1] in found:
            self._check_edge({tile: found[tile] for tile in edges})
        # From above downwards: what stands above was checked before.
        for tile in sorted(found, reverse=True):
            if tile not in self.verified:
                self._check_full(tile, found[tile])

    def _check_edge(self, found: Mapping[Tile, bytes]) -> None:
        if edge_root(self.size, found) != self.root:
            reason = f"the right edge of {self.size} entries does not give the root of the checkpoint"
            raise BadTile(edge(self.size)[0].path, reason)
        self.verified.update(found)

    def _check_full(self, tile: Tile, data: bytes) -> None:
        above = _above(tile, self.size)
        # Partial tiles are the edge, so this one is full and has its hash one level up.
        assert above is not None and tile.width == WIDTH
        place = tile.number % WIDTH * HASH_BYTES
        rows = _rows(data)
        if rows[_HEIGHT][0] != self.verified[above][place : place + HASH_BYTES]:
            raise BadTile(tile.path, f"its root is not the hash in {above.path}")
        self.verified[tile], self._kept_rows[tile] = data, rows


def _cut(tile: Tile, data: bytes) -> bytes:
    wanted = tile.width * HASH_BYTES
    if len(data) != wanted and len(data) != TILE_BYTES:
        raise BadTile(tile.path, f"expected {wanted} bytes, found {len(data)}")
    return data[:wanted]


def grow(size: int, hashes: Sequence[bytes], edge_tiles: Mapping[Tile, bytes]) -> dict[Tile, bytes]:
    """The tiles that a log of `size` entries needs anew when entries with these leaf hashes are added; the lower levels come first.

    `edge_tiles` are the tiles of `edge(size)` with their bytes. Full tiles are given where one fills up, and the partial tiles of the new
    edge. Tiles of lengths in between never exist. Raises BadTile for an edge tile of wrong length.
    """
    new_size = size + len(hashes)
    written: dict[Tile, bytes] = {}
    row, level = list(hashes), 0
    while row:
        start = size >> _HEIGHT * level
        old = Tile(level, start // WIDTH).in_log(size)
        kept = _cut(old, edge_tiles[old]) if old is not None else b""
        data = kept + b"".join(row)
        first = start // WIDTH
        row = []
        for offset in range(0, len(data), TILE_BYTES):
            piece = data[offset : offset + TILE_BYTES]
            tile = Tile(level, first + offset // TILE_BYTES, len(piece) // HASH_BYTES)
            written[tile] = piece
            if tile.width == WIDTH:
                row.append(tile.root(piece))
        level += 1
    assert all(tile in written or tile in edge_tiles for tile in edge(new_size))
    return written
