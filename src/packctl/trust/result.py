"""`Shown`: what this machine knows of a registry, as `trust show --json` writes it."""

import msgspec


class ShownRoot(msgspec.Struct, frozen=True):
    """A root that somebody named: `sha256:...`, and who."""

    root: str
    by: str


class ShownKey(msgspec.Struct, frozen=True):
    """A key: the first 16 digits of its id in groups of four, its name where it has one, and how many of its role must sign (`2 of 3`)."""

    role: str
    key: str
    name: str
    needed: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A registry. Times are RFC 3339 UTC; `root_version` is 0 and the rest empty where nothing of it was verified on this machine yet.

    `log` is the newest checkpoint that was seen: origin, size and root hash.
    """

    address: str
    named: list[ShownRoot]
    root_version: int = 0
    root: str = ""
    root_expires: str = ""
    as_of: str = ""
    age: str = ""
    log: str = ""
    recalls: int = 0
    keys: list[ShownKey] = []
