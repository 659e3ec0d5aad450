"""A reviewer's decision as a signed document, and its way to the registry."""

from msgspec import Struct

from packctl.publish.review import Inspection
from packctl.registry.client import RegistryClient
from packspec.digests import Digest
from packspec.errors import Conflict, Untrusted
from packspec.protocol.publishing import APPROVE, REJECT, Decide, Reject, SubmissionView
from packspec.signing import dsse
from packspec.signing.approval import PAYLOAD_TYPE, Approval, Safety, make_approval
from packspec.signing.keys import Signer

PUBLISH_SECONDS = 600.0
"""The registry brings its static side up to date before it answers."""

CHECKLISTS: dict[str, tuple[str, ...]] = {
    "content": ("quality", "ages", "rights", "safety"),
    "module": ("quality", "ages", "rights", "safety", "dependencies", "secrets", "scans"),
    "tool": ("quality", "ages", "rights", "safety", "launch host", "scopes", "privacy", "webhook"),
}
"""What a reviewer says yes to, one by one, for each kind of pack."""


class OtherBytes(Untrusted):
    """The digest that the reviewer named is not that of the archive that was handed in."""

    submission: str
    expected: Digest
    found: Digest

    code = "publishing.other-bytes"

    def what(self) -> str:
        return f"{self.submission} holds other bytes than those you looked at"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected.labelled, "found": self.found.labelled}

    def why(self) -> str:
        return "it was withdrawn and handed in anew, or the digest is of another submission"

    def fix(self) -> list[str]:
        return [f"packctl status {self.submission}", "look at the archive that is there now, then approve its digest"]


class DigestNotNamed(Untrusted):
    """Nobody is there to look, and the bytes that were looked at are not named."""

    submission: str
    found: Digest

    code = "publishing.digest-not-named"

    def what(self) -> str:
        return f"approving {self.submission} without a terminal needs the digest of its archive"

    def facts(self) -> dict[str, str]:
        return {"it holds": self.found.labelled}

    def why(self) -> str:
        return "an approval says that somebody looked at these very bytes; -y does not say which"

    def fix(self) -> list[str]:
        return [f"packctl approve {self.submission} --yes --digest sha256:..."]


class NotAttested(Conflict):
    """The approval is to rest on an attestation, and its publisher has made none."""

    submission: str
    release: str

    code = "publishing.not-attested"

    def what(self) -> str:
        return f"its publisher attests nothing of {self.release}"

    def why(self) -> str:
        return "the safety level attested says that the publisher has signed a declaration, which the approval cites"

    def fix(self) -> list[str]:
        publishers = f"packctl attest {self.release.replace(' ', '@')} --claim NAME=TEXT"
        return [f"its publisher runs: {publishers}", f"packctl approve {self.submission} --safety pending"]


def check_attested(inspection: Inspection, safety: Safety) -> None:
    """Raises NotAttested where an approval as attested would have nothing to cite."""
    if safety == "attested" and inspection.attested is None:
        raise NotAttested(inspection.view.id, f"{inspection.view.pack} {inspection.view.version}")


def check_digest(view: SubmissionView, named: Digest | None) -> None:
    """Raises OtherBytes unless the digest that was named, if one was, is the archive's."""
    if named is not None and not named.same(view.archive):
        raise OtherBytes(view.id, named, view.archive)


def approve(
    client: RegistryClient, inspection: Inspection, signer: Signer, note: str, safety: Safety, at: int
) -> SubmissionView:
    """Signs the approval of exactly what was inspected and sends it. `at` is in seconds, UTC."""
    view = inspection.view
    approval = Approval(
        v=1,
        statement=inspection.envelope.digest,
        archive=inspection.claim.archive.sha256,
        pack=inspection.claim.pack,
        version=inspection.claim.version,
        decision="approved",
        submission=view.id,
        checks=inspection.report,
        safety=safety,
        at=at,
        attestation=inspection.attested if safety == "attested" else None,
    )
    ask = Decide(id=view.id, approval=_signed(approval, signer), note=note)
    return client.call(APPROVE, ask, timeout_seconds=PUBLISH_SECONDS)


class Refusal(Struct, frozen=True):
    """A rejection, or with `to_draft` a request for changes."""

    reason: str
    note: str
    to_draft: bool


def reject(client: RegistryClient, view: SubmissionView, signer: Signer, refusal: Refusal, at: int) -> SubmissionView:
    """Signs the rejection of what the registry shows and sends it. It never enters the log, so nothing is fetched for it."""
    # what waits for a decision was handed in and checked
    assert view.statement_digest is not None and view.checks is not None
    rejection = Approval(
        v=1,
        statement=view.statement_digest,
        archive=view.archive,
        pack=view.pack,
        version=view.version,
        decision="rejected",
        submission=view.id,
        checks=view.checks,
        safety="none",
        at=at,
        reason=refusal.reason,
    )
    ask = Reject(id=view.id, approval=_signed(rejection, signer), note=refusal.note, to_draft=refusal.to_draft)
    return client.call(REJECT, ask)


def _signed(approval: Approval, signer: Signer) -> str:
    return dsse.sign(make_approval(approval), PAYLOAD_TYPE, [signer]).encode().decode()
