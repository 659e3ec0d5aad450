"""What a release carries besides the pack: what its publisher attests, and documents such as provenance. Read for people, on request.

Only of a release that was found authentic and approved: the approval names the attestation, the statement what is attached, each by its
digest, so a registry can leave them out and not alter them. `enclosures` says which these are, also for whoever carries them elsewhere.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from packctl.trust.reading import Wish
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
"""A longer attached document is told of, and neither read nor carried."""


class Enclosure(Struct, frozen=True):
    """A document of a release, by the digest that signed documents name it by; of one in an envelope that is the payload's."""

    digest: Digest
    is_envelope: bool
    ceiling_bytes: int

    @property
    def path(self) -> str:
        """Where a registry serves it."""
        return site.document(self.digest) if self.is_envelope else site.blob(self.digest)

    def read(self, registry: TrustedRegistry) -> bytes | None:
        """Its bytes, as they were signed; None where they cannot be had. They are on this machine from then on."""
        return registry.unchanging(Wish(self.path, self.ceiling_bytes), self._is_right)

    def _is_right(self, data: bytes) -> bool:
        try:
            return (Envelope.parse(data).digest if self.is_envelope else Digest.of(data)).same(self.digest)
        except PackError:
            return False


def enclosures(verdict: Verdict) -> Iterator[Enclosure]:
    """Those of a release that was judged, each once; none where that found nothing to trust."""
    if verdict.statement is None or verdict.approved_by is None:
        return
    for digest in dict.fromkeys(one.attestation for one in verdict.approved_by.approvals):
        if digest is not None:
            yield Enclosure(digest, is_envelope=True, ceiling_bytes=limits.ENVELOPE_BYTES)
    for one in {one.sha256: one for one in verdict.statement.attached}.values():
        if one.size <= MOST_BYTES:
            yield Enclosure(one.sha256, is_envelope=False, ceiling_bytes=one.size)


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
    statement = verdict.statement
    slsa = {one.sha256 for one in statement.attached if one.type == SLSA}
    attestations: list[Attestation] = []
    provenance: dict[Digest, Provenance] = {}
    for one in enclosures(verdict):
        if not one.is_envelope and one.digest not in slsa:
            continue
        data = one.read(registry)
        if data is None:
            continue
        if one.is_envelope:
            attestations.append(_attestation(data))
        elif (said := _provenance(data, statement)) is not None:
            provenance[one.digest] = said
    return Enclosed(verdict.approved_by.safety, tuple(attestations), statement.attached, provenance)


def _attestation(data: bytes) -> Attestation:
    """The registry checked its signatures before the approval; the reviewers' signature over its digest vouches for it here."""
    envelope = Envelope.parse(data)
    check_type(envelope, PAYLOAD_TYPE)
    return read_attestation(envelope.payload)


def _provenance(data: bytes, statement: Statement) -> Provenance | None:
    try:
        return provenance_of(data, statement.archive.sha256)
    except PackError:  # whoever signed the release vouches for it, not we
        return None
