"""Rows of the room `licensing` about what a pack is sold for."""

from packspec.licenses.plans import Plan, PlanId
from packspec.names import PackName
from packspec.protocol.catalog import AskPack
from packspec.protocol.endpoint import Body, Effect, Endpoint
from packspec.wire import Answer


class SetPlan(AskPack, frozen=True):
    """A plan as it is sold from now on. What was sold keeps the plan that it has."""

    plan: PlanId
    terms: Plan


class DropPlan(AskPack, frozen=True):
    """Sells a plan no more."""

    plan: PlanId


class Plans(Answer, frozen=True):
    """The plans of a pack; with none it is free, or not for sale."""

    pack: PackName
    plans: list[Plan]


_PLANS = "/api/v1/packs/{publisher}/{name}/plans"

PLANS = Endpoint(
    "GET", _PLANS, AskPack, Plans, Effect.READ,
    action="catalog.browse", body=Body.QUERY, summary="The plans of a pack",
)  # fmt: skip
SET_PLAN = Endpoint(
    "PUT", f"{_PLANS}/{{plan}}", SetPlan, Plans, Effect.WRITE,
    action="plan.edit", scope="publish", summary="Sell a plan as it is from now on", external=True,
)  # fmt: skip
DROP_PLAN = Endpoint(
    "DELETE", f"{_PLANS}/{{plan}}", DropPlan, Plans, Effect.WRITE,
    action="plan.edit", scope="publish", body=Body.QUERY, summary="Sell a plan no more", external=True,
)  # fmt: skip
