"""How old is too old: what the age of the newest verified timestamp allows (docs/spec/install.md, Freshness). Pure."""

from enum import StrEnum

from msgspec import Struct

from packctl.outcome import Notice
from packctl.trust.faults import ClockBehind, IndexExpired, IndexTooOld
from packctl.ui.moments import roughly
from packspec import limits
from packspec.errors import PackError
from packspec.moments import moment


class Purpose(StrEnum):
    """What the metadata is wanted for."""

    CHOOSE = "choose"
    """`add`, `update`, `lock`, a first install: something is chosen anew."""
    LOCKED = "locked"
    """`install --locked`, `ci`: everything is chosen already."""
    VERIFY = "verify"
    """Nothing is chosen and nothing installed."""


class Freshness(Struct, frozen=True):
    """The newest timestamp that verified: when it was signed and until when it may be believed, seconds since 1970, UTC."""

    signed_at: int
    expires: int
    role: str = "timestamp"
    """The role that ends first."""

    def age(self, now: int) -> int:
        """Seconds since it was signed."""
        return max(0, now - self.signed_at)

    def is_expired(self, now: int) -> bool:
        """Whether its time is over."""
        return now >= self.expires

    def expired(self, now: int) -> IndexExpired:
        """The error that says so."""
        return IndexExpired(self.role, moment(self.expires), moment(now))


class Limits(Struct, frozen=True):
    """Oldest ages that are accepted, seconds. `registry` is `max_age` of trust/policy.json; `own` is the user's `max-index-age`."""

    registry: int = limits.MAX_INDEX_AGE_SECONDS
    own: int | None = None


def check_clock(signed_at: int, now: int) -> None:
    """Raises ClockBehind if signed time is more than ten minutes ahead of `now`."""
    if signed_at > now + limits.CLOCK_SLACK_SECONDS:
        raise ClockBehind(moment(signed_at), moment(now))


def judge(
    fresh: Freshness, purpose: Purpose, now: int, allowed: Limits, *, is_online: bool
) -> PackError | Notice | None:
    """What the age of the metadata means: a refusal, a warning, or nothing."""
    if allowed.own is not None and fresh.age(now) > allowed.own:
        return IndexTooOld(moment(fresh.signed_at), roughly(fresh.age(now)), roughly(allowed.own))
    if not fresh.is_expired(now):
        return None
    refused = fresh.expired(now)
    if purpose is Purpose.CHOOSE:
        return refused
    if purpose is Purpose.LOCKED and is_online and fresh.age(now) > allowed.registry:
        return refused
    return Notice(refused.code, refused.what(), refused.facts(), refused.fix())
