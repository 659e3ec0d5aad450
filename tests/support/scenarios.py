"""Resolutions in tests, said as data: the form of `python -m packctl.resolve`."""

import json
from collections.abc import Mapping
from typing import Any

from packctl.resolve.refusals import NoSolution
from packctl.resolve.run import Resolution, resolve
from packctl.resolve.scenario import Scenario, read_scenario

Packs = Mapping[str, Mapping[str, Mapping[str, Any]]]


def scenario(root: Mapping[str, Any], packs: Packs) -> Scenario:
    """A world: `root` is the project, `packs` every release there is. A bare dict of dependencies needs its key."""
    return read_scenario(json.dumps({"root": root, "packs": packs}).encode())


def solved(root: Mapping[str, Any], packs: Packs) -> Resolution:
    """The whole resolution."""
    world = scenario(root, packs)
    return resolve(world.wanted, world)


def solution(root: Mapping[str, Any], packs: Packs) -> dict[str, str]:
    """Versions by pack."""
    return {str(pack): str(chosen.version) for pack, chosen in solved(root, packs).packs.items()}


def explanation(root: Mapping[str, Any], packs: Packs) -> str:
    """The proof that there is no solution, as a person reads it."""
    return "\n".join(refusal(root, packs).proof.lines)


def refusal(root: Mapping[str, Any], packs: Packs) -> NoSolution:
    """The error; fails if there is a solution."""
    try:
        found = solution(root, packs)
    except NoSolution as error:
        return error
    raise AssertionError(f"there is a solution: {found}")


def needs(*dependencies: str, **rest: Any) -> dict[str, Any]:
    """A release: `needs("acme/b ^1", "acme/c *", yanked=True)`."""
    return {"dependencies": dict(one.split(" ", 1) for one in dependencies), **rest}
