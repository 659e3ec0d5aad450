"""Codes of the room `trust`: signatures, digests, chains, log, freshness."""

CODES = {
    "trust.bad-digest": (
        "A digest is SHA-256, written as 64 lower-case hex digits, with sha256: in front in files and texts for people. Another length, "
        "capital letters or another algorithm is refused: a digest has one spelling, so that comparing texts compares digests."
    ),
    "trust.log-tile": (
        "The registry's log is read in tiles: small files with 256 hashes each. A tile is used only if the log's signed root vouches for "
        "it, and this one is not part of that tree: it was damaged, cut or changed on the way, or belongs to another log. Nothing of it "
        "was used. Try again, or use another mirror; if the registry itself serves it, tell its operator."
    ),
    "trust.note-malformed": (
        "A checkpoint is a signed note (C2SP signed-note and tlog-checkpoint): three lines with origin, size and root of the log, an "
        "empty line, and a line per signature. Verifier keys are written NAME+ID+KEY. What was found is not written so; it was damaged on "
        "the way or made by other software."
    ),
    "trust.log-signature": (
        "The registry's trust file log.json, signed with its offline keys, names the keys that sign checkpoints of its log, and up to "
        "which size an old key counts. This checkpoint has no valid signature of such a key, or belongs to another log. Whoever serves it "
        "is not the log, so nothing was installed."
    ),
    "trust.witnesses-missing": (
        "Witnesses are machines of others that sign a checkpoint after checking that it extends the last one they saw; so a registry "
        "cannot show different histories to different people. The registry's trust file or your policy asks for more witnesses than have "
        "signed this checkpoint."
    ),
    "trust.log-shrank": (
        "A log only grows. This checkpoint has fewer entries than one that this machine or the lock file has seen, so it is an old copy, "
        "or the registry has gone back behind what it signed. Both checkpoints are kept as evidence."
    ),
    "trust.log-forked": (
        "The log's checkpoint must begin with every entry of the ones seen before, those in lock files included. This one does not: the "
        "registry has signed two histories that contradict each other. That cannot happen by accident of a mirror. Both signed "
        "checkpoints are kept as evidence; compare with others by packctl trust compare."
    ),
}
