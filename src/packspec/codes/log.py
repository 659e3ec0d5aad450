"""Codes of the room `log`: the registry's append-only log."""

CODES = {
    "log.tile-path": (
        "The path does not name a tile of a log. Tiles are served as C2SP tlog-tiles says: tile/LEVEL/NUMBER, the number in groups of "
        "three digits, all but the last with x in front, and .p/WIDTH behind a tile that is not full; tiles of entries have the word "
        "entries as level."
    ),
}
