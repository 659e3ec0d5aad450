"""What a release check looks at. Every part is a value that its caller has read; what is not at hand is None."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias, TypeVar

from msgspec import Struct, field

from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import IndexedRelease, RecalledRelease
from packspec.log.checkpoint import OpenedCheckpoint
from packspec.log.leaf import LoggedPack
from packspec.names import PackName
from packspec.signing.publisher import Chain, Locked
from packspec.trustfiles import TrustFiles
from packspec.versions import Version

T = TypeVar("T")
Known: TypeAlias = T | PackError | None
"""A verified value, the fault that was found when it was verified, or None if it is not at hand."""


class LockedRelease(Protocol):
    """What a lock says about a release; `packspec.lockfile.LockedPack` is one."""

    @property
    def archive(self) -> Digest: ...
    @property
    def size(self) -> int: ...
    @property
    def tree(self) -> Digest: ...
    @property
    def statement(self) -> Digest: ...
    @property
    def publisher_root_version(self) -> int: ...
    @property
    def publisher_root(self) -> Digest: ...
    @property
    def publisher_anchor(self) -> Digest: ...
    @property
    def log_index(self) -> int: ...
    @property
    def license(self) -> str: ...
    @property
    def paid(self) -> bool: ...


class Current(Struct, frozen=True):
    """What verified TUF metadata said at `as_of` (seconds since 1970, UTC): the recalls of the release that are in force, those left out
    whose lifting was verified; and `fault`, what is wrong with its age."""

    as_of: int
    recalls: tuple[RecalledRelease, ...] = ()
    fault: PackError | None = None


class Evidence(Struct, frozen=True):
    """Everything about one release. With neither index nor lock the place in the log is the packproof's own word for it."""

    pack: PackName
    version: Version
    packproof: Known[bytes]
    """The file as it was fetched."""
    proof: tuple[bytes, ...] | None
    """The inclusion proof of the packproof's entry for `checkpoint`, from verified tiles or kept."""
    checkpoint: Known[OpenedCheckpoint]
    """S: opened, and consistent with what was seen before."""
    publisher: Known[Chain]
    """From `prove_publisher` with the same checkpoint."""
    trust: Known[TrustFiles]
    current: Known[Current] = None
    listed: Known[IndexedRelease] = None
    """The release's row in its pack's index, ReleaseUnlisted if there is none, None if no index is at hand."""
    lock: LockedRelease | None = None
    lock_lines: Mapping[str, int] = field(default_factory=dict)
    """The line of each key of the lock entry, from 1."""
    known: Locked | None = None
    """For a release chosen anew: what the lock knows of its publisher from other releases."""
    accepted: frozenset[Digest] = frozenset()
    """Publisher roots that the user named, after a reset or downgrade."""
    token: LoggedPack | None = None
    """How the log names it, for a private pack."""

    @property
    def logged_pack(self) -> LoggedPack:
        """The name under which the log has it."""
        return self.token or LoggedPack(self.pack)

    def __str__(self) -> str:
        return f"{self.pack} {self.version.without_build()}"
