"""Timing of processes: wall time, processor time and peak memory of one child, and what several rounds of it come to."""

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One process: seconds on the wall and of processors, and its peak memory in bytes."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass
class Series:
    """The rounds of one command."""

    runs: list[Run] = field(default_factory=list)

    @property
    def wall_seconds(self) -> float:
        """The median."""
        return statistics.median(run.wall_seconds for run in self.runs)

    @property
    def cpu_seconds(self) -> float:
        """The median."""
        return statistics.median(run.cpu_seconds for run in self.runs)

    @property
    def peak_bytes(self) -> int:
        """The largest."""
        return max(run.peak_bytes for run in self.runs)

    @property
    def spread(self) -> float:
        """How far the slowest round is from the fastest, as a ratio: 1 is a quiet machine."""
        walls = [run.wall_seconds for run in self.runs]
        return max(walls) / min(walls)


class CommandFailed(Exception):
    """A measured command did not end with 0. The text has the end of its output."""


_STARTER = """
import json, os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=2, stderr=2)
_, status, used = os.wait4(process.pid, 0)
wall = time.perf_counter() - began
code = os.waitstatus_to_exitcode(status)
print(json.dumps([code, wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]))
"""
"""Starts and times a command. A process of its own, because a child's peak memory counts from what its parent has when it is born."""


def run(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Run:
    """Runs a command to its end. Children it waits for count as its processor time. Raises CommandFailed."""
    with (folder / "output.txt").open("w+b") as output:
        starter = [sys.executable, "-I", "-S", "-c", _STARTER, *command]
        done = subprocess.run(starter, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=output, check=True)
        code, wall_seconds, cpu_seconds, peak_bytes = json.loads(done.stdout)
        if code:
            output.seek(0)
            said = output.read()[-2000:].decode(errors="replace")
            raise CommandFailed(f"{' '.join(command)} ended with {code}:\n{said}")
    return Run(wall_seconds, cpu_seconds, peak_bytes)
