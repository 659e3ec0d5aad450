"""What the offline keys do: begin a registry, and change a trust file. They are read from a folder of their own, used, and not kept.

The offline keys are three P-256 keys, of which two must sign. Whoever holds two of them is the registry; so the folder belongs on media
that are put away after each use, best each key on its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Self

from tuf.api.metadata import MetaFile, Snapshot, Timestamp

from packspec import limits, site
from packspec.digests import Digest
from packspec.errors import Conflict, Invalid
from packspec.licenses.jwk import KeySet
from packspec.log.checkpoint import LOG, Checkpoint, NoteKey, SignedNote, sign_checkpoint
from packspec.log.leaf import TrustLeaf, TufRootLeaf
from packspec.log.note import BadNote
from packspec.log.proofs import EMPTY_ROOT
from packspec.signing.keys import PublicKey, Signer
from packspec.trustfiles import CooldownRow, LogKeyRow, LogTrust, Resets, Reviewers, TrustPolicy
from packspec.versions import Version
from registry_server.actor import SYSTEM
from registry_server.audit import actions as audit
from registry_server.call import Call, call_of
from registry_server.index import metadata
from registry_server.index.actions import only_writer, publish_pending
from registry_server.index.metadata import INDEX_ROLE, RoleKeys
from registry_server.index.repository import MetadataDamaged, Repository
from registry_server.index.witnesses import QuorumMissing
from registry_server.index.writing import Writer
from registry_server.license_keys import LicenseKeys
from registry_server.log import actions as log
from registry_server.signer import OnlineKeys, keep_key, make_key, read_key
from registry_server.world import World

OFFLINE_KEYS = 3
OFFLINE_THRESHOLD = 2


class AlreadyBegun(Conflict):
    """The data folder holds a registry."""

    folder: str

    code = "registry.already-begun"

    def what(self) -> str:
        return f"{self.folder} already holds a registry"

    def why(self) -> str:
        return "new keys would cut off everybody who trusts the old ones"

    def fix(self) -> list[str]:
        return [f"registry-server serve --data {quote(self.folder)}", "or choose another folder with --data"]


class OfflineKeysMissing(Invalid):
    """Too few of this registry's offline keys are at hand."""

    folder: str
    found: int

    code = "registry.offline-keys-missing"

    def what(self) -> str:
        return f"{self.folder} does not hold enough offline keys of this registry"

    def facts(self) -> dict[str, str]:
        return {"needed": str(OFFLINE_THRESHOLD), "found": str(self.found)}

    def why(self) -> str:
        return "the list of reviewers and the roots are signed by keys that do not lie on the server"

    def fix(self) -> list[str]:
        return [
            "bring the folder with root-1.key, root-2.key and root-3.key, and name it with --keys",
            "or, where they lie apart, prepare a document for them to sign: --output FILE",
        ]


@dataclass(frozen=True)
class OfflineKeys:
    """The offline keys at hand, and where they were found."""

    keys: tuple[Signer, ...]
    folder: str = "the folder"

    @classmethod
    def make(cls, randomness: Callable[[int], bytes]) -> Self:
        """New offline keys for a new registry."""
        return cls(tuple(make_key("p256", randomness) for _ in range(OFFLINE_KEYS)))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Every key file in `folder`. Raises KeyUnreadable for one that cannot be read."""
        return cls(tuple(read_key(path) for path in sorted(folder.glob("*.key"))), str(folder))

    @classmethod
    def keep(cls, world: World, folder: Path) -> Self:
        """The keys of a new registry, one file per key in `folder`; keys that are there are kept. Raises KeyUnreadable."""
        paths = [folder / f"root-{number}.key" for number in range(1, OFFLINE_KEYS + 1)]
        return cls(tuple(keep_key(world.disk, path, "p256", world.randomness) for path in paths))


@dataclass(frozen=True)
class Begun:
    """What `begin` made: the digest that clients pin, and where the offline keys are."""

    root: Digest
    origin: str
    offline_folder: Path


def begin(world: World, name: str, offline_folder: Path) -> Begun:
    """Makes the keys, the TUF repository and the log of a new registry called `name`. The database is migrated already.

    A folder in which an earlier `begin` was interrupted is begun anew, with the keys that are there. Raises AlreadyBegun, KeyUnreadable,
    and MetadataDamaged for a registry that only lost its timestamp.
    """
    if world.public.read(site.TIMESTAMP) is not None:
        raise AlreadyBegun(str(world.folder.root))
    _check_no_history(world)
    origin = f"{name}/log"
    offline = OfflineKeys.keep(world, offline_folder)
    world.signer = online = OnlineKeys.keep(world.disk, world.folder.keys, world.randomness)
    for path in world.public.paths():  # what an interrupted `begin` left was never visible
        world.public.remove(path)
    licenses = LicenseKeys.keep(world.disk, world.folder.keys, world.randomness)
    trust = first_trust_files(origin, online, licenses.signing.public, world.now())
    root = _write_repository(world, online, offline, trust)
    complete(world)
    return Begun(root, origin, offline_folder)


def _check_no_history(world: World) -> None:
    # An interrupted `begin` has written no entry of the log, neither to the database nor to the static side.
    with call_of(world, SYSTEM).reading() as reading:
        has_entries = log.size(reading) > 0
    if has_entries or world.public.paths("log/tile/"):
        raise MetadataDamaged(site.TIMESTAMP, "it is missing, and what else is here is no new registry")


def name_of(world: World) -> str:
    """What this registry was called when it was begun: the origin of its log without `/log`. Raises MetadataDamaged."""
    return Repository.load(world.public).checkpoint.origin.removesuffix("/log")


def complete(world: World) -> None:
    """Puts the root and the trust files into an empty log, and publishes what waits. Called at every start; free when all is done."""
    _mend_checkpoint(world)
    call = call_of(world, SYSTEM)
    with call.writing() as writing:
        if log.size(writing) == 0:
            _log_beginning(writing, world)
    try:
        publish_pending(world)
    except QuorumMissing as error:  # what is shown stays shown, and the timer tries again
        world.log.fault("quorum-missing", error)


def _mend_checkpoint(world: World) -> None:
    """Writes `/log/checkpoint` anew from the snapshot if it was lost: it is what keeps an older database from forking the log."""
    with only_writer(world):
        repository = Repository.load(world.public)
        try:
            signed = log.signed_checkpoint(world)
        except BadNote:
            signed = None
        if signed is None or signed[1].size < repository.checkpoint.size:
            world.public.replace(site.CHECKPOINT, repository.note.encode())


def first_trust_files(origin: str, online: OnlineKeys, license_key: PublicKey, now: int) -> dict[str, bytes]:
    """The trust files of a new registry: its log key, no reviewer yet, the default policy, the key that signs licenses."""
    log_key = NoteKey.of(origin, LOG, online.log.public)
    policy = TrustPolicy(
        v=1,
        min_client=Version.parse("0.1.0"),
        cooldowns=(CooldownRow(start=0, seconds=limits.COOLDOWN_SECONDS),),
        reset_delay=limits.RESET_DELAY_SECONDS,
        max_age=limits.MAX_INDEX_AGE_SECONDS,
    )
    return {
        site.LOG_TARGET: LogTrust(v=1, origin=origin, keys=(LogKeyRow(key=log_key),), witnesses=(), quorum=0).encode(),
        site.REVIEWERS_TARGET: Reviewers(v=1, sets=(), compromised=()).encode(),
        site.POLICY_TARGET: policy.encode(),
        site.RESETS_TARGET: Resets(v=1, resets=()).encode(),
        site.LICENSE_KEYS_TARGET: KeySet.of([license_key]).encode(),
    }


def change_trust_file(call: Call, offline: OfflineKeys, name: str, content: Callable[[int], bytes]) -> None:
    """Gives the trust file `name` a new content, inside the caller's write transaction. `content` is told its index in the log.

    What is written before the commit is not referred to by anything: `targets` counts only when the log names its files. Raises
    OfflineKeysMissing.
    """
    world = call.world
    repository = Repository.load(world.public)
    keys = _offline_signers(world, repository, offline)
    place = log.take_place(call)
    data = content(place.index)
    sha256 = Digest.of(data)
    old = repository.role("targets")
    version = repository.free_version("targets")
    files = {**old.targets, name: metadata.target_file(name, data)}
    old.version, old.targets, old.expires = version, files, metadata.at(call.now + metadata.OFFLINE_SECONDS)
    world.public.write(site.target(name, sha256), data)
    world.public.write(site.tuf_metadata("targets", version), metadata.make(old, keys).data)
    log.append(call, place, TrustLeaf(v=1, at=place.at, file=name, sha256=sha256))
    audit.record(call, "trust.change", f"trust:{name}", {"sha256": str(sha256), "log": str(place.index)})


def _offline_signers(world: World, repository: Repository, offline: OfflineKeys) -> list[Signer]:
    root = repository.root(repository.newest_root)
    role = root.roles["targets"]
    signers = [key for key in offline.keys if str(key.public.key_id) in role.keyids]
    if len(signers) < role.threshold:
        raise OfflineKeysMissing(offline.folder, len(signers))
    return signers


def _write_repository(world: World, online: OnlineKeys, offline: OfflineKeys, trust: dict[str, bytes]) -> Digest:
    """Writes version 1 of everything, with an empty log, timestamp last. Gives the digest of the root."""
    now, public = world.now(), world.public
    offline_keys = tuple(key.public for key in offline.keys)
    keys = RoleKeys(
        offline_keys, OFFLINE_THRESHOLD, online.timestamp.public, online.snapshot.public, online.bins.public
    )
    root = metadata.make(metadata.root(1, now, keys), offline.keys)
    public.write(site.tuf_metadata("root", 1), root.data)
    for name, data in trust.items():
        public.write(site.target(name, Digest.of(data)), data)
    index = metadata.index_role(1, now, keys.bins)
    made = {
        "targets": metadata.make(metadata.targets(1, now, keys, trust), offline.keys),
        INDEX_ROLE: metadata.make(index, offline.keys),
    }
    for name in metadata.bins_in(index):
        made[name] = metadata.make(metadata.bin_role(1, now, {}), [online.bins])
    for name, one in made.items():
        public.write(site.tuf_metadata(name, 1), one.data)
    _commit_first(world, online, {f"{name}.json": one.reference for name, one in made.items()}, trust)
    return Digest.of(root.data)


def _commit_first(world: World, online: OnlineKeys, meta: dict[str, MetaFile], trust: dict[str, bytes]) -> None:
    now, origin = world.now(), LogTrust.parse(trust[site.LOG_TARGET]).origin
    note: SignedNote = sign_checkpoint(Checkpoint(origin, 0, EMPTY_ROOT), online.log)
    before = Snapshot(1, None, metadata.at(now), meta)
    nothing = Timestamp(1, None, metadata.at(now), MetaFile(1))
    with only_writer(world):
        Writer(Repository(world.public, nothing, before), online, now, 1).commit({}, note)


def _log_beginning(call: Call, world: World) -> None:
    """The first entries: the TUF root, then each trust file."""
    data = world.public.read(site.tuf_metadata("root", 1))
    assert data is not None  # begin() wrote it before the timestamp
    place = log.take_place(call)
    log.append(call, place, TufRootLeaf(v=1, at=place.at, version=1, sha256=Digest.of(data)))
    role = Repository.load(world.public).role("targets")
    for name, file in sorted(role.targets.items()):
        place = log.take_place(call)
        log.append(call, place, TrustLeaf(v=1, at=place.at, file=name, sha256=Digest(file.hashes["sha256"])))
    audit.record(call, "registry.begin", "registry", {"root": str(Digest.of(data))})
