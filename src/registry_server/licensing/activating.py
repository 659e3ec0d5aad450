"""Places of machines: taking one, renewing its lease, giving it back. The license is locked, so no two of them are decided at once."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from packspec.domains import is_host
from packspec.licenses.events import Event
from packspec.licenses.plans import Pool
from packspec.licenses.refusals import NotActivated
from packspec.signing.encoding import to_base64url
from registry_server.audit.actions import record
from registry_server.call import Call
from registry_server.licensing import actions, places, rules, seating
from registry_server.licensing.place_refusals import DomainNotAllowed, MemberNotSeated, NoMachineLeft, NoRunLeft
from registry_server.licensing.rules import NOTHING_TAKEN, Activation, License, kind_of
from registry_server.licensing.standing import check_takes, check_usable


class Wish(Struct, frozen=True):
    """A place for a device or run. `lease_s` is what a license file or a run asks for; None: what the plan gives."""

    instance_id: str
    pool: Pool
    label: str = ""
    host_hash: str = ""
    domain: str | None = ""
    """None: a place of a closed network, where the registry inside asks for it."""
    member: int | None = None
    """Who asks, if they are logged in."""
    is_holder: bool = False
    """Whether that is somebody of the account that holds the license."""
    ci_run: str = ""
    request_id: str = ""
    lease_s: int | None = None
    nonce: str = ""
    """The one that a device showed, which asks while it has a place."""


class Placed(Struct, frozen=True):
    """A place, and whether it was taken just now. The license is as it is after that: a first machine may start a trial."""

    license: License
    activation: Activation
    is_new: bool
    used: places.Used | None = None
    """How many places are in use with it, if they were counted."""


def take(call: Call, license: License, wish: Wish) -> Placed:
    """The place of a device in a locked license: the one that it has, or a free one.

    Raises NoMachineLeft or NoRunLeft, DomainNotAllowed, MemberNotSeated, NoSeatLeft, and what `check_takes` raises.
    """
    return take_all(call, license, [wish])[0]


def take_all(call: Call, license: License, wishes: Sequence[Wish]) -> list[Placed]:
    """The same for several of one pool. A refusal for one of them leaves the others to the caller's transaction to undo."""
    taken = places.taken(call.db, license.id, call.now)
    pool = wishes[0].pool
    free = places.free_slots(call.db, license.id, pool, taken.get(kind_of(pool), NOTHING_TAKEN), license.places(pool))
    used = {(license.id, kind): extent.number for kind, extent in taken.items()}
    placed: list[Placed] = []
    for wish in wishes:
        one = _take(call, placed[-1].license if placed else license, wish, free)
        if one.is_new:
            used[license.id, kind_of(pool)] = used.get((license.id, kind_of(pool)), 0) + 1
        placed.append(replace(one, used=used))
    return placed


def _take(call: Call, license: License, wish: Wish, free: Iterator[int]) -> Placed:
    _check_domain(license, wish)
    found = places.live_instance(call.db, license.id, wish.instance_id)
    if found is not None:
        check_usable(license, call.now)
        if wish.member not in (None, found.member_id):  # somebody else sits there now
            _check_seat(call, license, wish)
        return Placed(license, _again(call, license, found, wish), is_new=False)
    if license.facts.awaiting == "first-activation":
        license = actions.change(call, license, Event.START_TRIAL)
    check_takes(license, call.now)
    _check_seat(call, license, wish)
    slot = next(free, None)
    if slot is None:
        raise _none_left(license, wish.pool, places.live(call.db, license.id, wish.pool), call.now)
    new = places.add(call.db, _new(call, license, wish, slot))
    facts = {"license": str(license), "slot": str(slot + 1), "pool": wish.pool}
    record(call, "license.activate", f"activation:{new.id}", facts, stream=license.stream)
    return Placed(license, new, is_new=True)


def extend(call: Call, license: License, activation: Activation, shown: str = "") -> Activation:
    """A new lease for a place that is held, with the next nonce of its device. Raises what `check_usable` raises.

    `shown` is the nonce that the device knew. It may show it once more, if this answer is lost; the one that was given in a lost answer
    before this counts no more. So of two machines that take turns the first to come back a second time is told apart.
    """
    check_usable(license, call.now)
    lease = rules.lease_end(license, activation.pool, call.now)
    if activation.request_id:  # a license file may count longer than a lease
        lease = max(lease, activation.expires_at)
    renewed = replace(
        activation, seen_at=call.now, expires_at=lease, nonce=new_nonce(call), nonce_before=shown or activation.nonce
    )
    places.save(call.db, renewed)
    return renewed


def end(call: Call, license: License, activation: Activation, reason: str) -> Activation:
    """Gives a place back. One that is free already stays as it was."""
    if activation.ended_at is not None:
        return activation
    ended = replace(
        activation, ended_at=min(call.now, max(activation.expires_at, activation.activated_at)), ended_reason=reason
    )
    places.save(call.db, ended)
    facts = {"license": str(license), "slot": str(activation.slot + 1), "reason": reason}
    record(call, "license.deactivate", f"activation:{activation.id}", facts, stream=license.stream)
    return ended


def new_nonce(call: Call) -> str:
    """What the next proof of a device must name."""
    return to_base64url(call.world.randomness(rules.NONCE_BYTES))


def _check_domain(license: License, wish: Wish) -> None:
    if wish.pool == "ci" or wish.domain is None:
        return
    if (wish.domain and not is_host(wish.domain)) or not rules.domain_fits(license.plan, wish.domain):
        raise DomainNotAllowed(license.pack_key, wish.domain, list(license.plan.domains))


def _check_seat(call: Call, license: License, wish: Wish) -> None:
    if wish.pool == "ci" or not license.needs_seat:
        return
    if wish.member is not None and wish.is_holder:
        seating.give(call, license, wish.member)  # whoever holds it may seat themselves
    elif wish.member is None or not places.has_seat(call.db, license.id, wish.member):
        raise MemberNotSeated(license.pack_key, str(license))


def _again(call: Call, license: License, found: Activation, wish: Wish) -> Activation:
    same = replace(
        found,
        label=wish.label or found.label,
        host_hash=wish.host_hash or found.host_hash,
        domain=wish.domain or found.domain,
        member_id=found.member_id if wish.member is None else wish.member,
        request_id=wish.request_id or found.request_id,
        seen_at=call.now,
        expires_at=max(found.expires_at, rules.lease_end(license, found.pool, call.now, wish.lease_s)),
    )
    if not wish.request_id:  # a file carries no nonce, so the device goes on with the one that it has
        before = wish.nonce if rules.follows(found, wish.nonce) else ""
        same = replace(same, nonce=new_nonce(call), nonce_before=before)
    places.save(call.db, same)
    return same


def _new(call: Call, license: License, wish: Wish, slot: int) -> Activation:
    return Activation(
        id=0,
        license_id=license.id,
        pool=wish.pool,
        slot=slot,
        instance_id=wish.instance_id,
        label=wish.label,
        host_hash=wish.host_hash,
        domain=wish.domain or "",
        member_id=wish.member,
        ci_run=wish.ci_run,
        request_id=wish.request_id,
        nonce=new_nonce(call),
        nonce_before="",
        activated_at=call.now,
        seen_at=call.now,
        expires_at=rules.lease_end(license, wish.pool, call.now, wish.lease_s),
        ended_at=None,
        ended_reason="",
    )


def _none_left(license: License, pool: Pool, taken: list[Activation], now: int) -> NoMachineLeft | NoRunLeft:
    if pool == "ci":
        return NoRunLeft(
            license.pack_key, license.places(pool), min(one.expires_at for one in taken) - now if taken else 0
        )
    return NoMachineLeft(license.pack_key, license.places(pool), len(taken), [one.called for one in taken])


def not_activated(license: License) -> NotActivated:
    """The refusal for a device whose place was given back."""
    return NotActivated(license.pack_key, str(license))
