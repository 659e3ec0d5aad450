"""What publishing refuses."""

from packspec.checks import Finding, Level
from packspec.digests import Digest
from packspec.errors import Conflict, Denied, Invalid, NotFound
from packspec.names import PackName
from packspec.versions import Version

SHOWN_FINDINGS = 20
"""So many findings stand in a refusal; the rest is counted."""


class VersionExists(Conflict):
    """The version is published, or somebody else's hand-in of it waits."""

    pack: PackName
    version: Version
    state: str
    expected: Digest
    found: Digest

    code = "publishing.version-exists"

    def what(self) -> str:
        return f"{self.pack} {self.version} exists already: it is {self.state}"

    def facts(self) -> dict[str, str]:
        return {"there": self.expected.labelled, "yours": self.found.labelled}

    def why(self) -> str:
        return "one version is one archive for ever, so that a lock means the same bytes everywhere"

    def fix(self) -> list[str]:
        return [f"packctl status {self.pack}", "raise the version in pack.toml and publish again"]


class NoSubmission(NotFound):
    """There is no such submission, or it is not the asker's to see."""

    submission: str

    code = "publishing.no-submission"

    def what(self) -> str:
        return f"there is no submission {self.submission}"

    def why(self) -> str:
        return "it was never opened, or it is of a publisher you do not act for"

    def fix(self) -> list[str]:
        return ["packctl status", "packctl queue"]


class OwnSubmission(Denied):
    """Somebody would decide about a release of their own publisher, or one they handed in."""

    submission: str
    reason: str

    code = "publishing.own-submission"

    def what(self) -> str:
        return f"{self.submission} is your own submission"

    def facts(self) -> dict[str, str]:
        return {"because": self.reason}

    def why(self) -> str:
        return "nobody approves their own pack: two people have looked at everything that is published"

    def fix(self) -> list[str]:
        return ["another reviewer takes it"]


class NameReserved(Invalid):
    """No pack may have this name."""

    pack: PackName

    code = "publishing.name-reserved"

    def what(self) -> str:
        return f"no pack may be called {self.pack}"

    def why(self) -> str:
        return "a pack's folder has its name, and on some systems that name is a device"

    def fix(self) -> list[str]:
        return ["choose another name in pack.toml"]


class KindChanged(Conflict):
    """A pack is of another kind than its first release."""

    pack: PackName
    expected: str
    found: str

    code = "publishing.kind-changed"

    def what(self) -> str:
        return f"{self.pack} is a pack of kind {self.expected}, not {self.found}"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found}

    def why(self) -> str:
        return "who chose a pack of pictures must not get a program by updating it"

    def fix(self) -> list[str]:
        return [f'write kind = "{self.expected}" in pack.toml', "or publish it under another name"]


class ChecksFailed(Invalid):
    """Checks found what keeps a release out."""

    findings: tuple[Finding, ...]

    code = "publishing.checks-failed"

    def what(self) -> str:
        errors = self._errors()
        return errors[0].text if len(errors) == 1 else f"{len(errors)} things must be changed"

    def facts(self) -> dict[str, str]:
        errors = self._errors()
        told = {
            f"{number}. {one.code}": f"{one.path}: {one.text}" if one.path else one.text
            for number, one in enumerate(errors[:SHOWN_FINDINGS], start=1)
        }
        return told | ({"more": str(len(errors) - SHOWN_FINDINGS)} if len(errors) > SHOWN_FINDINGS else {})

    def fix(self) -> list[str]:
        return ["packctl check", "and explain a code with packctl explain CODE"]

    def _errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level is Level.ERROR]


class NotHandedIn(Conflict):
    """A signature came for a draft without a statement."""

    submission: str

    code = "publishing.not-handed-in"

    def what(self) -> str:
        return f"{self.submission} has no statement yet"

    def fix(self) -> list[str]:
        return ["whoever opened it hands it in first: packctl publish"]


class OtherStatement(Conflict):
    """A signature came for another statement than the one that waits."""

    submission: str
    expected: Digest
    found: Digest

    code = "publishing.other-statement"

    def what(self) -> str:
        return f"{self.submission} waits for signatures over another statement"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected.labelled, "found": self.found.labelled}

    def why(self) -> str:
        return "it was handed in anew after you fetched it, or this file belongs to another submission"

    def fix(self) -> list[str]:
        return [f"packctl sign {self.submission}"]


class SubmissionChanged(Conflict):
    """The draft changed while its archive was read."""

    submission: str

    code = "publishing.changed-meanwhile"

    def what(self) -> str:
        return f"{self.submission} changed while it was checked"

    def why(self) -> str:
        return "somebody else of the same publisher works on it"

    def fix(self) -> list[str]:
        return [f"packctl status {self.submission}"]


class ApprovalDiffers(Conflict):
    """A reviewer signed a decision about something else than what waits here."""

    submission: str
    field: str
    expected: str
    found: str

    code = "publishing.approval-differs"

    def what(self) -> str:
        return f"the decision is not about {self.submission} as it stands: its {self.field} differs"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found}

    def why(self) -> str:
        return "a decision holds for exactly the bytes that were looked at; the submission may have been handed in anew"

    def fix(self) -> list[str]:
        return [f"packctl approve {self.submission}"]


class AttestationMissing(Invalid):
    """An approval rests on an attestation that the registry does not have."""

    attestation: Digest

    code = "publishing.attestation-missing"

    def what(self) -> str:
        return "the attestation that the approval names is not here"

    def facts(self) -> dict[str, str]:
        return {"expected": self.attestation.labelled}

    def why(self) -> str:
        return "whoever reads the approval must be able to read what it rests on"

    def fix(self) -> list[str]:
        return ["approve with another safety level"]


class AttestedTooLate(Conflict):
    """An attestation came for a submission that was decided about."""

    submission: str
    state: str

    code = "publishing.attested-too-late"

    def what(self) -> str:
        return f"nothing can be attested of {self.submission} any more: it is {self.state}"

    def why(self) -> str:
        return "an approval cites the attestation that it rests on, so that comes first; an approved release keeps its safety level"

    def fix(self) -> list[str]:
        return [
            "packctl publish",
            "attest the next release before it is approved: packctl attest NAME@VERSION --claim NAME=TEXT",
        ]


class DecisionTooLong(Invalid):
    """Statement and approvals together do not fit into a packproof."""

    size: int
    ceiling_bytes: int

    code = "publishing.decision-too-long"

    def what(self) -> str:
        return "statement and approvals together are too long for a packproof"

    def facts(self) -> dict[str, str]:
        return {"at most": f"{self.ceiling_bytes} bytes", "found": f"{self.size} bytes"}

    def fix(self) -> list[str]:
        return ["sign the approval anew with packctl approve"]
