"""Answers about CI runs: a lease of at most six hours from a pool of its own, one for each run, whoever of its steps asks.

A run keeps nothing: each step may come with a key that it made for itself, and gets a token for that key and the place of the run.
"""

from packspec.digests import Digest
from packspec.licenses.refusals import NotCovered
from packspec.licenses.use import Right, covers
from packspec.names import PackName
from packspec.protocol.activations import LEASE_CI, CiLeases, LeaseCi
from registry_server.call import Call
from registry_server.catalog import actions as catalog
from registry_server.http.bind import bind
from registry_server.licensing import actions, activating, asking, machines
from registry_server.licensing.activating import Wish
from registry_server.licensing.refusals import NoSuchLicense
from registry_server.licensing.rules import License


def lease_ci(call: Call, ask: LeaseCi) -> CiLeases:
    """The place of a run in the license of a key, for a device that lives as long as the run."""
    device = machines.device_of(ask.device)
    asking.check_same_device(asking.proof_of(call), device)
    found = asking.by_key(call, ask.key)
    if found is None:
        raise NoSuchLicense()
    license = actions.get_locked(call, found.id)
    if ask.pack is not None:
        _check_covers(call, license, ask.pack)
    run = ask.run or device
    placed = activating.take(call, license, Wish(instance_id=instance_of(run), pool="ci", label=run, ci_run=run))
    return CiLeases(leases=[machines.answer(call, placed, device)])


def instance_of(run: str) -> str:
    """What a run is called among the places of a license: as long as a device's name, and never one."""
    return f"ci:{Digest.of(run.encode())}"


def _check_covers(call: Call, license: License, pack: PackName) -> None:
    listed = catalog.find(call, pack)
    category = "" if listed is None else catalog.listing(call, listed).category
    if not covers(Right.of(license.plan, license.facts.starts_at), pack, category):
        raise NotCovered(str(pack), str(license))


BINDINGS = (bind(LEASE_CI, lease_ci),)
