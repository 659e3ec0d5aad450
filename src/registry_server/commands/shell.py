"""The shell around a command: the settings of this process, the data folder opened with clock and chance, and words on stderr.

Only here the environment and the clock are read, and randomness is drawn.
"""

import os
import secrets
import shlex
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packspec.errors import NotFound
from registry_server.settings import Settings
from registry_server.world import Surroundings, World, open_world

if TYPE_CHECKING:
    from packspec.signing.agent import Agent


class NotBegun(NotFound):
    """A data folder without a registry."""

    folder: str

    code = "registry.not-begun"

    def what(self) -> str:
        return f"there is no registry in {self.folder}"

    def fix(self) -> list[str]:
        return [f"registry-server init --data {shlex.quote(self.folder)}"]


Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The data folder: REGISTRY_DATA, or registry-data.", show_default=False),
]


def clock() -> int:
    """Now: seconds since the epoch, UTC."""
    return int(time.time())


def chance(length: int) -> bytes:
    """So many unpredictable bytes."""
    return secrets.token_bytes(length)


def agent() -> "Agent":
    """The ssh agent that the environment names."""
    from registry_server.sshagent import agent_at

    return agent_at(os.environ.get("SSH_AUTH_SOCK", ""), time.monotonic)


def say(lines: Iterable[str]) -> None:
    """What is no result, on stderr."""
    for line in lines:
        typer.echo(line, err=True)


def settings_from(data: Path | None, **http: object) -> Settings:
    """The settings of the environment, with what the command line says in their place. Raises BadSettings."""
    settings = Settings.from_env(os.environ)
    if data is not None:
        settings = msgspec.structs.replace(settings, server=msgspec.structs.replace(settings.server, data=str(data)))
    given = {name: value for name, value in http.items() if value is not None}
    return msgspec.structs.replace(settings, http=msgspec.structs.replace(settings.http, **given))


@contextmanager
def opened(settings: Settings, *, alone: bool = True, begun: bool = True, serving: bool = False) -> Iterator[World]:
    """The world of the data folder; `alone` keeps other processes out. What only writes rows may run beside a server.

    `serving`: several may, if the database is one that several processes write. Raises DataInUse, FolderUnusable, and with `begun`
    NotBegun where no registry is.
    """
    surroundings = Surroundings(now=clock, randomness=chance, log_to=sys.stderr, goes_by_database=True)
    world = open_world(settings, surroundings)
    try:
        if begun and not world.folder.public.exists():
            raise NotBegun(str(world.folder.root))
        with world.folder.hold(shared=serving and not world.database.is_sqlite) if alone else nullcontext():
            yield world
    finally:
        world.close()


@contextmanager
def registry(data: Path | None, *, may_lack_keys: bool = False) -> Iterator[World]:
    """A registry that exists, opened beside the server that may be serving it. Raises SchemaDiffers, KeyUnreadable.

    With `may_lack_keys` it is opened without its online keys too: what replaces them must work.
    """
    from registry_server.db.migrate import check_schema
    from registry_server.signer import KeyUnreadable
    from registry_server.steps import open_registry

    with opened(settings_from(data), alone=False) as world:
        check_schema(world.database)
        try:
            open_registry(world)
        except KeyUnreadable:
            if not may_lack_keys:
                raise
        yield world
