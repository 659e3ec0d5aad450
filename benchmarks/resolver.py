"""How fast the resolver is, and how its work grows: `python benchmarks/resolver.py [--json]` (docs/spec/resolver.md, Speed).

Each world is made by a rule, without chance, so that a figure can be compared with yesterday's. Every measurement runs in a process of its
own, because peak memory counts for a process; the indexes are made before the clock starts.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from packctl.resolve.refusals import NoSolution
from packctl.resolve.run import resolve
from packctl.resolve.wanted import Candidate, Wanted, Wish
from packspec.facts import Dependency, Facts
from packspec.names import PackName
from packspec.ranges import Range
from packspec.versions import Version

VERSIONS = 20
"""Of each pack."""
SIZES = (250, 500, 1000, 2000)
"""Packs of a world, for its growth."""
ROUNDS = 5

Packs = dict[PackName, list[Candidate]]
World = tuple[Packs, list[Wish]]


@dataclass(frozen=True)
class Figure:
    """One measurement: the median of processor seconds, peak memory of the process in MB, and the solver's own counts."""

    world: str
    packs: int
    solvable: bool
    seconds: float
    peak_mb: float
    attempts: int
    steps: int


@dataclass(frozen=True)
class Indexes:
    """A world without a registry."""

    packs: Packs

    def candidates(self, pack: PackName) -> Sequence[Candidate] | None:
        return self.packs.get(pack)


def _release(minor: int, *needs: tuple[str, str]) -> Candidate:
    wanted = [
        Dependency(pack=PackName(name), range=Range.parse(text), kind="requires", optional=False)
        for name, text in sorted(needs)
    ]
    facts = Facts(kind="content", dependencies=tuple(wanted), conflicts=(), hosts={}, packages=(), features=())
    return Candidate(Version.parse(f"1.{minor}.0"), facts)


def _end() -> Packs:
    releases = [_release(0), Candidate(Version.parse("2.0.0"), _release(0).facts)]
    return {PackName("p/end"): releases}


def chain(count: int, end: str = "^1") -> World:
    """Each version asks for one of the next pack that is hardly older; the last pack asks for what the project does not want."""
    packs = _end()
    for i in range(count):
        for v in range(VERSIONS):
            need = (f"p/n{i + 1:05}", f">=1.{max(0, v - 2)}") if i + 1 < count else ("p/end", "^2")
            packs.setdefault(PackName(f"p/n{i:05}"), []).append(_release(v, need))
    return packs, [_wish("p/n00000", "*"), _wish("p/end", end)]


def ladder(count: int, end: str = "^1") -> World:
    """As a chain, but of two rails: each version asks for the next pack of both."""
    packs, length = _end(), count // 2
    for i in range(length):
        for rail in "lr":
            for v in range(VERSIONS):
                needs = [(f"p/{side}{i + 1:05}", f">=1.{max(0, v - 2)}") for side in "lr"]
                packs.setdefault(PackName(f"p/{rail}{i:05}"), []).append(
                    _release(v, *(needs if i + 1 < length else [("p/end", "^2")]))
                )
    return packs, [_wish("p/l00000", "*"), _wish("p/end", end)]


def solvable_ladder(count: int) -> World:
    """The ladder for a project that wants what its last packs ask for: nothing is in the way."""
    return ladder(count, "*")


def _wish(name: str, text: str) -> Wish:
    return Wish(PackName(name), Range.parse(text))


WORLDS: dict[str, Callable[[int], World]] = {"chain": chain, "ladder": ladder, "solvable": solvable_ladder}


def _once(name: str, count: int) -> Figure:
    """Measures in this process."""
    packs, wishes = WORLDS[name](count)
    seconds, solvable, attempts, steps = [], True, 0, 0
    for _round in range(ROUNDS):
        begun = time.process_time()
        try:
            found = resolve(Wanted(tuple(wishes)), Indexes(packs))
            attempts, steps = found.attempts, found.steps
        except NoSolution as refusal:
            solvable = False
            assert refusal.proof.lines
        seconds.append(time.process_time() - begun)
    peak = _peak_bytes() / 1e6
    return Figure(name, count, solvable, round(sorted(seconds)[ROUNDS // 2], 3), round(peak, 1), attempts, steps)


def _peak_bytes() -> int:
    """What this process had at most. Linux's `ru_maxrss` counts from what the parent had when it was born, VmHWM does not."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def measure(sizes: Sequence[int] = SIZES) -> list[Figure]:
    """Every world in every size, each in a process of its own."""
    figures = []
    for name in WORLDS:
        for count in sizes:
            command = [sys.executable, __file__, "--one", name, str(count)]
            figures.append(Figure(**json.loads(subprocess.run(command, capture_output=True, check=True).stdout)))
    return figures


def main(arguments: Sequence[str]) -> None:
    """Prints a table, or with `--json` the figures as data."""
    if arguments[:1] == ["--one"]:
        print(json.dumps(asdict(_once(arguments[1], int(arguments[2])))))
        return
    figures = measure()
    if arguments == ["--json"]:
        print(json.dumps([asdict(one) for one in figures], indent=1))
        return
    print(f"{'world':10} {'packs':>6} {'solution':>9} {'seconds':>8} {'growth':>7} {'peak MB':>8}")
    before: dict[str, float] = {}
    for one in figures:
        growth = f"x {one.seconds / before[one.world]:.1f}" if before.get(one.world) else ""
        before[one.world] = one.seconds
        solution = "yes" if one.solvable else "no"
        print(f"{one.world:10} {one.packs:6} {solution:>9} {one.seconds:8.3f} {growth:>7} {one.peak_mb:8.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
