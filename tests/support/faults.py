"""Methods 1 and 2 of our reliability tests: run something in a child process that dies, or whose disk fails, at its n-th change.

Changes announce themselves as the audit event `packctl.durable` (see `packctl.durable`), so an audit hook counts them. The child is made
by fork: starting an interpreter anew would take longer than the run. `sick` is the environment in which a process that was started anew has
the fault, too.
"""

import errno
import functools
import gc
import os
import re
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self

KILLED = -signal.SIGKILL
FAILED = 3
"""The child ended with a PackError."""
INTERRUPTED = 130
"""The child ended with KeyboardInterrupt, as after Ctrl-C."""
CRASHED = 4
"""The child ended with another exception: never right."""


CTRL_C = -1


@dataclass(frozen=True)
class Fault:
    """What happens at change number `at`, counted from 1: `number` None kills, CTRL_C interrupts, else an OSError of that number."""

    at: int
    number: int | None = None
    for_ever: bool = False
    """The error also meets every later change, as on a disk that stays full, or is mounted read-only from then on."""
    where: str = ""
    """Only changes whose announcement, `rename .../new/1`, fits this expression are counted."""

    def __str__(self) -> str:
        names = {None: "kill", CTRL_C: "interrupt"} | dict(errno.errorcode)
        return f"{names[self.number]}{' for ever' if self.for_ever else ''} at {self.at}{' ' if self.where else ''}{self.where}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` of a fault gives."""
        found = re.fullmatch(r"(\w+)( for ever)? at (\d+) ?(.*)", text)
        assert found, text
        numbers = {"kill": None, "interrupt": CTRL_C} | {name: number for number, name in errno.errorcode.items()}
        return cls(int(found[3]), numbers[found[1]], bool(found[2]), found[4])


def sick(fault: Fault) -> dict[str, str]:
    """Variables for a real `packctl` that meets `fault`. Every Python that it starts would, too."""
    root = Path(__file__).parents[2]
    paths = [root / "tests/support/sick", root / "src", root]
    return {"TEST_FAULT": str(fault), "PYTHONPATH": os.pathsep.join(map(str, paths))}


def die() -> None:
    """The end that nobody can prepare for."""
    os.kill(os.getpid(), signal.SIGKILL)


def run_in_child(work: Callable[[], object], fault: Fault | None = None) -> int:
    """Runs `work` in a child. 0: it came to its end; KILLED, FAILED, CRASHED else."""
    pid = os.fork()
    if not pid:
        _be_child(work, fault)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run_together(works: Sequence[Callable[[], object]]) -> list[int]:
    """Runs each in a child of its own, all let go at once. What came of them, as `run_in_child` has it."""
    gate, opens = os.pipe()

    def wait_and_do(work: Callable[[], object]) -> None:
        os.close(opens)
        os.read(gate, 1)  # ends when nobody can open the gate any more
        work()

    children = []
    for work in works:
        pid = os.fork()
        if not pid:
            _be_child(functools.partial(wait_and_do, work))
        children.append(pid)
    os.close(gate)
    os.close(opens)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]


def _be_child(work: Callable[[], object], fault: Fault | None = None) -> NoReturn:
    """What a child does, which never comes back into the tests of its parent."""
    code = CRASHED
    gc.freeze()  # what is here comes from the parent: a collection would copy every page of it
    try:
        if fault is not None:
            sys.addaudithook(hook_of(fault))
        code = _outcome(work)
    finally:
        os._exit(code)


def run_with(work: Callable[[], object], fault: Fault) -> int:
    """The same in this very process, for a fault that a process outlives: no child is made, and none of its memory copied."""
    assert fault.number is not None, "what kills needs a child"
    _FAULTS.append(hook_of(fault))
    _switch_on()
    try:
        return _outcome(work)
    finally:
        _FAULTS.pop()


_FAULTS: list[Callable[[str, tuple[object, ...]], None]] = []
"""The fault that this process has now, if any."""


@functools.cache
def _switch_on() -> None:
    """Adds the one hook of this process, which can never be taken away again."""
    sys.addaudithook(lambda event, args: _FAULTS[-1](event, args) if _FAULTS else None)


def _outcome(work: Callable[[], object]) -> int:
    from packspec.errors import PackError

    try:
        work()
    except PackError:
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BaseException:
        traceback.print_exc()
        return CRASHED
    return 0


def hook_of(fault: Fault) -> Callable[[str, tuple[object, ...]], None]:
    """The audit hook that makes `fault` happen."""
    count, where = 0, re.compile(fault.where)
    refused = _NEEDS_ROOM if fault.number in (errno.ENOSPC, errno.EDQUOT) else None

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal count
        if event != "packctl.durable" or not where.search(f"{args[0]} {args[1]}"):
            return
        count += 1
        if count == fault.at or (fault.for_ever and count > fault.at and (refused is None or args[0] in refused)):
            if fault.number is None:
                die()
            if fault.number == CTRL_C:
                raise KeyboardInterrupt
            raise OSError(fault.number, os.strerror(fault.number or 0))

    return hook


_NEEDS_ROOM = ("create", "write", "make folder", "link", "close", "fsync", "syncfs")
"""What a full disk refuses; renames and removals still work there."""


def count_changes(work: Callable[[], object]) -> int:
    """How many changes `work` makes when nothing goes wrong, found by running it in a child."""
    return len(list_changes(work))


def list_changes(work: Callable[[], object]) -> list[str]:
    """Those changes, as `operation path`, in order."""
    seen: list[str] = []

    def listed() -> None:
        sys.addaudithook(
            lambda event, args: seen.append(f"{args[0]} {args[1]}") if event == "packctl.durable" else None
        )
        work()
        Path(told).write_text("\n".join(seen), encoding="utf-8")

    handle, told = tempfile.mkstemp()
    os.close(handle)
    code = run_in_child(listed)
    text = Path(told).read_text(encoding="utf-8")
    os.unlink(told)
    assert code == 0, code
    return text.splitlines()
