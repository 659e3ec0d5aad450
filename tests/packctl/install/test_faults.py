"""A whole command that dies, is interrupted or meets a failing disk at any of its changes, and commands that run at the same time."""

import errno
import os
import shutil
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from packspec.lockfile import parse_lock
from tests.support.faults import CRASHED, CTRL_C, FAILED, INTERRUPTED, KILLED, Fault, count_changes, run_in_child
from tests.support.invariants import listing, nothing_outside, old_or_new, visible
from tests.support.machine import Ended, Machine

COMMANDS = {
    "add": ("add", "zed/lamp", "acme/icons@^1"),
    "update": ("update", "acme/icons", "--to", "^2"),
    "remove": ("remove", "acme/icons"),
    "lock": ("lock", "--upgrade"),
}


def refuse_bugs(ended: Ended) -> None:
    """Ends a child as a command that failed, or as one with a fault of ours, or as one that did what it should."""
    from packctl.durable import DiskFailed

    assert ended.code != 70, ended.err
    if ended.code:
        assert "error[" in ended.err, ended
        raise DiskFailed("run", Path(), errno.EIO)


@pytest.fixture
def start(machine: Machine) -> Callable[[], Machine]:
    """Copies of one machine that has acme/icons 1.0.0 installed and has changed a file of it."""
    machine.wants('# Farm\n[dependencies]\n"acme/icons" = "1.0.0"\n')
    assert machine.packctl("install").code == 0
    machine.wants('# Farm\n[dependencies]\n"acme/icons" = "^1.0.0"\n')
    assert machine.packctl("install").code == 0
    folder = Path(tempfile.mkdtemp(dir=machine.folder.parent))
    count = 0

    def copy() -> Machine:
        nonlocal count
        count += 1
        shutil.copytree(machine.folder, folder / str(count), symlinks=True)
        environ = {
            name: text.replace(str(machine.folder), str(folder / str(count))) for name, text in machine.environ.items()
        }
        return Machine(folder / str(count), machine.registry, folder / str(count) / "project", environ)

    return copy


def sample(count: int, every: int, last: int) -> list[int]:
    """Each `every`-th of the changes and all of the `last` ones, where the project itself changes."""
    return sorted({*range(1, count + 1, every), *range(max(1, count - last), count + 1)})


def reference(start: Callable[[], Machine], words: tuple[str, ...]) -> tuple[dict[str, tuple[str, int, str]], int]:
    """The project after the command, and how many changes it makes."""
    machine = start()
    count = count_changes(lambda: refuse_bugs(machine.packctl(*words)))
    return visible(machine.project), count


@pytest.mark.parametrize("name", COMMANDS)
def test_C01_C28_a_command_killed_at_any_change_is_wholly_old_or_new_after_the_next(
    start: Callable[[], Machine], name: str
) -> None:
    words = COMMANDS[name]
    old = visible(start().project)
    new, count = reference(start, words)
    ended = set()
    for number in sample(count, 13, 20):
        machine = start()
        canary = machine.folder / "beside.txt"
        canary.write_text("mine")
        fault = Fault(number)
        assert run_in_child(lambda m=machine: refuse_bugs(m.packctl(*words)), fault) == KILLED, fault  # type: ignore[misc]
        assert machine.packctl("list").code == 0, fault  # whatever opens the project mends it
        is_new = old_or_new(machine.project, old, new)
        ended.add(is_new)
        assert canary.read_text() == "mine"
        if not is_new and number % 4 == 0:
            assert machine.packctl(*words).code == 0, fault
            assert visible(machine.project) == new
    assert ended == {False, True}


@pytest.mark.parametrize("name", ["add", "update"])
@pytest.mark.parametrize(
    ("number", "for_ever"), [(errno.ENOSPC, True), (errno.EIO, False), (CTRL_C, False)], ids=["full", "EIO", "Ctrl-C"]
)
def test_C03_C04_C26_a_disk_that_fails_at_any_change_is_told_and_taken_back(
    start: Callable[[], Machine], name: str, number: int, for_ever: bool
) -> None:
    words = COMMANDS[name]
    old = visible(start().project)
    new, count = reference(start, words)
    for at in sample(count, 19, 9):
        machine = start()
        fault = Fault(at, number, for_ever=for_ever)
        code = run_in_child(lambda m=machine: refuse_bugs(m.packctl(*words)), fault)  # type: ignore[misc]
        assert code in (0, FAILED, INTERRUPTED), f"{fault}: {code}"
        assert code != CRASHED
        assert machine.packctl("list").code == 0, fault
        is_new = old_or_new(machine.project, old, new)
        assert is_new or code != 0, fault
        if at % 3 == 0:
            again = machine.packctl(*words)
            assert again.code == 0, f"{fault}: {again.err}"
            assert visible(machine.project) == new


def test_C08_what_a_killed_command_left_keeps_nobody_out_and_is_told(start: Callable[[], Machine]) -> None:
    _, count = reference(start, COMMANDS["add"])
    told = []
    for at in range(count, count - 16, -1):
        machine = start()
        assert run_in_child(lambda m=machine: refuse_bugs(m.packctl(*COMMANDS["add"])), Fault(at)) == KILLED  # type: ignore[misc]
        assert (machine.project / "packs/.packctl/lock").exists()  # a kernel lock, which ended with its holder
        done = machine.packctl("install")
        assert done.code == 0
        told += [line for line in done.err.splitlines() if "interrupted" in line]
    assert set(told) == {"An earlier command was interrupted while adding zed/lamp, acme/icons: finished now"}


def together(works: list[Callable[[], None]]) -> list[int]:
    """Runs each in a child of its own, all at once. Their exit codes."""
    ready, told = os.pipe()
    gate, opened = os.pipe()
    children = []
    for work in works:
        pid = os.fork()
        if pid == 0:
            code = CRASHED
            try:
                os.close(opened)
                os.write(told, b".")
                os.read(gate, 1)  # ends for all when the parent closes its end
                work()
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        children.append(pid)
    for _ in works:
        os.read(ready, 1)
    for end in (ready, told, gate, opened):
        os.close(end)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]


@pytest.mark.parametrize("count", [2, 8])
def test_C07_installs_at_once_come_out_as_one_after_the_other(machine: Machine, count: int) -> None:
    machine.depends(zed__lamp="^1")
    outside = machine.folder / "beside"
    outside.mkdir()
    before = listing(outside)

    def work() -> None:
        ended = machine.packctl("install")
        assert ended.code == 0, ended.err

    assert together([work] * count) == [0] * count
    assert machine.files() == [
        "acme/icons/cow.md",
        "acme/icons/hen.md",
        "acme/icons/pack.toml",
        "zed/lamp/lamp.md",
        "zed/lamp/pack.toml",
    ]
    assert not (machine.project / "packs/.packctl/work").exists()
    nothing_outside(before, listing(outside))
    assert machine.packctl("install").err.startswith("nothing to do")


def test_C07_two_adds_at_once_are_both_there_in_the_end(machine: Machine) -> None:
    def adding(name: str) -> Callable[[], None]:
        def work() -> None:
            ended = machine.packctl("add", name)
            assert ended.code == 0, ended.err

        return work

    assert together([adding("zed/lamp"), adding("acme/icons@^1")]) == [0, 0]
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
