"""What may happen to a license, and in which status: one table. Each row says what becomes of the facts.

Whatever the table does not name is refused (`licensing.illegal-event`); nothing else changes a license.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from packspec.errors import Conflict
from packspec.licenses.plans import Plan
from packspec.licenses.status import Awaited, LicenseFacts, Status, status_of
from packspec.moments import LAST_SECOND


class Event(StrEnum):
    """What happens to a license."""

    ISSUE = "issue"
    PAY = "pay"
    ALLOW = "allow"
    """A guardian says yes."""
    CLAIM = "claim"
    """Whoever it was given to takes it."""
    START_TRIAL = "start_trial"
    CONVERT = "convert"
    """A trial becomes what is paid for, under the same id."""
    RENEW = "renew"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_RECOVERED = "payment_recovered"
    CANCEL = "cancel_at_period_end"
    RESUME = "resume"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    RESIZE = "resize"
    """The quantity changes; what is in use stays."""
    REFUND = "refund"
    CHARGEBACK_LOST = "chargeback_lost"
    SUPERSEDE = "supersede"
    """Another plan takes its place."""
    FRAUD = "fraud"
    REVOKE = "revoke"
    """An admin ends it."""
    TRANSFER = "transfer"


REVOKING = frozenset({Event.REFUND, Event.CHARGEBACK_LOST, Event.SUPERSEDE, Event.FRAUD, Event.REVOKE})
"""Events after which nothing comes: activations and seats end with them."""


class IllegalEvent(Conflict):
    """The table has no such event for a license in this status, or it would change nothing that is there."""

    event: str
    status: str
    reason: str = ""

    code = "licensing.illegal-event"

    def what(self) -> str:
        return f"{self.event.replace('_', ' ')} is not possible for a license that is {self.status.replace('_', ' ')}"

    def why(self) -> str:
        return self.reason or "what can follow on what stands in one table: docs/spec/licenses.md"

    def fix(self) -> list[str]:
        return ["packctl license list"]


class Happening(Struct, frozen=True):
    """An event with what it brings: when, the plan from then on, and how many pieces of time are bought."""

    event: Event
    at: int
    plan: Plan
    periods: int = 1


_ANY = frozenset(Status) - {Status.REVOKED}
_PENDING = frozenset({Status.PENDING})
_RUNS = frozenset({Status.TRIALING, Status.ACTIVE, Status.PAST_DUE})
_BILLED = frozenset({Status.ACTIVE, Status.PAST_DUE})

Effect: TypeAlias = Callable[[LicenseFacts, Happening], LicenseFacts]


def begin(plan: Plan, at: int, awaiting: Awaited | None = None) -> LicenseFacts:
    """The facts of a license that is issued at `at`. Awaiting something, or its first machine, it does not run yet."""
    waits: Awaited | None = awaiting or ("first-activation" if plan.counts_from == "first-activation" else None)
    empty = LicenseFacts(starts_at=at, grace_s=plan.grace_s, awaiting=waits)
    return empty if waits else _start(empty, Happening(Event.ISSUE, at, plan))


def _start(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    plan, at = happening.plan, happening.at
    ends_at = None if plan.duration_s is None else at + plan.duration_s * happening.periods
    trial_until = ends_at if plan.kind == "trial" else None
    return replace(facts, awaiting=None, starts_at=at, ends_at=ends_at, trial_until=trial_until, grace_s=plan.grace_s)


def _settle(awaited: str) -> Effect:
    def settle(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
        if facts.awaiting != awaited:
            reason = f"it waits for {facts.awaiting or 'its start'}, not for {awaited}"
            raise IllegalEvent(happening.event.value, Status.PENDING.value, reason)
        if happening.plan.counts_from == "first-activation":
            return replace(facts, awaiting="first-activation")
        return _start(facts, happening)

    return settle


def _start_trial(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    if happening.plan.kind != "trial" or facts.awaiting != "first-activation":
        raise IllegalEvent(
            happening.event.value, Status.PENDING.value, "it is no trial that waits for its first machine"
        )
    return _start(facts, happening)


def _convert(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    if happening.plan.kind == "trial":
        raise IllegalEvent(happening.event.value, Status.TRIALING.value, "a trial becomes another plan, not a trial")
    return _start(replace(facts, cancel_at=None, past_due_since=None), happening)


def _renew(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    """From the old end, so that nobody loses days by paying early; from now where all that time would be over already."""
    duration = happening.plan.duration_s
    if facts.ends_at is None or duration is None:
        raise IllegalEvent(happening.event.value, status_of(facts, happening.at).value, "it has no end that could move")
    added = duration * happening.periods
    ends_at = facts.ends_at + added
    if ends_at <= happening.at:
        ends_at = happening.at + added
    if ends_at + facts.grace_s > LAST_SECOND:
        raise IllegalEvent(happening.event.value, status_of(facts, happening.at).value, "no calendar goes that far")
    trial_until = None if facts.trial_until is None else ends_at
    return replace(facts, ends_at=ends_at, trial_until=trial_until, past_due_since=None, cancel_at=None)


def _fail_payment(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    return facts if facts.past_due_since is not None else replace(facts, past_due_since=happening.at)


def _cancel(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    if facts.ends_at is None:
        raise IllegalEvent(
            happening.event.value, status_of(facts, happening.at).value, "it has no end to be cancelled at"
        )
    return replace(facts, cancel_at=facts.ends_at)


def _suspend(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    return facts if facts.suspended_at is not None else replace(facts, suspended_at=happening.at)


def _revoke(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    return replace(facts, revoked_at=happening.at)


def _transfer(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    if not happening.plan.transferable:
        raise IllegalEvent(happening.event.value, Status.ACTIVE.value, "its plan says that it stays with its holder")
    return facts


def _same(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    return facts


TABLE: Mapping[Event, tuple[frozenset[Status], Effect]] = {
    Event.PAY: (_PENDING, _settle("payment")),
    Event.ALLOW: (_PENDING, _settle("permission")),
    Event.CLAIM: (_PENDING, _settle("claim")),
    Event.START_TRIAL: (_PENDING, _start_trial),
    Event.CONVERT: (frozenset({Status.TRIALING}), _convert),
    Event.RENEW: (_ANY, _renew),
    Event.PAYMENT_FAILED: (_BILLED, _fail_payment),
    Event.PAYMENT_RECOVERED: (_BILLED, lambda facts, happening: replace(facts, past_due_since=None)),
    Event.CANCEL: (_RUNS, _cancel),
    Event.RESUME: (_RUNS, lambda facts, happening: replace(facts, cancel_at=None)),
    Event.SUSPEND: (_ANY, _suspend),
    Event.UNSUSPEND: (_ANY, lambda facts, happening: replace(facts, suspended_at=None)),
    Event.RESIZE: (_ANY, _same),
    **dict.fromkeys(REVOKING, (_ANY, _revoke)),
    Event.TRANSFER: (frozenset({Status.ACTIVE}), _transfer),
}
"""Event to the statuses in which it may happen, and to what it does. `issue` stands in none: it begins a license (`begin`)."""


def after(facts: LicenseFacts, happening: Happening) -> LicenseFacts:
    """What `facts` become by an event. Raises IllegalEvent where the table does not allow it now."""
    status = status_of(facts, happening.at)
    allowed, effect = TABLE.get(happening.event, (frozenset(), _same))
    if status not in allowed:
        raise IllegalEvent(happening.event.value, status.value)
    return effect(facts, happening)
