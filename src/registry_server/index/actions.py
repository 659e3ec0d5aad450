"""Bringing the static side up to the end of the log."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tuf.api.metadata import Targets

from packspec import site
from packspec.digests import Digest
from packspec.index.replay import State
from packspec.log.leaf import PublishLeaf, RestoreLeaf, RootLeaf, TrustLeaf, TufRootLeaf, parse_leaf
from packspec.log.tiles import VerifiedTree
from packspec.names import PackName
from packspec.signing.approval import read_approval
from packspec.signing.statement import Statement, read_statement
from packspec.trustfiles import LogTrust, Resets, Reviewers, TrustFiles, TrustPolicy
from registry_server.actor import SYSTEM
from registry_server.call import Call, call_of
from registry_server.db.engine import STATIC_SIDE
from registry_server.index.evidence import KeptDocuments, Prover
from registry_server.index.readable import readable
from registry_server.index.repository import Repository, time_to_sign
from registry_server.index.settled import TrustFileMissing, promote_keys, settle
from registry_server.index.witnesses import cosigned
from registry_server.index.writing import Writer, timestamp_seconds
from registry_server.log import actions as log
from registry_server.world import World


@dataclass
class Replayed:
    """The log so far, replayed once per process. Dropped when a publication fails, and then replayed anew."""

    state: State = field(default_factory=State)


@contextmanager
def only_writer(world: World) -> Iterator[None]:
    """Lets one writer at a time touch the static side, over all threads and processes; the kernel lets go when a process dies."""
    world.folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (world.folder.root / "public.lock").open("a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def publish_pending(world: World) -> int:
    """Makes every entry of the log visible to readers, and gives how many there are. Free when nothing waits.

    Steps 6 and 7 of docs/spec/publishing.md: every file first, the timestamp last. Raises what writing files raises; then readers still see
    the state before, and the next call does it again.
    """
    with only_writer(world), world.database.turn(STATIC_SIDE):
        repository = Repository.load(world.public)
        call = call_of(world, SYSTEM)
        with call.reading() as reading:
            start, end = repository.checkpoint.size, log.size(reading)
            if end <= start:
                return start
            check_clock(world, repository)
            entries = log.entries(reading, start, end)
        replayed = world.memory.take(Replayed)  # a publication that fails leaves nothing half applied
        with call.reading() as reading:
            documents = KeptDocuments(reading)
            state = _replay(reading, replayed, documents, start)
            _publish(world, repository, Publication(start, entries, state, documents))
        world.memory.keep(Replayed(state))
        return end


@dataclass
class Publication:
    """The entries from `start` on that become visible together. `state` has replayed the entries before them."""

    start: int
    entries: list[bytes]
    state: State
    documents: KeptDocuments


def _replay(call: Call, replayed: Replayed | None, documents: KeptDocuments, size: int) -> State:
    state = replayed.state if replayed else State()
    while state.next_index < size:
        entries = log.entries(call, state.next_index, min(size, state.next_index + 500))
        documents.read_ahead(entries)
        for entry in entries:
            state.apply(state.next_index, entry, documents)
    return state


def _publish(world: World, repository: Repository, new: Publication) -> None:
    new.documents.read_ahead(new.entries)
    changed = {site.RECALLS_TARGET} if new.start == 0 else set()  # it is always there, also empty
    for entry in new.entries:
        changed |= new.state.apply(new.state.next_index, entry, new.documents)
    tree = log.write_tiles(world, new.start, new.entries)
    settled = settle(world, repository, new.state.trust_files, new.state.tuf_root)
    trust = trust_files(world, settled.targets.role)
    note = cosigned(world, trust.log, tree, log.sign(world, trust.log, tree))
    prover = Prover(tree, note, new.state, new.documents, trust)
    reviewers = current_trust(world).reviewers if new.start else trust.reviewers
    for index, entry in enumerate(new.entries, new.start):
        leaf = parse_leaf(entry)
        if isinstance(leaf, TrustLeaf) and leaf.file == site.REVIEWERS_TARGET:
            data = world.public.read(site.target(leaf.file, leaf.sha256))
            reviewers = Reviewers.parse(data) if data is not None else trust.reviewers
        _write_documents(world, prover, index, entry, reviewers)
    now = time_to_sign(world.now(), repository.signed_at)
    writer = Writer(repository, world.online, now, timestamp_seconds(world), settled)
    meta = writer.targets({name: new.state.target(name) for name in changed})
    if settled.root.version > repository.newest_root:
        # By the keys of both roots, so that no reader meets a root without its timestamp.
        writer.commit({}, repository.note)
        world.public.write(site.tuf_metadata("root", settled.root.version), settled.root_data)
    writer.commit({**meta, **settled.meta}, note)
    promote_keys(world, settled, trust.log)


def _write_documents(world: World, prover: Prover, index: int, entry: bytes, reviewers: Reviewers) -> None:
    """Writes the files that one entry names, before anything refers to them. `reviewers`: the list as of that entry."""
    leaf = parse_leaf(entry)
    match leaf:
        case PublishLeaf() if not leaf.pack.is_private:
            assert leaf.version is not None  # of a public pack
            path = site.packproof(PackName(leaf.pack), leaf.version)
            # After a crash it may stand there, with the checkpoint of then, which holds too.
            if world.public.read(path) is None:
                _place_blobs(world, prover, leaf)
                world.public.write(path, prover.packproof(index, entry, leaf, reviewers))
        case RootLeaf():
            envelope = prover.documents.envelope(leaf.root)
            assert envelope is not None  # append() kept it with the entry
            world.public.write(site.publisher_root(leaf.publisher, leaf.version), envelope.encode())
        case RestoreLeaf() if not leaf.pack.is_private:
            _write_document(world, prover, leaf.document)
        case _:
            pass


def _place_blobs(world: World, prover: Prover, leaf: PublishLeaf) -> None:
    payload = prover.documents.payload(leaf.statement)
    assert payload is not None  # append() kept it with the entry
    for digest in public_blobs(read_statement(payload)):
        world.public.place(site.blob(digest), world.blobs, digest)
    for digest in leaf.approvals:
        approval = prover.documents.payload(digest)
        assert approval is not None
        if attestation := read_approval(approval).attestation:
            _write_document(world, prover, attestation)


def _write_document(world: World, prover: Prover, sha256: Digest) -> None:
    envelope = prover.documents.envelope(sha256)
    assert envelope is not None  # append() kept it with the entry
    world.public.write(site.document(sha256), envelope.encode())


def public_blobs(statement: Statement) -> list[Digest]:
    """What of a release everybody may fetch: archive and tree only if it is free, manifest and attachments always."""
    always = [statement.manifest, *(attached.sha256 for attached in statement.attached)]
    return always if statement.paid else [statement.archive.sha256, statement.tree.sha256, *always]


# Trust files


def trust_files(world: World, role: Targets) -> TrustFiles:
    """The trust files that `role` lists. Raises TrustFileMissing."""

    def content(name: str) -> bytes:
        file = role.targets.get(name)
        data = world.public.read(site.target(name, Digest(file.hashes["sha256"]))) if file else None
        if data is None:
            raise TrustFileMissing(name)
        return data

    return TrustFiles(
        LogTrust.parse(content(site.LOG_TARGET)),
        Reviewers.parse(content(site.REVIEWERS_TARGET)),
        TrustPolicy.parse(content(site.POLICY_TARGET)),
        Resets.parse(content(site.RESETS_TARGET)),
    )


def current_trust(world: World) -> TrustFiles:
    """The trust files in force. Raises MetadataDamaged, TrustFileMissing."""
    return trust_files(world, Repository.load(world.public).role("targets"))


def trust_for_next(call: Call) -> TrustFiles:
    """The trust files by which the next entry of the log will be judged: those whose own entry is not visible yet included.

    They are read once for what readers see and what the log says since, both asked every time: the log names each file by its digest.
    Raises MetadataDamaged, TrustFileMissing.
    """
    shown = readable(call.world)
    logged, root = dict(shown.listed_trust), None
    for entry in log.entries(call, shown.size, log.size(call)):
        leaf = parse_leaf(entry)
        if isinstance(leaf, TrustLeaf):
            logged[leaf.file] = leaf.sha256
        elif isinstance(leaf, TufRootLeaf):
            root = (leaf.version, leaf.sha256)
    decides = (frozenset(logged.items()), root)
    if decides not in shown.trust_files:
        settled = settle(call.world, Repository.load(call.world.public), logged, root)
        shown.trust_files[decides] = trust_files(call.world, settled.targets.role)
    return shown.trust_files[decides]


def visible(world: World) -> int:
    """How many entries of the log readers see. Raises MetadataDamaged."""
    return Repository.load(world.public).checkpoint.size


def tree_of(world: World) -> VerifiedTree:
    """The tree of the log that readers see."""
    return log.PublicTiles(world).tree(Repository.load(world.public).checkpoint.size)


def check_clock(world: World, repository: Repository | None = None) -> None:
    """Raises ClockBack where nothing could be signed now because the clock is far behind the last time. Reads the static side only."""
    time_to_sign(world.now(), (repository or Repository.load(world.public)).signed_at)
