"""What `run` says and understands before anything is set up."""

import ast
import re
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
RUN = ROOT / "run"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module; nothing of it has run."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec = spec_from_file_location("run", RUN, loader=SourceFileLoader("run", str(RUN)))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def call(*arguments: str, old: bool = False, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Calls `run`; `old` makes its Python say that it is 3.8."""
    pretend = "sys.version_info, sys.version = (3, 8, 18), '3.8.18 (x)'" if old else ""
    program = f"import runpy, sys; {pretend}\nsys.argv[:] = {['run', *arguments]!r}\nrunpy.run_path({str(RUN)!r}, run_name='__main__')"
    environ = None if path is None else {"PATH": str(path)}
    return subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True)


@pytest.mark.parametrize("arguments", [(), ("--help",), ("help",)])
def test_without_a_word_it_lists_what_there_is(arguments: tuple[str, ...]) -> None:
    done = call(*arguments)
    assert done.returncode == 0
    assert [line.split()[1] for line in done.stdout.splitlines()] == [
        "demo",
        "test",
        "bench",
        "packctl",
        "registry-server",
        "serve",
        "lock",
    ]


def test_a_word_that_it_does_not_know_is_a_mistake_and_lists_the_others() -> None:
    done = call("demos")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == "run: there is no 'demos'"
    assert len(done.stderr.splitlines()) == 8


def test_a_python_that_is_too_old_can_read_it_and_starts_a_newer_one(tmp_path: Path) -> None:
    ast.parse(RUN.read_text(), feature_version=(3, 7))
    shim, newer = tmp_path / "python3.13", tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\necho 'python3.13: command not found' >&2; exit 127\n")
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "newer: $*"\n')
    shim.chmod(0o755)
    newer.chmod(0o755)
    done = call("packctl", "a b", old=True, path=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"newer: {RUN} packctl a b\n", "")


def test_a_machine_without_a_newer_python_is_told_so_in_one_line(tmp_path: Path) -> None:
    done = call("test", old=True, path=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "run: Python 3.11 or newer is needed; this is 3.8.18, and PATH has no newer one\n"


def test_children_get_an_environment_that_does_not_bend_python(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    bent = {"PYTHONDONTWRITEBYTECODE", "PYTHONOPTIMIZE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_USER"}
    for name in bent:
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setenv("PYTHONUTF8", "1")
    environ = script.environment(MORE="x")
    assert environ["PATH"] == f"{ROOT}/.venv/bin:/usr/bin"
    assert environ["MORE"] == "x"
    assert environ["PYTHONUTF8"] == "1"
    assert not bent & set(environ)


def test_an_environment_is_bound_to_its_lock_file_project_python_and_folder(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(script, "LOCKS", {"run": lock})
    monkeypatch.setattr(script, "HERE", tmp_path)
    origins = [script.origin("run")]
    lock.write_text("a==2\n")
    origins.append(script.origin("run"))
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    origins.append(script.origin("run"))
    monkeypatch.setattr(sys, "version", "3.13.9 (main)")
    origins.append(script.origin("run"))
    tmp_path.rename(tmp_path.with_name("moved"))
    moved = tmp_path.with_name("moved")
    monkeypatch.setattr(script, "LOCKS", {"run": moved / "requirements.lock"})
    monkeypatch.setattr(script, "HERE", moved)
    origins += [script.origin("run"), script.origin("run")]
    assert len(set(origins)) == 5
    assert origins[-1] == origins[-2]


def test_documents_name_only_what_it_knows(script: ModuleType) -> None:
    places = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / ".ci" / "run", *(ROOT / "docs").rglob("*.md")]
    named = {
        (path.name, word)
        for path in places
        for word in re.findall(r"(?<![\w.])\./run ([a-z][a-z-]*)", path.read_text())
    }
    assert {word for _, word in named} >= {"demo", "test"}
    assert {(name, word) for name, word in named if word not in script.COMMANDS} == set()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_ci_ends_with_the_test_command_that_the_documents_begin_with(name: str) -> None:
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "./run test"
    block = (ROOT / name).read_text().split("```")[1]
    assert [line.partition(" #")[0].strip() for line in block.strip().splitlines()] == ["./run demo", "./run test"]


def test_make_maps_the_two_commands() -> None:
    assert (ROOT / "Makefile").read_text() == "demo test:\n\t./run $@\n\n.PHONY: demo test\n"


def test_it_can_be_executed_and_imports_the_standard_library_alone() -> None:
    assert RUN.stat().st_mode & 0o111
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(RUN.read_text()))
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
        + ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
    }
    assert imported <= sys.stdlib_module_names
