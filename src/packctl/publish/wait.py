"""Waiting for a reviewer: asks where a submission stands until somebody has decided, or the time is up."""

from collections.abc import Callable

from packctl.registry.client import RegistryClient
from packctl.registry.network import Pace
from packspec.errors import AgainstPolicy, Busy, PackError
from packspec.protocol.publishing import SHOW, AskSubmission, SubmissionView
from packspec.submissions import State

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 20.0
DEFAULT_LIMIT = "30m"


class NotDecided(Busy):
    """Nobody decided in the time that was given. The submission goes on waiting."""

    submission: str
    state: str
    limit: str

    code = "publish.not-decided"

    def what(self) -> str:
        return f"{self.submission} is still {self.state} after {self.limit}"

    def why(self) -> str:
        return "a reviewer decides when they come to it; nothing is lost, and it keeps its place in the queue"

    def fix(self) -> list[str]:
        return [f"packctl status {self.submission}", f"packctl status {self.submission} --watch"]


class TurnedDown(AgainstPolicy):
    """A reviewer rejected the submission, or sent it back."""

    submission: str
    reason: str
    note: str
    is_final: bool

    code = "publish.turned-down"

    def what(self) -> str:
        return (
            f"{self.submission} was rejected"
            if self.is_final
            else f"the reviewer asks for changes to {self.submission}"
        )

    def facts(self) -> dict[str, str]:
        facts = {"reason": self.reason, "note": self.note}
        return {name: text for name, text in facts.items() if text}

    def why(self) -> str:
        if self.is_final:
            return "a rejection is final for these bytes; a new version can be handed in"
        return "it is a draft again; hand it in anew when the changes are made"

    def fix(self) -> list[str]:
        return [f"packctl status {self.submission}", "packctl publish"]


def is_over(view: SubmissionView) -> bool:
    """Whether waiting has an end: published, rejected, sent back, or approved and held back by its publisher."""
    return view.state in (State.PUBLISHED, State.REJECTED, State.DRAFT) or (view.state == State.APPROVED and view.hold)


def turned_down(view: SubmissionView) -> TurnedDown | None:
    """The reviewer's no, if that was the last thing that happened."""
    last = view.moves[-1] if view.moves else None
    if (
        last is None
        or last.from_state != State.IN_REVIEW
        or last.to_state not in (State.REJECTED, State.DRAFT)
        or not last.reason
    ):
        return None
    return TurnedDown(view.id, last.reason, last.note, last.to_state == State.REJECTED)


def wait_for_decision(
    client: RegistryClient,
    pace: Pace,
    view: SubmissionView,
    limit: tuple[str, int],
    on_change: Callable[[SubmissionView], None],
) -> tuple[SubmissionView, tuple[PackError, ...]]:
    """The submission when it was decided, and what stands against it: NotDecided when the time is up, TurnedDown.

    `limit` is a text for people and seconds. `on_change` hears of every step, the first included.
    """
    text, seconds = limit
    ends, pause = pace.monotonic() + seconds, FIRST_SECONDS
    on_change(view)
    while not is_over(view):
        left = ends - pace.monotonic()
        if left <= 0:
            return view, (NotDecided(view.id, view.state, text),)
        pace.sleep(min(pause, left))
        pause = min(pause * 1.3, LONGEST_SECONDS)
        before, view = view, client.call(SHOW, AskSubmission(id=view.id))
        if (before.state, before.approvals, before.queue_position) != (view.state, view.approvals, view.queue_position):
            on_change(view)
    no = turned_down(view)
    return view, (no,) if no else ()
