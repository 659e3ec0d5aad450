"""The status of a license, line by line and second by second; and what may happen to one, cell by cell."""

import pytest
from msgspec.structs import replace

from packspec.licenses.events import TABLE, Event, Happening, IllegalEvent, after, begin
from packspec.licenses.plans import Plan
from packspec.licenses.status import LicenseFacts, Status, status_of
from packspec.names import PackName

DAY = 86_400
START = 1_790_000_000
YEAR = Plan(id="yearly", kind="subscription", pack=PackName("acme/pro"), duration_s=365 * DAY, transferable=True)
TRIAL = Plan(id="trial", kind="trial", pack=PackName("acme/pro"), duration_s=14 * DAY, grace_s=0)
EVER = Plan(id="perpetual", kind="perpetual", pack=PackName("acme/pro"), transferable=True)
RUNS = begin(YEAR, START)
END = START + 365 * DAY

STATUSES = {
    "revoked": replace(RUNS, revoked_at=START + 5),
    "suspended": replace(RUNS, suspended_at=START + 5),
    "pending": begin(YEAR, START, "payment"),
    "trialing": begin(TRIAL, START),
    "past_due": replace(RUNS, past_due_since=START + 5),
    "active": RUNS,
    "cancelled": replace(RUNS, ends_at=START + 5, cancel_at=START + 5),
    "grace": replace(RUNS, ends_at=START + 5),
    "expired": replace(RUNS, ends_at=START + 5, grace_s=0),
}
"""A license in each status at START + 10."""
NOW = START + 10


@pytest.mark.parametrize("status", list(STATUSES))
def test_each_line_of_the_table_has_its_facts(status: str) -> None:
    assert status_of(STATUSES[status], NOW) == status


@pytest.mark.parametrize(
    ("status", "installs_locked", "newer", "new_place", "warns"),
    [
        ("revoked", False, False, False, False),
        ("suspended", False, False, False, False),
        ("pending", False, False, False, False),
        ("trialing", True, True, True, False),
        ("past_due", True, True, False, True),
        ("active", True, True, True, False),
        ("cancelled", False, False, False, False),
        ("grace", True, False, False, True),
        ("expired", False, False, False, False),
    ],
)
def test_what_each_status_gives(status: str, installs_locked: bool, newer: bool, new_place: bool, warns: bool) -> None:
    found = Status(status)
    assert (found.is_usable, found.gives_newer, found.takes_activations, found.warns) == (
        installs_locked,
        newer,
        new_place,
        warns,
    )


def test_the_first_line_that_fits_wins_over_all_below_it() -> None:
    everything = LicenseFacts(
        starts_at=START,
        ends_at=START + 1,
        grace_s=0,
        trial_until=START + 100,
        cancel_at=START + 1,
        past_due_since=START,
        awaiting="payment",
        suspended_at=START,
        revoked_at=START,
    )
    peeled: list[tuple[dict[str, int | str | None], str]] = [
        ({}, "revoked"),
        ({"revoked_at": None}, "suspended"),
        ({"suspended_at": None}, "pending"),
        ({"awaiting": None}, "trialing"),
        ({"trial_until": None}, "cancelled"),
        ({"cancel_at": None}, "expired"),
        ({"grace_s": 100}, "grace"),
        ({"ends_at": START + 100}, "past_due"),
        ({"past_due_since": None}, "active"),
    ]
    for change, expected in peeled:
        everything = replace(everything, **change)
        assert status_of(everything, NOW) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (START - 1, "pending"),
        (START, "active"),
        (END - 1, "active"),
        (END, "grace"),
        (END + 7 * DAY - 1, "grace"),
        (END + 7 * DAY, "expired"),
        (4_102_444_800, "expired"),  # 2100
    ],
)
def test_L17_the_second_of_an_end_is_over_already(second: int, expected: str) -> None:
    assert status_of(RUNS, second) == expected


def test_L17_what_is_for_ever_is_still_active_after_2038_and_a_trial_has_no_grace() -> None:
    assert status_of(begin(EVER, START), 2**31 + 1) == "active"
    trial = begin(TRIAL, START)
    assert [status_of(trial, START + 14 * DAY + late) for late in (-1, 0)] == ["trialing", "expired"]


ALLOWED = {
    # event                  revoked suspended pending trialing past_due active cancelled grace expired
    "issue":                "-       -         -       -        -        -      -         -     -",
    "pay":                  "-       -         y       -        -        -      -         -     -",
    "allow":                "-       -         w       -        -        -      -         -     -",
    "claim":                "-       -         w       -        -        -      -         -     -",
    "start_trial":          "-       -         w       -        -        -      -         -     -",
    "convert":              "-       -         -       y        -        -      -         -     -",
    "renew":                "-       y         w       y        y        y      y         y     y",
    "payment_failed":       "-       -         -       -        y        y      -         -     -",
    "payment_recovered":    "-       -         -       -        y        y      -         -     -",
    "cancel_at_period_end": "-       -         -       y        y        y      -         -     -",
    "resume":               "-       -         -       y        y        y      -         -     -",
    "suspend":              "-       y         y       y        y        y      y         y     y",
    "unsuspend":            "-       y         y       y        y        y      y         y     y",
    "resize":               "-       y         y       y        y        y      y         y     y",
    "refund":               "-       y         y       y        y        y      y         y     y",
    "chargeback_lost":      "-       y         y       y        y        y      y         y     y",
    "supersede":            "-       y         y       y        y        y      y         y     y",
    "fraud":                "-       y         y       y        y        y      y         y     y",
    "revoke":               "-       y         y       y        y        y      y         y     y",
    "transfer":             "-       -         -       -        -        y      -         -     -",
}  # fmt: skip
"""y: may happen. w: the table allows it, but this license waits for a payment, so there is nothing for it to do. -: refused."""


@pytest.mark.parametrize("status", list(STATUSES))
@pytest.mark.parametrize("event", list(Event))
def test_every_cell_of_the_event_table(event: Event, status: str) -> None:
    cell = dict(zip(STATUSES, ALLOWED[event].split(), strict=True))[status]
    facts = STATUSES[status]
    if cell == "y":
        after(facts, Happening(event, NOW, YEAR))
        return
    with pytest.raises(IllegalEvent) as caught:
        after(facts, Happening(event, NOW, YEAR))
    assert caught.value.code == "licensing.illegal-event"
    assert (caught.value.event, caught.value.status) == (event, status)
    assert bool(caught.value.reason) == (cell == "w")


def test_the_table_of_events_has_a_row_for_each_but_the_one_that_begins() -> None:
    assert set(TABLE) == set(Event) - {Event.ISSUE}
    assert set(ALLOWED) == set(Event)


def happens(facts: LicenseFacts, event: Event, plan: Plan = YEAR, at: int = NOW, periods: int = 1) -> LicenseFacts:
    return after(facts, Happening(event, at, plan, periods))


def test_paying_starts_the_time_when_it_is_paid() -> None:
    paid = happens(STATUSES["pending"], Event.PAY)
    assert (paid.awaiting, paid.starts_at, paid.ends_at) == (None, NOW, NOW + 365 * DAY)


def test_a_trial_that_counts_from_its_first_machine_waits_for_it_however_long() -> None:
    plan = replace(TRIAL, counts_from="first-activation")
    waiting = begin(plan, START)
    assert status_of(waiting, START + 1000 * DAY) == "pending"
    started = happens(waiting, Event.START_TRIAL, plan, START + 1000 * DAY)
    assert started.trial_until == started.ends_at == START + 1014 * DAY
    claimed = happens(begin(plan, START, "claim"), Event.CLAIM, plan)
    assert claimed.awaiting == "first-activation"


def test_renewal_adds_to_the_old_end_early_late_and_many_times() -> None:
    early = happens(RUNS, Event.RENEW)
    assert early.ends_at == START + 2 * 365 * DAY
    in_grace = happens(RUNS, Event.RENEW, at=END + 3 * DAY)
    assert in_grace.ends_at == END + 365 * DAY
    assert happens(RUNS, Event.RENEW, periods=3).ends_at == START + 4 * 365 * DAY


def test_renewal_of_what_ended_long_ago_gives_time_that_can_be_used() -> None:
    half_a_year_late = happens(RUNS, Event.RENEW, at=END + 180 * DAY)
    assert half_a_year_late.ends_at == END + 365 * DAY
    two_years_late = happens(RUNS, Event.RENEW, at=END + 730 * DAY)
    assert two_years_late.ends_at == END + (730 + 365) * DAY


def test_renewal_clears_a_missing_payment_and_a_cancellation() -> None:
    unpaid = happens(happens(RUNS, Event.PAYMENT_FAILED), Event.CANCEL)
    renewed = happens(unpaid, Event.RENEW)
    assert (unpaid.cancel_at, renewed.cancel_at, renewed.past_due_since) == (END, None, None)


def test_no_renewal_goes_past_the_last_year_of_the_calendar() -> None:
    with pytest.raises(IllegalEvent) as caught:
        happens(RUNS, Event.RENEW, replace(YEAR, duration_s=100 * 365 * DAY), periods=100)
    assert caught.value.reason == "no calendar goes that far"


def test_a_second_failed_payment_keeps_the_day_of_the_first() -> None:
    first = happens(RUNS, Event.PAYMENT_FAILED, at=START + 100)
    assert happens(first, Event.PAYMENT_FAILED, at=START + 200).past_due_since == START + 100
    assert happens(first, Event.PAYMENT_RECOVERED, at=START + 200).past_due_since is None


def test_a_trial_becomes_what_is_paid_for_and_may_have_no_end_then() -> None:
    converted = happens(STATUSES["trialing"], Event.CONVERT, EVER)
    assert (converted.ends_at, converted.trial_until, status_of(converted, NOW)) == (None, None, "active")
    with pytest.raises(IllegalEvent, match="convert is not possible"):
        happens(STATUSES["trialing"], Event.CONVERT, TRIAL)


def test_what_has_no_end_can_neither_be_renewed_nor_cancelled() -> None:
    for event in (Event.RENEW, Event.CANCEL):
        with pytest.raises(IllegalEvent) as caught:
            happens(begin(EVER, START), event, EVER)
        assert caught.value.reason.startswith("it has no end")


def test_what_stays_with_its_holder_cannot_be_transferred() -> None:
    with pytest.raises(IllegalEvent, match="transfer is not possible"):
        happens(RUNS, Event.TRANSFER, replace(YEAR, transferable=False))
