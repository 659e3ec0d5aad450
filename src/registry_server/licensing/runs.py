"""Answers about CI runs: a lease of at most six hours from a pool of its own, one for each run, whoever of its steps asks.

A run keeps nothing: each step may come with a key that it made for itself, and gets a token for that key and the place of the run. It has
the right by the key of a license, or by the identity that its CI gave it, where the license's holder lets its repository.
"""

from packspec.digests import Digest
from packspec.identities.runs import Run
from packspec.licenses.refusals import NotCovered
from packspec.names import PackName
from packspec.protocol.activations import LEASE_CI, CiLeases, LeaseCi
from registry_server.call import Call
from registry_server.http.bind import bind
from registry_server.http.problems import BadRequest
from registry_server.identities import actions as identities
from registry_server.licensing import actions, activating, asking, ci_store, machines, places, store
from registry_server.licensing.activating import Wish
from registry_server.licensing.ci_refusals import RunNotAllowed
from registry_server.licensing.ci_rules import CiRule, why_not
from registry_server.licensing.machines import Shown
from registry_server.licensing.refusals import NoSuchLicense
from registry_server.licensing.rules import License
from registry_server.licensing.signing import signing
from registry_server.licensing.standing import REFUSED


def lease_ci(call: Call, ask: LeaseCi) -> CiLeases:
    """The place of a run in a license, for a device that lives as long as the run. Issuers are asked before the database is held."""
    if bool(ask.key) == bool(ask.identity):
        raise BadRequest("key", "exactly one of key and identity is given")
    device = machines.device_of(ask.device)
    asking.check_same_device(asking.proof_of(call), device)
    by = signing(call.world)
    if ask.key:
        key = by.kept(ask.key)
        with call.writing() as writing:
            shown = _by_key(writing, ask, device, key)
    else:
        if ask.pack is None:
            raise BadRequest("pack", "an identity is shown for one pack")
        run = identities.identify(call.world, ask.identity, by.origin, call.now)
        with call.writing() as writing:
            shown = _by_identity(writing, run, ask.pack)
    return CiLeases(leases=[machines.signed(by, shown, device)])


def _by_key(call: Call, ask: LeaseCi, device: str, key: str) -> Shown:
    license = store.find_by_key(call.db, key)
    if license is None:
        raise NoSuchLicense()
    if ask.pack is not None and not asking.is_for(call, license, ask.pack):
        raise NotCovered(str(ask.pack), str(license))
    run = ask.run or device
    return _lease(call, license, Wish(instance_id=instance_of(run), pool="ci", label=run, ci_run=run))


def _by_identity(call: Call, run: Run, pack: PackName) -> Shown:
    license, rule = _allowed(call, run, pack)
    wish = Wish(instance_id=instance_of(run.key), pool="ci", label=run.called, ci_run=run.key)
    if not rule.is_bound and run.owner_id:
        ci_store.bind(call.db, rule, run)
        numbers = {"repository": run.repository_id, "owner": run.owner_id}
        license = actions.note(call, license, "ci_bound", {"rule": str(rule), **numbers})
    return _lease(call, license, wish)


def _lease(call: Call, license: License, wish: Wish) -> Shown:
    return machines.show(call, activating.take(call, license, wish))


def _allowed(call: Call, run: Run, pack: PackName) -> tuple[License, CiRule]:
    """The license, locked, that a run may use for a pack, and the rule that says so: the one where it most likely gets a place.

    Raises RunNotAllowed.
    """
    reasons: list[str] = []
    good: list[tuple[License, CiRule]] = []
    for rule in ci_store.about(call.db, run):
        license = store.find(call.db, rule.license_id)
        if license is None or not asking.is_for(call, license, pack):
            continue
        if reason := why_not(rule, run):
            reasons.append(reason)
        else:
            good.append((license, rule))
    for found, rule in sorted(good, key=lambda one: _promise(call, one[0], run), reverse=True):
        license = actions.get_locked(call, found.id)
        now = next((one for one in ci_store.of_license(call.db, license.id) if one.id == rule.id), None)
        if now is not None and not why_not(now, run):  # nobody took it back meanwhile, or was its first run
            return license, now
    raise RunNotAllowed(str(pack), run.repository, run.ref, sorted(set(reasons)))


def _promise(call: Call, license: License, run: Run) -> tuple[bool, bool, bool]:
    """How much a license promises a run: that it can be used, has its place already, has a free one."""
    usable = license.status(call.now) not in REFUSED
    has = places.live_instance(call.db, license.id, instance_of(run.key)) is not None
    used = places.used(call.db, [license.id], call.now).get((license.id, "ci"), 0)
    return usable, has, used < license.places("ci")


def instance_of(run: str) -> str:
    """What a run is called among the places of a license: as long as a device's name, and never one."""
    return f"ci:{Digest.of(run.encode())}"


BINDINGS = (bind(LEASE_CI, lease_ci),)
