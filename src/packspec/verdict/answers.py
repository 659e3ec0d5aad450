"""Verdict: four findings about one release, each yes, no or unchecked with its reason."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from packspec.errors import PackError
from packspec.log.leaf import PublishLeaf
from packspec.signing.approval import Approved
from packspec.signing.publisher import Authentic, Rooted
from packspec.signing.statement import Statement


class Question(StrEnum):
    """What is asked about a release. None of the four implies another."""

    AUTHENTIC = "authentic"
    """Did its publisher make exactly these bytes?"""
    APPROVED = "approved"
    """Did enough reviewers accept exactly this statement?"""
    CURRENT = "current"
    """Does the registry list it now, and not recall it?"""
    LOGGED = "logged"
    """Is it in the one public history that everybody sees?"""


class Answer(StrEnum):
    """The answer to a question."""

    YES = "yes"
    NO = "no"
    UNCHECKED = "unchecked"
    """It could not be decided, because something is missing or an earlier step failed."""


class Finding(Struct, frozen=True):
    """One question, answered. `note` is what stands behind the answer in parentheses; `error` says why it is no."""

    question: Question
    answer: Answer
    note: str = ""
    error: PackError | None = None

    def __str__(self) -> str:
        if self.answer is Answer.YES and self.question is Question.APPROVED:
            return f"{self.answer} {self.note}"
        return f"{self.answer} ({self.note})" if self.note else str(self.answer)


class Verdict(Struct, frozen=True):
    """The four findings, every fault in the order of the steps, and what was found true on the way.

    `statement`, `leaf`, `root`, `signed_by` and `approved_by` are None where their steps did not succeed, so nothing unverified is in
    here.
    """

    authentic: Finding
    approved: Finding
    current: Finding
    logged: Finding
    faults: tuple[PackError, ...]
    statement: Statement | None
    leaf: PublishLeaf | None
    root: Rooted | None
    """The publisher root in force at the leaf."""
    signed_by: Authentic | None
    approved_by: Approved | None

    @property
    def findings(self) -> tuple[Finding, Finding, Finding, Finding]:
        """All four, in the order in which they are shown."""
        return (self.authentic, self.approved, self.current, self.logged)

    def require(self, questions: Iterable[Question] = tuple(Question)) -> None:
        """For an install: raises the first fault; and ValueError for a required question that is unchecked without any fault, because
        then its caller gave too little evidence."""
        if self.faults:
            raise self.faults[0]
        asked = set(questions)
        for finding in self.findings:
            if finding.question in asked and finding.answer is not Answer.YES:
                raise ValueError(f"{finding.question}: {finding}")
