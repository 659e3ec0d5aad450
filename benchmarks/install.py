"""Installs of one work by every tool, in three states, in rounds that take turns."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.peer import STATES, Peer
from benchmarks.place import Place
from benchmarks.static import serving
from benchmarks.timing import Series, run
from benchmarks.work import Work

SLOW_SECONDS = 20.0
"""A command that takes longer is not repeated: its ratio is clear, and nobody waits an hour for a table."""


@dataclass
class Installs:
    """One tool in one work: a series for every state."""

    work: str
    title: str
    tool: str
    series: dict[str, Series] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """For JSON."""
        states = {
            state: {
                "wall_seconds": round(series.wall_seconds, 4),
                "cpu_seconds": round(series.cpu_seconds, 4),
                "peak_bytes": series.peak_bytes,
                "rounds": len(series.runs),
                "spread": round(series.spread, 2),
            }
            for state, series in self.series.items()
        }
        return {"work": self.work, "title": self.title, "tool": self.tool, "states": states}


def compare(work: Work, tools: Sequence[Peer], folder: Path, rounds: int, say: Callable[[str], None]) -> list[Installs]:
    """Runs `work` with every tool. Empty if the work cannot be had on this machine."""
    packs = work.packs()
    if not packs:
        say(f"{work.title}: left out, it cannot be had here")
        return []
    say(f"{work.title}: preparing")
    found = {tool.name: Installs(work.name, work.title, tool.name) for tool in tools}
    places = {tool.name: Place(folder / tool.name) for tool in tools}
    with ExitStack() as stack:
        urls = {}
        for tool in tools:
            place = places[tool.name]
            place.begin()
            tool.publish(place.folder / "site", packs)
            urls[tool.name] = stack.enter_context(serving(place.folder / "site"))
            tool.prepare(place, urls[tool.name], list(packs))
        del packs
        for number in range(rounds):
            say(f"{work.title}: round {number + 1} of {rounds}")
            turn = number % len(tools)
            for tool in (*tools[turn:], *tools[:turn]):
                _round(tool, places[tool.name], urls[tool.name], found[tool.name])
    shutil.rmtree(folder)
    return list(found.values())


def _round(tool: Peer, place: Place, url: str, found: Installs) -> None:
    for state in STATES:
        series = found.series.setdefault(state, Series())
        if series.runs and series.runs[0].wall_seconds > SLOW_SECONDS:
            continue
        if state != "noop":
            tool.reset(place)
        if state == "cold":
            place.forget_cache()
        series.runs.append(run(tool.command(state), place.project, tool.environment(place, url)))
