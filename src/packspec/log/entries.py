"""Tiles of entries: what was logged itself, beside the tiles of its hashes, which tell whether it is that (docs/spec/tiles.md)."""

from collections.abc import Sequence

from packspec import limits
from packspec.log.proofs import HASH_BYTES, leaf_hash
from packspec.log.tiles import ENTRIES, WIDTH, BadTile, Tile

ENTRIES_BYTES = WIDTH * (2 + limits.LEAF_BYTES)
"""Largest tile of entries, bytes."""


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """A tile of entries: each with its length in front, two bytes, big-endian. Raises ValueError for an entry that is too long."""
    if too_long := next((entry for entry in entries if len(entry) > limits.LEAF_BYTES), None):
        raise ValueError(f"an entry has {len(too_long)} bytes, more than {limits.LEAF_BYTES}")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_entries(tile: Tile, data: bytes) -> list[bytes]:
    """The entries of a tile of level `ENTRIES`: `tile.width` of them, also where the full tile was given. Raises BadTile.

    Whether they are the log's entries only `check_entries` tells.
    """
    found: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise BadTile(tile.path, f"entry {len(found)} is cut off")
        found.append(data[at + 2 : end])
        at = end
    if len(found) not in (tile.width, WIDTH):
        raise BadTile(tile.path, f"expected {tile.width} entries, found {len(found)}")
    return found[: tile.width]


def check_entries(tile: Tile, entries: Sequence[bytes], hashes: bytes) -> None:
    """Compares entries with the verified tile of level 0 in the same place. Raises BadTile."""
    for number, entry in enumerate(entries):
        if leaf_hash(entry) != hashes[number * HASH_BYTES : (number + 1) * HASH_BYTES]:
            raise BadTile(tile.path, f"entry {tile.number * WIDTH + number} has not the hash in the tree")


def grow_entries(size: int, entries: Sequence[bytes], last: bytes) -> dict[Tile, bytes]:
    """The tiles of entries that a log of `size` entries needs anew when `entries` are added. `last` is its last partial one, or empty.

    Raises BadTile if `last` is not that tile, and ValueError for an entry that is too long.
    """
    old = Tile(ENTRIES, size // WIDTH).in_log(size)
    kept = decode_entries(old, last) if old is not None else []
    rows = [*kept, *entries]
    groups = [rows[start : start + WIDTH] for start in range(0, len(rows), WIDTH)]
    if not entries:
        return {}
    return {
        Tile(ENTRIES, size // WIDTH + number, len(group)): encode_entries(group) for number, group in enumerate(groups)
    }
