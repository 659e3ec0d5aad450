"""The statement: what a publisher claims about one release, as an in-toto Statement (docs/spec/statement.md).

A `Statement` here is the predicate; in-toto's frame around it names the same release and archive once more, and both must agree.
"""

from typing import Annotated

from msgspec import Meta

from packspec import SPECIFICATION, canonical
from packspec.canonical import ClientTooOld, Malformed
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.facts import Facts
from packspec.names import PackName, PublisherName, ReleaseName
from packspec.signing import documents
from packspec.signing.documents import BlobRef, Count, Created, Format
from packspec.versions import Version
from packspec.wire import SignedDocument

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:packctl:release:v1"


class StatementMismatch(Untrusted):
    """A signed document speaks of another release, publisher or digest than the one that was asked for."""

    document: str
    field: str
    expected: str
    found: str

    code = "trust.statement-mismatch"

    def what(self) -> str:
        return f"{self.document} speaks of another {self.field}"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found}

    def why(self) -> str:
        return "a signature for one release must not be shown for another"

    def fix(self) -> list[str]:
        return ["do not use the release, and report it to the registry's operator"]


class Attached(SignedDocument, frozen=True, kw_only=True):
    """A document given at publish besides the pack: its predicateType or media type, digest and bytes."""

    type: Annotated[str, Meta(min_length=1, max_length=200)]
    sha256: Digest
    size: Count


class Statement(SignedDocument, frozen=True, kw_only=True):
    """What the publisher claims about one release. Making one that contradicts itself raises ValueError, reading one `trust.malformed`."""

    v: Format
    pack: PackName
    version: Version
    """Without build metadata: 1.0.0+a and 1.0.0+b are one release."""
    publisher: PublisherName
    anchor: Digest
    """Digest of the publisher's root 1."""
    archive: BlobRef
    tree: BlobRef
    content: Digest
    """One digest of all paths and file digests, whatever the compression (docs/spec/tree.md)."""
    manifest: Digest
    """Digest of pack.toml, byte for byte."""
    files: Annotated[int, Meta(ge=1)]
    unpacked: Count
    """Bytes of all files."""
    license: Annotated[str, Meta(min_length=1, max_length=500)]
    """The terms: an SPDX expression."""
    paid: bool
    facts: Facts
    attached: tuple[Attached, ...]
    created: Created
    salt: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")] | None = None
    """Private packs only, so that the digest does not confirm a guessed name."""

    def __post_init__(self) -> None:
        if self.version.build:
            raise ValueError(f"version {self.version} has build metadata")
        if self.publisher != self.pack.publisher:
            raise ValueError(f"publisher {self.publisher} of pack {self.pack}")

    @property
    def release(self) -> ReleaseName:
        """The release it is about."""
        return ReleaseName.of(self.pack, self.version)


class _SubjectDigest(SignedDocument, frozen=True, kw_only=True):
    sha256: Digest


class _Subject(SignedDocument, frozen=True, kw_only=True):
    name: str
    digest: _SubjectDigest


class _InToto(SignedDocument, frozen=True, kw_only=True, rename={"kind": "_type"}):
    kind: str
    predicateType: str
    subject: Annotated[tuple[_Subject, ...], Meta(min_length=1, max_length=1)]
    predicate: Statement


def make_statement(statement: Statement) -> bytes:
    """The payload to sign: `statement` in in-toto's frame. Raises Malformed or NotCanonical for what `read_statement` would refuse."""
    subject = _Subject(name=str(statement.release), digest=_SubjectDigest(sha256=statement.archive.sha256))
    return documents.write(
        _InToto(kind=STATEMENT_TYPE, predicateType=PREDICATE_TYPE, subject=(subject,), predicate=statement), "statement"
    )


def read_statement(payload: bytes) -> Statement:
    """The claim in a payload whose signatures were verified.

    Raises Malformed, NotCanonical, ClientTooOld, and StatementMismatch where frame and claim name different releases or archives.
    """
    documents.refuse_oversize(payload, "statement")
    _refuse_other_formats(canonical.decode_plain(payload, "statement"))
    framed = documents.read(payload, _InToto, "statement")
    statement, subject = framed.predicate, framed.subject[0]
    _agree("subject", str(statement.release), subject.name)
    _agree("subject's archive", statement.archive.sha256, subject.digest.sha256)
    return statement


def check_statement(statement: Statement, pack: PackName, version: Version, anchor: Digest) -> None:
    """R6: `statement` is about `pack` at `version`, by the publisher whose root 1 has the digest `anchor`. Raises StatementMismatch."""
    _agree("pack", pack, statement.pack)
    _agree("version", str(version.without_build()), str(statement.version))
    _agree("publisher", pack.publisher, statement.publisher)
    _agree("publisher's first root", anchor, statement.anchor)


def _refuse_other_formats(plain: dict[str, object]) -> None:
    # The frame is in-toto's and has no `v`; the claim's own is looked at before its fields are.
    for field, expected in (("_type", STATEMENT_TYPE), ("predicateType", PREDICATE_TYPE)):
        if plain.get(field) != expected:
            raise Malformed("statement", f"{field} is {plain.get(field)!r:.200}, not {expected!r}")
    claim = plain.get("predicate")
    version = claim.get("v") if isinstance(claim, dict) else None
    if type(version) is int and version > SPECIFICATION:
        raise ClientTooOld("statement", version)


def _agree(field: str, expected: str, found: str) -> None:
    if expected != found:
        raise StatementMismatch("statement", field, expected, found)
