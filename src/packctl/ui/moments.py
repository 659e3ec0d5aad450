"""Lengths of time as people read them, in the largest units that say enough. Moments: `packspec.moments`."""

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


def roughly(seconds: int) -> str:
    """A length of time in its largest whole unit, as ages are told: `45 s`, `12 min`, `3 h`, `2 days`."""
    if seconds < 90:
        return f"{seconds} s"
    if seconds < 90 * 60:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86_400} days"
