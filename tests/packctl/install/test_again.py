"""The short answer of an install with nothing to do: it is given only while everything that the last one looked at is as it was."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from packctl.again import RECORD, said_again, surroundings
from tests.support.machine import Machine

ANSWER = "nothing to do, unchanged 1, in 0.0 s"
DAY = 86_400


@pytest.fixture
def installed(machine: Machine) -> Machine:
    """A machine whose project has one pack installed."""
    machine.depends(acme__icons="^1")
    assert machine.packctl("install").code == 0
    return machine


def answer(machine: Machine, folder: Path | None = None, now: float | None = None, **environ: str) -> str | None:
    around = surroundings({**machine.environ, **environ}, [False, False, False])
    return said_again(str(folder or machine.project), around, now or time.time())


def config_file(machine: Machine) -> Path:
    named = Path(machine.packctl("config", "path").out.strip())
    named.parent.mkdir(parents=True, exist_ok=True)
    return named


def seen(machine: Machine) -> Path:
    (found,) = machine.folder.rglob("seen.json")
    return found


def test_it_says_what_the_long_way_says_from_the_project_and_from_below(installed: Machine) -> None:
    assert answer(installed) == ANSWER
    assert answer(installed, installed.project / "packs" / "acme") == ANSWER
    long = installed.packctl("install", "-v")
    assert long.err.splitlines()[-1].startswith("nothing to do, unchanged 1, in ")


def test_a_process_gives_it_and_imports_nothing_else_of_ours(installed: Machine) -> None:
    program = (
        "import sys; sys.argv = ['packctl', 'install']; import packctl.__main__ as m; code = m.main();"
        "print(code, sorted(name for name in sys.modules if name.split('.')[0] in ('packctl', 'packspec', 'msgspec', 'typer', 'json')))"
    )
    command = [sys.executable, "-c", program]
    for _ in range(2):  # the first has other streams than the test, finds out, and writes it down
        ended = subprocess.run(
            command, cwd=installed.project, env=installed.environ, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
        )  # fmt: skip
    assert ended.stdout == "0 ['packctl', 'packctl.__main__', 'packctl.again']\n"
    assert ended.stderr == ANSWER + "\n"


CHANGES: dict[str, Callable[[Machine], object]] = {
    "pack.toml": lambda machine: machine.wants("[dependencies]\n"),
    "pack.lock": lambda machine: (machine.project / "pack.lock").write_text("broken"),
    "no pack.lock": lambda machine: (machine.project / "pack.lock").unlink(),
    "the state of the install": lambda machine: (machine.project / "packs/.packctl/state.json").unlink(),
    "a workspace takes it in": lambda machine: (machine.folder / "pack.toml").write_text(
        '[workspace]\nmembers = ["project"]\n'
    ),
    "an install under way": lambda machine: (machine.project / "packs/.packctl/change").mkdir(),
    "a pack is gone": lambda machine: shutil.rmtree(machine.project / "packs/acme/icons"),
    "a configuration appears": lambda machine: config_file(machine).write_text("[registry]\n"),
    "something was learned of recalls": lambda machine: seen(machine).write_text('{"recalls": "sha256:00"}'),
    "the record is of another version": lambda machine: change_record(
        machine, b"packctl-again/1 ", b"packctl-again/1 9"
    ),
}


def change_record(machine: Machine, old: bytes, new: bytes) -> None:
    record = machine.project / RECORD
    record.write_bytes(record.read_bytes().replace(old, new, 1))


@pytest.mark.parametrize("what", CHANGES)
def test_it_is_not_given_once_something_is_otherwise(installed: Machine, what: str) -> None:
    assert answer(installed) == ANSWER
    CHANGES[what](installed)
    assert answer(installed) is None


def test_it_is_not_given_for_other_variables_other_streams_or_after_its_time(installed: Machine) -> None:
    assert answer(installed, PACKCTL_REGISTRY="https://other.example") is None
    assert answer(installed, CI="1") is None
    assert answer(installed, HOME="/nowhere") is None
    assert said_again(str(installed.project), surroundings(installed.environ, [True, True, True]), time.time()) is None
    assert answer(installed, now=time.time() + 400 * DAY) is None
    assert answer(installed, PACKCTL_TOKEN="secret") == ANSWER  # nobody is asked, so nobody is told


def test_secrets_are_not_written_down(installed: Machine) -> None:
    installed.environ["PACKCTL_TOKEN"] = "pkt_very_secret"
    (installed.project / RECORD).unlink()
    assert installed.packctl("install").code == 0
    assert b"pkt_very_secret" not in (installed.project / RECORD).read_bytes()


def test_a_record_that_is_cut_anywhere_gives_no_answer_and_no_error(installed: Machine) -> None:
    record = installed.project / RECORD
    whole = record.read_bytes()
    for length in range(0, len(whole), 7):
        record.write_bytes(whole[:length])
        assert answer(installed) is None
    record.write_bytes(os.urandom(2000))
    assert answer(installed) is None


@pytest.mark.skipif(os.name == "nt", reason="no pipes and devices among files")
@pytest.mark.timeout(60)
def test_neither_a_pipe_nor_a_device_in_its_place_or_named_in_it_is_read(installed: Machine) -> None:
    record = installed.project / RECORD
    whole = record.read_bytes()
    for path in (b"/dev/zero", os.fsencode(installed.project / "pipe")):
        head, _, rest = whole.partition(b"file ")
        record.write_bytes(head + b"file 99999999999999 " + path + b"\nfile " + rest)
        if not (installed.project / "pipe").exists():
            os.mkfifo(installed.project / "pipe")
        assert answer(installed) is None
    record.unlink()
    os.mkfifo(record)
    assert answer(installed) is None
    assert installed.packctl("install").code == 0
    assert answer(installed) == ANSWER


@pytest.mark.skipif(sys.platform != "linux", reason="a name that is no text")
def test_it_is_written_where_a_folder_has_a_name_that_is_no_text(machine: Machine) -> None:
    machine.project = Path(os.fsdecode(os.fsencode(machine.folder) + b"/f\xffrm"))
    machine.project.mkdir()
    machine.depends(acme__icons="^1")
    assert machine.packctl("install").code == 0
    assert answer(machine) == ANSWER


@pytest.mark.skipif(sys.platform != "linux", reason="a device that is full")
def test_what_cannot_be_said_shortly_goes_the_long_way(installed: Machine) -> None:
    def runs(*words: str, **given: object) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-P", "-m", "packctl", *words]
        usual = {"cwd": installed.project, "env": installed.environ, "stdin": subprocess.DEVNULL, "text": True}
        return subprocess.run(command, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **usual, **given})  # type: ignore[call-overload, no-any-return]

    with open("/dev/full", "w") as full:
        assert runs("install", stderr=full).returncode == 0
        assert runs("install", stderr=full).returncode == 0  # now from the record
        version = runs("--version", stdout=full)
        assert (version.returncode, version.stderr[:24]) == (1, "error[cli.output-failed]")
    gone = installed.project / "gone"
    for words, code, said in [("install", 3, "error[cli.no-folder]"), ("completion names", 0, "")]:
        gone.mkdir()
        ended = runs(*words.split(), cwd=gone, preexec_fn=gone.rmdir)
        assert (ended.returncode, ended.stderr[:20]) == (code, said)


def test_it_is_not_written_where_packs_lie_elsewhere(installed: Machine) -> None:
    (installed.project / RECORD).unlink()
    installed.wants('[dependencies]\n"acme/icons" = "^1"\n[install]\ndir = "media"\n')
    assert installed.packctl("install").code == 0
    assert not (installed.project / "media/.packctl/again").exists()
    assert answer(installed) is None


def test_a_copy_of_a_project_is_looked_at_itself(installed: Machine) -> None:
    copy = installed.folder / "copy"
    shutil.copytree(installed.project, copy)
    (copy / "pack.lock").write_text("broken")
    assert answer(installed) == ANSWER
    assert answer(installed, copy) is None


def test_outside_of_projects_there_is_no_answer(tmp_path: Path) -> None:
    assert said_again(str(tmp_path), "", time.time()) is None
