"""Completion, in real shells where they are there: what is offered, and that it costs nothing that is slow."""

import os
import pty
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from packctl.at_hand import names_at_hand
from packctl.cli import every_command
from packctl.completion import bash, fish, powershell, tree
from tests.architecture.test_startup import HEAVY, loaded
from tests.support.machine import Machine
from tests.support.registry import registry_at
from tests.support.transcript import clean_environment

LOCK = '[[pack]]\nname = "acme/icons"\nversion = "1.0.0"\n\n[[pack]]\nname = "zed/lamp"\n'
TOML = """[dependencies]
"acme/icons" = "^1"
# "acme/old" = "^1"
"corp/brand" = { version = "^3" }

[groups]
lessons = { "edu/counting" = "^1" }
"more_lessons" = {}

[groups.extra]
"edu/letters" = "*"
"""


@pytest.fixture(scope="module")
def nodes() -> list[tree.Node]:
    return list(tree.nodes())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pack.toml").write_text(TOML)
    (tmp_path / "pack.lock").write_text(LOCK)
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    return inside


def test_every_command_is_there_with_its_options(nodes: list[tree.Node]) -> None:
    commands = {" ".join(words) for words, _ in every_command()}
    assert commands <= {node.path for node in nodes}
    by_path = {node.path: node for node in nodes}
    link = next(one for one in by_path["install"].options if one.spellings == ("--link",))
    assert link.value == tree.Value(tree.Kind.WORDS, ("auto", "reflink", "hard", "copy"))
    assert by_path["add"].argument.kind is tree.Kind.KNOWN
    assert by_path["remove"].argument.kind is tree.Kind.HERE


def test_names_come_from_the_project_and_its_groups_too(project: Path) -> None:
    assert names_at_hand([], str(project), {}) == [
        "acme/icons",
        "corp/brand",
        "edu/counting",
        "edu/letters",
        "zed/lamp",
    ]
    assert names_at_hand(["--groups"], str(project), {}) == ["extra", "lessons", "more_lessons"]
    assert names_at_hand(["--all"], "/", {"PACKCTL_DATA_DIR": "/nowhere"}) == []


@pytest.mark.skipif(os.name == "nt", reason="no pipes among files")
@pytest.mark.timeout(20)
def test_no_file_keeps_whoever_presses_tab_waiting(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("[groups]\n" * 100_000 + "\n" * 1_000_000 + "late = []\n")
    os.mkfifo(tmp_path / "pack.lock")
    assert names_at_hand(["--groups"], str(tmp_path), {}) == ["late"]
    assert names_at_hand([], str(tmp_path), {}) == []


def test_with_all_there_are_the_packs_that_the_registry_listed(tmp_path: Path) -> None:
    with registry_at(tmp_path / "registry", now=int(time.time())) as registry:
        registry.publish("acme/icons", "1.0.0", files={"cow.md": b"# Cow\n"})
        registry.publish("acme/barn", "1.0.0", files={"barn.md": b"# Barn\n"})
        machine = Machine.at(tmp_path / "machine", registry)
        machine.wants("[dependencies]\n")
        assert machine.packctl("add", "acme/icons", "acme/barn").code == 0
    empty = tmp_path / "empty"
    empty.mkdir()
    assert names_at_hand(["--all"], str(empty), machine.environ) == ["acme/barn", "acme/icons"]
    assert names_at_hand([], str(empty), machine.environ) == []


def test_names_are_given_without_anything_that_takes_time(project: Path) -> None:
    names = loaded(project, "completion", "names", "--all")
    assert {name for name in names if name.startswith(("packctl", "packspec"))} == {
        "packctl",
        "packctl.__main__",
        "packctl.at_hand",
    }
    assert not names & (HEAVY | {"typer", "msgspec", "tomllib", "json.decoder", "platformdirs"} - {"json.decoder"})


def words_of(shell: Path, script: str, project: Path, typed: Sequence[str]) -> list[str]:
    """What bash would offer for the last of these words."""
    quoted = " ".join(f"'{word}'" for word in typed)
    program = (
        f"{script}\nCOMP_WORDS=({quoted}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))\n"
        'COMPREPLY=(); _packctl; for one in "${COMPREPLY[@]}"; do echo "$one"; done\n'
    )
    ended = subprocess.run(
        [shell, "--norc", "--noprofile", "-c", program],
        capture_output=True,
        text=True,
        cwd=project,
        env=with_packctl(project),
        timeout=30,
        check=True,
    )
    assert ended.stderr == ""
    return sorted(ended.stdout.split())


def with_packctl(folder: Path) -> dict[str, str]:
    """An environment whose PATH has this checkout's packctl first."""
    scripts = folder / "bin"
    scripts.mkdir(exist_ok=True)
    command = scripts / "packctl"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m packctl "$@"\n')
    command.chmod(0o755)
    environ = clean_environment(folder)
    return {**environ, "PATH": f"{scripts}{os.pathsep}{environ.get('PATH', os.defpath)}"}


BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="bash is not on this machine")


@needs_bash
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("packctl", "ad"), ["add", "admin"]),
        (("packctl", "config", ""), ["edit", "get", "list", "path", "set", "unset"]),
        (("packctl", "admin", "publisher", "a"), ["accept"]),
        (("packctl", "-C", "x", "--json", "remo"), ["remove"]),
        (("packctl", "install", "--li"), ["--link"]),
        (("packctl", "install", "--link", ""), ["auto", "copy", "hard", "reflink"]),
        (("packctl", "install", "--link", "=", "c"), ["copy"]),
        (("packctl", "install", "--color", "al"), ["always"]),
        (("packctl", "i", "--re"), ["--registry", "--reinstall"]),
        (("packctl", "rm", "acme/"), ["acme/icons"]),
        (("packctl", "remove", "acme/icons", "z"), ["zed/lamp"]),
        (("packctl", "install", "--group", ""), ["extra", "lessons", "more_lessons"]),
        (("packctl", "completion", ""), ["bash", "fish", "powershell", "zsh"]),
        (("packctl", "help", "verif"), ["verify"]),
        (("packctl", "queue", "t"), ["take"]),
    ],
)
def test_bash_offers(nodes: list[tree.Node], project: Path, typed: Sequence[str], offered: list[str]) -> None:
    found = words_of(Path(BASH or ""), bash.script(nodes, "bash"), project, typed)
    assert [word for word in found if word not in ("bin/",)] == offered


@needs_bash
def test_a_tab_in_an_interactive_bash_completes(nodes: list[tree.Node], project: Path) -> None:
    (project / "packctl.bash").write_text(bash.script(nodes, "bash"))
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - the shell
        os.chdir(project)
        os.execve(
            BASH or "", ["bash", "--norc", "--noprofile", "-i"], {**with_packctl(project), "TERM": "dumb", "PS1": "> "}
        )
    try:
        os.write(terminal, b"source packctl.bash; echo ready\n")
        _read_until(terminal, b"\nready")
        os.write(terminal, b"echo packctl; packctl withd\t --help | head -1\n")
        assert b"withdraw" in _read_until(terminal, b"Take a submission back to draft")
    finally:
        os.write(terminal, b"\x03\nexit\n")
        os.close(terminal)
        os.waitpid(pid, 0)


def _read_until(terminal: int, wanted: bytes) -> bytes:
    seen, ends = b"", time.monotonic() + 20
    while wanted not in seen and time.monotonic() < ends:
        try:
            seen += os.read(terminal, 4096)
        except OSError:
            break
    assert wanted in seen, seen
    return seen


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not on this machine")
def test_zsh_reads_its_script(nodes: list[tree.Node], project: Path) -> None:  # pragma: no cover
    (project / "packctl.zsh").write_text(bash.script(nodes, "zsh"))
    program = "autoload -Uz compinit; compinit -u; source ./packctl.zsh; print ${_comps[packctl]}"
    ended = subprocess.run(["zsh", "-f", "-c", program], capture_output=True, text=True, cwd=project, timeout=30)
    assert (ended.returncode, ended.stderr) == (0, "") and "packctl" in ended.stdout


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not on this machine")
def test_fish_offers(nodes: list[tree.Node], project: Path) -> None:  # pragma: no cover
    (project / "packctl.fish").write_text(fish.script(nodes))
    program = "source packctl.fish; complete -C 'packctl config '; complete -C 'packctl install --link '"
    ended = subprocess.run(
        ["fish", "--no-config", "-c", program], capture_output=True, text=True, cwd=project, timeout=30
    )
    assert ended.stderr == ""
    assert [line.split("\t")[0] for line in ended.stdout.splitlines()] == [
        "edit", "get", "list", "path", "set", "unset", "auto", "copy", "hard", "reflink",
    ]  # fmt: skip


@pytest.mark.parametrize("shell", ["fish", "powershell"])
def test_quotes_in_help_cannot_end_a_string(shell: str) -> None:
    odd = tree.Node("", "", (), (tree.Option(("--odd",), "it's a \\ b", tree.Value(tree.Kind.WORDS, ("it's",))),))
    made = fish.script([odd]) if shell == "fish" else powershell.script([odd])
    assert ("'it\\'s a \\\\ b'" if shell == "fish" else "'it''s'") in made
