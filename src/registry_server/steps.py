"""What `registry-server init` does, in order: a list, so that each room that needs something at the start adds one step.

A step does nothing where its work is done already, so `init` may be repeated after a crash.
"""

import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packspec import site
from packspec.errors import Conflict, Invalid
from registry_server.db.migrate import migrate
from registry_server.index import ceremony
from registry_server.signer import OnlineKeys
from registry_server.world import World

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class BadRegistryName(Invalid):
    """A text is not a name for a registry."""

    name: str

    code = "registry.bad-name"

    def what(self) -> str:
        return f"not a registry's name: {self.name[:140]!r}"

    def why(self) -> str:
        return "it stands in every checkpoint of the log for ever: ASCII letters, digits, dots and inner hyphens, like a host's name"

    def fix(self) -> list[str]:
        return ["registry-server init --name registry.example"]


class HasName(Conflict):
    """A registry was to get another name than it has."""

    name: str
    wanted: str

    code = "registry.has-name"

    def what(self) -> str:
        return f"this registry is called {self.name} and cannot be renamed"

    def facts(self) -> dict[str, str]:
        return {"expected": self.name, "found": self.wanted[:140]}

    def why(self) -> str:
        return "its name stands in every checkpoint of the log, and clients that know it would take another name for another log"

    def fix(self) -> list[str]:
        return ["leave --name out, or begin another registry in another folder: registry-server init --data DIR"]


@dataclass(frozen=True)
class Beginning:
    """What the person said at `init`."""

    name: str
    """The registry's name for ever: origin of its log. Empty: the host's name."""
    offline_keys: Path | None = None
    """Where the offline keys go; None: a folder beside the data folder."""


Step = Callable[[World, Beginning], Mapping[str, str]]
"""Does one thing if it is not done yet, and tells what it made: short labels and values."""


def make_folders(world: World, beginning: Beginning) -> Mapping[str, str]:
    """The folders of everything that is kept. The static side can be read by others, the rest cannot."""
    folder = world.folder
    is_new = not folder.public.exists()
    for private in (folder.blobs, folder.staging, folder.keys):
        world.disk.make_folder(private)
    world.disk.make_folder(folder.public, 0o755)
    return {"data folder": str(folder.root)} if is_new else {}


def make_database(world: World, beginning: Beginning) -> Mapping[str, str]:
    """The tables of this version."""
    applied = migrate(world.database)
    return {"database": f"schema {applied[-1]}"} if applied else {}


def make_registry(world: World, beginning: Beginning) -> Mapping[str, str]:
    """The keys, the TUF repository and the log; what an interrupted start left unfinished is finished."""
    if world.public.read(site.TIMESTAMP) is not None:
        open_registry(world)
        name = ceremony.name_of(world)
        if beginning.name not in ("", name):
            raise HasName(name, beginning.name)
        return {}
    host = socket.gethostname()
    name = beginning.name or (host if _NAME.fullmatch(host) else "localhost")
    offline = beginning.offline_keys or world.folder.root.with_name(f"{world.folder.root.name}-offline-keys")
    begun = ceremony.begin(world, name, offline)
    return {
        "registry": name,
        "log": begun.origin,
        "root": begun.root.labelled,
        "offline keys": str(begun.offline_folder),
    }


def open_registry(world: World) -> None:
    """Reads the online keys and completes what was interrupted. Raises KeyUnreadable and what publishing raises."""
    world.signer = OnlineKeys.read(world.folder.keys)
    ceremony.complete(world)


STEPS: tuple[Step, ...] = (make_folders, make_database, make_registry)
"""All steps, in order."""


def begin(world: World, beginning: Beginning) -> dict[str, str]:
    """Runs all steps; what they made, in their order. Empty: everything was there. Two processes that begin at once do it in turn.

    Raises BadRegistryName before anything is made, and HasName for a registry that has another name.
    """
    if beginning.name and not _NAME.fullmatch(beginning.name):
        raise BadRegistryName(beginning.name)
    with world.folder.beginning():
        return {label: value for step in STEPS for label, value in step(world, beginning).items()}
