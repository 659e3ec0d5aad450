"""Progress in its forms."""

import json

import pytest

from packctl.arguments import Globals
from packctl.ui.progress import HEARTBEAT_SECONDS, Progress, megabytes
from tests.support.terminal import Screen, screen


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def fetch(shown: Screen, clock: Seconds) -> None:
    with Progress(shown.console, clock, "fetching", total=2, total_bytes=3_000_000) as progress:
        first = progress.item("acme/a 1.0.0", 1_000_000)
        first.advance(1_000_000)
        first.done()
        second = progress.item("acme/\x1b[2Jb 1.0.0", 2_000_000)
        second.advance(2_000_000)
        second.done()
        second.done()


def test_a_log_gets_one_line_per_finished_thing() -> None:
    shown = screen()
    fetch(shown, Seconds())
    assert shown.err == "fetching acme/a 1.0.0 (1.0 MB): done\nfetching acme/\\x1b[2Jb 1.0.0 (2.0 MB): done\n"
    assert shown.out == ""


@pytest.mark.parametrize("given", [Globals(json=True), Globals(quiet=1), Globals(progress="off")])
def test_where_progress_is_off_nothing_is_written(given: Globals) -> None:
    shown = screen(given)
    fetch(shown, Seconds())
    assert shown.err == ""


def test_a_short_step_shows_nothing_that_moves() -> None:
    shown = screen(terminal=True)
    fetch(shown, Seconds())
    assert shown.err == ""


def test_moving_lines_are_a_total_and_at_most_four_things_and_gone_at_the_end() -> None:
    shown, clock = screen(terminal=True, columns=60), Seconds()
    with Progress(shown.console, clock, "fetching", total=6, total_bytes=6_000_000) as progress:
        for number in range(6):
            progress.item(f"acme/p{number} 1.0.0", 1_000_000).advance(500_000)
        clock.now += 1
        progress._draw()
        drawn = shown.err
    assert drawn.count("\n") == 6
    assert "fetching 0 of 6, 3.0 MB of 6.0 MB" in drawn
    assert "  acme/p3 1.0.0  0.5 MB of 1.0 MB" in drawn
    assert "  and 2 more" in drawn
    assert "p4" not in drawn
    assert shown.err.endswith("\x1b[6F\x1b[J")


def test_a_long_silence_is_broken_by_a_line() -> None:
    shown, clock = screen(), Seconds()
    with Progress(shown.console, clock, "fetching", total=3) as progress:
        clock.now += HEARTBEAT_SECONDS + 1
        progress._stop.wait(0)
        for _ in range(50):
            if shown.err:
                break
            progress._stop.wait(0.1)
    assert shown.err == "still fetching 0 of 3\n"


def test_events_are_one_document_per_line() -> None:
    shown, clock = screen(Globals(json=True, progress="json")), Seconds()
    with Progress(shown.console, clock, "fetching", total=1, total_bytes=10) as progress:
        item = progress.item("acme/a 1.0.0", 10)
        clock.now += 1
        item.advance(4)
        item.advance(6)
        item.done()
    events = [json.loads(line) for line in shown.err.splitlines()]
    assert [(event["event"], event.get("bytes", 0)) for event in events] == [
        ("begin", 0),
        ("start", 0),
        ("advance", 4),
        ("done", 10),
        ("end", 10),
    ]
    assert {event["schema"] for event in events} == {"packctl/progress/1"}


def test_sizes_are_told_in_units_of_a_thousand() -> None:
    assert [megabytes(count) for count in (0, 999, 1500, 99_999, 100_000, 14_200_311)] == [
        "0 bytes",
        "999 bytes",
        "1.5 kB",
        "100.0 kB",
        "0.1 MB",
        "14.2 MB",
    ]
