"""A whole command that dies, is interrupted or meets a failing disk at any of its changes, and commands that run at the same time."""

import errno
import functools
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from packctl.install.apply import CHANGE, open_installation
from packctl.install.recovery import tell_wait
from packctl.session import Session
from packspec.lockfile import parse_lock
from tests.support.copies import copy_folder
from tests.support.faults import (
    CRASHED,
    CTRL_C,
    FAILED,
    INTERRUPTED,
    KILLED,
    Fault,
    list_changes,
    run_in_child,
    run_together,
    run_with,
    sick,
)
from tests.support.invariants import listing, nothing_outside, old_or_new, visible
from tests.support.machine import Ended, Machine
from tests.support.registry import Registry

Seen = dict[str, tuple[str, int, str]]
COMMANDS = {
    "add": ("add", "zed/lamp", "acme/icons@^1"),
    "update": ("update", "acme/icons", "--to", "^2"),
    "remove": ("remove", "acme/icons"),
    "lock": ("lock", "--upgrade"),
    "install": ("install",),
    "heal": ("heal",),
}
"""What is swept, on a machine as `start` makes it."""


@pytest.fixture
def every(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """How far apart the changes are that a sweep takes: all of them with --long."""
    is_long = request.config.getoption("--long")
    return lambda step: 1 if is_long else step


def prepare(machine: Machine, name: str) -> None:
    """What a command needs before it has something to do: for `install` a wish, for `heal` damage."""
    if name == "install":
        machine.wants('[dependencies]\n"acme/icons" = "1.2.0"\n"zed/lamp" = "^1"\n')
    if name == "heal":
        (machine.project / "packs/acme/icons/cow.md").unlink()
        (machine.project / "packs/acme/icons/pack.toml").unlink()
        for entry in (machine.data / "store/files").rglob("*"):
            if entry.is_file() and entry.read_bytes().startswith(b"# Cow"):
                entry.chmod(0o644)
                entry.write_bytes(b"# Bull" + entry.read_bytes()[6:])


def carried_out(machine: Machine, name: str) -> Callable[[], None]:
    """A command, to be run where faults are."""
    return lambda: refuse_bugs(machine.packctl(*COMMANDS[name]))


def refuse_bugs(ended: Ended) -> None:
    """Ends a child as a command that failed, or as one with a fault of ours, or as one that did what it should."""
    from packctl.durable import DiskFailed

    assert ended.code != 70, ended.err
    if ended.code:
        assert "error[" in ended.err, ended
        raise DiskFailed("run", Path(), errno.EIO)


@pytest.fixture(scope="module")
def start(shop: Registry, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Machine]:
    """Copies of one machine that has acme/icons 1.0.0 installed and has changed a file of it."""
    folder = tmp_path_factory.mktemp("start")
    machine = Machine.at(folder / "0", shop)
    machine.wants('# Farm\n[dependencies]\n"acme/icons" = "1.0.0"\n')
    assert machine.packctl("install").code == 0
    machine.wants('# Farm\n[dependencies]\n"acme/icons" = "^1.0.0"\n')
    assert machine.packctl("install").code == 0
    count = 0

    def copy() -> Machine:
        nonlocal count
        count += 1
        copy_folder(machine.folder, folder / str(count))
        environ = {
            name: text.replace(str(machine.folder), str(folder / str(count))) for name, text in machine.environ.items()
        }
        return Machine(folder / str(count), machine.registry, folder / str(count) / "project", environ)

    return copy


@dataclass(frozen=True)
class Known:
    """One command as the sweeps know it: the project before it and after it, and the changes it makes."""

    name: str
    old: Seen
    new: Seen
    changes: list[str]

    @property
    def count(self) -> int:
        """How many changes."""
        return len(self.changes)

    def sample(self, every: int, inside: int) -> list[int]:
        """Numbers of changes: each `every`-th of all, and each `inside`-th from the journal's beginning to its end."""
        journal = [number for number, change in enumerate(self.changes, 1) if "journal.json" in change]
        return sorted({*range(1, self.count + 1, every), *range(journal[0], journal[-1] + 2, inside)})


@pytest.fixture(scope="module")
def known(start: Callable[[], Machine]) -> Callable[[str], Known]:
    """What a command does when nothing goes wrong, found out once."""

    @functools.cache
    def watched(name: str) -> Known:
        machine = start()
        prepare(machine, name)
        old = visible(machine.project)
        changes = list_changes(carried_out(machine, name))
        return Known(name, old, visible(machine.project), changes)

    return watched


def look_after(machine: Machine, known: Known, fault: Fault, *, again: bool) -> bool:
    """What must hold after a fault and the next command, whatever that is. Whether the project is new."""
    listed = machine.packctl("list")  # whatever opens the project mends it
    assert listed.code == 0, f"{fault}: {listed.err}"
    is_new = old_or_new(machine.project, known.old, known.new)
    if again and not is_new:
        ended = machine.packctl(*COMMANDS[known.name])
        assert ended.code == 0, f"{fault}: {ended.err}"
        assert visible(machine.project) == known.new, fault
    return is_new


@pytest.mark.parametrize("name", COMMANDS)
def test_C01_C28_a_command_killed_at_any_change_is_wholly_old_or_new_after_the_next(
    start: Callable[[], Machine], known: Callable[[str], Known], name: str, every: Callable[[int], int]
) -> None:
    command = known(name)
    ended = set()
    for number in command.sample(every(61), every(3)):
        machine = start()
        prepare(machine, name)
        canary = machine.folder / "beside.txt"
        canary.write_text("mine")
        fault = Fault(number)
        assert run_in_child(carried_out(machine, name), fault) == KILLED, fault
        ended.add(look_after(machine, command, fault, again=number % every(5) == 0))
        assert canary.read_text() == "mine"
    assert ended == {False, True}


@pytest.mark.parametrize("name", COMMANDS)
def test_C01_a_real_process_killed_at_any_change_is_wholly_old_or_new_after_the_next(
    start: Callable[[], Machine], known: Callable[[str], Known], name: str, every: Callable[[int], int]
) -> None:
    command = known(name)
    # A process of its own makes a few changes more or fewer: it loads anew what this one has in memory.
    for number in range(command.count - 9, 0, -every(max(1, command.count // 2))):
        machine = start()
        prepare(machine, name)
        fault = Fault(number)
        words = [sys.executable, "-m", "packctl", "-C", str(machine.project), *COMMANDS[name]]
        process = subprocess.run(
            words, env={**machine.environ, **sick(fault)}, capture_output=True, timeout=100, check=False
        )
        assert process.returncode == KILLED, f"{fault}: {process.stderr.decode()}"
        look_after(machine, command, fault, again=False)


@pytest.mark.parametrize("name", ["add", "update", "remove", "heal"])
@pytest.mark.parametrize(
    ("number", "for_ever"),
    [(errno.ENOSPC, True), (errno.EIO, False), (errno.EROFS, True), (CTRL_C, False)],
    ids=["full", "EIO", "read-only", "Ctrl-C"],
)
def test_C03_C04_C05_C26_a_disk_that_fails_at_any_change_is_told_and_taken_back(
    start: Callable[[], Machine],
    known: Callable[[str], Known],
    name: str,
    number: int,
    for_ever: bool,
    every: Callable[[int], int],
) -> None:
    command = known(name)
    for at in command.sample(every(71), every(9)):
        machine = start()
        prepare(machine, name)
        fault = Fault(at, number, for_ever=for_ever)
        code = run_with(carried_out(machine, name), fault)
        assert code in (0, FAILED, INTERRUPTED), f"{fault}: {code}"
        assert code != CRASHED
        is_new = look_after(machine, command, fault, again=at % 3 == 0)
        assert is_new or code != 0, fault


def test_C08_what_a_killed_command_left_keeps_nobody_out_and_is_told(start: Callable[[], Machine]) -> None:
    for at in (1, 2, 3, 4):
        machine = start()
        swap = Fault(at, where=rf"^rename .*/{CHANGE}/new/\d")
        assert run_in_child(carried_out(machine, "add"), swap) == KILLED
        assert (machine.project / "packs/.packctl/lock").exists()  # a kernel lock, which ended with its holder
        done = machine.packctl("install")
        assert done.code == 0
        assert [line for line in done.err.splitlines() if "interrupted" in line] == [
            "An earlier command was interrupted while adding zed/lamp, acme/icons: finished now"
        ]


@pytest.mark.parametrize("count", [2, 8])
def test_C07_installs_at_once_come_out_as_one_after_the_other(machine: Machine, count: int) -> None:
    machine.depends(zed__lamp="^1")
    outside = machine.folder / "beside"
    outside.mkdir()
    before = listing(outside)

    def work() -> None:
        ended = machine.packctl("install")
        assert ended.code == 0, ended.err

    assert run_together([work] * count) == [0] * count
    assert machine.files() == [
        "acme/icons/cow.md",
        "acme/icons/hen.md",
        "acme/icons/pack.toml",
        "zed/lamp/lamp.md",
        "zed/lamp/pack.toml",
    ]
    assert not (machine.project / "packs/.packctl/change").exists()
    nothing_outside(before, listing(outside))
    assert machine.packctl("install").err.startswith("nothing to do")


def test_C07_the_second_command_says_that_it_waits_and_then_goes_on(machine: Machine) -> None:
    machine.depends(acme__icons="^1")
    assert machine.packctl("lock").code == 0
    may_end, told = os.pipe()
    is_held, ready = os.pipe()

    def hold() -> None:
        with open_installation(machine.project):
            os.write(ready, b".")
            os.read(may_end, 1)

    pid = os.fork()
    if pid == 0:
        try:
            hold()
        finally:
            os._exit(0)
    os.read(is_held, 1)

    def waits(session: Session) -> None:
        tell_wait(session)
        os.write(told, b".")  # only now the holder ends

    with mock.patch("packctl.install.change.tell_wait", waits):
        done = machine.packctl("install")
    os.waitpid(pid, 0)
    assert done.code == 0
    assert "Waiting for another packctl that changes this project" in done.err.splitlines()
    assert machine.files() == ["acme/icons/cow.md", "acme/icons/hen.md", "acme/icons/pack.toml"]


def test_C07_two_adds_at_once_are_both_there_in_the_end(machine: Machine) -> None:
    def adding(name: str) -> Callable[[], None]:
        def work() -> None:
            ended = machine.packctl("add", name)
            assert ended.code == 0, ended.err

        return work

    assert run_together([adding("zed/lamp"), adding("acme/icons@^1")]) == [0, 0]
    text = machine.read("pack.toml").decode()
    assert '"zed/lamp" = "^1.0.0"' in text
    assert '"acme/icons" = "^1"' in text
    assert {pack.name for pack in parse_lock(machine.read("pack.lock")).packs} == {"acme/icons", "zed/lamp"}
    assert machine.packctl("lock", "--check").code == 0


def test_C05_a_read_only_disk_is_told_with_its_path_and_other_commands_work(start: Callable[[], Machine]) -> None:
    machine = start()
    before = visible(machine.project)

    def work() -> None:
        ended = machine.packctl(*COMMANDS["add"])
        assert (ended.code, ended.error) == (1, "install.not-writable"), ended.err
        assert str(machine.folder) in ended.err
        assert machine.packctl("list").code == 0

    assert run_in_child(work, Fault(1, errno.EROFS, for_ever=True)) == 0
    assert visible(machine.project) == before
