"""HostileRegistry: the static side of a real registry, served over a socket, with lies planted in it; and the clients that meet it.

The registry behind it is ours and honest: its files are signed by its keys. What is asked for by a path with a lie gets the lie, everything
else the file. A lie is bytes, None (404), or a function of the request that gives the bytes of a whole answer.
"""

import functools
import io
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from packctl import frame
from packctl.arguments import Globals
from packctl.session import Session
from packctl.trust.registry import TrustedRegistry
from packspec import site
from packspec.digests import Digest
from packspec.lockfile import LockedRegistry
from packspec.log.checkpoint import SignedNote
from packspec.verdict import Answer, Evidence, Finding, Question, Verdict
from registry_server.index import ceremony, metadata
from registry_server.index.repository import Repository
from registry_server.index.writing import Writer, timestamp_seconds
from registry_server.log.actions import signed_checkpoint
from registry_server.signer import OnlineKeys
from registry_server.world import World
from tests.support.kept import Kept
from tests.support.liar import Asked, Liar, answer
from tests.support.published import Publication, Released
from tests.support.publishing import People
from tests.support.registry import Clock, make_world
from tests.support.terminal import screen

Lie = bytes | None | Callable[[Asked], Iterable[bytes]]


@dataclass
class HostileRegistry:
    """A registry that lies where it is told to. `files` is what it serves instead of the registry's present files, if it is set."""

    world: World
    publication: Publication
    root: Digest
    clock: Clock
    lies: dict[str, Lie] = field(default_factory=dict)
    files: Mapping[str, bytes] | None = None
    liar: Liar = field(init=False)

    def __post_init__(self) -> None:
        self.liar = Liar(self._answer)

    @property
    def url(self) -> str:
        """Its address."""
        return self.liar.url

    @property
    def asked(self) -> list[str]:
        """What it was asked, in order: `GET /tuf/timestamp.json`."""
        return [f"{one.method} {one.target}" for one in self.liar.asked]

    def forget_asked(self) -> None:
        """Counts requests from here on."""
        self.liar.asked.clear()

    def lie(self, path: str, lie: Lie) -> None:
        """Answers `lie` to whoever asks for `path`."""
        self.lies[f"/{path}"] = lie

    def copy(self) -> dict[str, bytes]:
        """Everything that the registry serves now: an old state, for later."""
        public = self.world.public
        return {path: data for path in public.paths() if (data := public.read(path)) is not None}

    def read(self, path: str) -> bytes:
        """The registry's own file at `path`."""
        data = self.world.public.read(path)
        assert data is not None, path
        return data

    def sign(self, changed: Mapping[str, bytes | None], note: SignedNote | None = None) -> None:
        """Signs another state with the keys that lie on the server, as whoever stole it could: targets changed or (None) taken out."""
        repository = Repository.load(self.world.public)
        writer = Writer(repository, self.world.online, self.world.now(), timestamp_seconds(self.world))
        meta = writer.targets({name: data for name, data in changed.items() if data is not None})
        for name, (target,) in repository.bins_of([name for name, data in changed.items() if data is None]).items():
            files = {listed: file for listed, file in repository.role(name).targets.items() if listed != target}
            made = metadata.make(
                metadata.bin_role(repository.free_version(name), self.world.now(), files), [self.world.online.bins]
            )
            self.world.public.write(site.tuf_metadata(name, made.version), made.data)
            meta[f"{name}.json"] = made.reference
        writer.commit(meta, note or repository.note)

    def target(self, name: str) -> bytes:
        """The bytes of an index target, as the registry has it now."""
        repository = Repository.load(self.world.public)
        ((bin_name, _),) = repository.bins_of([name]).items()
        listed = repository.role(bin_name).targets[name]
        return self.read(site.target(name, Digest(listed.hashes["sha256"])))

    def target_path(self, name: str) -> str:
        """Where an index target lies now."""
        return site.target(name, Digest.of(self.target(name)))

    def _answer(self, asked: Asked) -> Iterable[bytes]:
        path = asked.target.partition("?")[0]
        if path in self.lies:
            lie = self.lies[path]
            if callable(lie):
                return lie(asked)
            return [answer(404) if lie is None else answer(200, lie)]
        name = path.removeprefix("/")
        data = self.files.get(name) if self.files is not None else self.world.public.read(name)
        return [answer(404) if data is None else answer(200, data)]


@contextmanager
def hostile_registry(
    folder: Path, name: str = "registry.test", now: int | None = None, keys: str = "usual"
) -> Iterator[HostileRegistry]:
    """A registry with a reviewer (kim), a publisher (acme) and acme/icons 1.0.0.

    Its clock stands at the real time, because TUF's client asks the system for it. Unless `now` is another time, those of one name and
    `keys` are copies of one registry.
    """
    begun = _made(name, now) if now else _begun(name, keys)
    begun.kept.lay_out(folder)
    clock = Clock(now or int(time.time()))
    world = make_world(folder, clock, io.StringIO())
    begun.kept.fill(world)
    publication = Publication(
        world, folder / "offline", {name: list(known) for name, known in begun.roots.items()}, dict(begun.releases)
    )
    hostile = HostileRegistry(world, publication, begun.root, clock)
    with hostile.liar:
        try:
            yield hostile
        finally:
            world.close()


@dataclass(frozen=True)
class _Begun:
    """A registry as every test finds it, to be copied."""

    kept: Kept
    root: Digest
    roots: dict[str, list[Digest]]
    releases: dict[str, Released]


@functools.cache
def _begun(name: str, keys: str) -> _Begun:
    """The registry of this name with these keys, made once a process."""
    return _made(name, int(time.time()))


def _made(name: str, now: int) -> _Begun:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        world = make_world(folder, Clock(now), io.StringIO())
        root = ceremony.begin(world, name, folder / "offline").root
        publication = Publication(world, folder / "offline")
        publication.reviewer("kim")
        publication.publisher("acme")
        publication.publish("acme/icons", "1.0.0")
        world.close()
        return _Begun(Kept.of(world, People(), folder), root, publication.roots, publication.releases)


@contextmanager
def gullible() -> Iterator[None]:
    """A registry that lets into its log what no client would take: its own release check says yes to everything."""

    def yes(evidence: Evidence) -> Verdict:
        return Verdict(
            authentic=Finding(Question.AUTHENTIC, Answer.YES),
            approved=Finding(Question.APPROVED, Answer.YES),
            current=Finding(Question.CURRENT, Answer.YES),
            logged=Finding(Question.LOGGED, Answer.YES),
            faults=(),
            statement=None,
            leaf=None,
            root=None,
            signed_by=None,
            approved_by=None,
        )

    with patch("registry_server.index.evidence.check_release", yes):
        yield


@contextmanager
def forked(registry: HostileRegistry, folder: Path) -> Iterator[HostileRegistry]:
    """The same registry a second time, with the same keys and history up to now: what it says from here on, the first one never said."""
    folder.mkdir(parents=True)
    world = make_world(folder, registry.clock, io.StringIO())
    world.close()
    with sqlite3.connect(registry.world.folder.database) as before, sqlite3.connect(world.folder.database) as after:
        before.backup(after)
    before.close()
    after.close()
    world = make_world(folder, registry.clock, io.StringIO())
    for path, data in registry.copy().items():
        world.public.write(path, data)
    shutil.copytree(registry.world.folder.keys, world.folder.keys)
    world.signer = OnlineKeys.read(world.folder.keys)
    assert signed_checkpoint(world) is not None
    publication = Publication(world, registry.publication.offline, dict(registry.publication.roots))
    publication.releases |= registry.publication.releases
    other = HostileRegistry(world, publication, registry.root, registry.clock)
    with other.liar:
        try:
            yield other
        finally:
            world.close()


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


@dataclass
class Client:
    """A person's machine with a project in `folder`; data and cache lie below it, or below `data`. Each `session` is one command."""

    folder: Path
    address: str
    root: Digest | None = None
    clock: Callable[[], int] = lambda: int(time.time())
    data: Path | None = None

    @property
    def environ(self) -> dict[str, str]:
        """The variables that its commands see."""
        own = self.data or self.folder
        named = {"PACKCTL_TRUST_ROOT": self.root.labelled} if self.root else {}
        return {
            "HOME": str(self.folder),
            "PACKCTL_DATA_DIR": str(own / "data"),
            "PACKCTL_CACHE_DIR": str(own / "cache"),
            "PACKCTL_PROJECT": str(self.folder),
            "PACKCTL_REGISTRY": self.address,
            **named,
        }

    @contextmanager
    def session(self, *, offline: bool = False, typed: str | None = None, **environ: str) -> Iterator[Session]:
        """One command's world. `typed`: a person sits at a terminal and types this."""
        self.folder.mkdir(parents=True, exist_ok=True)
        given = Globals(offline=offline, no_config=True)
        shown = screen(given, terminal=typed is not None, typed=typed or "")
        with Session(given, {**self.environ, **environ}, shown.console, clock=self.clock) as opened:
            opened.monotonic = time.monotonic
            yield opened

    @contextmanager
    def registry(self, *, offline: bool = False, locked: LockedRegistry | None = None) -> Iterator[TrustedRegistry]:
        """The registry as one command trusts it, not refreshed yet."""
        with self.session(offline=offline) as session:
            yield TrustedRegistry.open(session, "default", self.address, locked=locked)

    def run(self, *arguments: str, typed: str | None = None, **environ: str) -> "Ran":
        """One command line, through the frame."""
        self.folder.mkdir(parents=True, exist_ok=True)
        shown = screen(terminal=typed is not None, typed=typed or "")
        streams = shown.console.streams
        code = frame.run(arguments, {**self.environ, **environ}, streams)
        return Ran(code, shown.out, shown.err)

    def kept(self) -> dict[str, bytes]:
        """What a refusal must leave as it was, by path: the project, the pins, and what was remembered of registries."""
        found = {}
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and (not name.startswith(("data/", "cache/")) or path.name in ("pins.json", "seen.json")):
                found[name] = path.read_bytes()
        return found
