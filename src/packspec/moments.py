"""Moments: seconds since 1970, UTC, as documents hold them; never behind the last day that calendars have."""

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from msgspec import Meta

LAST_SECOND = 253_402_300_799
"""The end of the year 9999."""
Moment: TypeAlias = Annotated[int, Meta(ge=0, le=LAST_SECOND)]
"""Seconds since 1970, UTC, up to the end of the year 9999."""


def moment(at: int) -> str:
    """A moment as people and documents read it, RFC 3339 in UTC: `2026-11-20T06:00:00Z`. One behind the calendar is its last second."""
    return f"{datetime.fromtimestamp(min(at, LAST_SECOND), UTC):%Y-%m-%dT%H:%M:%SZ}"


def day(at: int) -> str:
    """The day of a moment, UTC: `2026-11-20`. One behind the calendar, such as a sum of two that others signed, is its last day."""
    return f"{datetime.fromtimestamp(min(at, LAST_SECOND), UTC):%Y-%m-%d}"
