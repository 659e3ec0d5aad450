"""Plans: the first values of the latest release's pack.toml, and what the publisher changed of them since, without a new release."""

from packspec.index.missing import NoSuchPack
from packspec.licenses.plans import Plan, find_plan, read_plan
from packspec.names import PackName
from registry_server.audit.actions import record
from registry_server.call import Call
from registry_server.catalog import actions as catalog
from registry_server.licensing import store
from registry_server.licensing.refusals import BadTerms, NoSuchPlan
from registry_server.publishers import actions as publishers


def plans(call: Call, pack: PackName) -> list[Plan]:
    """The plans that a pack is sold with now, in the order of pack.toml, then of their ids. Raises NoSuchPack."""
    listed = catalog.listing(call, catalog.get(call, pack)).plans
    first = {one.id: one for one in map(read_plan, listed)}
    now: dict[str, Plan | None] = {**first, **store.changed_plans(call.db, pack)}
    return [one for one in now.values() if one is not None]


def get(call: Call, pack: PackName, id: str) -> Plan:
    """One plan of a pack. Raises NoSuchPack, NoSuchPlan."""
    known = plans(call, pack)
    found = find_plan(known, id)
    if found is None:
        raise NoSuchPlan(str(pack), id, [one.id for one in known])
    return found


def set_plan(call: Call, pack: PackName, terms: Plan) -> list[Plan]:
    """Sells a plan as `terms` say from now on. Raises BadTerms, NoSuchPack, and as `publishers.acting_for`."""
    _check_mine(call, pack)
    if terms.pack != pack:
        raise BadTerms(f"it is not for {pack}")
    if terms not in plans(call, pack):
        store.set_plan(call.db, pack, terms.id, terms)
        record(call, "plan.set", f"pack:{pack}", {"plan": terms.id})
    return plans(call, pack)


def drop_plan(call: Call, pack: PackName, id: str) -> list[Plan]:
    """Sells a plan no more; what was sold stays. Raises NoSuchPack, NoSuchPlan, and as `publishers.acting_for`."""
    _check_mine(call, pack)
    get(call, pack, id)
    store.set_plan(call.db, pack, id, None)
    record(call, "plan.drop", f"pack:{pack}", {"plan": id})
    return plans(call, pack)


def _check_mine(call: Call, pack: PackName) -> None:
    publishers.acting_for(call, pack.publisher, pack)
    if catalog.find(call, pack) is None:
        raise NoSuchPack(pack)
