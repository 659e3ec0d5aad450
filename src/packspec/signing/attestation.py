"""The attestation: what a publisher declares about the safety of one release, cited by the approval (docs/spec/attestation.md)."""

from typing import Annotated

from msgspec import Meta

from packspec.digests import Digest
from packspec.moments import Moment
from packspec.signing import documents
from packspec.signing.documents import Format, Text
from packspec.signing.statement import StatementMismatch
from packspec.wire import SignedDocument

PAYLOAD_TYPE = "application/vnd.packctl.attestation.v1+json"


class Claim(SignedDocument, frozen=True, kw_only=True):
    """One declaration: a short name and what is declared."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$(?!\n)")]
    text: Text


class Attestation(SignedDocument, frozen=True, kw_only=True):
    """The claims of a publisher about the release that `statement`, a digest, describes. Each name once."""

    v: Format
    statement: Digest
    claims: Annotated[tuple[Claim, ...], Meta(min_length=1)]
    at: Moment

    def __post_init__(self) -> None:
        names = [claim.name for claim in self.claims]
        if len(set(names)) < len(names):
            raise ValueError("a claim's name occurs twice")


def make_attestation(attestation: Attestation) -> bytes:
    """The payload to sign. Raises Malformed or NotCanonical."""
    return documents.write(attestation, "attestation")


def read_attestation(payload: bytes) -> Attestation:
    """The attestation in a payload whose signatures were verified. Raises Malformed, NotCanonical, ClientTooOld."""
    return documents.read(payload, Attestation, "attestation")


def read_attestation_of(statement: Digest, payload: bytes) -> Attestation:
    """The same, if it is about this statement. Raises StatementMismatch too."""
    found = read_attestation(payload)
    if found.statement != statement:
        raise StatementMismatch("the attestation", "statement", statement, found.statement)
    return found
