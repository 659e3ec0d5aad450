"""`packctl approve`: verifies a submission on this machine, shows it, and signs its approval."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.options import Key, Note
from packctl.commands.submission import Named, Submission, described, stands, submission_named
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.ask import Declined
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many

if TYPE_CHECKING:
    from packctl.publish.changes import Changes
    from packctl.publish.review import Inspection
    from packspec.digests import Digest
    from packspec.signing.approval import Safety

EXAMPLES = ("packctl approve S-1042", "packctl approve S-1042 --yes --digest sha256:41be9d0c...c2a107")
_SHOWN = 12
_LEVELS: "dict[str, Safety]" = {"none": "none", "pending": "pending", "attested": "attested", "certified": "certified"}


class Approved(msgspec.Struct, frozen=True):
    """The submission after the approval, the key that signed it, and what this machine had found.

    `since` is the release it was compared with, empty for a first one; `facts` are lines `before -> after`.
    """

    submission: Submission
    key: str
    signers: list[str]
    since: str
    added: list[str]
    removed: list[str]
    changed: list[str]
    facts: list[str]


def run(
    session: Session,
    submission: Named,
    key: Key = None,
    note: Note = "",
    digest: Annotated[
        str,
        typer.Option("--digest", metavar="sha256:...", help="The archive you looked at; refused if it is another one"),
    ] = "",
    safety: Annotated[
        str, typer.Option("--safety", metavar="LEVEL", help="What you vouch for: none, pending, attested or certified")
    ] = "none",
) -> Outcome[Approved]:
    """Verify a submission and sign its approval.

    The archive is fetched and read here, compared with what its publisher signed and with the last release, and shown. Then a checklist is
    asked, and the approval of exactly these bytes is signed with your key. Without a terminal, --yes and --digest say what was looked at.
    """
    from packctl.publish.decide import approve, check_attested, check_digest
    from packctl.publish.review import check_decidable, inspect, open_trusted, refuse_own, reviewers_now, take
    from packctl.publish.signer import find_key, open_key, shown
    from packctl.registry.choose import chosen_client
    from packspec.digests import Digest as DigestType
    from packspec.protocol.publishing import SHOW, AskSubmission
    from packspec.submissions import Event

    name, level = submission_named(submission), _level(safety)
    named = DigestType.parse_labelled(digest) if digest else None
    chosen, client = chosen_client(session)
    registry = open_trusted(session, chosen)
    view = client.call(SHOW, AskSubmission(id=name))
    check_decidable(view, Event.APPROVE)
    check_digest(view, named)
    _refuse_unattended(session, view.id, view.archive, named)
    stored = find_key(session, key, reviewers_now(registry, view).keys, f"a reviewer's key of {chosen.name}")
    found = inspect(session, client, registry, take(client, view))
    check_digest(found.view, named)
    refuse_own(found, stored.public)
    check_attested(found, level)
    _show(session, found)
    _ask(session, found, named)
    session.console.say(f"Signing   with key {shown(stored)}")
    after = approve(client, found, open_key(session, stored), note, level, session.clock())
    changes = found.changes
    return Outcome(
        Approved(
            described(chosen, after),
            shown(stored),
            [str(entry) for entry in found.authentic.signers],
            str(changes.since) if changes else "",
            list(changes.added) if changes else [],
            list(changes.removed) if changes else [],
            list(changes.changed) if changes else [],
            list(changes.facts) if changes else [],
        )
    )


def _level(text: str) -> "Safety":
    from packctl.usage import BadValue

    if text not in _LEVELS:
        raise BadValue("--safety", text, ", ".join(_LEVELS))
    return _LEVELS[text]


def _refuse_unattended(session: Session, submission: str, found: "Digest", named: "Digest | None") -> None:
    """Nothing is taken from the queue for somebody who cannot be asked afterwards."""
    from packctl.publish.decide import DigestNotNamed
    from packctl.ui.ask import NeedsAnswer

    if session.console.attended:
        return
    if named is None:
        raise DigestNotNamed(submission, found)
    if not session.globals.yes:
        raise NeedsAnswer(f"Approve {submission} for everybody?", "--yes")


def _show(session: Session, found: "Inspection") -> None:
    """What the reviewer decides about, on stderr, above the questions."""
    from packctl.publish.changes import ages_text, needs_text
    from packctl.ui.moments import duration
    from packctl.ui.progress import megabytes

    view, claim, say = found.view, found.claim, session.console.say
    waited = duration(session.clock() - (view.handed_in_at or view.opened_at))
    say(
        f"{safe(view.pack)} {safe(str(view.version))}, {claim.facts.kind}, waiting {waited}, sent by {safe(view.submitted_by)}"
    )
    say(f"  archive     {view.archive.labelled}   (read and hashed on this machine)")
    signers = ", ".join(safe(str(entry)) for entry in found.authentic.signers)
    enough = f"{len(found.authentic.signers)} of {found.authentic.threshold} needed"
    say(f"  statement   signed by {signers}, {enough}; {many(found.earlier, 'earlier release')}")
    say(
        f"  holds       {many(claim.files, 'file')}, {megabytes(claim.unpacked)}; terms {safe(claim.license)}, {_price(claim.paid)}"
    )
    if found.attestation is not None:
        said = "; ".join(f"{claim.name}: {claim.text}" for claim in found.attestation.claims)
        say(f"  attested    {safe(said)}")
    if view.note:
        say(f"  note        {safe(view.note)}")
    _show_changes(session, found.changes)
    _show_findings(session, found)
    say(f"  needs       {safe(needs_text(claim.facts))}; ages {ages_text(claim.facts.ages)}")


def _price(paid: bool) -> str:
    return "paid" if paid else "free"


def _show_changes(session: Session, changes: "Changes | None") -> None:
    say = session.console.say
    if changes is None:
        say("  since       nothing: this is the first release")
        return
    say(
        f"  since {changes.since}  +{len(changes.added)} files, -{len(changes.removed)}, ~{len(changes.changed)} changed; "
        + (safe("; ".join(changes.facts)) or "terms, price, ages and needs unchanged")
    )
    rows = [
        (sign, path)
        for sign, paths in (("+", changes.added), ("-", changes.removed), ("~", changes.changed))
        for path in paths
    ]
    for sign, path in rows[:_SHOWN] if not session.console.verbose else rows:
        say(f"              {sign} {safe(path)}")
    if len(rows) > _SHOWN and not session.console.verbose:
        say(f"              and {len(rows) - _SHOWN} more (-v shows all)")


def _show_findings(session: Session, found: "Inspection") -> None:
    counts = {level: sum(one.level == level for one in found.findings) for level in ("error", "warning", "note")}
    session.console.say("  checks      " + ", ".join(many(count, level) for level, count in counts.items()))
    for one in found.findings:
        place = f"{one.path}:{one.line}: " if one.line else f"{one.path}: " if one.path else ""
        session.console.say(f"              {one.level} {safe(place + one.text)} [{safe(one.code)}]")


def _ask(session: Session, found: "Inspection", named: "Digest | None") -> None:
    """The checklist and the decision, asked of somebody who is there; `--yes` with the digest has answered both."""
    if named is not None and session.globals.yes:
        return
    from packctl.publish.decide import CHECKLISTS, DigestNotNamed

    refusal = DigestNotNamed(found.view.id, found.view.archive)
    name = found.view.id

    def declined(question: str) -> Declined:
        ways_on = (f"packctl reject {name} --reason CODE --to-draft", f"packctl approve {name}")
        return Declined(question, f"{name} is taken for review", ways_on)

    for item in CHECKLISTS[found.claim.facts.kind]:
        if not session.ask.trust(f"  checklist   {item}: all right?", refusal):
            raise declined(f"checklist: {item}")
    question = "Approve for everyone?"
    if not session.ask.trust(question, refusal):
        raise declined(question)


def text(result: Approved, console: Console) -> None:
    """What became of it."""
    one = result.submission
    console.line(f"{safe(one.pack)} {safe(one.version)}: {safe(stands(one))} ({one.id})")
    console.say(f"Approved, {one.approvals} of {one.approvals_needed} needed.")
    if one.state == "published":
        console.say(f"  Stop new installs: packctl yank {safe(one.pack)}@{safe(one.version)}")
