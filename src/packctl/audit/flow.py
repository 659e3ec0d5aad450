"""The whole of an audit: look, judge, hold against the exceptions, and with --fix put right what can be."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from packctl.audit.exceptions import Exceptions
from packctl.audit.judge import Found, Subject, judge
from packctl.audit.look import look
from packctl.audit.remedy import propose, quarantine
from packctl.audit.result import Audited, AuditedRelease, Replayed
from packctl.audit.rights import rights
from packctl.findings.remark import Remark
from packctl.install.begin import Work, begin
from packctl.install.order import Order
from packctl.install.registries import Registries
from packctl.outcome import Notice
from packctl.project.reach import paths_to
from packctl.trust.freshness import Purpose
from packspec.errors import PackError
from packspec.lockfile import Lock, LockMissing
from packspec.moments import moment

if TYPE_CHECKING:
    from packctl.session import Session


class Ended(Struct, frozen=True):
    """What came of it. `errors` decide the exit code; `stands` says whether a warning stands that nobody accepted."""

    result: Audited
    errors: tuple[PackError, ...]
    stands: bool


def audit(session: "Session", *, fix: bool, full: bool) -> Ended:
    """Raises what keeps it from beginning: NoProject, LockMissing, LockBroken, and what opening a registry raises."""
    work = begin(session, Order(doing="auditing packs"))
    if work.lock is None:
        raise LockMissing
    registries = Registries(session, work, Purpose.LOCKED)
    looked = look(work, work.lock, registries)
    found = [one for subject in looked.subjects for one in judge(subject)] + list(looked.keys)
    found += rights(session, registries, looked.subjects)
    replayed: list[Replayed] = []
    broken: list[Found] = []
    if full:
        from packctl.audit.replay import replay_all

        replayed, broken = replay_all(session, registries)
    remarks, own = _exceptions(session, work, work.lock).judge([*found, *broken])
    everything = [*found, *broken, *own]
    remarks += [one.remark for one in own]
    proposals = propose(session, work, registries, looked.subjects) if fix else []
    moved = quarantine(session, work, looked.subjects) if fix else []  # last: what fails before has changed nothing
    times = [registry.freshness.signed_at for registry in registries.opened.values()]
    oldest = min(times, default=0)
    result = Audited(
        releases=[_release(one, work) for one in looked.subjects],
        findings=remarks,
        as_of=moment(oldest) if times else "",
        age_seconds=max(0, session.clock() - oldest) if times else 0,
        quarantined=moved,
        proposals=proposals,
        replayed=replayed,
    )
    return _ended(session, result, everything, remarks)


def _ended(session: "Session", result: Audited, found: Sequence[Found], remarks: Sequence[Remark]) -> Ended:
    errors, stands = [], False
    for one, remark in zip(found, remarks, strict=True):
        if one.level == "error":
            errors.append(one.error)
        elif one.level == "warning" and not remark.ignored:
            stands = True
            session.warn(Notice(one.error.code, one.error.what(), one.error.facts(), one.error.fix()))
    return Ended(result, tuple(errors), stands)


def _exceptions(session: "Session", work: Work, lock: Lock) -> Exceptions:
    starts = [str(wish.pack) for wish in work.project.wishes()]
    needs = {str(pack.name): [str(need.pack) for need in pack.needs] for pack in lock.packs}
    ignored = work.project.audit.ignore
    return Exceptions(
        ignored,
        [work.project.lines.of(("audit", "ignore", number)) for number in range(len(ignored))],
        datetime.datetime.fromtimestamp(session.clock(), datetime.UTC).date(),
        lambda pack: paths_to(pack, starts, needs),
    )


def _release(one: Subject, work: Work) -> AuditedRelease:
    locked = work.lock.find(one.pack) if work.lock else None
    receipt = work.state.receipts.get(one.pack)
    registry = str(locked.registry) if locked else receipt.registry if receipt else ""
    state = "recalled" if one.recalls else one.row.state if one.row else "unknown"
    return AuditedRelease(
        name=str(one.pack),
        version=str(one.version),
        registry=registry,
        state=state,
        installed=one.is_installed,
        line=one.line,
    )
