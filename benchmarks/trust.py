"""Trust at scale: what a refresh, a release's evidence and a publication cost in a registry of 50,000 packs and 1,000,000 releases.

Its bins and its log are made without the releases behind them: nobody reads those here. What is measured is the real code of client and
server, over a socket where the client asks. Processor time is that of the measuring thread, so the registry's is not in the client's.
"""

import gc
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tuf.api.metadata import TargetFile

from packctl.trust.proofs import Claim
from packspec import site
from packspec.digests import Digest
from packspec.log.entries import encode_entries
from packspec.log.proofs import inclusion_proof, leaf_hash
from packspec.log.tiles import ENTRIES, WIDTH, Tile, edge, grow
from packspec.names import PackName
from packspec.packproof import LogProof
from packspec.versions import Version
from registry_server.actor import SYSTEM
from registry_server.call import call_of
from registry_server.index import actions, ceremony, metadata
from registry_server.index.ceremony import OfflineKeys
from registry_server.index.repository import Repository
from registry_server.index.writing import Writer, timestamp_seconds
from registry_server.log import actions as log
from registry_server.log import store
from registry_server.public import MemoryPublic
from registry_server.world import World
from tests.support.hostile import Client, HostileRegistry, hostile_registry
from tests.support.published import Publication
from tests.support.registry import Clock, make_world

PACKS, ENTRIES_IN_LOG = 50_000, 1_000_000
PACK = PackName("acme/icons")
RELEASES, ROUNDS = 10, 21
"""Releases of the pack before, and those that are measured: 20 of them on the average, as every other pack has."""


@dataclass(frozen=True)
class Costs:
    """Milliseconds of processor time, requests and bytes. Times are those of the fastest round: what else runs only makes them longer."""

    small_refresh_ms: float
    """In a registry of one pack."""
    refresh_ms: float
    requests: int
    evidence_ms: float
    publish_ms: float
    index_ms: float
    """The part of a publication that writes and signs bin, snapshot and timestamp."""
    append_ms: float
    """The part that writes tiles and signs the checkpoint."""
    index_bytes: int
    log_bytes: int
    release_bytes: int
    proof_bytes: int


class CountingPublic(MemoryPublic):
    """The static side in memory, which counts what is written, by the first part of the path."""

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[str, int] = {}

    def replace(self, path: str, data: bytes) -> None:
        """Writes a file that may change."""
        kind = path.partition("/")[0]
        self.written[kind] = self.written.get(kind, 0) + len(data)
        super().replace(path, data)


@dataclass
class Stopwatch:
    """Processor seconds of this thread inside of functions, by name."""

    spent: dict[str, list[float]] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Adds what is done inside to `name`."""
        began = time.thread_time()
        try:
            yield
        finally:
            self.spent.setdefault(name, []).append(time.thread_time() - began)

    def around(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """`function`, timed."""

        def timed(*given: Any, **named: Any) -> Any:
            with self.of(name):
                return function(*given, **named)

        return timed

    def milliseconds(self, name: str) -> float:
        """The fastest round; every round enters `name` equally often."""
        spent, rounds = self.spent[name], len(self.spent["round"])
        each = len(spent) // rounds
        return 1000 * min(sum(spent[at : at + each]) for at in range(0, len(spent), each))


def measure(folder: Path) -> Costs:
    """Builds the registry below `folder` and measures it."""
    folder.mkdir(parents=True)
    public = CountingPublic()
    with hostile_registry(folder / "small") as small:
        small_refresh_ms, _ = _refresh(Client(folder / "small-client", small.url, small.root), small)
    with _registry(folder, public) as registry:
        _forget()
        publishing, written = _publish(registry, public)
        _forget()
        client = Client(folder / "client", registry.url, registry.root)
        refresh_ms, requests = _refresh(client, registry)
        return Costs(
            small_refresh_ms=small_refresh_ms,
            refresh_ms=refresh_ms,
            requests=requests,
            evidence_ms=_evidence(client),
            publish_ms=publishing.milliseconds("round"),
            index_ms=publishing.milliseconds("index"),
            append_ms=publishing.milliseconds("log"),
            index_bytes=written["tuf"] // ROUNDS,
            log_bytes=written["log"] // ROUNDS,
            release_bytes=(written["proofs"] + written["blobs"]) // ROUNDS,
            proof_bytes=_proof_bytes(registry),
        )


def _forget() -> None:
    """Keeps what was made so far out of every later collection of garbage: in service it would be another process, or on a disk."""
    gc.collect()
    gc.freeze()


def _publish(registry: HostileRegistry, public: CountingPublic) -> tuple[Stopwatch, dict[str, int]]:
    """Publishes one release after another."""
    watch, world = Stopwatch(), registry.world
    pending = actions.publish_pending
    with (
        patch.object(actions, "publish_pending", watch.around(pending, "round")),
        patch.object(Writer, "targets", watch.around(Writer.targets, "index")),
        patch.object(Writer, "commit", watch.around(Writer.commit, "index")),
        patch.object(log, "write_tiles", watch.around(log.write_tiles, "log")),
        patch.object(log, "sign", watch.around(log.sign, "log")),
    ):
        public.written.clear()
        for number in range(RELEASES, RELEASES + ROUNDS):
            registry.publication.publish(PACK, f"1.0.{number}")
    assert actions.visible(world) == ENTRIES_IN_LOG + ROUNDS
    return watch, dict(public.written)


def _refresh(client: Client, registry: HostileRegistry) -> tuple[float, int]:
    """A command that finds nothing new: processor time, and how often it asks."""
    took = []
    for _ in range(ROUNDS + 1):  # the first one fetches everything
        registry.forget_asked()
        began = time.thread_time()
        with client.registry() as trusted:
            trusted.refresh()
            took.append(time.thread_time() - began)
    return 1000 * min(took[1:]), len(registry.asked)


def _evidence(client: Client) -> float:
    """Proving one more release, after the first, with everything on this machine."""
    claims = [Claim(PACK, Version.parse(f"1.0.{number}")) for number in range(RELEASES + ROUNDS)]
    took: list[float] = []
    for _ in range(2):  # the first one fetches them
        with client.registry() as trusted:
            trusted.refresh()
            trusted.prove(claims[:1])[0].verdict.require()
            took = []
            for claim in claims[1:]:
                began = time.thread_time()
                (proven,) = trusted.prove([claim])
                proven.verdict.require()
                took.append(time.thread_time() - began)
    return 1000 * min(took)


def _proof_bytes(registry: HostileRegistry) -> int:
    """The proof of an old entry in the newest log, checkpoint included, as `log prove` tells it."""
    index = registry.publication.releases[f"{PACK}@1.0.0"].index
    note, tree = Repository.load(registry.world.public).note, actions.tree_of(registry.world)
    return len(LogProof(index, inclusion_proof(index, tree.size, tree.read_hashes), note).encode())


# The registry


@contextmanager
def _registry(folder: Path, public: CountingPublic) -> Iterator[HostileRegistry]:
    clock = Clock(int(time.time()))
    world = make_world(folder / "registry", clock, io.StringIO())
    world.public = public
    root = ceremony.begin(world, "benchmark.test", folder / "offline").root
    publication = Publication(world, folder / "offline")
    publication.reviewer("kim")
    publication.publisher(PACK.publisher)
    for number in range(RELEASES):
        publication.publish(PACK, f"1.0.{number}")
    _grow(world, folder / "offline")
    registry = HostileRegistry(world, publication, root, clock)
    with registry.liar:
        try:
            yield registry
        finally:
            world.close()


def _grow(world: World, offline: Path) -> None:
    """Makes it as if 1,000,000 entries had been logged, and 50,000 packs were listed in as many bins as they want."""
    meta = _bins(world, offline)
    last = _entries(world)
    replayed = world.memory.get(actions.Replayed)
    assert replayed is not None
    replayed.state.next_index = ENTRIES_IN_LOG
    with call_of(world, SYSTEM).writing() as call:
        store.append(call.db, ENTRIES_IN_LOG - 1, world.now(), last)
    repository = Repository.load(world.public)
    tree = log.PublicTiles(world).tree(ENTRIES_IN_LOG)
    note = log.sign(world, actions.current_trust(world).log, tree)
    Writer(repository, world.online, world.now(), timestamp_seconds(world)).commit(meta, note)


def _bins(world: World, offline: Path) -> dict[str, Any]:
    """Bins with new names that list all packs, under an `index` that two offline keys signed. What the snapshot says of them."""
    repository = Repository.load(world.public)
    before = repository.role(metadata.INDEX_ROLE)
    listed = {
        name: file for bin_name in metadata.bins_in(before) for name, file in repository.role(bin_name).targets.items()
    }
    for number in range(PACKS - len(listed)):
        name = f"index/publisher-{number // 20:04}/pack-{number:05}.json"
        listed[name] = TargetFile(7_800, {"sha256": Digest.of(name.encode())}, name)
    prefix = metadata.next_prefix(before, len(listed), is_new=False)
    version = repository.free_version(metadata.INDEX_ROLE)
    index = metadata.index_role(version, world.now(), world.online.bins.public, prefix)
    made = metadata.make(index, OfflineKeys.read(offline).keys[:2])
    world.public.write(site.tuf_metadata(metadata.INDEX_ROLE, version), made.data)
    meta = {f"{metadata.INDEX_ROLE}.json": made.reference}
    for bin_name, names in metadata.by_bin(index, listed).items():
        role = metadata.bin_role(1, world.now(), {name: listed[name] for name in names})
        made = metadata.make(role, [world.online.bins])
        world.public.write(site.tuf_metadata(bin_name, 1), made.data)
        meta[f"{bin_name}.json"] = made.reference
    return meta


def _entries(world: World) -> bytes:
    """The tiles of a log of 1,000,000 entries that begins with ours. Its last entry."""
    tiles = log.PublicTiles(world)
    size = Repository.load(world.public).checkpoint.size
    with call_of(world, SYSTEM).reading() as call:
        (pattern,) = log.entries(call, size - 1, size)
    while size < ENTRIES_IN_LOG:
        step = min(WIDTH * WIDTH, ENTRIES_IN_LOG - size)
        hashes = [leaf_hash(b"%d %b" % (number, pattern)) for number in range(size, size + step)]
        here = edge(size)
        for tile, data in grow(size, hashes, dict(zip(here, tiles.read_tiles(here), strict=True))).items():
            world.public.write(site.log_tile(tile), data)
        size += step
    number = ENTRIES_IN_LOG // WIDTH
    entries = [b"%d %b" % (one, pattern) for one in range(number * WIDTH, ENTRIES_IN_LOG)]
    world.public.write(site.log_tile(Tile(ENTRIES, number, len(entries))), encode_entries(entries))
    return entries[-1]
