"""Days that options name: the first second of a day in UTC, and nothing that is no day."""

import pytest

from packctl.usage import BadValue, read_day


@pytest.mark.parametrize(
    ("text", "at"),
    [("1970-01-01", 0), ("2026-11-20", 1_795_132_800), ("2028-02-29", 1_835_395_200), ("9999-12-31", 253_402_214_400)],
)
def test_a_day_begins_at_midnight_in_utc(text: str, at: int) -> None:
    assert read_day("--until", text, "2026-11-20") == at


@pytest.mark.parametrize(
    "text",
    [
        "", "tomorrow", "2026-02-30", "2026-11-20T12:00", "2026-11-20T12:00:00+05:00", "1969-12-31", "0001-01-01", "10000-01-01",
        "2026-11-20\0", "9" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadValue) as refused:
        read_day("--until", text, "2026-11-20")
    assert (refused.value.name, refused.value.fix()) == ("--until", ["write --until 2026-11-20"])
