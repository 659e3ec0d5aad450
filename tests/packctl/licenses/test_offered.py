"""How a plan is told to whoever thinks of buying it. Pure."""

import pytest

from packctl.licenses.offered import offered, told
from packspec.domains import Domain
from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.ranges import Range

DAY = 86_400
PACK = PackName("acme/pro")


@pytest.mark.parametrize(
    ("plan", "line"),
    [
        (Plan(id="a", kind="free", pack=PACK), "free; 1 machine, 2 CI runs"),
        (
            Plan(
                id="a",
                kind="perpetual",
                pack=PACK,
                updates_s=365 * DAY,
                versions=Range.parse("^2"),
                price_minor=300,
                currency="EUR",
            ),
            "perpetual, 3.00 EUR; 1 machine, 2 CI runs, versions ^2, updates for 365 d",
        ),
        (
            Plan(
                id="a",
                kind="subscription",
                pack=PACK,
                duration_s=30 * DAY,
                unit="seat",
                max_instances=2,
                price_minor=300,
                currency="EUR",
            ),
            "subscription for 30 d, 3.00 EUR for each seat; 2 machines, 2 CI runs",
        ),
        (
            Plan(id="a", kind="trial", pack=PACK, duration_s=14 * DAY, max_ci=0),
            "trial for 14 d; 1 machine, 0 CI runs",
        ),
        (
            Plan(
                id="a",
                kind="perpetual",
                pack=PACK,
                unit="family",
                floating=True,
                max_ci=1,
                price_minor=300,
                currency="EUR",
            ),
            "perpetual, 3.00 EUR for each family; 1 machine at a time, in turns, 4 children, 1 CI run",
        ),
        (
            Plan(
                id="a",
                kind="custom",
                pack=PACK,
                contact="sales@acme.example",
                max_users=25,
                domains=(Domain("*.acme.example"),),
            ),
            "custom, price: ask sales@acme.example; 1 machine, 25 persons, 2 CI runs, at *.acme.example",
        ),
        (
            Plan(id="a", kind="perpetual", pack=PACK, features=("early-access",), price_minor=5, currency="???"),
            "perpetual, 5 ???; 1 machine, 2 CI runs, early-access",
        ),
    ],
)
def test_a_plan_is_told_in_one_line(plan: Plan, line: str) -> None:
    assert told(offered(plan)) == line
