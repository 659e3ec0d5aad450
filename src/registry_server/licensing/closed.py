"""Closed networks: places that are reserved here, and handed out by a registry inside.

Outside, a pool is so many places of one license, taken together or not at all, until a day. Inside, a pool file becomes a license of its
own for as many machines, whose tokens the registry inside signs. Nothing tells two registries inside apart that got the same file: who
holds the license answers for that, and gives the places back outside.
"""

from packspec import limits
from packspec.digests import Digest
from packspec.domains import Domain
from packspec.licenses.files import Pool, PoolSlot
from packspec.licenses.jwk import KeySet
from packspec.licenses.plans import Plan
from packspec.licenses.status import Status
from packspec.licenses.token import NotYetValid
from packspec.moments import day
from packspec.protocol.activations import MAKE_POOL, MakePool, PoolFile
from packspec.protocol.licenses import ActivationView
from packspec.wire import convert
from registry_server.call import Call
from registry_server.http.bind import bind
from registry_server.http.problems import BadRequest
from registry_server.licensing import actions, activating, asking, store, views
from registry_server.licensing.actions import Order, Outcome
from registry_server.licensing.activating import Wish
from registry_server.licensing.place_refusals import PoolOver, PoolTaken
from registry_server.licensing.refusals import HasLicense
from registry_server.licensing.rules import License
from registry_server.licensing.signing import signing, sold, status_ref

_SHORTEST_SECONDS = 3600


def make_pool(call: Call, ask: MakePool) -> PoolFile:
    """So many places of a license of the asker, until a day. The same ask again is the same pool."""
    by = signing(call.world)
    with call.writing() as writing:
        pool, shown = _reserve(writing, ask, by.origin)
    return PoolFile(file=pool.sign(by.keys.signing), places=shown)


def _reserve(call: Call, ask: MakePool, origin: str) -> tuple[Pool, list[ActivationView]]:
    license = asking.held(call, ask.id)
    if ask.until < call.now + _SHORTEST_SECONDS:
        raise BadRequest("until", "this is over, or within the hour")
    number = f"P-{Digest.of(f'{license} {ask.machines} {ask.until} {ask.label}'.encode())[:20]}"
    wishes = [_wish(call, license, ask, number, one) for one in range(1, ask.machines + 1)]
    places = [placed.activation for placed in activating.take_all(call, license, wishes)]
    pool = Pool(
        iss=origin,
        sub=str(license),
        jti=number,
        iat=call.now,
        exp=min(one.expires_at for one in places),
        aud="",
        slots=tuple(PoolSlot(slot=one.slot, activation=str(one)) for one in places),
        status=status_ref(license),
        lic=sold(license),
    )
    return pool, views.activation_views(call, places)


def _wish(call: Call, license: License, ask: MakePool, number: str, one: int) -> Wish:
    return Wish(
        instance_id=f"pool:{number}:{one}",
        pool=license.pool,
        label=f"{ask.label or 'closed network'} {one}",
        domain=None,
        member=call.actor.member,
        is_holder=True,
        request_id=number,
        lease_s=ask.until - call.now,
    )


def take_pool(call: Call, text: str, trusted: KeySet, holder: int) -> Outcome:
    """The license that a pool file is to the registry inside, for the account `holder`. The same file again is the same license.

    `trusted` are the license keys of the registry outside. Raises what is wrong with the file, PoolOver, PoolTaken, HasLicense.
    """
    pool = Pool.read(text, trusted)
    if call.now < pool.iat - limits.CLOCK_SLACK_SECONDS:
        raise NotYetValid(pool.lic.called, day(pool.iat))
    if call.now >= pool.exp:
        raise PoolOver(pool.lic.called, day(pool.exp))
    plan = plan_of(pool, call.now)
    for other in store.page(call.db, [store.of_pack(plan.pack_key), store.not_revoked()], None, 10_000):
        if other.plan.id == plan.id:
            if other.holder_id != holder:
                raise PoolTaken(pool.lic.called, str(other))
            return Outcome(other, None, "had")
        if other.holder_id == holder and other.status(call.now) not in (Status.EXPIRED, Status.CANCELLED):
            raise HasLicense(other.pack_key, str(other), other.status(call.now).value)
    return actions.issue(call, Order(holder, plan, note=f"{pool.jti} of {pool.iss}"))


def plan_of(pool: Pool, now: int) -> Plan:
    """What a pool is to the registry inside: a plan for as many machines, up to the end of the pool."""
    right = pool.lic.right
    updates = None if right.updates_until is None else max(0, right.updates_until - now)
    return Plan(
        id=f"pool-{Digest.of(f'{pool.iss} {pool.jti}'.encode())[:32]}",
        kind="institution",
        pack=right.pack,
        covers=right.covers,
        duration_s=pool.exp - now,
        grace_s=0,
        max_instances=len(pool.slots),
        max_ci=0,
        versions=right.versions,
        updates_s=updates,
        features=right.features,
        domains=convert(right.domains, tuple[Domain, ...]),
        freshness="normal",
    )


BINDINGS = (bind(MAKE_POOL, make_pool),)
