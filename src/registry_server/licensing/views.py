"""What is told of licenses: views, entitlements, the true-up report."""

from collections.abc import Mapping, Sequence

from packspec.licenses.use import Right
from packspec.protocol.licenses import ActivationView, LicenseDetail, LicenseView, SeatView
from packspec.protocol.seats import Copied, Entitlement, UseReport
from registry_server.accounts import actions as accounts
from registry_server.call import Call
from registry_server.licensing import places, rules, store
from registry_server.licensing.rules import Activation, License, Seat

EVENTS_SHOWN = 100


def license_views(call: Call, licenses: Sequence[License]) -> list[LicenseView]:
    """Licenses as their holder sees them now, with few questions for many."""
    used = places.used(call.db, [one.id for one in licenses], call.now)
    seated = places.seated(call.db, [one.id for one in licenses if one.persons is not None])
    names = accounts.account_names(call.db, {one.holder_id for one in licenses})
    return [_view(one, call.now, used, seated, names[one.holder_id]) for one in licenses]


def license_view(call: Call, license: License, used: places.Used | None = None) -> LicenseView:
    """One license; its places in use are counted unless somebody did."""
    if used is None:
        used = places.used(call.db, [license.id], call.now)
    seated = places.seated(call.db, [] if license.persons is None else [license.id])
    return _view(license, call.now, used, seated, accounts.account_name(call.db, license.holder_id))


def _view(one: License, now: int, used: places.Used, seated: Mapping[int, int], holder: str) -> LicenseView:
    return LicenseView(
        id=str(one),
        pack=one.pack_key,
        plan=one.plan,
        status=one.status(now).value,
        holder=holder,
        quantity=one.quantity,
        key_hint=one.key_hint,
        starts_at=one.facts.starts_at,
        seq=one.seq,
        machines=one.places("machine"),
        machines_used=used.get((one.id, "device"), 0),
        ci_runs=one.places("ci"),
        ci_used=used.get((one.id, "ci"), 0),
        persons=one.persons,
        persons_used=seated.get(one.id, 0),
        issued_at=one.issued_at,
        ends_at=one.facts.ends_at,
        usable_until=one.facts.usable_until,
        trial_until=one.facts.trial_until,
        cancel_at=one.facts.cancel_at,
        past_due_since=one.facts.past_due_since,
        awaiting=one.facts.awaiting or "",
        suspended_at=one.facts.suspended_at,
        revoked_at=one.facts.revoked_at,
        reason=one.reason,
        updates_until=Right.of(one.plan, one.facts.starts_at).updates_until,
    )


def activation_views(call: Call, activations: Sequence[Activation]) -> list[ActivationView]:
    """Places of machines and runs. One whose lease is over is shown as ended, whether or not anybody noticed yet."""
    names = accounts.person_names(call.db, {one.member_id for one in activations if one.member_id is not None})
    return [
        ActivationView(
            id=str(one),
            license=f"L-{one.license_id}",
            pool=one.pool,
            slot=one.slot + 1,
            instance=one.instance_id,
            label=one.label,
            activated_at=one.activated_at,
            seen_at=one.seen_at,
            expires_at=one.expires_at,
            domain=one.domain,
            host_hash=one.host_hash,
            member=names.get(one.member_id or 0, ""),
            ended_at=one.expires_at if one.ended_at is None and one.expires_at <= call.now else one.ended_at,
            ended_reason="lease" if one.ended_at is None and one.expires_at <= call.now else one.ended_reason,
        )
        for one in activations
    ]


def activation_view(call: Call, activation: Activation) -> ActivationView:
    """One place."""
    return activation_views(call, [activation])[0]


def seat_views(call: Call, seats: Sequence[Seat]) -> list[SeatView]:
    """Seats with the names of their persons."""
    names = accounts.person_names(call.db, {one.member_id for one in seats})
    return [
        SeatView(
            member=names[one.member_id], slot=one.slot + 1, assigned_at=one.assigned_at, released_at=one.released_at
        )
        for one in seats
    ]


def detail(call: Call, license: License, *, whole: bool) -> LicenseDetail:
    """A license with who uses it and its history; not `whole`: for somebody who sold it, whom its machines and persons do not concern."""
    if not whole:
        return LicenseDetail(
            license=license_view(call, license), events=store.events(call.db, license.id, EVENTS_SHOWN)
        )
    pools = [*places.live(call.db, license.id, "machine"), *places.live(call.db, license.id, "ci")]
    current = [one for one in pools if one.expires_at > call.now]
    return LicenseDetail(
        license=license_view(call, license),
        activations=activation_views(call, current),
        seats=seat_views(call, places.seats(call.db, license.id)),
        events=store.events(call.db, license.id, EVENTS_SHOWN),
    )


def use_report(call: Call, license: License, since: int, until: int) -> UseReport:
    """Every machine, run and seat that had a place in [since, until], and the most at once. `until` 0: now."""
    end = min(until, call.now) if until else call.now
    used = activation_views(call, places.between(call.db, license.id, since, end))
    seats = seat_views(call, places.seats_between(call.db, license.id, since, end))
    return UseReport(
        license=license_view(call, license),
        since=since,
        until=end,
        machines_most=rules.most_at_once([(one.activated_at, one.ended_at) for one in used if one.pool != "ci"]),
        ci_most=rules.most_at_once([(one.activated_at, one.ended_at) for one in used if one.pool == "ci"]),
        persons_most=rules.most_at_once([(one.assigned_at, one.released_at) for one in seats]),
        activations=used,
        seats=seats,
        copied=[
            Copied(activation=one.facts["activation"], machine=one.facts["machine"], at=one.at)
            for one in store.happened(call.db, license.id, rules.CLONED, since, end)
        ],
    )


def entitlements(call: Call, licenses: Sequence[License], member: int) -> list[Entitlement]:
    """What licenses mean to a resolver that asks for `member`."""
    return [
        Entitlement(
            license=view.id,
            pack=view.pack,
            status=view.status,
            covers=list(one.plan.covers),
            versions="" if one.plan.versions is None else str(one.plan.versions),
            updates_until=view.updates_until,
            ends_at=view.ends_at,
            grace_s=one.facts.grace_s,
            features=list(one.plan.features),
            machines_free=max(0, view.machines - view.machines_used),
            persons=view.persons,
            persons_free=None if view.persons is None else max(0, view.persons - view.persons_used),
            has_seat=not one.needs_seat or places.has_seat(call.db, one.id, member),
        )
        for one, view in zip(licenses, license_views(call, licenses), strict=True)
    ]
