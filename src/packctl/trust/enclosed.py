"""What a release carries besides the pack: what its publisher attests, and documents such as provenance. Read for people, on request.

Only of a release that was found authentic and approved: the approval names the attestation, the statement what is attached, each by its
digest, so a registry can leave them out and not alter them.
"""

from collections.abc import Mapping

from msgspec import Struct

from packctl.trust.registry import TrustedRegistry
from packspec import limits, site
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.provenance import SLSA, Provenance, provenance_of
from packspec.signing.attestation import PAYLOAD_TYPE, Attestation, read_attestation
from packspec.signing.dsse import Envelope, check_type
from packspec.signing.statement import Attached, Statement
from packspec.verdict import Verdict

MOST_BYTES = limits.REQUEST_BYTES
"""A longer attached document is told of and not read."""


class Enclosed(Struct, frozen=True):
    """The safety level of the approvals, what they rest on, and what is attached; of SLSA provenance also what it says, by its digest."""

    safety: str
    attestations: tuple[Attestation, ...]
    attached: tuple[Attached, ...]
    provenance: Mapping[Digest, Provenance]


def enclosed(registry: TrustedRegistry, verdict: Verdict) -> Enclosed | None:
    """Of a release that was judged; None where that found nothing to trust. What cannot be had is left out."""
    if verdict.statement is None or verdict.approved_by is None:
        return None
    approved, statement = verdict.approved_by, verdict.statement
    digests = dict.fromkeys(one.attestation for one in approved.approvals if one.attestation is not None)
    found = (_attestation(registry, digest) for digest in digests)
    return Enclosed(
        approved.safety,
        tuple(one for one in found if one is not None),
        statement.attached,
        {one.sha256: said for one in statement.attached if (said := _provenance(registry, statement, one)) is not None},
    )


def _attestation(registry: TrustedRegistry, digest: Digest) -> Attestation | None:
    """The registry checked its signatures before the approval; the reviewers' signature over its digest vouches for it here."""
    data = registry.read(site.document(digest), limits.ENVELOPE_BYTES)
    if data is None:
        return None
    envelope = Envelope.parse(data)
    check_type(envelope, PAYLOAD_TYPE)
    return read_attestation(envelope.payload) if envelope.digest.same(digest) else None


def _provenance(registry: TrustedRegistry, statement: Statement, one: Attached) -> Provenance | None:
    if one.type != SLSA or one.size > MOST_BYTES:
        return None
    data = registry.read(site.blob(one.sha256), one.size)
    if data is None or not Digest.of(data).same(one.sha256):
        return None
    try:
        return provenance_of(data, statement.archive.sha256)
    except PackError:  # whoever signed the release vouches for it, not we
        return None
