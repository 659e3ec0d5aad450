"""Plan: what is sold, with every limit, as it is frozen into each license."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from packspec import limits, wire
from packspec.domains import Domain
from packspec.limits import DAY_SECONDS
from packspec.names import PackName
from packspec.ranges import Range
from packspec.wire import Answer

PlanKind: TypeAlias = Literal["free", "perpetual", "subscription", "trial", "institution", "custom"]
"""`custom` is sold by a person: it says whom to ask, and has no price."""
Unit: TypeAlias = Literal["account", "seat", "family", "node"]
"""What one piece of a license's quantity is."""
Freshness: TypeAlias = Literal["online", "normal", "airgap"]
"""How new a proof must be: a status list of a day, a lease, or a license file up to the end."""
Pool: TypeAlias = Literal["machine", "floating", "ci"]
PLACES_MOST = 2**31 - 1
Seconds: TypeAlias = Annotated[int, Meta(ge=0, le=limits.LONGEST_PLAN_SECONDS)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000)]
PlanId: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9_-]{0,62}[a-z0-9])?\Z")]

GRACE_SECONDS = 7 * DAY_SECONDS
LEASE_SECONDS = 30 * DAY_SECONDS
FLOATING_LEASE_SECONDS = DAY_SECONDS
CI_LEASE_SECONDS = 6 * 3600
FAMILY_CHILDREN = 4
"""Child members of a family who may share one license."""
EARLY_ACCESS = "early-access"
"""The feature that gives releases before everybody has them."""


class Plan(Answer, frozen=True, kw_only=True):
    """One way to get a pack, or many packs. Times in seconds; every field that is left out has the default below."""

    id: PlanId
    kind: PlanKind
    pack: PackName | None = None
    """None: it is for many packs, and `covers` says for which."""
    covers: tuple[str, ...] = ()
    """`premium` (every paid pack), `category:LABEL`, `PUBLISHER/*`, `PUBLISHER/NAME`."""
    unit: Unit = "account"
    duration_s: Annotated[int, Meta(ge=1, le=limits.LONGEST_PLAN_SECONDS)] | None = None
    """None: no end."""
    grace_s: Seconds = GRACE_SECONDS
    counts_from: Literal["purchase", "first-activation"] = "purchase"
    max_instances: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    """Machines, of pools machine and floating together; times the quantity for unit seat."""
    max_users: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    """Persons. None: whoever sits at a machine; with unit seat one for each."""
    max_ci: Count = 2
    """CI runs at once."""
    floating: bool = False
    """Machines take turns: each has its place for a day, or until it gives it back."""
    lease_s: Annotated[int, Meta(ge=60, le=limits.LONGEST_PLAN_SECONDS)] = LEASE_SECONDS
    ci_lease_s: Annotated[int, Meta(ge=60, le=CI_LEASE_SECONDS)] = CI_LEASE_SECONDS
    freshness: Freshness = "normal"
    versions: Range | None = None
    updates_s: Seconds | None = None
    """Releases published within so long after the start are covered for ever, later ones never. None: all that come while it runs."""
    features: tuple[str, ...] = ()
    domains: tuple[Domain, ...] = ()
    """Where it may be used: `example.org`, `*.example.org`. None: anywhere."""
    transferable: bool = False
    price_minor: Annotated[int, Meta(ge=0, le=limits.INTEGER_MAX)] | None = None
    currency: str = ""
    contact: Annotated[str, Meta(max_length=200)] = ""
    """Kind custom: whom to ask."""

    def __post_init__(self) -> None:
        if (self.pack is None) != bool(self.covers):
            raise ValueError("a plan is for one pack, or says with `covers` for which")
        if self.kind in ("subscription", "trial") and self.duration_s is None:
            raise ValueError(f"a plan of kind {self.kind} has a duration")
        if self.kind == "trial" and self.unit != "account":
            raise ValueError("a trial is for an account")
        if self.counts_from == "first-activation" and self.kind != "trial":
            raise ValueError("only trials count from the first activation")
        for entry in self.covers:
            check_cover(entry)

    @property
    def pack_key(self) -> str:
        """What a holder can have one license for: the pack, or `plan:ID` for a plan of many packs."""
        return str(self.pack) if self.pack is not None else f"plan:{self.id}"

    def machines(self, quantity: int) -> int:
        """How many machines may be in use at once."""
        return min(PLACES_MOST, self.max_instances * (quantity if self.unit == "seat" else 1))

    def ci_runs(self, quantity: int) -> int:
        """How many CI runs may be at once."""
        return min(PLACES_MOST, self.max_ci * (quantity if self.unit == "seat" else 1))

    def persons(self, quantity: int) -> int | None:
        """How many persons may have a seat; None: nobody needs one. A family counts its children only."""
        match self.unit:
            case "seat":
                return min(PLACES_MOST, quantity * (self.max_users or 1))
            case "family":
                return FAMILY_CHILDREN
            case _:
                return self.max_users

    def places(self, pool: Pool, quantity: int) -> int:
        """How many places a pool has."""
        return self.ci_runs(quantity) if pool == "ci" else self.machines(quantity)

    def pool_seconds(self, pool: Pool) -> int:
        """How long a lease of this pool lasts."""
        match pool:
            case "ci":
                return self.ci_lease_s
            case "floating":
                return min(self.lease_s, FLOATING_LEASE_SECONDS)
            case _:
                return self.lease_s


def check_cover(entry: str) -> None:
    """Raises ValueError unless `entry` says which packs a plan covers."""
    if entry == "premium" or (entry.startswith("category:") and entry[len("category:") :]):
        return
    publisher, slash, name = entry.partition("/")
    if slash and name == "*":
        PackName.parse(f"{publisher}/x")
        return
    PackName.parse(entry)


def find_plan(plans: Iterable[Plan], id: str) -> Plan | None:
    """The plan of that id."""
    return next((plan for plan in plans if plan.id == id), None)


def read_plan(value: object) -> Plan:
    """A plan from its plain JSON value, as a license keeps it."""
    return wire.convert(value, Plan)


def write_plan(plan: Plan) -> dict[str, Any]:
    """A plan as plain JSON value."""
    plain: dict[str, Any] = msgspec.to_builtins(plan, enc_hook=wire.enc_hook)
    return plain
