"""What the commands about submissions share: their names, and how one is shown. No command by itself."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe, safe_lines
from packspec.patterns import pattern

if TYPE_CHECKING:
    from packctl.registry.choose import Chosen
    from packctl.registry.client import RegistryClient
    from packspec.errors import PackError
    from packspec.protocol.publishing import SubmissionView

_SUBMISSION = pattern(r"S-[1-9][0-9]{0,14}")
Named = Annotated[str, typer.Argument(metavar="SUBMISSION", help="Such as S-1042; see packctl status")]
"""A submission on the command line."""


class Step(msgspec.Struct, frozen=True):
    """One step of a submission: when (RFC 3339 UTC), who, between which states, why."""

    at: str
    actor: str
    before: str
    after: str
    reason: str
    note: str


class Finding(msgspec.Struct, frozen=True):
    """What the registry's checks noticed."""

    code: str
    level: str
    text: str
    path: str
    line: int


class Submission(msgspec.Struct, frozen=True):
    """Where a submission stands.

    Times are RFC 3339 UTC or empty, digests `sha256:...` or empty; `queue_position` 0 and `log_index` -1 mean none.
    """

    registry: str
    id: str
    pack: str
    version: str
    state: str
    archive: str
    bytes: int
    statement: str
    submitted_by: str
    opened: str
    handed_in: str
    signatures: int
    signatures_needed: int
    approvals: int
    approvals_needed: int
    queue_position: int
    note: str
    hold: bool
    previous: str
    log_index: int
    published: str
    findings: list[Finding]
    steps: list[Step]


def is_submission(text: str) -> bool:
    """Whether a text on the command line names a submission and no file, folder or pack."""
    return _SUBMISSION.fullmatch(text) is not None


def submission_named(text: str) -> str:
    """The submission that was named. Raises BadValue."""
    if not is_submission(text):
        from packctl.usage import BadValue

        raise BadValue("SUBMISSION", text, "S- and a number, such as S-1042")
    return text


def described(chosen: "Chosen", view: "SubmissionView") -> Submission:
    """A view as the result of a command."""
    from packspec.moments import moment

    def at(seconds: int | None) -> str:
        return "" if seconds is None else moment(seconds)

    return Submission(
        registry=chosen.origin,
        id=view.id,
        pack=str(view.pack),
        version=str(view.version),
        state=view.state,
        archive=view.archive.labelled,
        bytes=view.size,
        statement=view.statement_digest.labelled if view.statement_digest else "",
        submitted_by=view.submitted_by,
        opened=moment(view.opened_at),
        handed_in=at(view.handed_in_at),
        signatures=view.signatures,
        signatures_needed=view.signatures_needed,
        approvals=view.approvals,
        approvals_needed=view.approvals_needed,
        queue_position=view.queue_position,
        note=view.note,
        hold=view.hold,
        previous=str(view.previous) if view.previous else "",
        log_index=-1 if view.log_index is None else view.log_index,
        published=at(view.published_at),
        findings=[Finding(one.code, str(one.level), one.text, one.path, one.line) for one in view.findings],
        steps=[
            Step(moment(move.at), move.actor, move.from_state, move.to_state, move.reason, move.note)
            for move in view.moves
        ],
    )


def stands(one: Submission) -> str:
    """Where a submission stands, in one line for people."""
    state = one.state.replace("_", " ")
    match one.state:
        case "draft" if one.signatures < one.signatures_needed and one.statement:
            return f"draft, signed by {one.signatures} of {one.signatures_needed} keys"
        case "pending_review" if one.queue_position:
            return f"waiting for approval, {ordinal(one.queue_position)} in the queue"
        case "in_review" | "pending_review":
            return f"{state}, {one.approvals} of {one.approvals_needed} approvals"
        case "approved" if one.hold:
            return "approved, held back by its publisher"
        case "published":
            return f"published, log entry {one.log_index}"
        case _:
            return state


def next_step(one: Submission) -> str:
    """What its publisher can do about it now, as a command."""
    match one.state:
        case "draft" if one.signatures < one.signatures_needed and one.statement:
            return f"Who holds another key: packctl sign {one.id}"
        case "draft":
            return "Hand it in again, from its folder: packctl publish"
        case "pending_review" | "in_review":
            return f"Wait here: packctl status {one.id} --watch"
        case "approved" if one.hold:
            return f"Let it out: packctl publish {one.id}"
        case "rejected":
            return "When what was asked for is changed, from its folder: packctl publish"
        case "published":
            return f"Install it: packctl add {one.pack}"
        case _:
            return ""


def wait(
    session: Session, chosen: "Chosen", client: "RegistryClient", view: "SubmissionView", limit: tuple[str, int]
) -> "tuple[SubmissionView, tuple[PackError, ...]]":
    """Stays until a reviewer has decided, telling every step on stderr. The submission then, and what stands against it."""
    from packctl.publish.wait import wait_for_decision
    from packctl.registry.open import pace_of

    def tell(now: "SubmissionView") -> None:
        session.console.say(f"{now.id}: {safe(stands(described(chosen, now)))}")

    return wait_for_decision(client, pace_of(session), view, limit, tell)


def show(one: Submission, console: Console) -> None:
    """A submission with its findings and every step, on stdout."""
    console.line(f"{one.id}  {safe(one.pack)} {safe(one.version)}: {safe(stands(one))}")
    console.line(f"  archive   {one.archive}")
    if one.note:
        lines = safe_lines(one.note)
        console.line(f"  note      {lines[0]}")
        for line in lines[1:]:
            console.line(f"            {line}")
    for finding in one.findings:
        place = f"{finding.path}:{finding.line}" if finding.line else finding.path
        console.line(
            f"  {safe(finding.level):<8}  {safe(place)}{': ' if place else ''}{safe(finding.text)} [{safe(finding.code)}]"
        )
    for step in one.steps:
        why = f" ({safe(step.reason)})" if step.reason else ""
        said = f": {safe(step.note)}" if step.note else ""
        console.line(f"  {step.at}  {safe(step.actor)}  {safe(step.before)} -> {safe(step.after)}{why}{said}")


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
