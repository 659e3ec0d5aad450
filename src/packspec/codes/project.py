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
    "project.bad-requirement": (
        "Versions of host applications, of Python and of Python packages are written as Python writes them: ranges by PEP 440 with commas "
        '(hosts = { storybook = ">=1.4,<3" }, python = ">=3.11"), packages by PEP 508 ("pillow>=10"). Addresses and environment markers '
        "are not allowed, because what a pack needs must read the same on every machine, and === is not, because it compares spellings."
    ),
    "project.bad-version": (
        "Versions are SemVer 2.0.0 exactly: three numbers without leading zeros, then -prerelease and +build where wanted. No v in front, "
        "no blanks, nothing left out, no number above 9223372036854775807, at most 256 characters."
    ),
    "project.loosens-trust": (
        "A project's pack.toml comes from somebody else, so it may add demands to yours and not take from them: it may not raise a maximum "
        "of yours, lower a minimum, change a registry's root that you have pinned, or lead out of the project's folder. It is refused and "
        "not ignored, so that you learn of it. The line is named; take the key out, or change your own configuration if you agree."
    ),
    "project.manifest": (
        "pack.toml, a listing or a configuration file has keys that do not exist, values of another type, or values that their rule does "
        "not allow. All faults are told at once, each with its path and line. In a folder and at upload unknown keys are faults, because a "
        "misspelt key would be ignored in silence; in the pack.toml of a release they are ignored, because a newer packctl may have built "
        "it. The reference of all keys is docs/reference/pack-toml.md."
    ),
}
