"""Methods 1 and 2 of our reliability tests: run something in a child process that dies, or whose disk fails, at its n-th change.

Changes announce themselves as the audit event `packctl.durable` (see `packctl.durable`), so an audit hook counts them. A hook can never be
taken away again, hence the child, made by fork: starting an interpreter anew would take longer than the run.
"""

import errno
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass

KILLED = 137
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
    """The error also meets every later change, as on a disk that stays full."""

    def __str__(self) -> str:
        names = {None: "kill", CTRL_C: "interrupt"} | dict(errno.errorcode)
        return f"{names[self.number]} at {self.at}"


def run_in_child(work: Callable[[], object], fault: Fault | None = None) -> int:
    """Runs `work` in a child. 0: it came to its end; KILLED, FAILED, CRASHED else."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = CRASHED
    try:
        if fault is not None:
            sys.addaudithook(_hook(fault))
        code = _outcome(work)
    finally:
        os._exit(code)


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


def _hook(fault: Fault) -> Callable[[str, tuple[object, ...]], None]:
    count = 0

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal count
        if event != "packctl.durable":
            return
        count += 1
        if count == fault.at or (fault.for_ever and count > fault.at and args[0] in _NEEDS_ROOM):
            if fault.number is None:
                os._exit(KILLED)
            if fault.number == CTRL_C:
                raise KeyboardInterrupt
            raise OSError(fault.number, os.strerror(fault.number))

    return hook


_NEEDS_ROOM = ("create", "write", "make folder", "link", "close", "fsync", "syncfs")
"""What a full disk refuses; renames and removals still work there."""


def count_changes(work: Callable[[], object]) -> int:
    """How many changes `work` makes when nothing goes wrong, found by running it in a child."""
    read_end, write_end = os.pipe()

    def counted() -> None:
        count = 0

        def hook(event: str, args: tuple[object, ...]) -> None:
            nonlocal count
            count += event == "packctl.durable"

        sys.addaudithook(hook)
        work()
        os.write(write_end, str(count).encode())

    code = run_in_child(counted)
    os.close(write_end)
    with os.fdopen(read_end) as reader:
        text = reader.read()
    assert code == 0, code
    return int(text)
