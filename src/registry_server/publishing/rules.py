"""Values of submissions, and who acts as what in one. The table of moves is `packspec.submissions`."""

import msgspec

from packspec.checkreport import CheckReport
from packspec.digests import Digest
from packspec.names import PackName, PublisherName
from packspec.signing.dsse import Envelope
from packspec.submissions import State
from packspec.versions import Version
from registry_server.catalog.rules import Texts
from registry_server.publishing.refusals import OwnSubmission


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A submission as it is kept. Members are ids; None: the registry, or nobody yet."""

    number: int
    pack: PackName
    version: Version
    kind: str
    state: State
    archive: Digest
    size: int
    opened_by: int
    opened_at: int
    handed_in_by: int | None = None
    handed_in_at: int | None = None
    round: int = 0
    """How often it was handed in for review. A decision counts in its own round only."""
    envelope: Envelope | None = None
    report: CheckReport | None = None
    """Stands once this archive was read and checked against this statement."""
    texts: Texts | None = None
    note: str = ""
    hold: bool = False
    taken_by: int | None = None
    log_number: int | None = None
    published_at: int | None = None

    @property
    def publisher(self) -> PublisherName:
        """Whose it is."""
        return self.pack.publisher

    def __str__(self) -> str:
        return f"S-{self.number}"


class KeptMove(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a submission."""

    at: int
    member: int | None
    event: str
    from_state: str
    to_state: str
    reason: str
    note: str


class KeptDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A reviewer's signed decision."""

    member: int
    round: int
    decision: str
    at: int
    envelope: Envelope


def number_of(submission: str) -> int:
    """The number in `S-1042`."""
    return int(submission.removeprefix("S-"))


def check_not_own(submission: Submission, member: int, role: str | None, whose: str = "") -> None:
    """Separation of duties. `role` is what the member is in the pack's publisher, `whose` how a member other than the asker is called.

    Raises OwnSubmission.
    """
    if role is not None:
        raise OwnSubmission(str(submission), f"{whose or 'you'} {'is' if whose else 'are'} of {submission.publisher}")
    if member in (submission.opened_by, submission.handed_in_by):
        raise OwnSubmission(str(submission), f"{whose or 'you'} handed it in")
