"""The real registry in tests: our server over a socket, started once a run; every test exchanges the World behind it.

`registry_at(folder)` gives a Registry with its own clock, a copied template database and memory for blobs and static side. What the world
is, is said in one line per fact: `registry.account("mia", roles=["admin"])`, `registry.clock.advance(days=31)`,
`registry.publish("acme/icons", "1.2.0", files={...})`.
"""

import asyncio
import functools
import io
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

from packspec import wire
from packspec.problems import Problem, relayed
from packspec.protocol.endpoint import Body, Endpoint
from packspec.protocol.publishing import SubmissionView
from registry_server import steps
from registry_server.actor import TERMINAL, Role
from registry_server.app import build
from registry_server.blobs import MemoryBlobs
from registry_server.db.engine import Database
from registry_server.db.migrate import migrate
from registry_server.db.sqlite import sqlite_url
from registry_server.durable import Disk, Watch, unwatched
from registry_server.http.server import Listener, make_pool
from registry_server.index import ceremony
from registry_server.logs import Log
from registry_server.people import add_person
from registry_server.public import MemoryPublic
from registry_server.settings import HttpSettings, Settings
from registry_server.staging import Staging
from registry_server.steps import Beginning
from registry_server.world import DataFolder, Surroundings, World, open_world
from tests.support import publishing, statements
from tests.support.kept import Kept, folder_while_we_run
from tests.support.publishing import Built, People, Publisher, Reviewer

statements.share()
Ask = TypeVar("Ask")
Reply = TypeVar("Reply")
BEGINNING = 1_790_000_000
"""Where every test's clock begins: 2026-09-21T14:13:20Z."""


class Clock:
    """A clock that only tests move."""

    def __init__(self, now: int = BEGINNING) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def advance(self, *, seconds: int = 0, minutes: int = 0, hours: int = 0, days: int = 0) -> None:
        """Moves it on."""
        self.now += seconds + 60 * minutes + 3600 * hours + 86_400 * days


@dataclass
class Registry:
    """One registry as a test sees it."""

    url: str
    world: World
    clock: Clock
    log: io.StringIO
    client: httpx.Client = field(repr=False)
    offline_keys: Path
    people: People = field(default_factory=People)
    database_url: str = ""

    def account(self, name: str, roles: Sequence[str] = ()) -> str:
        """A person with offices; gives their token."""
        return str(add_person(self.world, TERMINAL, name, [Role(role) for role in roles]).token)

    def admin(self) -> str:
        """The token of an admin."""
        return self.account("admin", ["admin"])

    def publisher(self, name: str, keys: int = 1, threshold: int = 1, member: str = "") -> Publisher:
        """An accepted publisher, made unless there, with `keys` release keys of which `threshold` must sign."""
        known = self.people.publishers
        if name not in known:
            known[name] = publishing.make_publisher(self, name, keys, threshold, member)
        return known[name]

    def reviewer(self, name: str = "kim", threshold: int | None = None) -> Reviewer:
        """A reviewer whose key is on the list, made unless there. `threshold`: how many must approve from now on."""
        known = self.people.reviewers
        if name not in known:
            known[name] = publishing.make_reviewer(self, name, threshold)
        return known[name]

    def build(
        self,
        pack: str,
        version: str,
        files: Mapping[str, bytes] | None = None,
        manifest: Mapping[str, Any] | None = None,
        tables: Mapping[str, Any] | None = None,
    ) -> Built:
        """An archive and its unsigned statement. `manifest` are keys of `[pack]`, `tables` other tables of pack.toml."""
        anchor = self.publisher(pack.partition("/")[0]).anchor
        made = publishing.rfc3339(self.clock())
        return publishing.build(pack, version, files, manifest, anchor=anchor, created=made, tables=tables)

    def submit(
        self,
        pack: str,
        version: str,
        files: Mapping[str, bytes] | None = None,
        manifest: Mapping[str, Any] | None = None,
        tables: Mapping[str, Any] | None = None,
        *,
        note: str = "",
        hold: bool = False,
    ) -> SubmissionView:
        """A submission that was built, uploaded, signed with all release keys of its publisher, and handed in."""
        publisher = self.publisher(pack.partition("/")[0])
        built = self.build(pack, version, files, manifest, tables)
        draft = publishing.open_draft(self, publisher.token, built)
        envelope = publishing.signed(built.statement, publisher.releases)
        return publishing.hand_in(self, publisher.token, draft.id, envelope, note, hold)

    def publish(
        self,
        pack: str,
        version: str,
        files: Mapping[str, bytes] | None = None,
        manifest: Mapping[str, Any] | None = None,
        tables: Mapping[str, Any] | None = None,
    ) -> SubmissionView:
        """A release: submitted, taken and approved by `kim`, in the log and on the static side."""
        reviewer = self.reviewer()
        view = self.submit(pack, version, files, manifest, tables)
        publishing.take(self, reviewer, view.id)
        return publishing.approve(self, reviewer, view.id)

    def call(self, endpoint: Endpoint[Ask, Reply], ask: Ask, token: str = "", body: bytes | None = None) -> Reply:
        """Calls a row and gives its reply. Raises what the registry refuses with, as the client would."""
        response = self.ask(endpoint, ask, token, body)
        if response.is_error:
            raise relayed(wire.decode(response.content, Problem))
        return wire.decode(response.content, endpoint.reply)

    def ask(self, endpoint: Endpoint[Ask, Any], ask: Ask, token: str = "", body: bytes | None = None) -> httpx.Response:
        """Calls a row and gives the bare answer."""
        fields: dict[str, Any] = msgspec.json.decode(wire.encode(ask))
        path = endpoint.path
        for name in [name for name in fields if f"{{{name}}}" in path]:
            path = path.replace(f"{{{name}}}", str(fields.pop(name)))
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if endpoint.body is Body.JSON:
            return self.client.request(endpoint.method, path, json=fields, headers=headers)
        if endpoint.body is Body.BYTES:
            headers["content-type"] = "application/octet-stream"
        return self.client.request(endpoint.method, path, params=fields, headers=headers, content=body)


def nothing(registry: Registry) -> None:
    """How a registry is prepared that is only begun."""


@contextmanager
def registry_at(
    folder: Path,
    before: Watch = unwatched,
    settings: Settings | None = None,
    now: int = BEGINNING,
    url: str = "",
    prepare: Callable[["Registry"], None] = nothing,
) -> Iterator[Registry]:
    """A registry whose few files are below `folder`, behind the one server of this run. Its clock begins at `now`.

    `url`: a migrated database, else a SQLite file of its own. `prepare`: what has happened in it already, at most an hour ago; done once a
    process where nothing else is special, and copied from then on.
    """
    clock, log, people = Clock(now), io.StringIO(), People()
    if before is unwatched and settings is None and not url:
        kept = _kept(prepare, now)
        kept.lay_out(folder)
        world = make_world(folder, clock, log)
        people = kept.fill(world)
        prepare = nothing
    else:
        world = make_world(folder, clock, log, before, settings, url)
        ceremony.begin(world, "registry.test", folder / "offline-keys")
    with _serving(world, clock, log, folder / "offline-keys") as registry:
        registry.people = people
        registry.database_url = url or sqlite_url(world.folder.database)
        prepare(registry)
        yield registry


_KEPT: dict[tuple[Callable[[Registry], None], int], Kept] = {}


def _kept(prepare: Callable[[Registry], None], now: int) -> Kept:
    """The registry in which `prepare` was done, in the hour of `now` and not after it."""
    name = (prepare, now // 3600)
    if name not in _KEPT:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            clock, log = Clock(now), io.StringIO()
            world = make_world(folder, clock, log)
            ceremony.begin(world, "registry.test", folder / "offline-keys")
            with _serving(world, clock, log, folder / "offline-keys") as registry:
                prepare(registry)
            _KEPT[name] = Kept.of(world, registry.people, folder)
    return _KEPT[name]


@contextmanager
def registry_on_disk(folder: Path) -> Iterator[Registry]:
    """The same with everything on the disk below `folder`, as in service: it can be closed, copied and opened again."""
    clock, log = Clock(), io.StringIO()
    world = disk_world(folder, clock, log)
    steps.begin(world, Beginning("registry.test", folder / "offline-keys"))
    with _serving(world, clock, log, folder / "offline-keys") as registry:
        yield registry


@contextmanager
def _serving(world: World, clock: Clock, log: io.StringIO, offline_keys: Path) -> Iterator[Registry]:
    slot = _server(world.settings.http)
    slot.world = world
    # Plain HTTP: reading this machine's certificates would take longer than most tests.
    client = httpx.Client(base_url=slot.url, trust_env=False, timeout=30, verify=False)
    try:
        yield Registry(slot.url, world, clock, log, client, offline_keys)
    finally:
        client.close()
        slot.world = None
        world.close()


def disk_world(folder: Path, clock: Clock, log: io.StringIO, before: Watch = unwatched) -> World:
    """The world of a server in service on `folder`, with a clock of ours. Nothing is created or changed."""
    settings = Settings.for_testing(str(folder / "registry"))
    return open_world(settings, Surroundings(now=clock, randomness=os.urandom, log_to=log, before=before))


def make_world(
    folder: Path,
    clock: Clock,
    log: io.StringIO,
    before: Watch = unwatched,
    settings: Settings | None = None,
    url: str = "",
) -> World:
    """A world of its own: a fresh database, memory for blobs and static side."""
    settings = settings or Settings.for_testing(str(folder / "registry"))
    data = DataFolder(Path(settings.server.data))
    data.root.mkdir(parents=True, exist_ok=True)
    if not url and not data.database.exists():
        shutil.copyfile(_template(), data.database)
    disk, blobs = Disk(before), MemoryBlobs(before)
    return World(
        settings=settings,
        folder=data,
        database=Database(url or sqlite_url(data.database), settings.database, before),
        blobs=blobs,
        public=MemoryPublic(before),
        staging=Staging(data.staging, disk, blobs, settings.publish),
        disk=disk,
        log=Log(log, clock),
        now=clock,
        randomness=os.urandom,
    )


class _Slot:
    """The world that the one server of this run answers from."""

    def __init__(self) -> None:
        self.world: World | None = None
        self.url = ""

    def current(self) -> World:
        assert self.world is not None, "no test has a registry open"
        return self.world


@functools.cache
def _server(http: HttpSettings) -> _Slot:
    """The server of this run with these deadlines; a test of another deadline than usual has one of its own."""
    slot = _Slot()
    listener = Listener(build(slot.current, make_pool(http)), http)
    slot.url = listener.url
    threading.Thread(target=lambda: asyncio.run(listener.serve()), name="registry", daemon=True).start()
    assert listener.listening.wait(10), "the registry did not begin to listen"
    return slot


@functools.cache
def _template() -> Path:
    folder = folder_while_we_run("registry-template-")
    database = Database(sqlite_url(folder / "registry.sqlite3"), Settings.for_testing().database)
    migrate(database)
    database.close()
    return folder / "registry.sqlite3"
