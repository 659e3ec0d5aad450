"""The TUF repository on the static side: what is in force, read back from the files, and the next state, written in TUF's order.

A version that stands in a file name is never used twice: a publication that was interrupted leaves files behind, and the next one steps
over their numbers. Only the timestamp is replaced in place, and it is the last thing written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Signed, Snapshot, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from packspec import site
from packspec.digests import Digest
from packspec.errors import Damaged, Unavailable
from packspec.log.checkpoint import Checkpoint, SignedNote
from registry_server.index import metadata
from registry_server.index.metadata import CHECKPOINT_FIELD, INDEX_ROLE, SIGNED_AT_FIELD, Made
from registry_server.public import Public
from registry_server.signer import OnlineKeys

S = TypeVar("S", bound=Signed)
CLOCK_BACK_SECONDS = 5 * 60
"""A clock that is set back by more than time services do is told, not followed."""


class MetadataDamaged(Damaged):
    """A TUF file on the static side is missing or cannot be read."""

    path: str
    reason: str

    code = "registry.metadata-damaged"

    def what(self) -> str:
        return f"cannot read {self.path} of the static side"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "the registry cannot continue a state that it does not know"

    def fix(self) -> list[str]:
        return ["restore the folder `public` of the data folder from a backup"]


class ClockBack(Unavailable):
    """The clock says an earlier time than that at which the registry signed last."""

    signed_at: int
    now: int

    code = "registry.clock-back"
    retry_after_seconds = 60

    def what(self) -> str:
        return "this machine's clock is behind the time at which the registry signed last, so nothing is signed"

    def facts(self) -> dict[str, str]:
        return {"expected": f"{_moment(self.signed_at)} or later", "found": _moment(self.now)}

    def why(self) -> str:
        return "what would be signed now could have expired for everybody else, and clients refuse a timestamp older than one they saw"

    def fix(self) -> list[str]:
        return ["set the clock", "if the clock was ahead when it signed last: registry-server resign --clock-is-right"]


def _moment(seconds: int) -> str:
    return f"{metadata.at(seconds):%Y-%m-%dT%H:%M:%SZ}"


def time_to_sign(now: int, signed_at: int) -> int:
    """The time to write into what is signed: now, but never before the last time, because clients take an older one for an old copy.

    A clock that was put right by a little is waited for in this way. Raises ClockBack for one that is further behind.
    """
    if now < signed_at - CLOCK_BACK_SECONDS:
        raise ClockBack(signed_at, now)
    return max(now, signed_at)


def read(public: Public, path: str, kind: type[S]) -> S:
    """What the metadata at `path` says. It is our own file, so its signature is not asked. Raises MetadataDamaged."""
    data = public.read(path)
    if data is None:
        raise MetadataDamaged(path, "it is missing")
    try:
        signed = Metadata.from_bytes(data).signed
    except (DeserializationError, RepositoryError, ValueError) as error:
        raise MetadataDamaged(path, str(error)) from error
    if not isinstance(signed, kind):
        raise MetadataDamaged(path, f"it is a {signed.type}, not a {kind.type}")
    return signed


@dataclass
class Repository:
    """The state in force: timestamp, snapshot, and the checkpoint inside it."""

    public: Public
    timestamp: Timestamp
    snapshot: Snapshot

    @classmethod
    def load(cls, public: Public) -> Self:
        """The state that readers see. Raises MetadataDamaged."""
        timestamp = read(public, site.TIMESTAMP, Timestamp)
        snapshot = read(public, site.tuf_metadata("snapshot", timestamp.snapshot_meta.version), Snapshot)
        return cls(public, timestamp, snapshot)

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that readers see."""
        return Checkpoint.parse(self.note.text)

    @property
    def note(self) -> SignedNote:
        """The same as a signed note."""
        return SignedNote.parse(self.snapshot.unrecognized_fields[CHECKPOINT_FIELD].encode())

    @property
    def signed_at(self) -> int:
        """When the timestamp was signed, seconds since the epoch, UTC."""
        return int(self.timestamp.unrecognized_fields[SIGNED_AT_FIELD])

    def role(self, name: str) -> Targets:
        """What `targets`, `index` or a bin says."""
        return read(self.public, site.tuf_metadata(name, self.snapshot.meta[f"{name}.json"].version), Targets)

    def root(self, version: int) -> Root:
        """A root of the registry."""
        return read(self.public, site.tuf_metadata("root", version), Root)

    def free_version(self, role: str) -> int:
        """The next version of `role` that no file has yet."""
        meta = self.snapshot.meta.get(f"{role}.json")
        version = (self.snapshot.version if role == "snapshot" else meta.version if meta else 0) + 1
        while self.public.read(site.tuf_metadata(role, version)) is not None:
            version += 1
        return version

    def bins_of(self, names: Iterable[str]) -> dict[str, list[str]]:
        """The names of targets by the bin that lists them."""
        delegations = self.role(INDEX_ROLE).delegations
        assert delegations is not None and delegations.succinct_roles is not None  # metadata.index_role makes no other
        found: dict[str, list[str]] = {}
        for name in names:
            found.setdefault(delegations.succinct_roles.get_role_for_target(name), []).append(name)
        return found


@dataclass
class Writer:
    """Writes the next state. Nothing is visible before `commit`."""

    repository: Repository
    keys: OnlineKeys
    now: int
    life_seconds: int

    def targets(self, changed: Mapping[str, bytes]) -> dict[str, MetaFile]:
        """Writes changed targets and their bins anew, and gives what the snapshot says of those bins."""
        found: dict[str, MetaFile] = {}
        for name, names in sorted(self.repository.bins_of(sorted(changed)).items()):
            files = dict(self.repository.role(name).targets)
            for target in names:
                data = changed[target]
                self.repository.public.write(site.target(target, Digest.of(data)), data)
                files[target] = metadata.target_file(target, data)
            found[f"{name}.json"] = self._write(name, metadata.bin_role(self._version(name), self.now, files)).reference
        return found

    def renewed(self, name: str) -> dict[str, MetaFile]:
        """Writes a bin anew with the same targets and a later end."""
        same = metadata.bin_role(self._version(name), self.now, self.repository.role(name).targets)
        return {f"{name}.json": self._write(name, same).reference}

    def commit(self, changed: Mapping[str, MetaFile], note: SignedNote) -> None:
        """Writes snapshot, checkpoint and timestamp. The last of them makes the new state the one that readers see."""
        public, text = self.repository.public, note.encode()
        meta = {**self.repository.snapshot.meta, **changed}
        version = self._version("snapshot")
        made = metadata.make(metadata.snapshot(version, self.now, meta, text.decode()), [self.keys.snapshot])
        public.write(site.tuf_metadata("snapshot", version), made.data)
        public.replace(site.CHECKPOINT, text)
        self.sign_timestamp(made.reference)

    def sign_timestamp(self, of_snapshot: MetaFile) -> None:
        """Writes the timestamp: the commit point."""
        version = self.repository.timestamp.version + 1
        signed = metadata.timestamp(version, self.now, self.life_seconds, of_snapshot)
        self.repository.public.replace(site.TIMESTAMP, metadata.make(signed, [self.keys.timestamp]).data)

    def _version(self, role: str) -> int:
        return self.repository.free_version(role)

    def _write(self, role: str, signed: Targets) -> Made:
        made = metadata.make(signed, [self.keys.bins])
        self.repository.public.write(site.tuf_metadata(role, made.version), made.data)
        return made
