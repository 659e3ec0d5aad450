"""What an entry of the log brings in: the documents it names, compared with it, and what is kept of a pack and its releases.

The lower half of `packspec.index.replay`. Chapter: docs/spec/index.md.
"""

from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.index.documents import (
    IndexedRelease,
    ReleaseState,
)
from packspec.log.leaf import (
    DeprecateLeaf,
    LoggedPack,
    PublishLeaf,
    RecallLeaf,
    YankLeaf,
)
from packspec.names import PackName
from packspec.signing.approval import SAFETY_LEVELS, Safety, read_approval
from packspec.signing.statement import Statement
from packspec.versions import Version


class LogContradiction(Untrusted):
    """A log entry does not fit what the log said before, or the documents it names."""

    index: int
    reason: str

    code = "log.contradiction"

    def what(self) -> str:
        return f"log entry {self.index} cannot be true: {self.reason}"

    def why(self) -> str:
        return "everything a registry lists follows from its log, so the log must not contradict itself"

    def fix(self) -> list[str]:
        return ["report it to the registry's operator; nothing after this entry can be relied on"]


class DocumentMissing(Untrusted):
    """A document that a public log entry names cannot be had, or has another digest."""

    index: int
    document: str
    sha256: Digest

    code = "log.document-missing"

    def what(self) -> str:
        return f"the {self.document} that log entry {self.index} names is missing"

    def facts(self) -> dict[str, str]:
        return {"expected": self.sha256.labelled}

    def why(self) -> str:
        return "without it nobody can say what the registry should list"

    def fix(self) -> list[str]:
        return ["fetch the packproof or document again, from another mirror if there is one"]


class Documents(Protocol):
    """Where the payloads of signed documents come from, by digest: statements, approvals, restores."""

    def payload(self, sha256: Digest) -> bytes | None:
        """The payload with this digest; None if it is not there. It is compared with the digest here."""
        ...


class Release(Struct):
    """A release, and what was said about it since. `base` is its row while nothing was said."""

    base: IndexedRelease
    deprecated: DeprecateLeaf | None = None
    yanked: YankLeaf | None = None
    recalled: RecallLeaf | None = None
    restored: tuple[Digest, int] | None = None

    def row(self) -> IndexedRelease:
        """The row as it is now."""
        state: ReleaseState = "published"
        told: DeprecateLeaf | YankLeaf | RecallLeaf | None = None
        if self.recalled:
            state, told = "recalled", self.recalled
        elif self.yanked:
            state, told = "yanked", self.yanked
        elif self.deprecated:
            state, told = "deprecated", self.deprecated
        if told is None and self.restored is None:
            return self.base
        return replace(
            self.base,
            state=state,
            reason=told.reason if told else None,
            note=told.note if told else None,
            use=told.use if isinstance(told, DeprecateLeaf) else None,
            restored=self.restored[0] if self.restored else None,
            restored_log=self.restored[1] if self.restored else None,
        )


class Pack(Struct):
    """A pack. `name` is None for a private one whose statements we may not see; then only what its entries say is checked."""

    logged: LoggedPack
    name: PackName | None = None
    salt: str | None = None
    releases: dict[Digest, Release | None] = field(default_factory=dict)
    versions: dict[Version, Digest] = field(default_factory=dict)


def payload_of(index: int, name: str, sha256: Digest, documents: Documents, pack: LoggedPack) -> bytes | None:
    """The payload with this digest; None only for private packs. Raises DocumentMissing."""
    payload = documents.payload(sha256)
    if payload is None and pack.is_private:
        return None
    if payload is None or not Digest.of(payload).same(sha256):
        raise DocumentMissing(index, name, sha256)
    return payload


def check_statement(index: int, leaf: PublishLeaf, statement: Statement, pack: Pack) -> None:
    """Refuses a statement about something else than its entry, or a version published before. Raises LogContradiction."""
    if leaf.pack.is_private:
        if statement.salt is None:
            raise LogContradiction(index, "the statement of a private pack has no salt")
        if pack.name not in (None, statement.pack):
            raise LogContradiction(index, "the token stood for another pack before")
    else:
        told = (leaf.pack, leaf.version, leaf.publisher, leaf.archive)
        claimed = (LoggedPack(statement.pack), statement.version, statement.publisher, statement.archive.sha256)
        if told != claimed:
            raise LogContradiction(index, "its statement is about another release")
    if statement.version in pack.versions:
        raise LogContradiction(index, f"{statement.release} was published before")


def lowest_safety(index: int, leaf: PublishLeaf, documents: Documents) -> Safety:
    """The lowest safety level among the approvals. Raises DocumentMissing, LogContradiction."""
    levels: list[Safety] = []
    for sha256 in leaf.approvals:
        payload = documents.payload(sha256)
        if payload is None or not Digest.of(payload).same(sha256):
            raise DocumentMissing(index, "approval", sha256)
        approval = read_approval(payload)
        if approval.decision != "approved" or approval.statement != leaf.statement:
            raise LogContradiction(index, "an approval that it names approves something else")
        levels.append(approval.safety)
    return min(levels, key=SAFETY_LEVELS.index)


def row_of(index: int, leaf: PublishLeaf, statement: Statement, safety: Safety) -> IndexedRelease:
    """The release's row in its pack's index, while nothing else was said of it."""
    return IndexedRelease(
        version=statement.version,
        state="published",
        archive=statement.archive,
        unpacked=statement.unpacked,
        statement=leaf.statement,
        log=index,
        at=leaf.at,
        license=statement.license,
        paid=statement.paid,
        safety=safety,
        facts=statement.facts,
    )
