"""`Audited`: what an audit found, as `--json` writes it."""

import msgspec

from packctl.findings.remark import Remark
from packctl.findings.report import Form


class AuditedRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release that pack.lock names, or that is installed without it. `state` is that of the registry's index: published, deprecated,
    yanked, recalled, or unknown. `line` is its line of pack.lock, 0 for one that stands in no line."""

    name: str
    version: str
    registry: str
    state: str
    installed: bool
    line: int = 0

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Proposal(msgspec.Struct, frozen=True):
    """A command that was solved just now, and the releases that it would give; none for one that only takes something out."""

    command: str
    gives: list[str]


class Replayed(msgspec.Struct, frozen=True):
    """A registry's log, read from its first entry on: how many entries, and how many indexes say what follows from them."""

    registry: str
    entries: int
    indexes: int


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """What was audited. `as_of` is the time of the oldest index that was used (RFC 3339 UTC), `age_seconds` its age.

    `quarantined` are folders that --fix moved, as paths in the project; `replayed` is filled by --full.
    """

    releases: list[AuditedRelease]
    findings: list[Remark]
    as_of: str
    age_seconds: int
    quarantined: list[str] = []
    proposals: list[Proposal] = []
    replayed: list[Replayed] = []
    form: Form = "text"
