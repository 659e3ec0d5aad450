"""How old is too old: every cell of the table in docs/spec/install.md, Freshness."""

import pytest

from packctl.outcome import Notice
from packctl.trust.faults import ClockBehind
from packctl.trust.freshness import Freshness, Limits, Purpose, check_clock, judge
from packctl.ui.moments import roughly

SIGNED = 1_800_000_000
DAY = 86_400
FRESH = Freshness(SIGNED, SIGNED + 7 * DAY)


def told(found):
    if found is None:
        return "yes"
    return ("warning " if isinstance(found, Notice) else "") + found.code


@pytest.mark.parametrize(("days", "purpose", "online", "expected"), [
    (1, Purpose.CHOOSE, True, "yes"),
    (1, Purpose.LOCKED, True, "yes"),
    (1, Purpose.VERIFY, False, "yes"),
    (8, Purpose.CHOOSE, True, "trust.index-expired"),
    (8, Purpose.LOCKED, True, "warning trust.index-expired"),
    (8, Purpose.VERIFY, True, "warning trust.index-expired"),
    (31, Purpose.LOCKED, True, "trust.index-expired"),
    (8, Purpose.CHOOSE, False, "trust.index-expired"),
    (8, Purpose.LOCKED, False, "warning trust.index-expired"),
    (31, Purpose.LOCKED, False, "warning trust.index-expired"),
    (31, Purpose.VERIFY, False, "warning trust.index-expired"),
])  # fmt: skip
def test_S11_the_table_of_ages(days, purpose, online, expected):
    assert told(judge(FRESH, purpose, SIGNED + days * DAY, Limits(30 * DAY), is_online=online)) == expected


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_users_own_maximum_holds_for_everything(purpose):
    limits = Limits(30 * DAY, own=DAY)
    assert told(judge(FRESH, purpose, SIGNED + DAY, limits, is_online=True)) == "yes"
    assert told(judge(FRESH, purpose, SIGNED + DAY + 1, limits, is_online=True)) == "trust.index-too-old"


def test_the_very_second_of_the_end_is_expired():
    assert told(judge(FRESH, Purpose.CHOOSE, FRESH.expires - 1, Limits(), is_online=True)) == "yes"
    assert told(judge(FRESH, Purpose.CHOOSE, FRESH.expires, Limits(), is_online=True)) == "trust.index-expired"


def test_C32_signed_time_may_be_ten_minutes_ahead_and_no_more():
    check_clock(SIGNED, SIGNED - 600)
    with pytest.raises(ClockBehind):
        check_clock(SIGNED, SIGNED - 601)


@pytest.mark.parametrize(("seconds", "text"), [
    (0, "0 s"), (89, "89 s"), (90, "1 min"), (5399, "89 min"), (5400, "1 h"), (172_799, "47 h"), (172_800, "2 days"),
])  # fmt: skip
def test_lengths_of_time_read_well(seconds, text):
    assert roughly(seconds) == text
