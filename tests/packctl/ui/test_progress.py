"""Progress in its forms."""

import itertools
import json
import re
import threading
from collections.abc import Iterable

import pytest

from packctl.arguments import Globals
from packctl.ui.progress import FRAME_SECONDS, HEARTBEAT_SECONDS, Progress, apart, megabytes
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


def fetching(shown: Screen, clock: Seconds, names: Iterable[str]) -> Progress:
    """A step of six things under way for a second, with moving lines."""
    progress = Progress(shown.console, clock, "fetching", total=6, total_bytes=6_000_000)
    shown.console.before_line = progress._hide
    for name in names:
        progress.item(name, 1_000_000).advance(500_000)
    clock.now += 1
    return progress


def frame(shown: Screen) -> list[str]:
    """What a terminal shows after everything that was written."""
    lines, row, column = [""], 0, 0
    for code, letter in re.findall(r"\x1b\[([0-9;?]*[A-Za-z])|([^\x1b])", shown.err):
        if code.endswith("A"):
            row -= int(code[:-1])
        elif code.endswith("K"):
            lines[row] = ""
        elif letter == "\r":
            column = 0
        elif letter == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif letter:
            lines[row] = lines[row][:column].ljust(column) + letter + lines[row][column + 1 :]
            column += 1
    return [line.rstrip() for line in lines]


def test_moving_lines_are_a_total_and_at_most_four_things_and_gone_at_the_end() -> None:
    shown, clock = screen(terminal=True, columns=80), Seconds()
    progress = fetching(shown, clock, [f"acme/p{number} 1.0.0" for number in range(6)])
    progress._draw()
    half, part = "━" * 12 + "╺" + "━" * 11, "0.5 MB of 1.0 MB"
    assert frame(shown) == [
        f"fetching 0 of 6 {half} 3.0 MB of 6.0 MB",
        f"  acme/p0 1.0.0 {half} {part}",
        f"  acme/p1 1.0.0 {half} {part}",
        f"  acme/p2 1.0.0 {half} {part}",
        f"  acme/p3 1.0.0 {half} {part}",
    ]
    progress._hide()
    assert not any(frame(shown))
    assert shown.err.count("\x1b[?25l") == shown.err.count("\x1b[?25h") == 1
    assert shown.out == ""


def test_moving_lines_make_way_for_other_lines() -> None:
    shown, clock = screen(terminal=True, columns=80, color="never"), Seconds()
    progress = fetching(shown, clock, ["acme/a 1.0.0"])
    progress._draw()
    shown.console.say("acme/b is deprecated")
    assert [line for line in frame(shown) if line] == ["acme/b is deprecated"]
    progress._draw()
    first, second, third = frame(shown)
    assert (first, second[:15], third[:14]) == ("acme/b is deprecated", "fetching 0 of 6", "  acme/a 1.0.0")


def test_C19_rich_takes_no_name_for_markup() -> None:
    shown, clock = screen(terminal=True, columns=100), Seconds()
    names = [
        "[/foo]",
        "[link=https://evil.example]good[/link]",
        "[bold red]x[/] :smile:",
        "a\x1b[2J\u202eb {task.total}",
    ]
    fetching(shown, clock, names)._draw()
    assert [line.partition(" ━")[0].strip() for line in frame(shown)[1:]] == [
        "[/foo]",
        "[link=https://evil.example]good[/link]",
        "[bold red]x[/] :smile:",
        "a\\x1b[2J\\u202eb {task.total}",
    ]
    assert "\x1b]8" not in shown.err


def test_what_is_too_long_for_the_terminal_is_cut_so_that_no_line_wraps() -> None:
    shown, clock = screen(terminal=True, columns=60), Seconds()
    fetching(shown, clock, ["acme/" + "x" * 200])._draw()
    assert max(map(len, frame(shown))) <= 60
    assert len(frame(shown)) == 2


def test_a_terminal_without_color_or_unicode_gets_neither() -> None:
    shown, clock = screen(environ={"NO_COLOR": "1"}, terminal=True, columns=80, encoding="ascii"), Seconds()
    fetching(shown, clock, ["acme/a 1.0.0"])._draw()
    assert shown.err.isascii()
    assert not re.search(r"\x1b\[[0-9;]*m", shown.err)


def test_while_a_question_is_open_nothing_moves() -> None:
    shown = screen(terminal=True, columns=80)
    shown.console.asking = True
    with Progress(shown.console, itertools.count(1).__next__, "fetching", total=2) as progress:
        progress.item("acme/a 1.0.0")
        threading.Event().wait(3 * FRAME_SECONDS)
        assert shown.err == ""


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
        item = progress.item("caf\udce9.carry", 10)
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
    assert events[1]["name"] == "caf\\udce9.carry"  # a file's name may be no text


def test_two_sizes_that_would_read_the_same_are_told_in_bytes() -> None:
    assert apart(1_000_000_001, 1_000_000_000) == ("1,000,000,001 bytes", "1,000,000,000 bytes")
    assert apart(1_040_000_000, 1_000_000_000) == ("1.04 GB", "1.00 GB")
    assert apart(1000, 1000) == ("1.0 kB", "1.0 kB")


def test_sizes_are_told_in_units_of_a_thousand() -> None:
    assert [megabytes(count) for count in (0, 999, 1500, 99_999, 100_000, 14_200_311, 1_040_400_000)] == [
        "0 bytes",
        "999 bytes",
        "1.5 kB",
        "100.0 kB",
        "0.1 MB",
        "14.2 MB",
        "1.04 GB",
    ]
