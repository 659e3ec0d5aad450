"""What we want to hold, and whether it was held. Ratios within one run, but for memory, the resolver, trust and licenses."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.install import Installs
from benchmarks.own import Figure

MEMORY_BYTES = 150_000_000
HARD = ("resolver, chain of 1000 packs", "resolver, ladder of 1000 packs")
"""20 versions each, and a conflict at the far end."""
TRUST = (
    ("refresh with nothing new, requests", 2),
    ("refresh with nothing new, one pack, processor", 15),
    ("refresh with nothing new, 50,000 packs, processor", 15),
    ("evidence of one more release, processor", 2),
    ("publication, index and TUF, processor", 5),
    ("publication, index and TUF, written", 60),
    ("publication, log, processor", 2),
    ("proof of an entry among 1,000,000", 1500),
)
"""Requests, milliseconds on an idle machine, kB, bytes."""
LICENSING = (
    ("license token, one check", 1),
    ("status list of 1,000,000 licenses, 2,000 revoked", 10_000),
    ("activation, 50 clients at once, 99 of 100", 100),
)
"""Milliseconds on an idle machine, bytes."""


@dataclass(frozen=True)
class Target:
    """A wish: what, the number that was found, the bound, and on which side of it is good."""

    name: str
    found: float
    bound: float
    at_most: bool = True

    @property
    def is_held(self) -> bool:
        """Whether the wish came true."""
        return self.found <= self.bound if self.at_most else self.found >= self.bound

    def document(self) -> dict[str, object]:
        """For JSON."""
        side = "at most" if self.at_most else "at least"
        return {"name": self.name, "found": round(self.found, 3), side: self.bound, "held": self.is_held}


def judge(installs: Sequence[Installs], figures: Sequence[Figure]) -> list[Target]:
    """Every target that this run can judge."""
    by = {(one.work, one.tool, state): series for one in installs for state, series in one.series.items()}
    found = []
    for work in dict.fromkeys(one.work for one in installs):
        for state, tool, bound in (("cold", "uv", 0.8), ("cold", "npm", 0.2), ("warm", "uv", 2.0), ("noop", "uv", 2.0)):
            ours, theirs = by.get((work, "packctl", state)), by.get((work, tool, state))
            if ours and theirs:
                found.append(
                    Target(f"{work}: {state} install / {tool}", ours.wall_seconds / theirs.wall_seconds, bound)
                )
    values = {one.name: one.value for one in figures}
    for name, bound, at_most in (
        ("--version / bare Python", 1.5, True),
        ("list / bare Python", 6.0, True),
        ("verify of 1 GB, share of hashlib's speed", 0.7, False),
    ):
        if name in values:
            found.append(Target(name, values[name], bound, at_most))
    found += [Target(name, values[name], bound) for name, bound in (*TRUST, *LICENSING) if name in values]
    peaks = [series.peak_bytes for (_, tool, _), series in by.items() if tool == "packctl"]
    peaks += [one.peak_bytes for one in figures if not one.name.startswith("resolver")]
    if any(peaks):
        found.append(Target("peak memory of any command, MB", max(peaks) / 1e6, MEMORY_BYTES / 1e6))
    found += [Target(f"{one.name}, seconds", one.value, 1.0) for one in figures if one.name in HARD]
    if "resolver, peak memory" in values:
        found.append(Target("resolver, peak memory, MB", values["resolver, peak memory"], 200.0))
    return found
