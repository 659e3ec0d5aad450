"""The frame, from outside: signals, streams that fail, machines that lack things; and what it makes of a command's outcome."""

import io
import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from packctl import cli, frame, parsing
from packctl.cli import Row
from packctl.ui.console import Streams
from tests.support.person import Person
from tests.support.transcript import ROOT, clean_environment

PACKCTL = [sys.executable, "-m", "packctl"]


def packctl(
    *arguments: str, folder: Path, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PACKCTL, *arguments], capture_output=True, text=True, check=False, timeout=60, cwd=folder,
        env={**clean_environment(folder), **(environ or {})},
    )  # fmt: skip


SLEEPER = """
import msgspec
from packctl.outcome import Outcome
class Nothing(msgspec.Struct, frozen=True): pass
def run(session):
    "Wait."
    from contextlib import contextmanager
    @contextmanager
    def opened(_):
        try:
            yield
        finally:
            session.console.say("closed")
    session.once(opened)
    session.console.say("ready")
    import time
    time.sleep(60)
    return Outcome(Nothing())
def text(result, console): pass
"""


def with_command(source: str) -> list[str]:
    """A command line that runs packctl with one more command, `extra`, whose module is `source`."""
    program = f"""
import sys, types
from packctl import cli
module = types.ModuleType("packctl.commands.extra")
exec({source!r}, module.__dict__)
sys.modules["packctl.commands.extra"] = module
cli.listed = lambda: {{"": (cli.Row("extra", "One more"),)}}
import packctl.parsing
packctl.parsing.listed = cli.listed
from packctl.__main__ import main
sys.exit(main())
"""
    return [sys.executable, "-c", textwrap.dedent(program)]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_C26_a_signal_closes_what_is_open_and_leaves_no_traceback(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    process = subprocess.Popen(
        [*with_command(SLEEPER), "extra"],
        env=clean_environment(tmp_path),
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "ready\n"
    process.send_signal(number)
    assert process.stderr.read() == "closed\n"
    assert process.wait(10) == code


def test_C26_a_reader_that_goes_away_ends_the_command_silently(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(
        [*PACKCTL, "help"],
        stdout=write,
        stderr=subprocess.PIPE,
        env=clean_environment(tmp_path),
        timeout=60,
        check=False,
    )
    os.close(write)
    assert (ended.returncode, ended.stderr) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_result_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [*PACKCTL, "help"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=clean_environment(tmp_path),
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith(b"error[cli.output-failed]: the result could not be written to stdout\n")
    assert b"Exception" not in ended.stderr


def test_closed_streams_are_no_reason_to_fail(tmp_path: Path) -> None:
    ended = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m packctl explain cli.bug <&- >&- 2>&-'],
        env=clean_environment(tmp_path),
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
@pytest.mark.parametrize("encoding", ["", "ascii", "latin-1"])
def test_C31_no_locale_breaks_an_error_with_odd_names(tmp_path: Path, locale: str, encoding: str) -> None:
    environ = {"LC_ALL": locale, "PYTHONUTF8": "0", **({"PYTHONIOENCODING": encoding} if encoding else {})}
    ended = subprocess.run(
        [*PACKCTL, "config", "get", "動物\x1b[2J", os.fsdecode(b"\xff\xfe")],
        capture_output=True, env={**clean_environment(tmp_path), **environ}, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"error[cli.extra-argument]: packctl config get does not take")
    assert b"\x1b" not in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("home", [None, ""])
def test_C05_commands_work_without_a_home(tmp_path: Path, home: str | None) -> None:
    environ = {
        name: value for name, value in clean_environment(tmp_path).items() if name not in ("HOME", "USERPROFILE")
    }
    if home is not None:
        environ["HOME"] = home
    for line in ("--help", "explain cli.no-home", "config list", "config get ui.color"):
        ended = subprocess.run(
            [*PACKCTL, *line.split()], capture_output=True, env=environ, cwd=tmp_path, timeout=60, check=False
        )
        assert (ended.returncode, ended.stderr) == (0, b"")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_an_unforeseen_exception_is_told_in_a_line_with_a_report(tmp_path: Path) -> None:
    source = "def run(session):\n    raise KeyError('pkt_abcdefgh12345678')\n"
    ended = subprocess.run(
        [*with_command(source), "extra"],
        capture_output=True,
        text=True,
        env=clean_environment(tmp_path),
        timeout=60,
        check=False,
    )
    assert ended.returncode == 70
    assert ended.stderr.startswith(
        "error[cli.bug]: packctl extra failed through a fault of its own (KeyError)\n  report    "
    )
    assert "Traceback" not in ended.stderr
    (report,) = (tmp_path / "home" / ".local" / "share" / "packctl" / "reports").iterdir()
    assert "KeyError: '[removed]'" in report.read_text()


@pytest.mark.parametrize("line", ["check LONG", "build LONG", "carry import LONG", "-C LONG list"])
def test_a_path_that_the_system_refuses_is_no_fault_of_ours(tmp_path: Path, line: str) -> None:
    streams = Streams(io.StringIO(), io.StringIO(), io.StringIO())
    code = frame.run(line.replace("LONG", "x" * 300).split(), clean_environment(tmp_path), streams)
    assert isinstance(streams.stderr, io.StringIO)
    said = streams.stderr.getvalue()
    assert (code, "error[install.disk]: cannot use" in said, "File name too long" in said) == (1, True, True), said


def test_at_a_terminal_questions_are_asked(tmp_path: Path) -> None:
    main, side = pty.openpty()
    environ = {**clean_environment(tmp_path), "TERM": "xterm", "EDITOR": f"{shlex.quote(sys.executable)} -c pass"}
    with subprocess.Popen([*PACKCTL, "config", "edit"], stdin=side, stdout=side, stderr=side, env=environ) as process:
        os.close(side)
        shown = b""
        while process.poll() is None:
            time.sleep(0.01)
        shown = os.read(main, 4096)
    os.close(main)
    assert process.returncode == 0
    assert shown.strip().endswith(b"config.toml is in order")
    assert (tmp_path / "home" / ".config" / "packctl" / "config.toml").exists()


@pytest.mark.parametrize(
    ("editor", "reason"),
    [
        pytest.param("no-such-editor-at-all", "[Errno 2] No such file or directory", id="not there"),
        pytest.param(f"{shlex.quote(sys.executable)} -c 'raise SystemExit(3)'", "exit code 3", id="ended badly"),
        pytest.param("vi 'unclosed", "No closing quotation", id="no words"),
    ],
)
def test_an_editor_that_fails_is_named_with_what_it_said(tmp_path: Path, editor: str, reason: str) -> None:
    mia = Person(tmp_path, tmp_path / "data", {"EDITOR": editor})
    ended = mia.runs("config", "edit", typed="")
    assert ended.code == 1
    assert "error[cli.editor-failed]" in ended.err
    assert reason in " ".join(ended.err.split())
    assert "set EDITOR to an editor that is installed" in ended.err


COMMAND = """
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
import msgspec, typer
from packctl.outcome import Notice, Outcome
from packspec.errors import Damaged, Untrusted
from packspec.names import PackName
class Sort(StrEnum):
    AGE = "age"
    NAME = "name"
class Found(msgspec.Struct, frozen=True):
    names: list[str]
class Bad(Untrusted):
    code = "trust.bad"
    def what(self): return "bad"
class Worn(Damaged):
    code = "install.worn"
    def what(self): return "worn"
def run(
    session,
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME")] = None,
    sort: Annotated[Sort, typer.Option("--sort", metavar="SORT")] = Sort.AGE,
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N")] = 10,
    fail: Annotated[bool, typer.Option("--fail")] = False,
    partly: Annotated[bool, typer.Option("--partly")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code")] = False,
) -> Outcome[Found]:
    "Do what the test wants."
    session.warn(Notice("catalog.release-deprecated", "old"))
    result = Found([*(names or []), sort.value, output, str(limit)])
    if fail:
        raise Bad
    if partly:
        return Outcome(result, errors=(Worn(), Bad()))
    return Outcome(result, exit_code=int(exit_code))
def text(result, console):
    console.line(" ".join(result.names))
def plain(result):
    yield tuple(result.names)
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Runner":
    module = ModuleType("packctl.commands.extra")
    exec(COMMAND, module.__dict__)
    monkeypatch.setitem(sys.modules, "packctl.commands.extra", module)
    table = {"": (Row("extra", "One more", aliases=("x",)),)}
    monkeypatch.setattr(cli, "listed", lambda: table)
    monkeypatch.setattr(parsing, "listed", lambda: table)
    monkeypatch.chdir(tmp_path)
    return Runner(clean_environment(tmp_path))


class Runner:
    """Runs the frame in this process."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = {**environ, "PACKCTL_CONFIG": "", "PACKCTL_DATA_DIR": environ["HOME"]}

    def __call__(self, line: str) -> tuple[int, str, str]:
        streams = Streams(io.StringIO(), io.StringIO(), io.StringIO())
        code = frame.run([*line.split(), "--no-config"], self.environ, streams)
        assert isinstance(streams.stdout, io.StringIO)
        assert isinstance(streams.stderr, io.StringIO)
        return code, streams.stdout.getvalue(), streams.stderr.getvalue()


def test_arguments_arrive_with_their_types(run: Runner) -> None:
    assert run("extra acme/a b --sort name -o f --limit 3 -q") == (0, "acme/a b name f 3\n", "")


def test_an_alias_names_the_same_command(run: Runner) -> None:
    assert run("x -q")[0] == 0


def test_plain_output_is_tabbed_records(run: Runner) -> None:
    assert run("extra a -q --plain")[1] == "a\tage\t\t10\n"


def test_a_document_holds_result_and_warnings_and_stderr_is_empty(run: Runner) -> None:
    code, out, err = run("extra a --json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "schema": "packctl/extra/1",
        "ok": True,
        "data": {"names": ["a", "age", "", "10"]},
        "warnings": [{"code": "catalog.release-deprecated", "what": "old", "facts": {}, "fix": []}],
        "error": None,
    }


def test_a_failure_has_a_document_too(run: Runner) -> None:
    code, out, err = run("extra --json --fail")
    document = json.loads(out)
    assert (code, err, document["ok"], document["data"]) == (6, "", False, None)
    assert (document["error"]["code"], document["error"]["exit"]) == ("trust.bad", 6)
    assert len(document["warnings"]) == 1


def test_a_partial_result_is_shown_with_its_errors_and_the_strongest_decides(run: Runner) -> None:
    code, out, err = run("extra a --partly")
    assert code == 6
    assert out == "a age  10\n"
    assert [line.split(":")[0] for line in err.splitlines() if line.startswith("error")] == [
        "error[install.worn]",
        "error[trust.bad]",
    ]
    document = json.loads(run("extra a --partly --json")[1])
    assert (document["ok"], document["data"]["names"][0], document["error"]["code"]) == (False, "a", "trust.bad")


def test_a_command_that_found_something_may_say_so_by_its_exit_code(run: Runner) -> None:
    assert run("extra --exit-code -q")[0] == 1


@pytest.mark.parametrize(
    ("line", "code", "text"),
    [
        ("extra --sort nme", "cli.bad-value", "--sort cannot be 'nme'"),
        ("extra --limit many", "cli.bad-value", "--limit cannot be 'many'"),
        ("extra --fial", "cli.unknown-option", "packctl extra has no option --fial"),
        ("extra -z", "cli.unknown-option", "packctl extra has no option -z"),
        ("extra --fail=yes", "cli.bad-value", "--fail cannot be 'a value'"),
        ("extra -o", "cli.missing-value", "-o needs a value"),
    ],
)
def test_what_typer_refuses_is_told_as_ours(run: Runner, line: str, code: str, text: str) -> None:
    exit_code, out, err = run(line)
    assert (exit_code, out) == (2, "")
    assert err.startswith(f"error[{code}]: {text}\n")
    assert "Usage:" not in err


def test_no_command_gives_a_global_option_another_meaning() -> None:
    from packctl.arguments import GLOBALS
    from packctl.parsing import command_named, typer_command

    taken = {spelling for option in GLOBALS for spelling in option.spellings}
    for words, _ in cli.every_command():
        named = command_named(words)
        module = __import__(cli.module_of(words), fromlist=["run"])
        for param in typer_command(module, named).params:
            assert not taken & {*param.opts, *param.secondary_opts}, words


def test_every_row_of_the_table_leads_to_a_module_that_keeps_the_convention() -> None:
    import importlib
    import inspect
    from typing import get_args, get_origin

    from packctl.outcome import Outcome

    for words, row in cli.every_command():
        module = importlib.import_module(cli.module_of(words))
        signature = inspect.signature(module.run, eval_str=True)
        assert next(iter(signature.parameters)) == "session", words
        assert get_origin(signature.return_annotation) is Outcome, words
        (data,) = get_args(signature.return_annotation)
        assert data.__struct_config__.frozen, words
        assert callable(module.text), words
        assert inspect.getdoc(module.run), words
        assert row.help[0].isupper() and not row.help.endswith("."), words
    assert ROOT.joinpath("src", "packctl", "cli.py").exists()


@pytest.mark.parametrize(
    ("arguments", "schema", "data"),
    [
        (["--version", "--json"], "packctl/version/1", {"version": "0.1.0"}),
        (["install", "--help", "--json"], "packctl/help/1", {"topic": "install"}),
        (["--json"], "packctl/help/1", {"topic": ""}),
    ],
)
def test_help_and_version_are_one_document_too(
    tmp_path: Path, arguments: list[str], schema: str, data: Mapping[str, str]
) -> None:
    ended = packctl(*arguments, folder=tmp_path)
    document = json.loads(ended.stdout)
    assert (ended.returncode, ended.stderr, document["schema"], document["ok"]) == (0, "", schema, True)
    assert data.items() <= document["data"].items()


def test_vv_tells_each_request_and_so_does_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    environ = {"PACKCTL_LOG": str(log), "PACKCTL_TIMEOUT": "1"}
    address = "http://user:hush@127.0.0.1:1"
    ended = packctl("show", "acme/a", "-vv", "--registry", "http://127.0.0.1:1", folder=tmp_path, environ=environ)
    line = "GET http://127.0.0.1:1/api/v1/packs/acme/a: registry.unreachable in "
    assert any(told.startswith(line) for told in ended.stderr.splitlines()), ended.stderr
    assert f" trace {line}" in log.read_text()
    refused = packctl("show", "acme/a", "-vv", "--registry", address, folder=tmp_path, environ=environ)
    assert "hush" not in refused.stderr + log.read_text()
