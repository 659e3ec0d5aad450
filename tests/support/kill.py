"""Ends a process before its n-th durable operation: the kill sweep.

A test names a function `(folder, watch)`; `sweep` has it run in processes that die before operation 1, then 2, and so on, until one lives
to the end, each in a folder of its own, and then hands folder after folder to the test. What a process printed before its death is given
too: what it acknowledged must be there.

One child imports the function once and forks for every run, so a sweep of thirty deaths takes well under a second.
"""

import contextlib
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
    command = [sys.executable, "-m", "tests.support.kill", module, function, str(folder), str(most)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    deaths = [Death(lived, said, tuple(operations)) for lived, said, operations in json.loads(done.stdout)]
    assert deaths[-1].lived, f"{function} has more than {most} operations"
    for number, death in enumerate(deaths, 1):
        if number % every == 0 or number > len(deaths) - 2:
            yield folder / str(number), death


def main() -> None:
    """The child: forks a process per number, and writes how each ended."""
    module, function, folder, most = sys.argv[1:]
    run = getattr(importlib.import_module(module), function)
    (Path(folder) / "0").mkdir()
    with contextlib.redirect_stdout(io.StringIO()):
        run(Path(folder) / "0", unwatched)  # what it loads and compiles, its children need not
    deaths: list[tuple[bool, str, list[str]]] = []
    while not (deaths and deaths[-1][0]) and len(deaths) < int(most):
        place = Path(folder) / str(len(deaths) + 1)
        place.mkdir(parents=True)
        deaths.append(_run_once(run, place, len(deaths) + 1))
    json.dump(deaths, sys.stdout)


def _run_once(run: Callable[[Path, Watch], None], place: Path, number: int) -> tuple[bool, str, list[str]]:
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
