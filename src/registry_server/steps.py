"""What `registry-server init` does, in order: a list, so that each room that needs something at the start adds one step.

A step does nothing where its work is done already, so `init` may be repeated after a crash.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packspec import site
from registry_server.db.migrate import migrate
from registry_server.index import ceremony
from registry_server.signer import OnlineKeys
from registry_server.world import World


@dataclass(frozen=True)
class Beginning:
    """What the person said at `init`."""

    name: str
    """The registry's name for ever: origin of its log. Empty: the host's name."""
    offline_keys: Path | None = None
    """Where the offline keys go; None: a folder beside the data folder."""


Step = Callable[[World, Beginning], Sequence[str]]
"""Does one thing if it is not done yet, and tells what it did in lines for the person."""


def make_folders(world: World, beginning: Beginning) -> Sequence[str]:
    """The folders of everything that is kept. The static side can be read by others, the rest cannot."""
    folder = world.folder
    is_new = not folder.public.exists()
    for private in (folder.blobs, folder.staging, folder.keys):
        world.disk.make_folder(private)
    world.disk.make_folder(folder.public, 0o755)
    return [f"data folder {folder.root}"] if is_new else []


def make_database(world: World, beginning: Beginning) -> Sequence[str]:
    """The tables of this version."""
    applied = migrate(world.database)
    return [f"database at schema {applied[-1]}"] if applied else []


def make_registry(world: World, beginning: Beginning) -> Sequence[str]:
    """The keys, the TUF repository and the log; what an interrupted start left unfinished is finished."""
    if world.public.read(site.TIMESTAMP) is not None:
        open_registry(world)
        return []
    name = beginning.name or socket.gethostname() or "localhost"
    offline = beginning.offline_keys or world.folder.root.with_name(f"{world.folder.root.name}-offline-keys")
    begun = ceremony.begin(world, name, offline)
    return [
        f"registry {name}, log {begun.origin}",
        f"root {begun.root.labelled}",
        f"offline keys {begun.offline_folder} (3 keys, 2 sign)",
        "Take that folder off this machine, best each key on its own medium. Whoever holds two of them is this registry;",
        "you need them to change the list of reviewers, and once a year to sign the root again.",
    ]


def open_registry(world: World) -> None:
    """Reads the online keys and completes what was interrupted. Raises KeyUnreadable and what publishing raises."""
    world.signer = OnlineKeys.read(world.folder.keys)
    ceremony.complete(world)


STEPS: tuple[Step, ...] = (make_folders, make_database, make_registry)
"""All steps, in order."""


def begin(world: World, beginning: Beginning) -> list[str]:
    """Runs all steps and gives their lines."""
    return [line for step in STEPS for line in step(world, beginning)]
