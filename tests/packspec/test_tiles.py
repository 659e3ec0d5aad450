"""Tiles: paths against vectors, growing against the definition, and readers that get wrong tiles."""

import hashlib
from collections.abc import Sequence
from typing import Any

import pytest

from packspec.log.entries import check_entries, decode_entries, encode_entries, grow_entries
from packspec.log.proofs import EMPTY_ROOT, Node, inclusion_proof, leaf_hash, node_hash, verify_inclusion
from packspec.log.tiles import (
    ENTRIES,
    BadTile,
    BadTilePath,
    Tile,
    VerifiedTree,
    edge,
    edge_root,
    grow,
    tile_of,
    tiles_for,
)
from tests.support.vectors import cases


class Shelf:
    """Tiles in memory, counting what is asked for."""

    def __init__(self) -> None:
        self.tiles: dict[Tile, bytes] = {}
        self.asked: list[Tile] = []
        self.batches = 0

    def read_tiles(self, tiles: Sequence[Tile]) -> list[bytes]:
        self.asked += tiles
        self.batches += 1
        return [self.tiles[tile] for tile in tiles]


def hashes(start: int, end: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(start, end)]


def root_of(row: list[bytes]) -> bytes:
    while len(row) > 1:
        row = [
            node_hash(*pair) if len(pair) == 2 else pair[0]
            for pair in (row[at : at + 2] for at in range(0, len(row), 2))
        ]
    return row[0] if row else EMPTY_ROOT


def shelf_of(*sizes: int) -> tuple[Shelf, bytes]:
    """A log that grew through these sizes; and its root."""
    shelf, size = Shelf(), 0
    for wanted in sizes:
        shelf.tiles |= grow(size, hashes(size, wanted), {tile: shelf.tiles[tile] for tile in edge(size)})
        size = wanted
    return shelf, root_of(hashes(0, size))


@pytest.mark.parametrize("case", cases("tiles", "paths"), ids=lambda case: case["name"])
def test_a_tile_has_one_path(case: dict[str, Any]) -> None:
    tile = Tile(case["level"], case["number"], case["width"])
    assert tile.path == case["path"], case["reason"]
    assert Tile.parse(case["path"]) == tile


@pytest.mark.parametrize("case", cases("tiles", "bad-paths"), ids=lambda case: case["name"])
def test_no_other_spelling_is_a_path(case: dict[str, Any]) -> None:
    with pytest.raises(BadTilePath) as caught:
        Tile.parse(case["path"])
    assert caught.value.code == "log.tile-path", case["reason"]


def test_a_log_of_70000_entries_has_the_edge_that_tlog_tiles_describes() -> None:
    assert [tile.path for tile in edge(70_000)] == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    assert [tile.path for tile in edge(256)] == ["tile/1/000.p/1"]
    assert edge(0) == []


@pytest.mark.parametrize(
    "sizes", [(1,), (1, 2, 3), (255, 256, 257), (256,), (511, 513), (1, 700, 701, 1024), (70_000,)]
)
def test_a_log_that_grows_has_the_same_tiles_as_one_made_at_once(sizes: tuple[int, ...]) -> None:
    grown, root = shelf_of(*sizes)
    at_once, _root = shelf_of(sizes[-1])
    assert grown.tiles.items() >= at_once.tiles.items()
    assert edge_root(sizes[-1], grown.tiles) == root
    partial = {tile for tile in grown.tiles if tile.width < 256}
    assert partial == {tile for size in sizes for tile in edge(size)}


def test_tile_hashes_are_those_of_the_definition() -> None:
    shelf, _root = shelf_of(600)
    assert shelf.tiles[Tile(0, 1)] == b"".join(hashes(256, 512))
    assert shelf.tiles[Tile(0, 2, 88)] == b"".join(hashes(512, 600))
    assert shelf.tiles[Tile(1, 0, 2)] == root_of(hashes(0, 256)) + root_of(hashes(256, 512))


def test_each_tile_is_asked_for_once_and_all_of_a_proof_together() -> None:
    shelf, root = shelf_of(70_000)
    tree = VerifiedTree(70_000, root, shelf)
    for index in (0, 1, 255, 300, 69_999):
        proof = inclusion_proof(index, 70_000, tree.read_hashes)
        assert verify_inclusion(hashes(index, index + 1)[0], index, 70_000, proof, root)
    assert len(shelf.asked) == len(set(shelf.asked)) == 6
    assert [tile.path for tile in shelf.asked] == [
        "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/0/000", "tile/1/000", "tile/0/001",
    ]  # fmt: skip
    assert shelf.batches == 2


def test_an_entry_among_a_million_needs_five_tiles() -> None:
    nodes = [Node(level, (123_456 >> level) ^ 1) for level in range(19)]
    assert len(tiles_for(nodes, 1_000_000)) == 5


def test_S23_a_changed_hash_in_any_tile_is_noticed() -> None:
    shelf, root = shelf_of(70_000)
    for wrong in (Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1), Tile(1, 0), Tile(0, 100)):
        for place in (0, wrong.width - 1):
            liar = Shelf()
            data = shelf.tiles[wrong]
            liar.tiles = shelf.tiles | {wrong: data[: place * 32] + bytes(32) + data[place * 32 + 32 :]}
            tree = VerifiedTree(70_000, root, liar)
            with pytest.raises(BadTile) as caught:
                inclusion_proof(100 * 256, 70_000, tree.read_hashes)
            assert caught.value.code == "trust.log-tile"
            assert wrong not in tree.verified


def test_tiles_of_another_root_are_refused() -> None:
    shelf, _root = shelf_of(300)
    with pytest.raises(BadTile, match="does not belong"):
        VerifiedTree(300, bytes(32), shelf).check()
    with pytest.raises(BadTile):
        VerifiedTree(0, bytes(32), shelf).check()
    VerifiedTree(0, EMPTY_ROOT, shelf).check()


@pytest.mark.parametrize("length", [0, 1, 31, 32 * 43, 32 * 45, 8191, 8193])
def test_a_tile_of_another_length_is_refused(length: int) -> None:
    shelf, root = shelf_of(300)
    shelf.tiles[Tile(0, 1, 44)] = bytes(length)
    with pytest.raises(BadTile) as caught:
        VerifiedTree(300, root, shelf).check()
    assert caught.value.facts() == {"reason": f"expected 1408 bytes, found {length}"}


def test_the_full_tile_serves_for_a_partial_one() -> None:
    shelf, root = shelf_of(300)
    later, _root = shelf_of(512)
    shelf.tiles[Tile(0, 1, 44)] = later.tiles[Tile(0, 1)]
    tree = VerifiedTree(300, root, shelf)
    tree.check()
    assert len(tree.verified[Tile(0, 1, 44)]) == 44 * 32
    assert Tile(0, 1, 44).full == Tile(0, 1)


def test_a_node_that_the_log_does_not_hold_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="is not in a log of 300 entries"):
        tile_of(Node(3, 37), 300)
    with pytest.raises(ValueError, match="is not in a log of 300 entries"):
        tile_of(Node(0, 300), 300)


def test_entries_have_their_length_in_front() -> None:
    data = encode_entries([b"", b"ab", b"c" * 300])
    assert data == b"\x00\x00" + b"\x00\x02ab" + b"\x01\x2c" + b"c" * 300
    assert decode_entries(Tile(ENTRIES, 0, 3), data) == [b"", b"ab", b"c" * 300]


def test_an_entry_of_64_kib_has_no_place_in_a_tile() -> None:
    assert len(encode_entries([b"x" * 65_535])) == 65_537
    with pytest.raises(ValueError, match="65536 bytes"):
        encode_entries([b"x" * 65_536])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x00", id="half a length"),
        pytest.param(b"\x00\x01a", id="one entry instead of two"),
        pytest.param(b"\x00\x01a\x00\x02b", id="the last one cut off"),
        pytest.param(b"\x00\x01a" * 3, id="three entries"),
        pytest.param(b"\xff\xffa", id="a length behind the end"),
    ],
)
def test_a_tile_of_entries_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(BadTile):
        decode_entries(Tile(ENTRIES, 0, 2), data)


def test_entries_are_compared_with_the_tree() -> None:
    entries = [b"%d" % number for number in range(3)]
    check_entries(Tile(ENTRIES, 0, 3), entries, b"".join(hashes(0, 3)))
    with pytest.raises(BadTile) as caught:
        check_entries(Tile(ENTRIES, 2, 3), [entries[0], b"x", entries[2]], b"".join(hashes(0, 3)))
    assert caught.value.facts() == {"reason": "entry 513 has not the hash in the tree"}


@pytest.mark.parametrize("sizes", [(1, 2, 3), (255, 256, 257), (200, 600), (256, 512)])
def test_tiles_of_entries_grow_as_the_log_does(sizes: tuple[int, ...]) -> None:
    tiles: dict[Tile, bytes] = {}
    size = 0
    for wanted in sizes:
        last = Tile(ENTRIES, size // 256).in_log(size)
        tiles |= grow_entries(size, [b"%d" % number for number in range(size, wanted)], tiles[last] if last else b"")
        size = wanted
    whole = [tile for number in range(-(-size // 256)) if (tile := Tile(ENTRIES, number).in_log(size))]
    assert [entry for tile in whole for entry in decode_entries(tile, tiles[tile])] == [b"%d" % n for n in range(size)]
    assert grow_entries(size, [], b"" if size % 256 == 0 else tiles[whole[-1]]) == {}


def test_the_known_tree_of_eight_entries_has_its_known_root() -> None:
    entries = [bytes.fromhex(text) for text in cases("tiles", "known-tree")[0]["entries"]]
    tiles = grow(0, [leaf_hash(entry) for entry in entries], {})
    assert edge_root(8, tiles).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert hashlib.sha256(tiles[Tile(0, 0, 8)]).hexdigest() == cases("tiles", "known-tree")[0]["tile_sha256"]
