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
    "log.behind": (
        "The database of the registry knows fewer entries than the checkpoint on its static side covers, as after restoring an old backup. "
        "Whatever it added now would stand at an index that is taken already: two histories under one name, which every client would "
        "notice and refuse. So it publishes nothing until the newest database is back. Installing goes on meanwhile."
    ),
    "log.two-roots": (
        "For every size of the log the registry keeps which root it is about to sign. Here a second, different root came out for a size "
        "that was signed before. Nothing was signed. Either files of the log were changed behind the registry's back, or this is our "
        "fault; keep the data folder as it is and report it."
    ),
    "log.trail-differs": (
        "Once a day the registry puts a digest of its whole trail into the public log. registry-server check-trail made it anew from the "
        "trail that is in the database now, and got another one: an entry from before that day was changed, removed or slipped in, by "
        "somebody who could write to the database past the registry. Compare with a backup from before that day. What the log itself says, "
        "releases and recalls among it, is not touched by this."
    ),
    "log.quorum-missing": (
        "trust/log.json of this registry says that so many independent witnesses must sign each checkpoint of the log, and fewer did in "
        "the time they have. What was decided is in the log and is not lost: the registry asks again every minute and shows it once they "
        "have signed; installing what is there goes on. The operator sees the reason for each witness in the server's log: it may be down, "
        "may not trust the log's key, or may have signed another history, which means that somebody else uses the log's key."
    ),
    "log.witness-refuses": (
        "A witness of the log answered and did not sign. 404: it was not told of this log. 403: it does not know the key that signed. 409: "
        "it has signed more entries than there are here, as after restoring an old backup, or another history. 422: the proof that the log "
        "only grew does not hold."
    ),
    "log.tile-missing": (
        "A tile of the log that was written earlier is no longer on the static side. Tiles are never removed by the registry itself. "
        "Restore the folder from a backup or a mirror: a tile has only one right content, so any copy will do."
    ),
}
