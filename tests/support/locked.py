"""A machine whose project is behind what its ranges allow, and what `outdated` tells there."""

from pathlib import Path

from tests.support.machine import Ended, Machine
from tests.support.registry import Registry


def held_back(folder: Path, registry: Registry) -> Machine:
    """zed/lamp 1.0.0 and, because pack.toml held it back, acme/icons 1.0.0 are installed; now everything in ^1 is allowed."""
    made = Machine.at(folder, registry)
    made.depends(zed__lamp="^1", acme__icons="1.0.0")
    assert made.packctl("install").code == 0
    made.depends(zed__lamp="^1", acme__icons="^1")
    return made


def rows(ended: Ended) -> list[tuple[str, str, str, str, str]]:
    """Name, locked, in range, newest, state."""
    packs = ended.document["data"]["packs"]
    return [(one["name"], one["locked"], one["in_range"], one["newest"], one["state"]) for one in packs]


def outdated(machine: Machine, *words: str) -> list[tuple[str, str, str, str, str]]:
    """The rows of `packctl outdated`, which must not fail."""
    ended = machine.packctl("--json", "outdated", *words)
    assert ended.code == 0, ended.out
    return rows(ended)
