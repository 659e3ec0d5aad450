"""Judges how a place of this machine stands."""

from msgspec import Struct

from packctl.licenses.cover import Holding, days_left
from packctl.licenses.desk import Desk
from packctl.licenses.standing import Standing
from packspec.errors import PackError
from packspec.licenses.refusals import refusal
from packspec.licenses.status import Status, status_of
from packspec.licenses.use import BY_STATUS, Refused
from packspec.moments import day, moment


class Judged(Struct, frozen=True):
    """A standing, and the refusal that stands behind it if the license is not usable."""

    standing: Standing
    refused: PackError | None
    near_end: str = ""
    """What is said of a license that can still be used and soon cannot."""


def judge(desk: Desk, holding: Holding) -> Judged:
    """How a place stands now."""
    now, token = desk.now, holding.token
    facts = token.lic.facts(holding.revoked_at)
    told = (status for status, word in BY_STATUS.items() if word.code == holding.place.refused)
    status = next(told, status_of(facts, now))  # a list says that it counts no more, and the registry said why
    refused = refused_by(holding, status, now)
    usable_until = facts.usable_until
    list_age = None if holding.list_at is None else max(0, now - holding.list_at)
    return Judged(
        Standing(
            pack=token.lic.called,
            license=token.sub,
            activation=token.jti,
            registry=desk.counter.address,
            plan=token.lic.plan or token.lic.kind,
            status=str(status),
            usable=refused is None,
            code=refused.code if refused else "",
            label=holding.place.label,
            slot=holding.place.slot,
            pool=token.pool,
            ends="" if token.lic.ends is None else moment(token.lic.ends),
            days_left=None if usable_until is None else days_left(holding, now),
            updates_until="" if token.lic.updates_until is None else moment(token.lic.updates_until),
            lease_ends=moment(token.exp),
            lease_seconds=max(0, token.exp - now),
            list_as_of="" if holding.list_at is None else moment(holding.list_at),
            list_age_seconds=list_age,
            freshness=token.lic.freshness,
            clock="back" if now > desk.session.clock() else "ok",
            now=moment(now),
            is_offline=holding.place.is_offline,
            features=token.lic.features,
        ),
        refused,
        near_end(holding, status, now) if refused is None else "",
    )


def near_end(holding: Holding, status: Status, now: int) -> str:
    """What is said of a license of this status that can still be used and soon cannot; empty for others."""
    match status:
        case Status.PAST_DUE:
            return "a payment is due; it still runs"
        case Status.GRACE:
            return f"it is over, {days_left(holding, now)} days of grace are left"
        case _:
            return ""


def refused_by(holding: Holding, status: Status, now: int) -> PackError | None:
    """What refuses a license of this status on this machine."""
    token, called = holding.token, holding.token.lic.called
    word = BY_STATUS.get(status)
    if holding.place.refused:
        word = Refused.by_code(holding.place.refused)
    if word is None and now >= token.exp:
        word = Refused.LEASE_ENDED
    if word is None:
        return holding.stale(now)
    until = {
        Refused.REVOKED: holding.revoked_at,
        Refused.LEASE_ENDED: token.exp,
        Refused.EXPIRED: token.lic.ends,
        Refused.CANCELLED: token.lic.ends,
    }.get(word)
    return refusal(word, called, token.sub, "" if until is None else day(until))
