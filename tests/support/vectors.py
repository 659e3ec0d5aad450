"""Reads tests/vectors: one folder per format, JSON files with `about` and `cases`, each case with a `name` and a `reason`."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "vectors"


def cases(kind: str, group: str) -> list[dict[str, Any]]:
    """The cases of tests/vectors/KIND/GROUP.json."""
    found: list[dict[str, Any]] = json.loads((FOLDER / kind / f"{group}.json").read_text("utf-8"))["cases"]
    return found


def groups(kind: str) -> list[str]:
    """The groups of a format, by name."""
    return sorted(path.stem for path in (FOLDER / kind).glob("*.json"))


def text_of(value: str | dict[str, Any]) -> str:
    """A text that a case holds: as it stands, or `repeat` so many `times` between `before` and `after`."""
    if isinstance(value, str):
        return value
    return str(value["before"] + value["repeat"] * value["times"] + value["after"])
