"""How licenses come to be and change, inside the caller's transaction. Whoever sells calls `issue`, whoever refunds `refund`."""

from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from packspec.licenses.events import REVOKING, Event, Happening, after, begin
from packspec.licenses.keys import LicenseKey
from packspec.licenses.plans import Plan
from packspec.licenses.status import Status
from packspec.licenses.status_list import LIST_BITS
from packspec.protocol.licenses import EventView
from registry_server.audit.actions import record
from registry_server.call import Call
from registry_server.licensing import ci_store, places, store
from registry_server.licensing.refusals import HasLicense, NoSuchLicense, TrialTaken
from registry_server.licensing.rules import License
from registry_server.licensing.signing import signing

_KEY_BYTES = 16
_OVER = (Status.GRACE, Status.EXPIRED, Status.CANCELLED)


@dataclass(frozen=True)
class Order:
    """What is to be had: by which account, with which plan, and what it waits for, if anything."""

    holder: int
    plan: Plan
    quantity: int = 1
    awaiting: Literal["", "payment", "permission", "claim"] = ""
    note: str = ""


@dataclass(frozen=True)
class Outcome:
    """The license as it is now. `key` is None where it keeps the one it has; `outcome` as in `Issued`."""

    license: License
    key: LicenseKey | None
    outcome: str


def get_locked(call: Call, license_id: int) -> License:
    """A license that nobody else changes until this transaction ends. Whose it is, the caller asks. Raises NoSuchLicense."""
    found = store.lock(call.db, license_id)
    if found is None:
        raise NoSuchLicense(f"L-{license_id}")
    return found


def issue(call: Call, order: Order) -> Outcome:
    """Gives a right. A trial that runs is converted, a license of that plan that is over is renewed, one of another plan superseded.

    Raises HasLicense, TrialTaken.
    """
    live = store.find_live(call.db, f"account:{order.holder}", order.plan.pack_key)
    if live is None:
        return _issue_new(call, order, "issued")
    status = live.status(call.now)
    if order.plan.kind == "trial" or (order.awaiting and (status.is_usable or status not in _OVER)):
        raise HasLicense(live.pack_key, str(live), status.value)
    if status is Status.TRIALING:
        return Outcome(
            change(call, live, Event.CONVERT, order.note, plan=order.plan, quantity=order.quantity), None, "converted"
        )
    if live.plan.id != order.plan.id or order.awaiting:
        change(call, live, Event.SUPERSEDE, order.note)
        outcome = _issue_new(call, order, "superseded")
        ci_store.move(call.db, live.id, outcome.license.id)  # the same holder for the same pack
        return outcome
    if status not in _OVER:
        raise HasLicense(live.pack_key, str(live), status.value)
    renewed = change(call, live, Event.RENEW, order.note, plan=order.plan, quantity=order.quantity)
    return Outcome(renewed, None, "renewed")


def _issue_new(call: Call, order: Order, outcome: str) -> Outcome:
    key = LicenseKey.make(call.world.randomness(_KEY_BYTES))
    new = License(
        id=0,
        key_hint=key.hint,
        plan=order.plan,
        pack_key=order.plan.pack_key,
        holder_id=order.holder,
        quantity=order.quantity,
        issued_at=call.now,
        facts=begin(order.plan, call.now, order.awaiting or None),
        reason="",
        status_index=_free_index(call),
        seq=1,
    )
    if order.plan.kind == "trial" and store.trial_was_taken(call.db, new.holder_key, new.pack_key):
        raise TrialTaken(new.pack_key)
    if new.status_index // LIST_BITS >= status_lists(call):
        call.status_changed()  # the first of a new list
    new = replace(new, id=store.add(call.db, new, signing(call.world).keys.digest(key)))
    if new.facts.trial_until is not None:
        store.take_trial(call.db, new, call.now)
    _tell(call, new, Event.ISSUE.value, {"plan": order.plan.id, "quantity": str(order.quantity)}, order.note)
    return Outcome(new, key, outcome)


def change(
    call: Call,
    license: License,
    event: Event,
    note: str = "",
    *,
    periods: int = 1,
    plan: Plan | None = None,
    quantity: int | None = None,
    holder: int | None = None,
) -> License:
    """What an event makes of a locked license; one that changes nothing leaves no trace. Raises IllegalEvent, TrialTaken."""
    happening = Happening(event, call.now, plan or license.plan, periods)
    changed = replace(
        license,
        facts=after(license.facts, happening),
        plan=happening.plan,
        quantity=license.quantity if quantity is None else quantity,
        holder_id=license.holder_id if holder is None else holder,
    )
    if changed == license:
        return license
    if event in REVOKING:
        changed = replace(changed, reason=event.value)
    changed = replace(changed, seq=license.seq + 1)
    if changed.facts.trial_until is not None and license.facts.trial_until is None:
        if store.trial_was_taken(call.db, license.holder_key, license.pack_key):
            raise TrialTaken(license.pack_key)
        store.take_trial(call.db, license, call.now)
    facts = _facts(license, changed)
    if event in REVOKING or event is Event.TRANSFER:
        facts["ended"] = str(places.end_all(call.db, license.id, call.now, event.value))
    if event is Event.TRANSFER:
        ci_store.remove_all(call.db, license.id, call.now)
    if license.is_barred != changed.is_barred:
        call.status_changed()
    store.save(call.db, changed)
    _tell(call, changed, event.value, facts, note)
    return changed


def refund(call: Call, license_id: int, note: str = "") -> License:
    """The money went back: revoked, and every machine and seat ended, in the caller's transaction. Raises NoSuchLicense, IllegalEvent."""
    return change(call, get_locked(call, license_id), Event.REFUND, note)


def transfer(call: Call, license: License, to: int, note: str = "") -> Outcome:
    """Another holder, with another key; machines, seats and rules for CI end. Raises IllegalEvent, HasLicense."""
    theirs = store.find_live(call.db, f"account:{to}", license.pack_key)
    if theirs is not None:
        raise HasLicense(license.pack_key, str(theirs), theirs.status(call.now).value)
    given = change(call, license, Event.TRANSFER, note, holder=to)
    key = LicenseKey.make(call.world.randomness(_KEY_BYTES))
    given = replace(given, key_hint=key.hint, status_index=_free_index(call))
    key_before = store.set_key(call.db, given, signing(call.world).keys.digest(key))
    _leave_behind(call, license, key_before, note)
    return Outcome(given, key, "transferred")


def _leave_behind(call: Call, given_away: License, key_hmac: str, said: str) -> None:
    """What stays with the former holder: a revoked license with their key, machines and persons, and the place in the status list.

    So the tokens that their machines still hold count no more, and the new holder is told nothing of them.
    """
    facts = replace(given_away.facts, revoked_at=call.now)
    past = replace(given_away, id=0, facts=facts, reason=Event.TRANSFER.value, seq=1)
    past = replace(past, id=store.add(call.db, past, key_hmac))
    places.move(call.db, given_away.id, past.id)
    call.status_changed()
    _tell(call, past, Event.TRANSFER.value, {"of": str(given_away)}, said)


def note(call: Call, license: License, event: str, facts: dict[str, str]) -> License:
    """Something to remember of a license that is no event of its status; it counts as a change all the same."""
    changed = replace(license, seq=license.seq + 1)
    store.save(call.db, changed)
    _tell(call, changed, event, facts, "")
    return changed


def revoked_places(call: Call, list_number: int) -> list[int]:
    """The bits that are set in status list `list_number`: of licenses that are revoked, or suspended for now."""
    first = list_number * LIST_BITS
    return [index - first for index in store.barred(call.db, first, first + LIST_BITS)]


def status_lists(call: Call) -> int:
    """How many status lists there are: from 1, so that the first is there before the first license."""
    highest = store.highest_index(call.db)
    return 1 if highest is None else highest // LIST_BITS + 1


def _tell(call: Call, license: License, event: str, facts: dict[str, str], said: str) -> None:
    kept = {**facts, "note": said} if said else facts
    store.add_event(
        call.db,
        license.id,
        EventView(seq=license.seq, event=event, at=call.now, actor=call.actor.subject, facts=kept),
    )
    about = {"pack": license.pack_key, "seq": str(license.seq), **facts}
    record(call, f"license.{event}", f"license:{license.id}", about, reason=said, stream=license.stream)


def _facts(before: License, now: License) -> dict[str, str]:
    """What an event changed, for its history."""
    changed = {
        name: str(getattr(now.facts, name))
        for name in now.facts.__struct_fields__
        if getattr(now.facts, name) != getattr(before.facts, name)
    }
    if now.plan.id != before.plan.id:
        changed["plan"] = now.plan.id
    if now.quantity != before.quantity:
        changed["quantity"] = str(now.quantity)
    if now.holder_id != before.holder_id:
        changed["holder"] = now.holder_key
    return changed


def _free_index(call: Call) -> int:
    """A random place that no license ever had, in a list that is at most half full, so that places tell nothing of time or holder."""
    first = store.newest_id(call.db) * 2 // LIST_BITS * LIST_BITS
    while True:
        index = first + int.from_bytes(call.world.randomness(4), "big") % LIST_BITS
        if not store.has_index(call.db, index):
            return index
