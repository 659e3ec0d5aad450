"""Codes of the room `project`: pack.toml, pack.lock, configuration, and the names, versions and ranges in them."""

CODES = {
    "project.bad-name": (
        "A name has one spelling. A publisher is lower-case ASCII letters, digits and inner hyphens, at most 64 characters; a pack is "
        "publisher/name, both halves by that rule; a release is publisher/name@1.2.3, without build metadata. Names are never folded: "
        "what needs folding is refused, so that nobody can register a second spelling of your name."
    ),
    "project.bad-range": (
        "Ranges of pack versions are npm's: ^1.2, ~1.2, 1.2.3, 1.x, *, >=1 <3, 1.2 - 1.4, ^1 || ^2. A blank joins what must hold "
        "together; a comma is an error, because only ranges of Python and of host applications (PEP 440) are written with commas. A "
        "prerelease matches only if the range names a prerelease of the same three numbers."
    ),
    "project.bad-version": (
        "Versions are SemVer 2.0.0 exactly: three numbers without leading zeros, then -prerelease and +build where wanted. No v in front, "
        "no blanks, nothing left out, no number above 9223372036854775807, at most 256 characters."
    ),
}
