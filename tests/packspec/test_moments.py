"""Moments as people read them."""

import pytest

from packspec.moments import day, moment


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (0, "1970-01-01"),
        (1_795_478_400 - 1, "2026-11-23"),
        (1_795_478_400, "2026-11-24"),
        (253_402_300_799, "9999-12-31"),
        (253_402_300_800, "9999-12-31"),
        # The time of a release, and the longest early access that a publisher can sign.
        (1_800_000_000 + 2**53 - 1, "9999-12-31"),
    ],
)
def test_what_lies_behind_the_calendar_is_its_last_day(at: int, said: str) -> None:
    assert day(at) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_795_478_400 - 1, "2026-11-23T23:59:59Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
        (253_402_300_800, "9999-12-31T23:59:59Z"),
        (1_800_000_000 + 2**53 - 1, "9999-12-31T23:59:59Z"),
    ],
)
def test_what_lies_behind_the_calendar_is_its_last_second(at: int, said: str) -> None:
    assert moment(at) == said
