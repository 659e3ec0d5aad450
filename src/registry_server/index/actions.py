"""Bringing the static side up to the end of the log, and re-signing what would expire."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tuf.api.metadata import MetaFile, Targets

from packspec import site
from packspec.digests import Digest
from packspec.errors import Damaged
from packspec.index.replay import State
from packspec.limits import DAY_SECONDS
from packspec.log.leaf import PublishLeaf, RestoreLeaf, RootLeaf, TrustLeaf, parse_leaf
from packspec.log.tiles import VerifiedTree
from packspec.names import PackName
from packspec.signing.approval import read_approval
from packspec.signing.statement import Statement, read_statement
from packspec.trustfiles import LogTrust, Resets, Reviewers, TrustFiles, TrustPolicy
from registry_server.actor import SYSTEM
from registry_server.call import Call, call_of
from registry_server.index import metadata
from registry_server.index.evidence import KeptDocuments, Prover
from registry_server.index.repository import Repository, Writer, read, time_to_sign
from registry_server.log import actions as log
from registry_server.world import World


class TrustFileMissing(Damaged):
    """The log names a trust file that the static side does not have."""

    target: str

    code = "registry.trust-file-missing"

    def what(self) -> str:
        return f"the static side lacks the {self.target} that the log names"

    def why(self) -> str:
        return "somebody removed files, or a copy of the data folder is incomplete"

    def fix(self) -> list[str]:
        return ["restore the folder `public` of the data folder from a backup"]


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
    with only_writer(world):
        repository = Repository.load(world.public)
        call = call_of(world, SYSTEM)
        with call.reading() as reading:
            start, end = repository.checkpoint.size, log.size(reading)
            if end <= start:
                return start
            check_clock(world, repository)
            entries = log.entries(reading, start, end)
        replayed, world.replayed = world.replayed, None  # a publication that fails leaves nothing half applied
        with call.reading() as reading:
            documents = KeptDocuments(reading)
            state = _replay(reading, replayed, documents, start)
            _publish(world, repository, Publication(start, entries, state, documents))
        world.replayed = Replayed(state)
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
    settled = _settled_targets(repository, new.state.trust_files)
    trust = trust_files(world, settled.role)
    note = log.sign(world, trust.log.origin, tree)
    prover = Prover(tree, note, new.state, new.documents, trust)
    reviewers = current_trust(world).reviewers if new.start else trust.reviewers
    for index, entry in enumerate(new.entries, new.start):
        leaf = parse_leaf(entry)
        if isinstance(leaf, TrustLeaf) and leaf.file == site.REVIEWERS_TARGET:
            data = world.public.read(site.target(leaf.file, leaf.sha256))
            reviewers = Reviewers.parse(data) if data is not None else trust.reviewers
        _write_documents(world, prover, index, entry, reviewers)
    now = time_to_sign(world.now(), repository.signed_at)
    writer = Writer(repository, world.online, now, timestamp_seconds(world))
    meta = writer.targets({name: new.state.target(name) for name in changed})
    writer.commit({**meta, "targets.json": settled.reference}, note)


def _write_documents(world: World, prover: Prover, index: int, entry: bytes, reviewers: Reviewers) -> None:
    """Writes the files that one entry names, before anything refers to them. `reviewers`: the list as of that entry."""
    leaf = parse_leaf(entry)
    match leaf:
        case PublishLeaf() if not leaf.pack.is_private:
            assert leaf.version is not None  # of a public pack
            path = site.packproof(PackName(leaf.pack), leaf.version)
            if (
                world.public.read(path) is None
            ):  # after a crash it may stand there, with the checkpoint of then, which holds too
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


@dataclass(frozen=True)
class Settled:
    """The version of the role `targets` that the log has accepted."""

    role: Targets
    reference: MetaFile


def _settled_targets(repository: Repository, logged: Mapping[str, Digest]) -> Settled:
    """The newest `targets` whose trust files are those of the log. A newer one may lie there from a ceremony that did not end."""
    for version in range(repository.free_version("targets") - 1, 0, -1):
        path = site.tuf_metadata("targets", version)
        data = repository.public.read(path)
        if data is None:
            continue
        role = read(repository.public, path, Targets)
        if {name: file.hashes["sha256"] for name, file in role.targets.items()} == dict(logged):
            return Settled(role, metadata.Made(version, data).reference)
    raise TrustFileMissing(", ".join(sorted(logged)) or "targets")


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

    Raises MetadataDamaged, TrustFileMissing.
    """
    repository = Repository.load(call.world.public)
    listed = repository.role("targets").targets
    logged = {name: Digest(file.hashes["sha256"]) for name, file in listed.items()}
    for entry in log.entries(call, repository.checkpoint.size, log.size(call)):
        leaf = parse_leaf(entry)
        if isinstance(leaf, TrustLeaf):
            logged[leaf.file] = leaf.sha256
    return trust_files(call.world, _settled_targets(repository, logged).role)


def visible(world: World) -> int:
    """How many entries of the log readers see. Raises MetadataDamaged."""
    return Repository.load(world.public).checkpoint.size


# Re-signing


def timestamp_seconds(world: World) -> int:
    """How long a timestamp may be believed."""
    return world.settings.trust.timestamp_days * DAY_SECONDS


def check_clock(world: World, repository: Repository | None = None) -> None:
    """Raises ClockBack where nothing could be signed now because the clock is far behind the last time. Reads the static side only."""
    time_to_sign(world.now(), (repository or Repository.load(world.public)).signed_at)


def resign_all(world: World) -> None:
    """Signs snapshot and timestamp anew by this machine's clock, even if they were signed at a later time.

    Whoever saw those keeps refusing until that time is over, so this is for an operator who knows that the clock was wrong then.
    """
    with only_writer(world):
        repository = Repository.load(world.public)
        Writer(repository, world.online, world.now(), timestamp_seconds(world)).commit({}, repository.note)


def resign(world: World) -> bool:
    """Renews what has used up its share of life: the timestamp a quarter, snapshot and bins half. Reads static files only, no database.

    Says whether anything was written. Roles of the offline keys are left: `registry-server keys` warns of those. Raises ClockBack.
    """
    with only_writer(world):
        repository = Repository.load(world.public)
        now = time_to_sign(world.now(), repository.signed_at)
        writer = Writer(repository, world.online, now, timestamp_seconds(world))
        half_bins = metadata.at(now + metadata.BIN_SECONDS // 2)
        old_bins = [name for name in _bins(repository) if repository.role(name).expires < half_bins]
        if old_bins or repository.snapshot.expires < metadata.at(now + metadata.SNAPSHOT_SECONDS // 2):
            renewed: dict[str, MetaFile] = {}
            for name in old_bins:
                renewed |= writer.renewed(name)
            writer.commit(renewed, repository.note)
            return True
        if now - repository.signed_at >= timestamp_seconds(world) // 4:
            writer.sign_timestamp(repository.timestamp.snapshot_meta)
            return True
        return False


def _bins(repository: Repository) -> list[str]:
    fixed = ("targets", metadata.INDEX_ROLE)
    return [name for file in repository.snapshot.meta if (name := file.removesuffix(".json")) not in fixed]


def tree_of(world: World) -> VerifiedTree:
    """The tree of the log that readers see."""
    return log.PublicTiles(world).tree(Repository.load(world.public).checkpoint.size)
