"""Everything between a folder of files and a release in the registry, through the public protocol, with real keys and signatures.

Tests say `registry.publish("acme/icons", "1.2.0")`; what is needed for that (publisher, reviewer, archive, statement, approval) is made on
the way. Each step can also be taken alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import tomli_w

from packspec.archive import BytesSource
from packspec.archive.read import Archive, read_archive
from packspec.archive.write import SourceFile, write_archive
from packspec.digests import Digest
from packspec.names import PublisherName
from packspec.protocol.publishers import ACCEPT, REGISTER, AcceptPublisher, RegisterPublisher
from packspec.protocol.publishing import (
    APPROVE,
    HAND_IN,
    OPEN,
    REJECT,
    SHOW,
    TAKE,
    AskSubmission,
    Decide,
    HandIn,
    OpenSubmission,
    Reject,
    SubmissionView,
)
from packspec.protocol.uploads import APPEND, FINISH, START, AppendBytes, AskUpload, StartUpload
from packspec.signing import approval, dsse, statement
from packspec.signing.approval import Approval
from packspec.signing.claim import Said, claim_of
from packspec.signing.dsse import Envelope
from packspec.signing.keys import PrivateKey
from packspec.signing.publisher import PAYLOAD_TYPE as ROOT_TYPE
from packspec.signing.publisher import PublisherRoot
from packspec.signing.statement import Statement
from registry_server.index.reviewers import add_reviewer
from tests.support.signing import key, role

if TYPE_CHECKING:
    from tests.support.registry import Registry

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><circle r="8"/></svg>\n'


@dataclass(frozen=True)
class Publisher:
    """A publisher that may publish: its member's token, its keys, and its first root."""

    name: PublisherName
    token: str
    owner: PrivateKey
    releases: tuple[PrivateKey, ...]
    anchor: Digest

    @property
    def release(self) -> PrivateKey:
        """The first release key."""
        return self.releases[0]


@dataclass(frozen=True)
class Reviewer:
    """A reviewer: the member's token, and the key on the registry's list."""

    name: str
    token: str
    key: PrivateKey


@dataclass(frozen=True)
class Built:
    """An archive with its statement."""

    data: bytes
    archive: Archive
    statement: Statement

    @property
    def digest(self) -> Digest:
        """The digest of the archive."""
        return self.statement.archive.sha256


@dataclass
class People:
    """Whom the registry of a test knows, by name."""

    publishers: dict[str, Publisher] = field(default_factory=dict)
    reviewers: dict[str, Reviewer] = field(default_factory=dict)


def make_publisher(
    registry: "Registry",
    name: str,
    keys: int = 1,
    threshold: int = 1,
    member: str = "",
    root: PublisherRoot | None = None,
) -> Publisher:
    """Registers `name` with release keys `NAME-release-1` and so on, and has an admin accept it."""
    releases = [f"{name}-release-{number}" for number in range(1, keys + 1)]
    root = root or PublisherRoot(
        v=1,
        publisher=PublisherName(name),
        version=1,
        owners=role([f"{name}-owner"]),
        release=role(releases, threshold),
        compromised=(),
        contact=f"keys@{name}.example",
        created=rfc3339(registry.clock()),
    )
    token = registry.account(member or f"{name}-owner")
    envelope = dsse.sign(root.encode(), ROOT_TYPE, [key(f"{name}-owner")])
    asked = RegisterPublisher(name=PublisherName(name), root=envelope.encode().decode(), display_name=name.title())
    registry.call(REGISTER, asked, token)
    registry.call(ACCEPT, AcceptPublisher(publisher=PublisherName(name), root=envelope.digest), registry.admin())
    return Publisher(
        PublisherName(name), token, key(f"{name}-owner"), tuple(key(one) for one in releases), envelope.digest
    )


def make_reviewer(registry: "Registry", name: str, threshold: int | None = None) -> Reviewer:
    """A person with the office, and their key on the list that the offline keys sign."""
    token = registry.account(name, ["reviewer"])
    add_reviewer(registry.world, registry.offline_keys, name, key(f"review-{name}").public, threshold)
    return Reviewer(name, token, key(f"review-{name}"))


def rfc3339(seconds: int) -> str:
    """A moment as signed documents write it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def pack_toml(
    pack: str, version: str, manifest: Mapping[str, Any] | None = None, tables: Mapping[str, Any] | None = None
) -> bytes:
    """A pack.toml; `manifest` are keys of `[pack]`, `tables` are other tables."""
    first = {
        "name": pack,
        "version": version,
        "summary": f"Things of {pack}",
        "license": "CC-BY-4.0",
        "category": "icons",
    }
    return tomli_w.dumps({"pack": {**first, **(manifest or {})}, **(tables or {})}).encode()


def build(
    pack: str,
    version: str,
    files: Mapping[str, bytes] | None = None,
    manifest: Mapping[str, Any] | None = None,
    *,
    anchor: Digest,
    created: str = "2026-09-21T14:13:20Z",
    tables: Mapping[str, Any] | None = None,
) -> Built:
    """The archive of a pack and the statement about it."""
    data = bytearray()
    named = {"pack.toml": pack_toml(pack, version, manifest, tables)} | dict(files or {"icons/dot.svg": SVG})
    write_archive([SourceFile.of(path, content) for path, content in named.items()], data.extend)
    archive = read_archive(BytesSource(bytes(data)))
    made = claim_of(archive, Digest.of(bytes(data)), len(data), Said(anchor, created))
    return Built(bytes(data), archive, made)


def upload(registry: "Registry", token: str, data: bytes) -> Digest:
    """Brings bytes into staging, unless they are there."""
    digest = Digest.of(data)
    if registry.call(START, StartUpload(digest=digest, size=len(data)), token).complete:
        return digest
    registry.call(APPEND, AppendBytes(digest=digest, offset=0), token, data)
    registry.call(FINISH, AskUpload(digest=digest), token)
    return digest


def signed(made: Statement, keys: Sequence[PrivateKey]) -> Envelope:
    """The statement in its envelope."""
    return dsse.sign(statement.make_statement(made), statement.PAYLOAD_TYPE, keys)


def open_draft(registry: "Registry", token: str, built: Built) -> SubmissionView:
    """Uploads an archive and opens a draft for it."""
    upload(registry, token, built.data)
    pack = built.statement.pack
    ask = OpenSubmission(pack=pack, version=built.statement.version, archive=built.digest, size=len(built.data))
    return registry.call(OPEN, ask, token)


def hand_in(
    registry: "Registry", token: str, id: str, envelope: Envelope, note: str = "", hold: bool = False
) -> SubmissionView:
    """Hands in a signed statement."""
    ask = HandIn(id=id, statement=envelope.encode().decode(), note=note, hold=hold)
    return registry.call(HAND_IN, ask, token)


def decision(view: SubmissionView, at: int, **changes: Any) -> Approval:
    """An approval of a submission as it stands; `changes` are fields that say something else."""
    fields: dict[str, Any] = {
        "v": 1,
        "statement": view.statement_digest,
        "archive": view.archive,
        "pack": view.pack,
        "version": view.version,
        "decision": "approved",
        "submission": view.id,
        "checks": view.checks,
        "safety": "certified",
        "at": at,
    }
    return Approval(**{**fields, **changes})


def signed_decision(made: Approval, keys: Sequence[PrivateKey]) -> str:
    """A decision in its envelope, as a call takes it."""
    return dsse.sign(approval.make_approval(made), approval.PAYLOAD_TYPE, keys).encode().decode()


def take(registry: "Registry", reviewer: Reviewer, id: str) -> SubmissionView:
    """Takes a submission from the queue."""
    return registry.call(TAKE, AskSubmission(id=id), reviewer.token)


def show(registry: "Registry", token: str, id: str) -> SubmissionView:
    """A submission as it stands."""
    return registry.call(SHOW, AskSubmission(id=id), token)


def approve(registry: "Registry", reviewer: Reviewer, id: str, note: str = "", **changes: Any) -> SubmissionView:
    """Signs and hands in an approval of a submission as it stands."""
    made = decision(show(registry, reviewer.token, id), registry.clock(), **changes)
    return registry.call(
        APPROVE, Decide(id=id, approval=signed_decision(made, [reviewer.key]), note=note), reviewer.token
    )


def reject(
    registry: "Registry", reviewer: Reviewer, id: str, reason: str = "quality", note: str = "", to_draft: bool = False
) -> SubmissionView:
    """Signs and hands in a rejection of a submission as it stands."""
    view = show(registry, reviewer.token, id)
    made = decision(view, registry.clock(), decision="rejected", reason=reason, safety="none")
    ask = Reject(id=id, approval=signed_decision(made, [reviewer.key]), note=note, to_draft=to_draft)
    return registry.call(REJECT, ask, reviewer.token)
