"""Rows of the room `licensing` about what a pack is sold for."""

from packspec.licenses.plans import Plan, PlanId
from packspec.names import PackName, PublisherName
from packspec.protocol.catalog import PackPart
from packspec.protocol.endpoint import Body, Effect, Endpoint
from packspec.wire import Answer, Message


class AskPlans(Message, frozen=True):
    """Which pack."""

    publisher: PublisherName
    name: PackPart

    @property
    def pack(self) -> PackName:
        """The pack's whole name."""
        return PackName.parse(f"{self.publisher}/{self.name}")


class SetPlan(Message, frozen=True):
    """A plan as it is sold from now on. What was sold keeps the plan that it has."""

    publisher: PublisherName
    name: PackPart
    plan: PlanId
    terms: Plan


class DropPlan(Message, frozen=True):
    """Sells a plan no more."""

    publisher: PublisherName
    name: PackPart
    plan: PlanId


class Plans(Answer, frozen=True):
    """The plans of a pack; with none it is free, or not for sale."""

    pack: PackName
    plans: list[Plan]


_PLANS = "/api/v1/packs/{publisher}/{name}/plans"

PLANS = Endpoint(
    "GET", _PLANS, AskPlans, Plans, Effect.READ,
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
