"""Build provenance that is attached to a release: SLSA provenance v1, in whichever wrapping it comes (docs/spec/provenance.md).

It is read as others write it: JSON of any spelling, plain, in a DSSE envelope, or in a Sigstore bundle. Whether its signature holds is for
whoever trusts its signer to check; that it is about this very archive is checked here.
"""

import binascii
from typing import Any

import msgspec
from msgspec import Struct

from packspec import limits, wire
from packspec.digests import Digest
from packspec.errors import Invalid
from packspec.signing.encoding import from_base64

SLSA = "https://slsa.dev/provenance/v1"
"""The predicateType of SLSA provenance v1."""
STATEMENT = "https://in-toto.io/Statement/v1"


class BadProvenance(Invalid):
    """A document that calls itself SLSA provenance is none, or is about something else."""

    reason: str

    code = "publish.provenance"

    def what(self) -> str:
        return f"the attached provenance cannot be used: {self.reason}"

    def why(self) -> str:
        return "provenance says how exactly these bytes came to be, so its subject must be the archive"

    def fix(self) -> list[str]:
        return [
            "packctl build",
            "have your builder attest the archive that this wrote, and publish that file with --attach",
        ]


class Provenance(Struct, frozen=True):
    """What is read of it: the digests it is about, who built, how, and whether it came in a signed wrapping (not verified here)."""

    subjects: tuple[str, ...]
    builder: str
    build_type: str
    is_signed: bool


class _Subject(Struct):
    digest: dict[str, str]


class _Definition(Struct):
    buildType: str


class _Builder(Struct):
    id: str


class _Run(Struct):
    builder: _Builder


class _Predicate(Struct):
    buildDefinition: _Definition
    runDetails: _Run


class _Typed(Struct):
    predicateType: str


class _Statement(Struct):
    _type: str
    predicateType: str
    subject: list[_Subject]
    predicate: _Predicate


def predicate_type(data: bytes) -> str:
    """What an in-toto statement says it is; empty for anything else, and for what cannot be printed: it will stand in a signed document."""
    try:
        found = wire.decode(_unwrapped(data)[0], _Typed).predicateType[:200]
    except msgspec.DecodeError:
        return ""
    return found if found.isprintable() else ""


def read_provenance(data: bytes) -> Provenance:
    """SLSA provenance v1 in `data`. Raises BadProvenance."""
    try:
        inner, is_signed = _unwrapped(data)
        found = wire.decode(inner, _Statement)
    except msgspec.DecodeError as error:
        raise BadProvenance(f"it has not the shape of SLSA provenance v1 ({error})") from error
    if (found._type, found.predicateType) != (STATEMENT, SLSA):
        raise BadProvenance("it is no in-toto Statement v1 with SLSA provenance v1")
    if not found.subject:
        raise BadProvenance("it has no subject")
    run = found.predicate.runDetails
    subjects = tuple(one.digest.get("sha256", "") for one in found.subject)
    return Provenance(subjects, run.builder.id[:300], found.predicate.buildDefinition.buildType[:300], is_signed)


def _unwrapped(data: bytes) -> tuple[bytes, bool]:
    """The in-toto statement in `data`, and whether an envelope was around it. Raises msgspec.DecodeError."""
    if len(data) > limits.REQUEST_BYTES:
        raise msgspec.DecodeError(f"longer than {limits.REQUEST_BYTES} bytes")
    plain = wire.decode(data, dict[str, Any])
    envelope = plain.get("dsseEnvelope", plain)
    if not isinstance(envelope, dict) or not isinstance(envelope.get("payload"), str):
        return data, False
    try:
        return from_base64(envelope["payload"]), bool(envelope.get("signatures"))
    except binascii.Error as error:
        raise msgspec.DecodeError("the payload of its envelope is not base64") from error


def provenance_of(data: bytes, archive: Digest) -> Provenance:
    """The same, if it is about `archive`. Raises BadProvenance."""
    found = read_provenance(data)
    if str(archive) not in found.subjects:
        raise BadProvenance(f"none of its subjects is {archive.labelled}")
    return found
