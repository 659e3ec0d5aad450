"""The approval: a reviewer's decision about exactly one statement, and R9, whether enough reviewers approved (docs/spec/approval.md)."""

from collections.abc import Collection, Sequence
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from packspec import limits
from packspec.canonical import Malformed
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.moments import Moment
from packspec.names import PackName
from packspec.signing import documents
from packspec.signing.documents import Format
from packspec.signing.dsse import Envelope, valid_signers
from packspec.signing.keys import PublicKey
from packspec.signing.keyset import check_people_keys, check_threshold
from packspec.versions import Version
from packspec.wire import SignedDocument

PAYLOAD_TYPE = "application/vnd.packctl.approval.v1+json"

Decision: TypeAlias = Literal["approved", "rejected"]
Safety: TypeAlias = Literal["none", "pending", "attested", "certified"]
SAFETY_LEVELS: tuple[Safety, ...] = ("none", "pending", "attested", "certified")
"""From the lowest to the highest."""


class NotApproved(Untrusted):
    """Fewer reviewers signed than the registry's list of reviewers asks for."""

    document: str
    have: int
    need: int
    ignored: tuple[str, ...] = ()
    """Why each other signature does not count."""

    code = "trust.not-approved"

    def what(self) -> str:
        return f"{self.document} is not approved: {self.have} of {self.need} reviewers"

    def facts(self) -> dict[str, str]:
        numbered = {f"signature {at}": reason for at, reason in enumerate(self.ignored, start=1)}
        return {"needed": str(self.need), "found": str(self.have), **numbered}

    def why(self) -> str:
        return "no approval of exactly these bytes by enough of the reviewers whom the registry named at that time"

    def fix(self) -> list[str]:
        return ["do not use the release, and report it to the registry's operator"]


class SelfApproved(Untrusted):
    """The threshold of reviewers is met only with a key that is also the publisher's."""

    document: str
    fingerprints: tuple[str, ...]

    code = "trust.self-approved"

    def what(self) -> str:
        return f"{self.document} was approved with its publisher's own key"

    def facts(self) -> dict[str, str]:
        return {"key": ", ".join(self.fingerprints)}

    def why(self) -> str:
        return "nobody approves their own pack"

    def fix(self) -> list[str]:
        return ["another reviewer must approve the release"]


class Approval(SignedDocument, frozen=True, kw_only=True):
    """A reviewer's decision about one statement. `reason` stands if rejected, `attestation` if the safety level is `attested`."""

    v: Format
    statement: Digest
    archive: Digest
    pack: PackName
    version: Version
    decision: Decision
    submission: Annotated[str, Meta(min_length=1, max_length=64)]
    checks: Digest
    """Digest of the check report, which the registry keeps with the submission."""
    safety: Safety
    at: Moment
    attestation: Digest | None = None
    reason: Annotated[str, Meta(min_length=1, max_length=64)] | None = None

    def __post_init__(self) -> None:
        if self.version.build:
            raise ValueError(f"version {self.version} has build metadata")
        if (self.decision == "rejected") != (self.reason is not None):
            raise ValueError("a reason stands exactly where the decision is rejected")
        if (self.safety == "attested") != (self.attestation is not None):
            raise ValueError("an attestation stands exactly where the safety level is attested")


def make_approval(approval: Approval) -> bytes:
    """The payload to sign. Raises Malformed or NotCanonical."""
    return documents.write(approval, "approval")


def read_approval(payload: bytes) -> Approval:
    """The approval in a payload whose signatures were verified. Raises Malformed, NotCanonical, ClientTooOld."""
    return documents.read(payload, Approval, "approval")


class ReviewerSet(Struct, frozen=True):
    """The reviewers in force at one leaf. Raises DuplicateKey, BadKey or Malformed for a list with which nothing can be counted."""

    threshold: int
    keys: tuple[PublicKey, ...]
    stolen: frozenset[Digest] = frozenset()
    """Key ids that the registry says are compromised since that leaf or before."""

    def __post_init__(self) -> None:
        check_people_keys("the list of reviewers", self.keys)
        check_threshold("the list of reviewers", self.threshold, self.keys)


class Subject(Struct, frozen=True):
    """What must have been approved: exactly this statement and archive, under this name."""

    pack: PackName
    version: Version
    statement: Digest
    archive: Digest

    def __str__(self) -> str:
        return f"{self.pack} {self.version}"


class Approved(Struct, frozen=True):
    """The answer of R9: which reviewers approved, how many were needed, and the lowest safety level among their approvals."""

    signers: tuple[PublicKey, ...]
    threshold: int
    safety: Safety
    approvals: tuple[Approval, ...]


def judge_approvals(
    envelopes: Sequence[Envelope], subject: Subject, reviewers: ReviewerSet, publisher_keys: Collection[PublicKey]
) -> Approved:
    """R9: enough distinct reviewers in force at the leaf approved `subject`, counted without keys of the publisher.

    `publisher_keys` are the owner and release keys of all known roots. An approval is decoded only if a reviewer signed it.

    Raises WrongType, NotApproved (m of j, with the reason for each that does not count), SelfApproved if only the publisher's own keys
    would make it enough, and what `read_approval` raises.
    """
    if len(envelopes) > limits.ENVELOPE_SIGNATURES:
        raise Malformed("packproof", f"more than {limits.ENVELOPE_SIGNATURES} approvals")
    signers: dict[PublicKey, None] = {}
    own: dict[PublicKey, None] = {}
    counted: list[Approval] = []
    ignored: list[str] = []
    for envelope in envelopes:
        tally = tally_reviewers(envelope, PAYLOAD_TYPE, reviewers, publisher_keys)
        ignored.extend(tally.ignored)
        if not tally.signers and not tally.own:
            continue
        approval = read_approval(envelope.payload)
        if fault := _why_not(approval, subject):
            ignored.append(fault)
            continue
        own.update(dict.fromkeys(tally.own))
        if tally.signers:
            signers.update(dict.fromkeys(tally.signers))
            counted.append(approval)
    check_tally(str(subject), Tally(tuple(signers), tuple(own), tuple(ignored)), reviewers.threshold)
    safety = min((approval.safety for approval in counted), key=SAFETY_LEVELS.index)
    return Approved(tuple(signers), reviewers.threshold, safety, tuple(counted))


def _why_not(approval: Approval, subject: Subject) -> str:
    if approval.decision != "approved":
        return "it is a rejection"
    wanted = (subject.statement, subject.archive, subject.pack, subject.version)
    names = ("statement", "archive", "pack", "version")
    found = (approval.statement, approval.archive, approval.pack, approval.version)
    differing = [name for name, want, have in zip(names, wanted, found, strict=True) if want != have]
    return f"it approves another {' and '.join(differing)}" if differing else ""


class Tally(Struct, frozen=True):
    """Which reviewers signed: those who count, those whose key is also the publisher's, and why others do not count."""

    signers: tuple[PublicKey, ...]
    own: tuple[PublicKey, ...]
    ignored: tuple[str, ...]


def tally_reviewers(
    envelope: Envelope, payload_type: str, reviewers: ReviewerSet, publisher_keys: Collection[PublicKey]
) -> Tally:
    """Sorts the reviewers who signed `envelope`. Raises WrongType."""
    valid = valid_signers(envelope, payload_type, reviewers.keys)
    stolen = [key for key in valid if key.key_id in reviewers.stolen]
    own = [key for key in valid if key not in stolen and key in publisher_keys]
    ignored = [f"reviewer key {key.fingerprint} was compromised" for key in stolen]
    ignored += [f"reviewer key {key.fingerprint} is also the publisher's" for key in own]
    ids = {key.key_id for key in valid}
    ignored += [
        f"{one.key_id[:16]} is no reviewer, or its signature is wrong"
        for one in envelope.signatures
        if one.key_id not in ids
    ]
    return Tally(tuple(key for key in valid if key not in stolen and key not in own), tuple(own), tuple(ignored))


def check_tally(document: str, tally: Tally, threshold: int) -> None:
    """Refuses fewer signers than `threshold`. Raises SelfApproved if the publisher's own keys would make it enough, else NotApproved."""
    if len(tally.signers) >= threshold:
        return
    if len(tally.signers) + len(tally.own) >= threshold:
        raise SelfApproved(document, tuple(key.fingerprint for key in tally.own))
    raise NotApproved(document, len(tally.signers), threshold, tally.ignored)
