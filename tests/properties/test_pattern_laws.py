"""Patterns decide as a reader who tries every way would."""

from hypothesis import given, settings
from hypothesis import strategies as st

from packspec.globs import Pattern

parts = st.text("ab*?", min_size=1, max_size=4).filter(lambda part: "**" not in part)
patterns = st.lists(parts | st.just("**"), min_size=1, max_size=5).map("/".join)
paths = st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=5).map("/".join)


def _tries_everything(pattern: str, path: str) -> bool:
    """Written after the definition in docs/spec/manifest.md, not after the code."""
    wanted, given_parts = pattern.split("/"), path.split("/")
    if wanted[-1] == "**":
        wanted.append("*")
    return _parts(wanted, given_parts)


def _parts(wanted: list[str], there: list[str]) -> bool:
    if not wanted:
        return not there
    if wanted[0] == "**":
        return any(_parts(wanted[1:], there[skipped:]) for skipped in range(len(there) + 1))
    return bool(there) and _characters(wanted[0], there[0]) and _parts(wanted[1:], there[1:])


def _characters(wanted: str, there: str) -> bool:
    if not wanted:
        return not there
    if wanted[0] == "*":
        return any(_characters(wanted[1:], there[skipped:]) for skipped in range(len(there) + 1))
    return bool(there) and wanted[0] in ("?", there[0]) and _characters(wanted[1:], there[1:])


@settings(max_examples=600, deadline=None)
@given(patterns, paths)
def test_taking_the_nearest_place_misses_nothing(pattern: str, path: str) -> None:
    assert Pattern(pattern).matches(path) is _tries_everything(pattern, path)
