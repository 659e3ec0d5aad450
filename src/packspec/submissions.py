"""A submission's life from draft to published: the states, and the one table of legal moves (docs/spec/submissions.md).

The table is data; nothing else moves a submission. It says who moves it and what must be there first; whether that is so (signatures
counted, approvals checked, people told apart) is decided where the facts are. From `published` on the release has states of its own.
"""

from enum import StrEnum

from msgspec import Struct

from packspec.errors import Conflict, Denied, Invalid
from packspec.reasons import REJECTION_REASONS


class State(StrEnum):
    """Where a submission stands."""

    DRAFT = "draft"
    """Opened; its publisher uploads, signs and corrects."""
    PENDING_REVIEW = "pending_review"
    """Handed in with enough signatures; waits in the queue."""
    IN_REVIEW = "in_review"
    """A reviewer has taken it."""
    APPROVED = "approved"
    """Enough reviewers have signed; the release is not public yet."""
    REJECTED = "rejected"
    """Final."""
    PUBLISHED = "published"
    """Final for the submission: the release is in log and index."""

    @property
    def is_final(self) -> bool:
        """Whether no move leads away from it."""
        return not any(move.source is self for move in MOVES)


WAITING = (State.PENDING_REVIEW, State.IN_REVIEW)
"""Reviewers are to decide."""
UNDECIDED = (State.DRAFT, *WAITING)
"""What is attested counts until somebody has decided."""


class Event(StrEnum):
    """What happens to a submission."""

    SUBMIT = "submit"
    TAKE = "take"
    APPROVE = "approve"
    REJECT = "reject"
    ASK_CHANGES = "ask-changes"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"


class Role(StrEnum):
    """As whom somebody acts in this submission."""

    PUBLISHER = "publisher"
    """A member of the pack's publisher."""
    REVIEWER = "reviewer"
    """A reviewer of the registry who is no member of that publisher."""
    REGISTRY = "registry"
    """The registry itself, once all is there."""


class Need(StrEnum):
    """What must be there before a move."""

    CHECKED_ARCHIVE = "checked-archive"
    """The archive was read again by the registry, and equals what was signed."""
    SIGNATURES = "signatures"
    """Valid signatures of the publisher reach its threshold now."""
    APPROVALS = "approvals"
    """Valid approvals of exactly this statement reach the reviewers' threshold."""
    SIGNED_REJECTION = "signed-rejection"
    """A rejection signed by the reviewer."""
    REASON = "reason"
    """A reason code."""
    NOT_HELD = "not-held"
    """The publisher does not hold the release back, or lets it go with this move."""


class Move(Struct, frozen=True):
    """One row: who may bring a submission from where to where, by what, and what must be there."""

    source: State
    event: Event
    target: State
    roles: frozenset[Role]
    needs: frozenset[Need] = frozenset()


def _row(source: State, event: Event, target: State, roles: set[Role], needs: set[Need]) -> Move:
    return Move(source, event, target, frozenset(roles), frozenset(needs))


_BY_REVIEWER = {Role.REVIEWER}
_REFUSAL = {Need.REASON, Need.SIGNED_REJECTION}

MOVES = (
    _row(State.DRAFT, Event.SUBMIT, State.PENDING_REVIEW, {Role.PUBLISHER}, {Need.CHECKED_ARCHIVE, Need.SIGNATURES}),
    _row(State.PENDING_REVIEW, Event.TAKE, State.IN_REVIEW, _BY_REVIEWER, set()),
    _row(State.PENDING_REVIEW, Event.WITHDRAW, State.DRAFT, {Role.PUBLISHER}, set()),
    _row(State.IN_REVIEW, Event.TAKE, State.IN_REVIEW, _BY_REVIEWER, set()),
    _row(State.IN_REVIEW, Event.WITHDRAW, State.DRAFT, {Role.PUBLISHER}, set()),
    _row(State.IN_REVIEW, Event.APPROVE, State.APPROVED, _BY_REVIEWER, {Need.CHECKED_ARCHIVE, Need.SIGNATURES, Need.APPROVALS}),
    _row(State.IN_REVIEW, Event.REJECT, State.REJECTED, _BY_REVIEWER, _REFUSAL),
    _row(State.IN_REVIEW, Event.ASK_CHANGES, State.DRAFT, _BY_REVIEWER, _REFUSAL),
    _row(State.APPROVED, Event.PUBLISH, State.PUBLISHED, {Role.REGISTRY, Role.PUBLISHER}, {Need.SIGNATURES, Need.APPROVALS, Need.NOT_HELD}),
)  # fmt: skip
"""Every legal move. TAKE in review hands it to another reviewer."""


class IllegalMove(Conflict):
    """A submission cannot be moved like that from where it stands."""

    state: State
    event: Event
    submission: str = ""

    code = "publishing.illegal-move"

    def what(self) -> str:
        name = f"submission {self.submission}" if self.submission else "a submission"
        return f"{self.event} is not possible: {name} is {self.state}"

    def facts(self) -> dict[str, str]:
        return {
            "possible": ", ".join(move.event for move in MOVES if move.source is self.state)
            or "nothing, this state is final"
        }

    def why(self) -> str:
        return "a submission moves only along the published table, so that everybody knows what a state means"

    def fix(self) -> list[str]:
        return [f"packctl status {self.submission}".rstrip()]


class NotYourMove(Denied):
    """The move is possible, but not for somebody who acts as that."""

    event: Event
    role: Role
    roles: frozenset[Role]
    submission: str = ""

    code = "publishing.not-your-move"

    def what(self) -> str:
        name = f" for submission {self.submission}" if self.submission else ""
        return f"{self.event} is not yours to do{name}"

    def facts(self) -> dict[str, str]:
        return {"allowed": ", ".join(sorted(self.roles)), "you are": self.role}

    def why(self) -> str:
        return "who hands a release in does not decide about it"

    def fix(self) -> list[str]:
        return [f"ask a {' or a '.join(sorted(self.roles))}"]


class ReasonMissing(Invalid):
    """A move needs a reason code and got none, or one that is no code."""

    event: Event
    found: str = ""

    code = "publishing.reason-missing"

    def what(self) -> str:
        return f"{self.event} needs a reason" + (f", and {self.found[:80]!r} is none" if self.found else "")

    def facts(self) -> dict[str, str]:
        return {"reasons": ", ".join(REJECTION_REASONS)}

    def why(self) -> str:
        return "its publisher must learn what to change"

    def fix(self) -> list[str]:
        return ["add --reason with one of these words"]


def find_move(state: State, event: Event, role: Role, *, reason: str = "", submission: str = "") -> Move:
    """The row for this move. `submission` is only for the message.

    Raises IllegalMove, NotYourMove, and ReasonMissing where the row needs a reason. The other `needs` of the row are the caller's to check.
    """
    move = next((row for row in MOVES if row.source is state and row.event is event), None)
    if move is None:
        raise IllegalMove(state, event, submission)
    if role not in move.roles:
        raise NotYourMove(event, role, move.roles, submission)
    if Need.REASON in move.needs and reason not in REJECTION_REASONS:
        raise ReasonMissing(event, reason)
    return move
