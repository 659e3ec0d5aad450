"""The plans that a pack.toml gives: the first values of what a registry sells."""

from packspec.licenses.plans import GRACE_SECONDS, LEASE_SECONDS, Plan
from packspec.manifest import Manifest
from packspec.manifest import Plan as PlanTable
from packspec.money import Money
from packspec.names import PackName


def plans_of(manifest: Manifest) -> tuple[Plan, ...]:
    """Its `[[plans]]`, or the one that `price` is short for."""
    pack, price = manifest.pack.name, manifest.pack.price
    if price is not None and manifest.price is not None and manifest.price.minor > 0:
        return (
            Plan(
                id="perpetual",
                kind="perpetual",
                pack=pack,
                max_instances=price.machines,
                price_minor=manifest.price.minor,
                currency=str(price.currency),
            ),
        )
    return tuple(_plan(pack, table) for table in manifest.plans)


def _plan(pack: PackName, table: PlanTable) -> Plan:
    price = None if table.amount is None or table.currency is None else Money.parse(table.amount, table.currency)
    return Plan(
        id=str(table.id),
        kind=table.kind,
        pack=pack,
        unit=table.unit,
        duration_s=None if table.duration is None else table.duration.seconds,
        grace_s=_grace(table),
        counts_from=table.counts_from,
        max_instances=table.machines,
        max_users=table.users,
        max_ci=table.ci,
        floating=table.floating,
        lease_s=LEASE_SECONDS if table.lease is None else table.lease.seconds,
        freshness=table.freshness,
        versions=table.versions,
        updates_s=None if table.updates is None else table.updates.seconds,
        features=tuple(str(feature) for feature in table.features),
        domains=table.domains,
        transferable=table.transferable,
        contact=table.contact or "",
        price_minor=None if price is None else price.minor,
        currency="" if price is None else str(price.currency),
    )


def _grace(table: PlanTable) -> int:
    """A week after what was paid for, none after a trial, unless the file says something else."""
    if table.grace is not None:
        return table.grace.seconds
    return 0 if table.kind == "trial" else GRACE_SECONDS
