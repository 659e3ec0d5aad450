"""The status of a license: a pure function of stored facts and the time. The first line of the table that fits wins."""

from collections.abc import Callable
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

Awaited: TypeAlias = Literal["payment", "permission", "claim", "first-activation"]
"""What a license that does not run yet waits for: money, a guardian's yes, whoever it was given to, or its first machine."""


class Status(StrEnum):
    """Where a license stands."""

    REVOKED = "revoked"
    """Ended for ever."""
    SUSPENDED = "suspended"
    """Stopped; it can go on."""
    PENDING = "pending"
    """Does not run yet."""
    TRIALING = "trialing"
    PAST_DUE = "past_due"
    """Runs; a payment failed."""
    ACTIVE = "active"
    CANCELLED = "cancelled"
    """Ended as its holder wished."""
    GRACE = "grace"
    """Ended a short while ago; what is locked can still be installed."""
    EXPIRED = "expired"

    @property
    def is_usable(self) -> bool:
        """Whether what a lock names may be installed."""
        return self in USABLE

    @property
    def gives_newer(self) -> bool:
        """Whether releases that came after those one has may be taken."""
        return self in (Status.TRIALING, Status.PAST_DUE, Status.ACTIVE)

    @property
    def takes_activations(self) -> bool:
        """Whether a machine, seat or lease may be added."""
        return self in (Status.TRIALING, Status.ACTIVE)

    @property
    def warns(self) -> bool:
        """Whether each use says that an end is near."""
        return self in (Status.PAST_DUE, Status.GRACE)


USABLE = frozenset({Status.TRIALING, Status.PAST_DUE, Status.ACTIVE, Status.GRACE})


class LicenseFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the status of a license follows from. Times are seconds since 1970, UTC."""

    starts_at: int
    ends_at: int | None = None
    """None: no end."""
    grace_s: int = 0
    trial_until: int | None = None
    cancel_at: int | None = None
    """Set: it ends at `ends_at` without grace, because its holder wishes so."""
    past_due_since: int | None = None
    awaiting: Awaited | None = None
    suspended_at: int | None = None
    revoked_at: int | None = None

    def runs(self, now: int) -> bool:
        """Whether `now` is before its end. The second of the end is over already."""
        return self.ends_at is None or now < self.ends_at

    @property
    def usable_until(self) -> int | None:
        """When it stops to be usable if nothing happens: its end, and the grace unless it was cancelled. None: never."""
        if self.ends_at is None:
            return None
        return self.ends_at + (0 if self.cancel_at is not None else self.grace_s)


Line: TypeAlias = tuple[Status, Callable[[LicenseFacts, int], bool]]

LINES: tuple[Line, ...] = (
    (Status.REVOKED, lambda facts, now: facts.revoked_at is not None),
    (Status.SUSPENDED, lambda facts, now: facts.suspended_at is not None),
    (Status.PENDING, lambda facts, now: facts.awaiting is not None or now < facts.starts_at),
    (Status.TRIALING, lambda facts, now: facts.trial_until is not None and now < facts.trial_until),
    (Status.PAST_DUE, lambda facts, now: facts.runs(now) and facts.past_due_since is not None),
    (Status.ACTIVE, lambda facts, now: facts.runs(now)),
    (Status.CANCELLED, lambda facts, now: facts.cancel_at is not None),
    (Status.GRACE, lambda facts, now: facts.ends_at is not None and now < facts.ends_at + facts.grace_s),
    (Status.EXPIRED, lambda facts, now: True),
)
"""The table. Somebody who revokes, suspends or does not pay decides before any date does."""


def status_of(facts: LicenseFacts, now: int) -> Status:
    """The status at `now`."""
    return next(status for status, fits in LINES if fits(facts, now))
