"""Names that this machine knows without asking or reading anything closely: what a shell offers when somebody presses TAB.

Called by the scripts of `packctl completion` through `packctl completion names`, before anything else of ours is imported, because a person
waits. The texts are searched, not parsed: a wrong name here costs a keystroke.
"""

import os
import re
import stat
import sys
from collections.abc import Iterator

_NAME = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
_IN_LOCK = re.compile(rf'^name = "({_NAME}/{_NAME})"$', re.M)
_IN_TOML = re.compile(rf'^[^#\n]*?"({_NAME}/{_NAME})"\s*=', re.M)
_IN_INDEX = re.compile(rf'"index/({_NAME}/{_NAME})\.json"')
_GROUPS = re.compile(r"^\[groups\](.*?)(?=^\[|\Z)", re.M | re.S)
_GROUP = re.compile(r"^[ \t]*\"?([a-z0-9][a-z0-9_-]*)\"?\s*=|^\[groups\.\"?([a-z0-9_-]+)", re.M)
_MOST_BYTES = 8 * 1024 * 1024


def names_at_hand(words: list[str], folder: str, environ: dict[str, str]) -> list[str]:
    """Names for `packctl completion names`: packs of the project; with `--all` also what registries listed; `--groups`: groups."""
    project = _project(folder)
    manifest = _read(os.path.join(project, "pack.toml"))
    if words == ["--groups"]:
        inside = "\n".join(_GROUPS.findall(manifest)) + "\n".join(re.findall(r"^\[groups\..*$", manifest, re.M))
        return sorted({first or second for first, second in _GROUP.findall(inside)})
    found = set(_IN_LOCK.findall(_read(os.path.join(project, "pack.lock")))) | set(_IN_TOML.findall(manifest))
    if words == ["--all"]:
        for path in _metadata(environ):
            found.update(_IN_INDEX.findall(_read(path)))
    return sorted(found)


def _project(folder: str) -> str:
    here = folder
    while not os.path.exists(os.path.join(here, "pack.toml")):
        here, below = os.path.dirname(here), here
        if here == below:
            return folder
    return here


def _metadata(environ: dict[str, str]) -> Iterator[str]:
    """The metadata of every registry that was asked, as `trust` keeps it."""
    registries = os.path.join(_data(environ), "registries")
    for registry in _entries(registries):
        for place in (os.path.join(registries, registry, "tuf"), os.path.join(registries, registry, "tuf", "targets")):
            yield from (os.path.join(place, name) for name in _entries(place) if name.endswith(".json"))


def _data(environ: dict[str, str]) -> str:
    """The data folder, as `places` has it; only where nothing names it the library that knows the platform is asked."""
    named = environ.get("PACKCTL_DATA_DIR")
    if named:
        return named
    if sys.platform.startswith("linux"):
        home = environ.get("HOME") or os.path.expanduser("~")
        return os.path.join(environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share"), "packctl")
    from platformdirs import user_data_path

    return str(user_data_path("packctl", appauthor=False))


def _entries(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would keep the shell for ever
            return ""
        with open(path, "rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
