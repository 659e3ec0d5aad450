"""Pack index, publisher document and recalls: the targets that clients resolve against (docs/spec/index.md and its neighbors).

They are signed by TUF's bins and hold nothing that does not follow from the log, so equal logs give equal bytes.
"""

from itertools import pairwise
from typing import Annotated, Literal, Self, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from packspec import canonical, limits
from packspec.canonical import Malformed
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.facts import Facts
from packspec.log.leaf import Counted, LoggedPack, LogIndex, Note, Reason
from packspec.moments import Moment, day
from packspec.names import PackName, PublisherName
from packspec.signing.approval import Safety
from packspec.signing.documents import BlobRef, Count, Format
from packspec.versions import Version
from packspec.wire import SignedDocument

ReleaseState: TypeAlias = Literal["published", "deprecated", "yanked", "recalled"]
"""The strongest that holds, from left to right."""
RecallAction: TypeAlias = Literal["warn", "stop"]


class WrongPack(Untrusted):
    """A pack index or publisher document is about another pack or publisher than its place says."""

    expected: str
    found: str

    code = "trust.wrong-pack"

    def what(self) -> str:
        return f"the index of {self.expected} is that of another one"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found}

    def why(self) -> str:
        return "an index must not be shown in another's place"

    def fix(self) -> list[str]:
        return ["do not use this registry until its operator explains it"]


class RecallVanished(Untrusted):
    """A recall that was known is gone or was changed."""

    release: str
    log: int
    reason: str

    code = "trust.recall-vanished"

    def what(self) -> str:
        return f"the recall of {self.release} is no longer listed as it was"

    def facts(self) -> dict[str, str]:
        return {"log entry": str(self.log), "reason": self.reason}

    def why(self) -> str:
        return "recalls stay for ever; only a document signed by the reviewers lifts one"

    def fix(self) -> list[str]:
        return ["do not install the release, and report it to the registry's operator"]


class IndexedRelease(SignedDocument, frozen=True, kw_only=True):
    """What a resolver and a policy ask about a release, before anything else of it is fetched.

    `reason`, `note` and `use` are those of the state. `restored` is the digest of the document that lifted the last yank, and
    `restored_log` the index of its log entry.
    """

    version: Version
    state: ReleaseState
    archive: BlobRef
    unpacked: Count
    """Bytes of all files."""
    statement: Digest
    log: LogIndex
    """The index of the `publish` entry."""
    at: Moment
    """The time of that entry."""
    license: str
    paid: bool
    safety: Safety
    facts: Facts
    reason: Reason | None = None
    note: Note | None = None
    use: PackName | None = None
    restored: Digest | None = None
    restored_log: LogIndex | None = None

    @property
    def because(self) -> str:
        """Why it is in its state, as people are told: `broken: "the hen crows"`. Empty for a published one."""
        return f'{self.reason}: "{self.note}"' if self.note else self.reason or ""

    def __post_init__(self) -> None:
        if self.version.build:
            raise ValueError(f"version {self.version} has build metadata")
        if (self.state == "published") != (self.reason is None):
            raise ValueError(f"a {self.state} release {'has no reason' if self.reason is None else 'with a reason'}")
        if (self.restored is None) != (self.restored_log is None):
            raise ValueError("`restored` and `restored_log` stand together")


class PackIndex(SignedDocument, frozen=True, kw_only=True):
    """All releases of a pack, highest version first. `salt` stands for private packs, so that the digest confirms no guess."""

    v: Format
    pack: PackName
    publisher: PublisherName
    releases: tuple[IndexedRelease, ...]
    salt: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")] | None = None

    def __post_init__(self) -> None:
        if self.publisher != self.pack.publisher:
            raise ValueError(f"publisher {self.publisher} of pack {self.pack}")
        for higher, lower in pairwise(self.releases):
            if not higher.version > lower.version:
                raise ValueError(f"{lower.version} after {higher.version}; each version once, highest first")

    @classmethod
    def parse(cls, data: bytes, pack: PackName) -> Self:
        """I6: the index of `pack` in a target that TUF verified. Raises Malformed, NotCanonical, ClientTooOld, WrongPack."""
        index = _read(data, cls, f"index of {pack}")
        if index.pack != pack:
            raise WrongPack(pack, index.pack)
        return index

    def encode(self) -> bytes:
        """The bytes of the target."""
        return canonical.encode(self)

    @property
    def newest(self) -> IndexedRelease | None:
        """The newest release that anybody may choose: a prerelease only where there is nothing else. None if all were taken back."""
        offered = [release for release in self.releases if release.state in ("published", "deprecated")]
        return next(
            (release for release in offered if not release.version.is_prerelease), offered[0] if offered else None
        )

    def find(self, version: Version) -> IndexedRelease | None:
        """The release with this version, whatever its state."""
        return next((release for release in self.releases if release.version == version), None)


class ResetNotice(SignedDocument, frozen=True, kw_only=True):
    """The `reset` entry that announced a root: its index, and the entry as text."""

    log: LogIndex
    leaf: str


class PublisherDocumentRoot(SignedDocument, frozen=True, kw_only=True):
    """One publisher root: number, digest, and its log entry with its index. `reset` stands where the registry announced it as a reset."""

    version: Counted
    sha256: Digest
    log: LogIndex
    leaf: str
    reset: ResetNotice | None = None


class PublisherDocument(SignedDocument, frozen=True, kw_only=True):
    """All roots of a publisher, from the first to the newest. It says where they are; that they are a chain is R4's to find out."""

    v: Format
    publisher: PublisherName
    roots: tuple[PublisherDocumentRoot, ...]

    def __post_init__(self) -> None:
        if [row.version for row in self.roots] != list(range(1, len(self.roots) + 1)):
            raise ValueError("roots are numbered from 1 without gaps")

    @classmethod
    def parse(cls, data: bytes, publisher: PublisherName) -> Self:
        """The document of `publisher` in a target that TUF verified. Raises Malformed, NotCanonical, ClientTooOld, WrongPack."""
        document = _read(data, cls, f"roots of {publisher}")
        if document.publisher != publisher:
            raise WrongPack(publisher, document.publisher)
        return document

    def encode(self) -> bytes:
        """The bytes of the target."""
        return canonical.encode(self)


class RecalledRelease(SignedDocument, frozen=True, kw_only=True):
    """One recall, as its log entry `log` says it. Of a private pack only token, statement, action and reason are told.

    `restored` is the digest of the document that lifted it, `restored_log` the index of that entry.
    """

    pack: LoggedPack
    statement: Digest
    action: RecallAction
    reason: Reason
    at: Moment
    log: LogIndex
    version: Version | None = None
    replacement: Version | None = None
    restored: Digest | None = None
    restored_log: LogIndex | None = None

    def __post_init__(self) -> None:
        if (self.restored is None) != (self.restored_log is None):
            raise ValueError("`restored` and `restored_log` stand together")

    def __str__(self) -> str:
        return f"{self.pack} {self.version}" if self.version is not None else f"{self.pack} {self.statement.short}"

    @property
    def day(self) -> str:
        """The day of the recall, UTC: `2026-11-20`."""
        return day(self.at)


class Recalls(SignedDocument, frozen=True, kw_only=True):
    """All recalls, in the order of the log. Rows stay for ever."""

    v: Format
    recalls: tuple[RecalledRelease, ...]

    def __post_init__(self) -> None:
        for earlier, later in pairwise(self.recalls):
            if not earlier.log < later.log:
                raise ValueError(f"entry {later.log} after {earlier.log}")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The recalls in a target that TUF verified. Raises Malformed, NotCanonical, ClientTooOld."""
        return _read(data, cls, "recalls")

    def encode(self) -> bytes:
        """The bytes of the target."""
        return canonical.encode(self)

    def of(self, statement: Digest) -> tuple[RecalledRelease, ...]:
        """The recalls of one release, lifted ones included."""
        return tuple(row for row in self.recalls if row.statement == statement)


def check_recalls_kept(seen: Recalls, found: Recalls) -> tuple[RecalledRelease, ...]:
    """I5: every recall of `seen` is still in `found`, and none was lifted and is no longer. Raises RecallVanished.

    Gives the rows of `found` that are lifted and were not, or not known, before: each counts as lifted only once its restore document and
    log entry are verified (`signing.restore.judge_recall_restore`); until then it is RecallVanished too.
    """
    rows = {row.log: row for row in found.recalls}
    known = {row.log: row for row in seen.recalls}
    for row in seen.recalls:
        now = rows.get(row.log)
        if now is None:
            raise RecallVanished(str(row), row.log, "its row is gone")
        lifted = {} if row.restored is not None else {"restored": None, "restored_log": None}
        if msgspec.structs.replace(now, **lifted) != row:
            raise RecallVanished(str(row), row.log, "its row says something else")
    return tuple(row for row in found.recalls if row.restored is not None and known.get(row.log) != row)


D = TypeVar("D", bound=msgspec.Struct)


def _read(data: bytes, wanted: type[D], name: str) -> D:
    if len(data) > limits.INDEX_BYTES:
        raise Malformed(name, f"more than {limits.INDEX_BYTES} bytes")
    return canonical.decode(data, wanted, name)
