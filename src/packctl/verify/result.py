"""`Verified`: what verify found, release by release, as `--json` writes it."""

from typing import Literal, TypeAlias

import msgspec

from packctl.findings.remark import Case, Remark
from packctl.findings.report import Form
from packspec.names import PackName
from packspec.verdict import Finding, Verdict
from packspec.versions import Version

Word: TypeAlias = Literal["yes", "no", "unchecked"]
QUESTIONS = ("authentic", "approved", "logged", "current", "files", "license")
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
    license: Said = Said("yes", "free")
    """Whether a license on this machine covers it; of a free pack always yes."""
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


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What was verified. `as_of` is the time of the oldest index that was used (RFC 3339 UTC, empty: none was at hand).

    `age_seconds` is its age at the moment that was asked about, `max_age_seconds` what the policy and --max-age accept (null: any age);
    `network` says whether anybody was asked.
    """

    releases: list[Release]
    findings: list[Remark]
    files: int = 0
    as_of: str = ""
    age_seconds: int = 0
    max_age_seconds: int | None = None
    network: bool = False
    form: Form = "text"


def answers_of(verdict: Verdict) -> dict[str, Said]:
    """The four answers of a release check, by question."""
    return {str(finding.question): _said(finding) for finding in verdict.findings}


def _said(finding: Finding) -> Said:
    note = finding.note if finding.error is None else ""
    return Said(finding.answer.value, note, finding.error.code if finding.error else "")


def cases_of(result: Verified) -> list[Case]:
    """A case per question and release; and one for each error that no answer stands for, so that no report passes where verify fails."""
    wrong = [one for one in result.findings if one.level == "error"]
    found = []
    for release in result.releases:
        for question in QUESTIONS:
            mine = [one for one in wrong if one.release == str(release) and _is_about(one, question, release)]
            wrong = [one for one in wrong if one not in mine]
            found.append(_case(release, question, mine))
    return found + [Case(one.release or "pack.lock", one.code, "failed", one.code, one.what) for one in wrong]


_ANSWERS: dict[Word, Literal["passed", "failed", "skipped"]] = {"yes": "passed", "no": "failed", "unchecked": "skipped"}


def _is_about(one: Remark, question: str, release: Release) -> bool:
    said = release.said(question)
    return said.answer == "no" and (one.code == said.code or (question == "files" and bool(one.file)))


def _case(one: Release, question: str, wrong: list[Remark]) -> Case:
    said = one.said(question)
    lines = [f"{remark.what}: {remark.file}" if remark.file else remark.what for remark in wrong]
    # A no that nobody asked for (LICENSE, where it is not required) is no failure.
    told = "skipped" if said.answer == "no" and not wrong else _ANSWERS[said.answer]
    return Case(str(one), question.upper(), told, said.code, "; ".join(lines) or said.note)
