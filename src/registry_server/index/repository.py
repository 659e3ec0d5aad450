"""The TUF repository on the static side: what is in force, read back from the files. `writing` makes the next state.

A version that stands in a file name is never used twice: a publication that was interrupted leaves files behind, and the next one steps
over their numbers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self, TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from packspec import site
from packspec.errors import Damaged, Unavailable
from packspec.log.checkpoint import Checkpoint, SignedNote
from packspec.moments import moment
from registry_server.index import metadata
from registry_server.index.metadata import CHECKPOINT_FIELD, INDEX_ROLE, SIGNED_AT_FIELD
from registry_server.public import Public

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
        return {"expected": f"{moment(self.signed_at)} or later", "found": moment(self.now)}

    def why(self) -> str:
        return "what would be signed now could have expired for everybody else, and clients refuse a timestamp older than one they saw"

    def fix(self) -> list[str]:
        return ["set the clock", "if the clock was ahead when it signed last: registry-server resign --clock-is-right"]


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
        return metadata.by_bin(self.role(INDEX_ROLE), names)

    @property
    def newest_root(self) -> int:
        """The version of the newest root that readers see."""
        version = 1
        while self.public.read(site.tuf_metadata("root", version + 1)) is not None:
            version += 1
        return version
