"""Times for people and for JSON documents: moments in RFC 3339 UTC, durations in the largest unit that says enough."""

import datetime

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))


def moment(seconds: int) -> str:
    """Seconds since the epoch as RFC 3339 in UTC: `2026-11-20T06:00:00Z`. A number beyond the calendar stays a number."""
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{seconds} s after 1970"


def duration(seconds: int) -> str:
    """A duration in at most two units: `3 d 2 h`, `2 h 14 min`, `40 s`."""
    left = max(seconds, 0)
    parts = []
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
        if len(parts) == 2:
            break
    return " ".join(parts) or f"{left} s"
