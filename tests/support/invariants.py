"""Checkers that are called after every fault, race and random history: each looks at one thing that must always hold."""

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from packspec.codes import explanations
from packspec.errors import Kind, PackError


def listing(*roots: Path) -> dict[str, tuple[str, int, str]]:
    """Everything below `roots`: path to kind, size and digest or link target. Nothing is followed."""
    found = {}
    for root in roots:
        for folder, folders, files in os.walk(root):
            for name in [*folders, *files]:
                path = os.path.join(folder, name)
                found[path] = _facts(path)
    return found


def _facts(path: str) -> tuple[str, int, str]:
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return "link", 0, os.readlink(path)
    if stat.S_ISDIR(mode):
        return "folder", 0, ""
    data = Path(path).read_bytes()
    return "file", len(data), hashlib.sha256(data).hexdigest()


def nothing_outside(before: dict[str, tuple[str, int, str]], after: dict[str, tuple[str, int, str]]) -> None:
    """A tree of canaries around target, store and home is as it was: nothing was written, changed or removed there."""
    assert after == before


def visible(project: Path) -> dict[str, tuple[str, int, str]]:
    """A project as a person and the next command see it: all files, and of our own folder only state.json."""
    found = {os.path.relpath(path, project): facts for path, facts in listing(project).items()}
    own = os.path.join("packs", ".packctl")
    return {
        path: facts
        for path, facts in found.items()
        if facts[0] != "folder" and (not path.startswith(own) or path == os.path.join(own, "state.json"))
    }


def old_or_new(project: Path, old: dict[str, tuple[str, int, str]], new: dict[str, tuple[str, int, str]]) -> bool:
    """An install is wholly old or wholly new, and nothing of it is left over. Whether it is new."""
    now = visible(project)
    assert now in (old, new), _difference(now, old, new)
    own = project / "packs" / ".packctl"
    assert not (own / "change").exists()
    kept = {path.name for path in (own / "evidence").iterdir()} if (own / "evidence").exists() else set()
    assert all(len(name) == 64 for name in kept), kept
    return now == new


def _difference(now: Mapping[str, object], old: Mapping[str, object], new: Mapping[str, object]) -> str:
    def apart(other: Mapping[str, object]) -> list[str]:
        return sorted(path for path in now.keys() | other.keys() if now.get(path) != other.get(path))

    return f"neither old (differs in {apart(old)}) nor new (differs in {apart(new)})"


def clean_refusal(error: PackError) -> None:
    """A refusal is documented: code, kind, a line, a remedy, a long explanation; and its texts can be made."""
    assert error.code in explanations(), error.code
    assert error.kind is not Kind.BUG
    assert error.what()
    assert "\n" not in error.what()
    assert error.fix()
    assert all(isinstance(text, str) for text in error.facts().values())
    assert isinstance(error.why(), str)
