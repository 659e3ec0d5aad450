"""What is decided once about the streams of a command."""

import pytest

from packctl.arguments import Globals
from packctl.outcome import Notice
from packctl.ui.console import annotation
from tests.support.terminal import screen


@pytest.mark.parametrize(
    ("option", "environ", "configured", "terminal", "color"),
    [
        (None, {}, "auto", True, True),
        (None, {}, "auto", False, False),
        (None, {"TERM": "dumb"}, "auto", True, False),
        (None, {"TERM": "dumb"}, "always", True, True),
        (None, {}, "always", False, True),
        (None, {"FORCE_COLOR": "1"}, "never", False, True),
        (None, {"FORCE_COLOR": "0"}, "auto", False, False),
        (None, {"CLICOLOR_FORCE": "1", "TERM": "dumb"}, "auto", False, True),
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, "always", True, False),
        (None, {"NO_COLOR": "", "FORCE_COLOR": "1"}, "auto", False, True),
        (None, {"PACKCTL_COLOR": "always", "NO_COLOR": "1"}, "never", False, True),
        ("never", {"PACKCTL_COLOR": "always"}, "always", True, False),
        ("always", {"PACKCTL_COLOR": "never", "NO_COLOR": "1"}, "never", False, True),
    ],
)
def test_the_switches_of_color_have_an_order(
    option: str | None, environ: dict[str, str], configured: str, terminal: bool, color: bool
) -> None:
    console = screen(Globals(color=option), environ, terminal=terminal, color=configured).console
    assert (console.color_out, console.color_err) == (color, color)
    assert console.style("yes", "green") == ("\x1b[32myes\x1b[0m" if color else "yes")


@pytest.mark.parametrize(
    ("given", "environ", "terminal", "attended"),
    [
        (Globals(), {}, True, True),
        (Globals(), {}, False, False),
        (Globals(no_input=True), {}, True, False),
        (Globals(), {"CI": "true"}, True, False),
        (Globals(), {"CI": "false"}, True, True),
        (Globals(), {"PACKCTL_NO_INPUT": "1"}, True, False),
        (Globals(json=True), {}, True, False),
    ],
)
def test_somebody_is_there_only_at_a_terminal_and_not_in_ci(
    given: Globals, environ: dict[str, str], terminal: bool, attended: bool
) -> None:
    assert screen(given, environ, terminal=terminal).console.attended is attended


@pytest.mark.parametrize(
    ("given", "environ", "terminal", "form"),
    [
        (Globals(), {}, True, "live"),
        (Globals(), {}, False, "plain"),
        (Globals(), {"CI": "1"}, True, "plain"),
        (Globals(), {"TERM": "dumb"}, True, "plain"),
        (Globals(), {"FORCE_COLOR": "1"}, False, "plain"),
        (Globals(quiet=1), {}, True, "off"),
        (Globals(json=True), {}, True, "off"),
        (Globals(json=True, progress="json"), {}, False, "json"),
        (Globals(), {"PACKCTL_PROGRESS": "off"}, True, "off"),
        (Globals(progress="plain"), {"PACKCTL_PROGRESS": "off"}, True, "plain"),
    ],
)
def test_progress_moves_only_where_somebody_looks(
    given: Globals, environ: dict[str, str], terminal: bool, form: str
) -> None:
    assert screen(given, environ, terminal=terminal).console.progress == form


@pytest.mark.parametrize(
    ("quiet", "out", "err"),
    [(0, "result\n", "going on\nproblem\n"), (1, "result\n", "problem\n"), (2, "", "problem\n")],
)
def test_quiet_leaves_results_and_then_only_errors(quiet: int, out: str, err: str) -> None:
    shown = screen(Globals(quiet=quiet))
    shown.console.line("result")
    shown.console.say("going on")
    shown.console.problem("problem")
    assert (shown.out, shown.err) == (out, err)


def test_with_json_nothing_but_the_document_is_written() -> None:
    shown = screen(Globals(json=True, verbose=2))
    shown.console.line("result")
    shown.console.say("going on")
    shown.console.trace("request")
    shown.console.problem("problem")
    shown.console.warn(Notice("catalog.release-deprecated", "acme/a is deprecated"))
    shown.console.document(b"{}")
    assert (shown.out, shown.err) == ("{}\n", "")
    assert [notice.code for notice in shown.console.warnings] == ["catalog.release-deprecated"]


def test_C19_a_warning_about_a_pack_cannot_act_on_the_terminal() -> None:
    shown = screen()
    shown.console.warn(
        Notice("catalog.release-deprecated", "acme/a: \x1b[2Jgone", {"note": "use\rmine"}, ["packctl add x\ny"])
    )
    assert shown.err == (
        "warning[catalog.release-deprecated]: acme/a: \\x1b[2Jgone\n  note      use\\rmine\n  fix       packctl add x\\ny\n"
    )


def test_C31_signs_have_an_ascii_form() -> None:
    assert screen(encoding="utf-8").console.sign("✓") == "✓"
    assert screen(encoding="ascii").console.sign("✓") == "*"
    assert screen(encoding="latin-1").console.sign("└── ") == "`-- "


@pytest.mark.parametrize(
    ("environ", "terminal", "columns", "width"),
    [
        ({}, True, 120, 120),
        ({}, True, 10, 40),
        ({}, False, None, None),
        ({"COLUMNS": "72"}, False, None, 72),
        ({"COLUMNS": "x"}, True, 90, 90),
    ],
)
def test_C31_the_width_is_the_terminals_and_never_below_forty(
    environ: dict[str, str], terminal: bool, columns: int | None, width: int | None
) -> None:
    assert screen(environ=environ, terminal=terminal, columns=columns).console.width == width


def test_an_annotation_is_escaped_as_the_runner_wants_it() -> None:
    assert annotation("error", "trust.file-changed", "100% off\nnow", "a,b:c.lock", 53) == (
        "::error file=a%2Cb%3Ac.lock,line=53,title=trust.file-changed::100%25 off\\nnow"
    )
