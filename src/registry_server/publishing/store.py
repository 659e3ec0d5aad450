"""Questions about submissions to the database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from packspec import wire
from packspec.checkreport import CheckReport
from packspec.digests import Digest
from packspec.names import PackName, PublisherName
from packspec.signing.dsse import Envelope
from packspec.submissions import State
from packspec.versions import Version
from registry_server.catalog.rules import Texts
from registry_server.publishing.rules import KeptDecision, KeptMove, Submission
from registry_server.publishing.tables import submission, submission_approval, submission_move

_LIVE = [state.value for state in (State.PENDING_REVIEW, State.IN_REVIEW, State.APPROVED, State.PUBLISHED)]

# Built once: every step of a submission asks these, and building a statement costs more than running it.
_BY_NUMBER = sa.select(submission).where(submission.c.number == sa.bindparam("wanted")).with_for_update()
_OF = (
    sa.select(submission)
    .where(submission.c.pack == sa.bindparam("pack"), submission.c.version == sa.bindparam("version"))
    .with_for_update()
)
_LIVE_OF = _OF.where(submission.c.state.in_(_LIVE))
_DRAFTS_OF = _OF.where(submission.c.state == State.DRAFT.value).order_by(submission.c.number.desc())
_ADD = submission.insert().returning(submission.c.number)
_KEEP = submission.update().where(submission.c.number == sa.bindparam("wanted"))
_MOVES = (
    sa.select(submission_move)
    .where(submission_move.c.submission.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(submission_move.c.submission, submission_move.c.number)
)
_ADD_MOVE = submission_move.insert().values(
    number=sa.select(sa.func.count() + 1).where(submission_move.c.submission == sa.bindparam("of")).scalar_subquery()
)
_FORGET_DECISION = submission_approval.delete().where(
    submission_approval.c.submission == sa.bindparam("number"),
    submission_approval.c.member_id == sa.bindparam("member"),
    submission_approval.c.digest == sa.bindparam("document"),
)
_DECISIONS = (
    sa.select(submission_approval)
    .where(
        submission_approval.c.submission == sa.bindparam("number"), submission_approval.c.round == sa.bindparam("round")
    )
    .order_by(submission_approval.c.at, submission_approval.c.digest)
)
_AT = sa.bindparam("at", type_=submission.c.handed_in_at.type)
_NUMBER = sa.bindparam("number", type_=submission.c.number.type)
_BEFORE_IT = sa.select(sa.func.count()).where(
    submission.c.state == State.PENDING_REVIEW.value,
    (submission.c.handed_in_at < _AT) | ((submission.c.handed_in_at == _AT) & (submission.c.number <= _NUMBER)),
)


class Taken(Exception):
    """Another submission of this (pack, version) is live already; the caller says which."""


def find(db: Connection, number: int) -> Submission | None:
    """The submission with this number. In a write transaction nobody else changes it until the end."""
    row = db.execute(_BY_NUMBER, {"wanted": number}).one_or_none()
    return None if row is None else _submission(row)


def live(db: Connection, pack: PackName, version: Version) -> Submission | None:
    """The one submission of this release that is beyond draft and not rejected."""
    row = db.execute(_LIVE_OF, {"pack": str(pack), "version": str(version)}).one_or_none()
    return None if row is None else _submission(row)


def drafts(db: Connection, pack: PackName, version: Version) -> list[Submission]:
    """Drafts of this release, newest first."""
    return [_submission(row) for row in db.execute(_DRAFTS_OF, {"pack": str(pack), "version": str(version)})]


def add(db: Connection, one: Submission) -> Submission:
    """Keeps a new draft; its number is given here."""
    inserted = db.execute(_ADD, _values(one))
    return msgspec.structs.replace(one, number=int(inserted.scalar_one()))


def keep(db: Connection, one: Submission) -> None:
    """Keeps what changed of a submission. Raises Taken, which ends the transaction: PostgreSQL takes nothing more in it."""
    try:
        db.execute(_KEEP, {"wanted": one.number, **_values(one)})
    except IntegrityError as error:
        raise Taken(one.number) from error


def add_move(db: Connection, number: int, move: KeptMove) -> None:
    """Adds a step to the history."""
    values = {
        "at": move.at, "member_id": move.member, "event": move.event, "from_state": move.from_state, "to_state": move.to_state,
        "reason": move.reason, "note": move.note,
    }  # fmt: skip
    db.execute(_ADD_MOVE, {"of": number, "submission": number, **values})


def moves(db: Connection, numbers: Collection[int]) -> dict[int, list[KeptMove]]:
    """The histories of submissions, first step first."""
    found: dict[int, list[KeptMove]] = {number: [] for number in numbers}
    for row in db.execute(_MOVES, {"numbers": list(numbers)}):
        found[row.submission].append(
            KeptMove(
                at=row.at,
                member=row.member_id,
                event=row.event,
                from_state=row.from_state,
                to_state=row.to_state,
                reason=row.reason,
                note=row.note,
            )
        )
    return found


def add_decision(db: Connection, number: int, decision: KeptDecision) -> None:
    """Keeps a reviewer's decision; the same document of the same reviewer stays one, with the newest signatures."""
    digest = str(decision.envelope.digest)
    db.execute(_FORGET_DECISION, {"number": number, "member": decision.member, "document": digest})
    values = {
        "submission": number, "member_id": decision.member, "digest": digest, "round": decision.round, "decision": decision.decision,
        "at": decision.at, "envelope": decision.envelope.encode().decode(),
    }  # fmt: skip
    db.execute(submission_approval.insert(), values)


def decisions(db: Connection, of: Submission) -> list[KeptDecision]:
    """The reviewers' decisions of this round, in the order in which they came."""
    rows = db.execute(_DECISIONS, {"number": of.number, "round": of.round})
    return [
        KeptDecision(
            member=row.member_id,
            round=row.round,
            decision=row.decision,
            at=row.at,
            envelope=Envelope.parse(row.envelope.encode()),
        )
        for row in rows
    ]


def decided(db: Connection, visible: int) -> list[int]:
    """The numbers of submissions whose entry is among the first `visible` of the log, and that nobody has called published yet."""
    state = submission.c.state == State.APPROVED.value
    wanted = sa.select(submission.c.number).where(state & (submission.c.log_number < visible))
    return list(db.scalars(wanted.order_by(submission.c.number)))


def queue_position(db: Connection, of: Submission) -> int:
    """Where it stands in the queue, from 1; 0 if it does not wait there."""
    if of.state is not State.PENDING_REVIEW:
        return 0
    return db.scalar(_BEFORE_IT, {"at": of.handed_in_at, "number": of.number}) or 0


@dataclass(frozen=True)
class Wanted:
    """Which submissions to list. None and empty mean any; `publishers` are those whose submissions the asker may see."""

    states: tuple[State, ...] = ()
    publishers: tuple[PublisherName, ...] | None = None
    publisher: PublisherName | None = None
    pack: PackName | None = None
    kind: str = ""
    newest_first: bool = False


def listed(db: Connection, wanted: Wanted, page: int, limit: int) -> tuple[list[Submission], int]:
    """One page of submissions, and how many there are in all. Oldest hand-in first, drafts by when they were opened."""
    chosen = sa.select(submission)
    for condition in _conditions(wanted):
        chosen = chosen.where(condition)
    total = db.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    age = sa.func.coalesce(submission.c.handed_in_at, submission.c.opened_at)
    order = (age.desc(), submission.c.number.desc()) if wanted.newest_first else (age, submission.c.number)
    rows = db.execute(chosen.order_by(*order).limit(limit).offset((page - 1) * limit))
    return [_submission(row) for row in rows], total


def _conditions(wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.states:
        yield submission.c.state.in_([state.value for state in wanted.states])
    if wanted.publishers is not None:
        yield submission.c.publisher.in_([str(name) for name in wanted.publishers])
    if wanted.publisher is not None:
        yield submission.c.publisher == str(wanted.publisher)
    if wanted.pack is not None:
        yield submission.c.pack == str(wanted.pack)
    if wanted.kind:
        yield submission.c.kind == wanted.kind


def _values(one: Submission) -> dict[str, object]:
    return {
        "pack": str(one.pack),
        "publisher": str(one.publisher),
        "version": str(one.version),
        "kind": one.kind,
        "state": one.state.value,
        "archive": str(one.archive),
        "size": one.size,
        "opened_by": one.opened_by,
        "opened_at": one.opened_at,
        "handed_in_by": one.handed_in_by,
        "handed_in_at": one.handed_in_at,
        "round": one.round,
        "statement": None if one.envelope is None else str(one.envelope.digest),
        "envelope": None if one.envelope is None else one.envelope.encode().decode(),
        "report": None if one.report is None else one.report.encode().decode(),
        "texts": msgspec.to_builtins(one.texts, enc_hook=wire.enc_hook),
        "note": one.note,
        "hold": one.hold,
        "taken_by": one.taken_by,
        "log_number": one.log_number,
        "published_at": one.published_at,
    }


def _submission(row: Row[tuple[object, ...]]) -> Submission:
    return Submission(
        number=row.number,
        pack=PackName(row.pack),
        version=Version.parse(row.version),
        kind=row.kind,
        state=State(row.state),
        archive=Digest(row.archive),
        size=row.size,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        handed_in_by=row.handed_in_by,
        handed_in_at=row.handed_in_at,
        round=row.round,
        envelope=None if row.envelope is None else Envelope.parse(row.envelope.encode()),
        report=None if row.report is None else CheckReport.parse(row.report.encode()),
        texts=None if row.texts is None else wire.convert(row.texts, Texts),
        note=row.note,
        hold=row.hold,
        taken_by=row.taken_by,
        log_number=row.log_number,
        published_at=row.published_at,
    )
