"""The debug log."""

import stat
from pathlib import Path

import pytest

from packctl.arguments import Globals
from packctl.ui.log import DebugLog, LogFailed
from tests.support.terminal import screen


def test_everything_is_logged_however_quiet_the_screen_is_and_without_secrets(tmp_path: Path) -> None:
    shown = screen(Globals(quiet=2))
    shown.console.log = DebugLog(str(tmp_path / "debug.log"), lambda: 1_780_000_000)
    shown.console.log.begin(["login", "pkt_abcdefgh12345678"])
    shown.console.say("going on")
    shown.console.detail("more")
    shown.console.trace("GET https://mia:hunter2@registry.example/\nnext")
    assert (tmp_path / "debug.log").read_text() == (
        "2026-05-28T20:26:40Z begin 'login' '[removed]'\n"
        "2026-05-28T20:26:40Z say going on\n"
        "2026-05-28T20:26:40Z detail more\n"
        "2026-05-28T20:26:40Z trace GET https://[removed]registry.example/\n"
        "2026-05-28T20:26:40Z trace next\n"
    )
    assert stat.S_IMODE((tmp_path / "debug.log").stat().st_mode) == 0o600
    assert shown.err == ""


def test_a_log_that_cannot_be_is_refused_before_the_command_runs(tmp_path: Path) -> None:
    with pytest.raises(LogFailed):
        DebugLog(str(tmp_path / "nowhere" / "debug.log"), lambda: 0).begin([])
