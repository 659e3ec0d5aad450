"""Rows of the room `publishing`: a submission's life from draft to published."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from packspec import limits
from packspec.checks import Finding
from packspec.digests import Digest
from packspec.names import PackName, PublisherName
from packspec.protocol.catalog import AskPack
from packspec.protocol.endpoint import Body, Effect, Endpoint, FileBytes
from packspec.protocol.publishers import Envelope, Text
from packspec.versions import Version
from packspec.wire import Answer, Message

SubmissionId = Annotated[str, msgspec.Meta(pattern=r"^S-[1-9][0-9]{0,14}\Z")]
"""`S-` and a number."""
StateFilter: TypeAlias = Literal[
    "", "waiting", "draft", "pending_review", "in_review", "approved", "rejected", "published"
]
"""One state, empty for any, `waiting` for the queue: `pending_review` and `in_review`."""


class OpenSubmission(Message, frozen=True):
    """Opens a draft for one version of a pack. Opening it again for the same archive gives the same draft."""

    pack: PackName
    version: Version
    archive: Digest
    size: Annotated[int, msgspec.Meta(ge=1, le=limits.ARCHIVE_BYTES)]
    """Bytes of the archive."""


class HandIn(Message, frozen=True):
    """Hands in the statement for an archive that was uploaded, with a note for the reviewer."""

    id: SubmissionId
    statement: Envelope
    note: Text = ""
    hold: bool = False
    """Keep the release back after approval, until PUBLISH."""


class AddSignature(Message, frozen=True):
    """One more signature over the statement of a draft that waits for signatures."""

    id: SubmissionId
    statement: Envelope
    """The envelope with the further signature; signatures that the registry knows already are ignored."""


class Attest(Message, frozen=True):
    """The publisher's signed attestation about the release of a submission that nobody has decided about yet."""

    id: SubmissionId
    attestation: Envelope
    """The same attestation again, signed with another key, adds that signature; another attestation takes its place."""


class AskSubmission(Message, frozen=True):
    """Which submission."""

    id: SubmissionId


class ListSubmissions(Message, frozen=True):
    """Submissions that the asker may see: reviewers and admins all, publishers their own."""

    state: StateFilter = ""
    publisher: PublisherName | None = None
    pack: PackName | None = None
    kind: str = ""
    sort: Literal["age", "newest"] = "age"
    """`age`: oldest hand-in first."""
    page: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    limit: Annotated[int, msgspec.Meta(ge=1, le=limits.PAGE_ROWS)] = 50


class Decide(Message, frozen=True):
    """A reviewer's signed decision: the envelope over an approval document, made on the reviewer's machine."""

    id: SubmissionId
    approval: Envelope
    note: Text = ""


class Reject(Message, frozen=True):
    """A reviewer's signed rejection; `to_draft` asks for changes instead of ending it."""

    id: SubmissionId
    approval: Envelope
    note: Text = ""
    to_draft: bool = False


class Move(Answer, frozen=True):
    """One step of a submission: who, when, from, to, why."""

    at: int
    actor: str
    from_state: str
    to_state: str
    reason: str = ""
    note: str = ""


class SubmissionView(Answer, frozen=True):
    """A submission as its publisher and the reviewers see it."""

    id: SubmissionId
    pack: PackName
    version: Version
    kind: str
    state: str
    archive: Digest
    size: int
    submitted_by: str
    opened_at: int
    handed_in_at: int | None = None
    statement_digest: Digest | None = None
    statement: str = ""
    """The publisher's envelope, as JSON text; empty in a fresh draft."""
    signatures: int = 0
    """Signatures that count now."""
    signatures_needed: int = 1
    approvals: int = 0
    approvals_needed: int = 1
    attestation: str = ""
    """The envelope of what the publisher attests of this very statement, as JSON text; empty if it attests nothing."""
    attestation_signatures: int = 0
    """Signatures of it that count now; as many are needed as for the statement."""
    note: str = ""
    hold: bool = False
    findings: list[Finding] = []
    checks: Digest | None = None
    """Digest of the check report (`packspec.checkreport`), which the approval names."""
    moves: list[Move] = []
    previous: Version | None = None
    """The newest published release before this one."""
    queue_position: int = 0
    """From 1; 0 when it does not wait in the queue."""
    log_index: int | None = None
    published_at: int | None = None


class SubmissionList(Answer, frozen=True):
    """One page of submissions."""

    submissions: list[SubmissionView]
    total: int
    page: int
    pages: int


class Withdrawn(Message, frozen=True):
    """Takes a submission back to draft."""

    id: SubmissionId
    note: Text = ""


class YankRelease(AskPack, frozen=True):
    """Keeps a release from being chosen anew; what is locked stays installable."""

    version: Version
    reason: str
    note: Annotated[str, msgspec.Meta(max_length=limits.NOTE_CHARACTERS)] = ""


class RestoreRelease(AskPack, frozen=True):
    """Lifts a yank. The restore document is signed with a release key: loosening needs signatures."""

    version: Version
    restore: Envelope


class DeprecateRelease(AskPack, frozen=True):
    """Marks a release as superseded; it stays installable. Reason `none` lifts it."""

    version: Version
    reason: str
    note: Annotated[str, msgspec.Meta(max_length=limits.NOTE_CHARACTERS)] = ""
    use: PackName | None = None


class LoggedAct(Answer, frozen=True):
    """An act that is in the log and on the static side."""

    pack: PackName
    version: Version
    state: str
    """The state of the release from now on."""
    log_index: int
    is_new: bool = True
    """False: it was so already, so the log got no new entry; `log_index` is that of the one that says so."""


_SUBMISSION = "/api/v1/submissions/{id}"
_RELEASE = "/api/v1/packs/{publisher}/{name}/releases/{version}"

OPEN = Endpoint(
    "POST", "/api/v1/submissions", OpenSubmission, SubmissionView, Effect.WRITE,
    action="submission.open", scope="publish", status=201, summary="Open a draft",
)  # fmt: skip
HAND_IN = Endpoint(
    "POST", f"{_SUBMISSION}/hand-in", HandIn, SubmissionView, Effect.NONE,
    action="submission.open", scope="publish", summary="Hand in the signed statement; the archive is checked",
)  # fmt: skip
SIGN = Endpoint(
    "POST", f"{_SUBMISSION}/signatures", AddSignature, SubmissionView, Effect.NONE,
    action="submission.open", scope="publish", summary="Add a signature to a draft that waits for more",
)  # fmt: skip
ATTEST = Endpoint(
    "POST", f"{_SUBMISSION}/attestation", Attest, SubmissionView, Effect.WRITE,
    action="submission.open", scope="publish", summary="Hand in what the publisher attests of a release",
)  # fmt: skip
WITHDRAW = Endpoint(
    "POST", f"{_SUBMISSION}/withdraw", Withdrawn, SubmissionView, Effect.WRITE,
    action="submission.open", scope="publish", summary="Take a submission back to draft",
)  # fmt: skip
LIST = Endpoint(
    "GET", "/api/v1/submissions", ListSubmissions, SubmissionList, Effect.READ,
    action="submission.see", scope="", body=Body.QUERY, summary="Submissions, the queue",
)  # fmt: skip
SHOW = Endpoint(
    "GET", _SUBMISSION, AskSubmission, SubmissionView, Effect.READ,
    action="submission.see", scope="", body=Body.QUERY, summary="One submission with every step",
)  # fmt: skip
ARCHIVE = Endpoint(
    "GET", f"{_SUBMISSION}/archive", AskSubmission, FileBytes, Effect.READ,
    action="submission.see", scope="", body=Body.QUERY, summary="The archive that was handed in, as bytes",
)  # fmt: skip
TAKE = Endpoint(
    "POST", f"{_SUBMISSION}/take", AskSubmission, SubmissionView, Effect.WRITE,
    action="submission.review", scope="approve", summary="Take a submission from the queue",
)  # fmt: skip
APPROVE = Endpoint(
    "POST", f"{_SUBMISSION}/approval", Decide, SubmissionView, Effect.NONE,
    action="submission.decide", scope="approve", summary="Hand in a signed approval; enough of them publish the release",
)  # fmt: skip
REJECT = Endpoint(
    "POST", f"{_SUBMISSION}/rejection", Reject, SubmissionView, Effect.WRITE,
    action="submission.decide", scope="approve", summary="Hand in a signed rejection",
)  # fmt: skip
PUBLISH = Endpoint(
    "POST", f"{_SUBMISSION}/publish", AskSubmission, SubmissionView, Effect.NONE,
    action="submission.open", scope="publish", summary="Publish an approved release that was held back",
)  # fmt: skip
YANK = Endpoint(
    "POST", f"{_RELEASE}/yank", YankRelease, LoggedAct, Effect.WRITE,
    action="release.yank", scope="publish", summary="Yank a release",
)  # fmt: skip
RESTORE = Endpoint(
    "POST", f"{_RELEASE}/restore", RestoreRelease, LoggedAct, Effect.WRITE,
    action="release.yank", scope="publish", summary="Lift a yank with a signed restore document",
)  # fmt: skip
DEPRECATE = Endpoint(
    "POST", f"{_RELEASE}/deprecate", DeprecateRelease, LoggedAct, Effect.WRITE,
    action="release.deprecate", scope="publish", summary="Deprecate a release, or lift that",
)  # fmt: skip
