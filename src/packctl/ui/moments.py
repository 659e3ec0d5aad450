"""Times for people and for JSON documents: moments in RFC 3339 UTC, durations in the largest unit that says enough."""

from packspec.moments import moment as moment

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))


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
