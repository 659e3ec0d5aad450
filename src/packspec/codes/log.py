"""Codes of the room `log`: the registry's append-only log."""

CODES = {
    "log.tile-path": (
        "The path does not name a tile of a log. Tiles are served as C2SP tlog-tiles says: tile/LEVEL/NUMBER, the number in groups of "
        "three digits, all but the last with x in front, and .p/WIDTH behind a tile that is not full; tiles of entries have the word "
        "entries as level."
    ),
    "log.contradiction": (
        "Everything that a registry lists follows from the entries of its log and the documents they name. This entry does not fit: it "
        "publishes a version twice, speaks of a release that was never published, goes back in time, or names documents that say "
        "something else. Auditors stop here, and a registry refuses to write such an entry."
    ),
    "log.document-missing": (
        "The log names documents by digest: statements, approvals, restores. To make the index anew from the log they are all needed, and "
        "this one could not be had or has another digest. For a public pack every one of them is in the release's packproof or under "
        "documents/."
    ),
}
