"""`Verified`: what verify found, release by release, as `--json` writes it."""

from typing import Literal, TypeAlias

import msgspec

from packspec.names import PackName
from packspec.verdict import Finding, Verdict
from packspec.versions import Version

Word: TypeAlias = Literal["yes", "no", "unchecked"]
Form: TypeAlias = Literal["text", "json", "github", "junit", "sarif"]
QUESTIONS = ("authentic", "approved", "logged", "current", "files")
"""What is asked of a release, in the order of the report."""
REQUIRED = ("authentic", "approved", "logged", "files")
"""What must be yes, unless more is required."""


class Said(msgspec.Struct, frozen=True):
    """One question, answered. `note` stands behind the answer in parentheses, `code` says why it is no."""

    answer: Word
    note: str = ""
    code: str = ""

    def __str__(self) -> str:
        return f"{self.answer} ({self.note})" if self.note else self.answer


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """The answers about one release. `line` is its line of pack.lock, 0 for an archive; `files_right` of `files_total` are as signed."""

    name: PackName
    version: Version
    registry: str = ""
    authentic: Said
    approved: Said
    logged: Said
    current: Said
    files: Said
    files_right: int = 0
    files_total: int = 0
    line: int = 0
    failed: bool = False

    def said(self, question: str) -> Said:
        """The answer to one of `QUESTIONS`."""
        found: Said = getattr(self, question)
        return found

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Remark(msgspec.Struct, frozen=True):
    """Something that is wrong, or worth knowing, with its place: a file of the project and a line (0: the whole file)."""

    code: str
    level: Literal["error", "warning"]
    what: str
    release: str = ""
    file: str = ""
    line: int = 0


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What was verified. `as_of` is the time of the oldest index that was used (RFC 3339 UTC, empty: none was at hand).

    `age_seconds` is its age at the moment that was asked about; `network` says whether anybody was asked.
    """

    releases: list[Release]
    findings: list[Remark]
    files: int = 0
    as_of: str = ""
    age_seconds: int = 0
    network: bool = False
    form: Form = "text"


def answers_of(verdict: Verdict) -> dict[str, Said]:
    """The four answers of a release check, by question."""
    return {str(finding.question): _said(finding) for finding in verdict.findings}


def _said(finding: Finding) -> Said:
    note = finding.note if finding.error is None else ""
    return Said(finding.answer.value, note, finding.error.code if finding.error else "")
