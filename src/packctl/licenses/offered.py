"""`Offered`: a plan that a pack is sold with, as `show` tells it."""

from typing import TYPE_CHECKING

import msgspec

from packctl.ui.moments import duration
from packctl.ui.prices import price_text
from packctl.ui.table import many

if TYPE_CHECKING:
    from packspec.licenses.plans import Plan


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A plan. `price` is for one `unit`, empty where `contact` says whom to ask; times in seconds, null: no end. `machines`, `persons` and
    `ci` may be in use at once, for unit `seat` by each; `persons` null: nobody needs a seat. `updates_seconds`: releases published within
    so long are covered for ever, null: all that come while it runs.
    """

    id: str
    kind: str
    unit: str
    price: str
    price_minor: int | None
    currency: str
    duration_seconds: int | None
    grace_seconds: int
    machines: int
    floating: bool
    persons: int | None
    ci: int
    versions: str
    updates_seconds: int | None
    features: list[str]
    domains: list[str]
    contact: str


def offered(plan: "Plan") -> Offered:
    """A plan as a person is told of it."""
    price = "" if plan.price_minor is None else price_text(plan.price_minor, plan.currency, plan.price_minor > 0)
    return Offered(
        id=plan.id,
        kind=plan.kind,
        unit=plan.unit,
        price=price,
        price_minor=plan.price_minor,
        currency=plan.currency,
        duration_seconds=plan.duration_s,
        grace_seconds=plan.grace_s,
        machines=plan.max_instances,
        floating=plan.floating,
        persons=plan.persons(1),
        ci=plan.max_ci,
        versions="" if plan.versions is None else str(plan.versions),
        updates_seconds=plan.updates_s,
        features=list(plan.features),
        domains=[str(one) for one in plan.domains],
        contact=plan.contact,
    )


def told(one: Offered) -> str:
    """A plan in one line: what it is, what it costs, and how much may be in use at once."""
    kind = one.kind if one.duration_seconds is None else f"{one.kind} for {duration(one.duration_seconds)}"
    each = "" if one.unit == "account" else f" for each {one.unit}"
    price = f"{one.price}{each}" if one.price else f"price: ask {one.contact}" if one.contact else ""
    return "; ".join(part for part in (", ".join(part for part in (kind, price) if part), _limits(one)) if part)


def _limits(one: Offered) -> str:
    said = [many(one.machines, "machine") + (" at a time, in turns" if one.floating else "")]
    if one.unit != "seat" and one.persons is not None:
        said.append(f"{one.persons} children" if one.unit == "family" else many(one.persons, "person"))
    said.append(many(one.ci, "CI run"))
    if one.versions:
        said.append(f"versions {one.versions}")
    if one.updates_seconds is not None:
        said.append(f"updates for {duration(one.updates_seconds)}")
    said += list(one.features)
    if one.domains:
        said.append(f"at {', '.join(one.domains)}")
    return ", ".join(said)
