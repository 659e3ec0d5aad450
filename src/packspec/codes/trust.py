"""Codes of the room `trust`: signatures, digests, chains, log, freshness."""

CODES = {
    "trust.bad-digest": (
        "A digest is SHA-256, written as 64 lower-case hex digits, with sha256: in front in files and texts for people. Another length, "
        "capital letters or another algorithm is refused: a digest has one spelling, so that comparing texts compares digests."
    ),
}
