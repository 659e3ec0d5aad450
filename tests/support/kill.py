"""Ends a process before its n-th durable operation: the kill sweep.

A test gives a function by name; `sweep` runs it in a child process that dies before operation 1, then 2, and so on, until it lives to the
end, and after each death hands over to a check. The child forgets nothing it was told: what it prints before its death is given too.
"""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from registry_server.durable import Watch

DIED = 137
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Death:
    """How a child ended. `operations` are those it did, in order; the last one was never begun, unless it `lived`."""

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


def run_to(number: int, module: str, function: str, folder: Path) -> Death:
    """Runs `module.function(folder, watch)` in a child that dies before operation `number`."""
    command = [sys.executable, "-m", "tests.support.kill", str(number), module, function, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, DIED), done.stderr
    operations = tuple(line.removeprefix("op ") for line in done.stderr.splitlines() if line.startswith("op "))
    return Death(done.returncode == 0, done.stdout, operations)


def sweep(module: str, function: str, folder: Path, most: int = 200) -> Iterator[tuple[Path, Death]]:
    """Runs a function once for every operation it has, each time in a new folder, dying one operation later; the last one lives."""
    for number in range(1, most):
        place = folder / str(number)
        place.mkdir(parents=True)
        death = run_to(number, module, function, place)
        yield place, death
        if death.lived:
            return
    raise AssertionError(f"{function} has more than {most} operations")


def main() -> None:
    """The child."""
    number, module, function, folder = sys.argv[1:]

    def tell(operation: str) -> None:
        os.write(2, f"op {operation}\n".encode())

    getattr(importlib.import_module(module), function)(Path(folder), kill_before(int(number), tell))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
