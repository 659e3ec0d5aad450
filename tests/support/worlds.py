"""Random worlds for the resolver, as scenarios: packs, ranges and every rule that can forbid a release. A number always gives one world."""

import random
from typing import Any

from tests.support.sat import DAY, LICENSES, SAFETY

VERSIONS = ("1.0.0", "1.1.0", "2.0.0-rc.1", "2.0.0", "3.0.0")
RANGES = ("*", "^1", "^2", "^3", ">=2", "<3", "1 || 3", ">=1.1 <3", "^2.0.0-rc", "1.1.0", "^9")
"""The last one fits nothing."""
NOW = 100 * DAY


def world(number: int, *, rules: bool) -> dict[str, Any]:
    """A scenario. With `rules` the root has policy, host, lock, overrides and the like, without them there are only packs and wishes."""
    chance = random.Random(number)
    names = [f"p/{letter}" for letter in "abcdefghijkl"[: chance.randint(3, 12)]]
    density = chance.choice([0.5, 1, 1.5, 2.5])
    packs = {
        name: {
            version: _release(chance, name, names, density, rules=rules)
            for version in chance.sample(VERSIONS, chance.randint(1, len(VERSIONS)))
        }
        for name in names
    }
    wished = chance.sample(names, min(len(names), chance.randint(1, 4)))
    root: dict[str, Any] = {"dependencies": {name: _wish(chance, RANGES[:-1]) for name in wished}}
    if rules:
        root |= _rules(chance, names, packs)
    return {"root": root, "packs": packs}


def _release(chance: random.Random, name: str, names: list[str], density: float, *, rules: bool) -> dict[str, Any]:
    others = [other for other in [*names, "p/none"] if other != name]
    count = min(len(others), int(chance.expovariate(1 / density)))
    release: dict[str, Any] = {"license": chance.choice(list(LICENSES))}
    release["dependencies"] = {other: _wish(chance, RANGES) for other in chance.sample(others, count)}
    if chance.random() < 0.15:
        release["conflicts"] = {chance.choice(names): chance.choice(RANGES)}
    if chance.random() < 0.1:
        release[chance.choice(["yanked", "recalled", "deprecated"])] = True
    if chance.random() < 0.02:
        release["dependencies"][name] = "*"
    if rules:
        release["safety"] = chance.choice([*SAFETY, "certified", "certified"])
        release["at"] = chance.choice([0, 50 * DAY, 98 * DAY, NOW - 10])
        if chance.random() < 0.2:
            release["hosts"] = {"storybook": f"<{chance.randint(1, 4)}"}
        if chance.random() < 0.1:
            release["early-access"] = "1d"
        if chance.random() < 0.7:
            release["ages"] = {"min": chance.randint(3, 6), "max": chance.randint(6, 12)}
    return release


def _wish(chance: random.Random, ranges: tuple[str, ...]) -> Any:
    text = chance.choice([*ranges, "*", "*", "^1", "^2"])
    match chance.random():
        case low if low < 0.8:
            return text
        case low if low < 0.9:
            return {"version": text, "kind": chance.choice(["enhances", "compatible"])}
        case _:
            return {"version": text, "optional": True}


def _rules(chance: random.Random, names: list[str], packs: dict[str, Any]) -> dict[str, Any]:
    """Each with its own chance, so that many meet now and then."""
    offered: list[tuple[float, str, Any]] = [
        (0.3, "groups", {"lessons": {chance.choice(names): _wish(chance, RANGES)}}),
        (0.3, "locked", {name: chance.choice(list(packs[name])) for name in chance.sample(names, 2)}),
        (0.15, "overrides", {chance.choice(names): chance.choice(RANGES)}),
        (0.1, "pre", True),
        (0.2, "lowest", True),
        (0.1, "at", chance.choice([60 * DAY, 99 * DAY])),
        (0.3, "host", {"apps": {"storybook": str(chance.randint(1, 3))}}),
    ]
    policies: list[tuple[float, str, Any]] = [
        (0.2, "licenses", chance.sample(["MIT", "CC-BY-4.0", "GPL-3.0-only"], 2)),
        (0.2, "min-safety", chance.choice(SAFETY[1:])),
        (0.2, "min-age", chance.choice(["1d", "3d"])),
        (0.1, "deny", [chance.choice(names)]),
        (0.1, "ages", {"min": 4, "max": 11}),
    ]
    policy = {key: value for likely, key, value in policies if chance.random() < likely}
    root = {key: value for likely, key, value in offered if chance.random() < likely}
    return {"now": NOW, "policy": policy, **root}
