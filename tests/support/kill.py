"""Ends a process before its n-th durable operation: the kill sweep.

A test names a function `(folder, watch)`; `sweep` has it run in processes that die before operation 1, then 2, and so on, until one lives
to the end, each in a folder of its own, and then hands folder after folder to the test. What a process printed before its death is given
too: what it acknowledged must be there.

One child imports the function once and forks for every run, so a sweep of thirty deaths takes well under a second.

`remains` has no process die: it copies the folder ahead of every operation of one run. What a process leaves that is killed at that moment
is what the kernel has then, and that is what is copied.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from registry_server.durable import Watch, unwatched
from tests.support.copies import copy_folder

DIED = 137
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Death:
    """How a process ended. `operations` were begun, in order; before the last of them it died, unless it `lived`."""

    lived: bool
    said: str
    operations: tuple[str, ...]


def kill_before(number: int, tell: Callable[[str], None] = lambda operation: None) -> Watch:
    """A watch that ends the process, as kill -9 would, ahead of operation `number` (from 1)."""
    left = number

    def watch(operation: str, target: str) -> None:
        nonlocal left
        left -= 1
        tell(operation)
        if left == 0:
            os._exit(DIED)

    return watch


def sweep(module: str, function: str, folder: Path, every: int = 1, most: int = 300) -> Iterator[tuple[Path, Death]]:
    """The folder and the end of every process: the n-th died before operation n, the last one lived.

    `every` 2 gives every second one, and the last two: what follows a death takes longer than the death.
    """
    command = [sys.executable, "-m", "tests.support.kill", module, function, str(folder), str(every), str(most)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    deaths = {
        int(number): Death(lived, said, tuple(operations))
        for number, (lived, said, operations) in json.loads(done.stdout).items()
    }
    assert deaths[max(deaths)].lived, f"{function} has more than {most} operations"
    for number, death in deaths.items():
        yield folder / str(number), death


def remains(run: Callable[[Path, Watch], None], folder: Path, every: int = 1) -> Iterator[tuple[Path, Death]]:
    """What `sweep` gives, from a single run in this process."""
    alive, said = folder / "alive", io.StringIO()
    alive.mkdir()
    found: list[tuple[Path, Death]] = []
    operations: list[str] = []

    def leave(lived: bool) -> None:
        place = copy_folder(alive, folder / str(len(found) + 1))
        found.append((place, Death(lived, said.getvalue(), tuple(operations))))

    def watch(operation: str, target: str) -> None:
        operations.append(operation)
        leave(lived=False)

    with contextlib.redirect_stdout(said):
        run(alive, watch)
    leave(lived=True)
    for number, (place, death) in enumerate(found, 1):
        if number % every == 0 or number > len(found) - 2:
            yield place, death


def main() -> None:
    """The child: forks a process per number, and writes how each ended."""
    module, function, folder, every, most = sys.argv[1:]
    run = getattr(importlib.import_module(module), function)
    (Path(folder) / "0").mkdir()
    with contextlib.redirect_stdout(io.StringIO()):
        run(Path(folder) / "0", unwatched)  # what it loads and compiles, its children need not
    gc.freeze()  # a collection in a child would copy every page of this process
    # One that nothing kills tells how many operations there are, so those that nobody looks at need not be run.
    _, _, operations = _run_once(run, Path(folder) / "lives", int(most) + 1)
    deaths: dict[int, tuple[bool, str, list[str]]] = {}
    for number in range(1, int(most) + 1):
        if number % int(every) == 0 or number >= len(operations):
            deaths[number] = _run_once(run, Path(folder) / str(number), number)
            if deaths[number][0]:
                break
    json.dump(deaths, sys.stdout)


def _run_once(run: Callable[[Path, Watch], None], place: Path, number: int) -> tuple[bool, str, list[str]]:
    place.mkdir()
    said, operations = place.with_suffix(".said"), place.with_suffix(".operations")
    said.touch()
    operations.touch()
    process = os.fork()
    if process == 0:
        os.dup2(os.open(said, os.O_WRONLY), 1)
        list_to = os.open(operations, os.O_WRONLY | os.O_APPEND)
        sys.stdout = os.fdopen(1, "w", buffering=1)
        status = 1

        def tell(operation: str) -> None:
            os.write(list_to, f"{operation}\n".encode())

        try:
            run(place, kill_before(number, tell))
            sys.stdout.flush()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, ended = os.waitpid(process, 0)
    status = os.waitstatus_to_exitcode(ended)
    if status not in (0, DIED):
        raise SystemExit(f"the run that was to die before operation {number} failed by itself")
    return status == 0, said.read_text(), operations.read_text().splitlines()


if __name__ == "__main__":
    main()
