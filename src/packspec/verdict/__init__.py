"""AUTHENTIC, APPROVED, CURRENT, LOGGED: the release check R1 to R9, four answers from evidence (docs/spec/verdict.md).

One pure function for everybody: an install raises the first fault, `verify` reports all of them, the server asks before it publishes, an
auditor asks afterwards. `evidence` is what goes in, `answers` what comes out, `publisher` proves a publisher's roots once for all of its
releases, `check` is the steps, `rows` what they compare, `notes` the words behind a yes.
"""

from packspec.verdict.answers import Answer, Finding, Question, Verdict
from packspec.verdict.check import check_release
from packspec.verdict.evidence import Current, Evidence, LockedRelease
from packspec.verdict.faults import (
    IndexMismatch,
    LockMismatch,
    LogMismatch,
    NotLogged,
    ReleaseRecalled,
    ReleaseUnlisted,
)
from packspec.verdict.publisher import LoggedEntry, PublisherRootEvidence, prove_publisher

__all__ = [
    "Answer",
    "Current",
    "Evidence",
    "Finding",
    "IndexMismatch",
    "LockMismatch",
    "LockedRelease",
    "LogMismatch",
    "LoggedEntry",
    "NotLogged",
    "PublisherRootEvidence",
    "Question",
    "ReleaseRecalled",
    "ReleaseUnlisted",
    "Verdict",
    "check_release",
    "prove_publisher",
]
