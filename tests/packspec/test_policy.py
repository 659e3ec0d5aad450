import json
from typing import Any

import pytest

from packspec import wire
from packspec.facts import Ages
from packspec.money import Currency, Money
from packspec.names import PackName
from packspec.policy import NO_POLICY, LoosensTrust, Policy, Safety
from packspec.project import parse_project
from packspec.terms import Terms
from packspec.tightening import refuse_loosening, tighter
from tests.support.vectors import cases


def policy(text: str) -> Policy:
    return parse_project(f"[policy]\n{text}".encode()).policy


@pytest.mark.parametrize("case", cases("policy", "tighter"), ids=lambda case: case["name"])
def test_two_policies_become_the_tighter_value_of_each_key(case: dict[str, Any]) -> None:
    both = tighter(policy(case["a"]), policy(case["b"]))
    assert json.loads(wire.encode(both)) == case["both"]
    assert tighter(policy(case["b"]), policy(case["a"])) == both


def test_every_key_has_a_way_to_be_combined() -> None:
    from packspec.tightening import _COMBINE

    assert set(_COMBINE) == set(Policy.__struct_fields__)


def test_no_policy_demands_nothing() -> None:
    assert NO_POLICY.allows_pack(PackName("acme/farm"))
    assert NO_POLICY.allows_terms(Terms("LicenseRef-x"))
    assert NO_POLICY.allows_age_of_release(0)
    assert NO_POLICY.allows_safety(Safety.NONE)
    assert NO_POLICY.allows_ages(None)
    assert NO_POLICY.allows_price(Money(10**9, Currency("EUR")))
    assert NO_POLICY.allows_index_age(10**9)


@pytest.mark.parametrize(
    ("text", "pack", "allowed"),
    [
        ('allow = ["acme/*"]', "acme/farm", True),
        ('allow = ["acme/*"]', "acmes/farm", False),
        ('allow = ["acme/farm"]', "acme/farm-pro", False),
        ('deny = ["acme/*"]', "acme/farm", False),
        ('deny = ["acme/farm"]', "acme/cows", True),
        ('allow = ["acme/farm"]\ndeny = ["acme/*"]', "acme/farm", False),
        ("allow = []", "acme/farm", False),
    ],
)
def test_deny_wins_and_allow_must_name_the_pack(text: str, pack: str, allowed: bool) -> None:
    assert policy(text).allows_pack(PackName(pack)) is allowed


@pytest.mark.parametrize(
    ("ages", "allowed"),
    [
        (Ages(min=3, max=6), True),
        (Ages(min=0, max=8), True),
        (Ages(min=3, max=9), False),
        (Ages(min=12, max=18), False),
        (None, False),
    ],
)
def test_the_ages_of_a_pack_lie_within_the_policys(ages: Ages | None, allowed: bool) -> None:
    assert policy("ages = { min = 0, max = 8 }").allows_ages(ages) is allowed


@pytest.mark.parametrize(
    ("price", "allowed"),
    [
        (None, True),
        (Money(0, Currency("USD")), True),
        (Money(500, Currency("EUR")), True),
        (Money(501, Currency("EUR")), False),
        (Money(1, Currency("USD")), False),
    ],
)
def test_a_price_in_another_currency_cannot_be_compared_and_is_refused(price: Money | None, allowed: bool) -> None:
    assert policy('max-price = { amount = "5.00", currency = "EUR" }').allows_price(price) is allowed


def test_safety_levels_have_an_order() -> None:
    attested = policy('min-safety = "attested"')
    assert [level for level in Safety if attested.allows_safety(level)] == [Safety.ATTESTED, Safety.CERTIFIED]


def test_a_release_must_have_been_public_for_a_while() -> None:
    assert not policy('min-age = "3d"').allows_age_of_release(259_199)
    assert policy('min-age = "3d"').allows_age_of_release(259_200)


@pytest.mark.parametrize("case", cases("policy", "loosens"), ids=lambda case: case["name"])
def test_a_project_that_asks_for_less_than_its_user_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(LoosensTrust) as caught:
        refuse_loosening(policy(case["user"]), policy(case["project"]), lambda key: 17)
    error = caught.value
    assert (error.code, error.kind.exit_code, error.key) == ("project.loosens-trust", 2, case["key"])
    assert error.facts() == {"yours": case["yours"], "project": f"{case['projects']} (pack.toml line 17)"}


@pytest.mark.parametrize("case", cases("policy", "tightens"), ids=lambda case: case["name"])
def test_a_project_may_add_to_the_demands_of_its_user(case: dict[str, Any]) -> None:
    refuse_loosening(policy(case["user"]), policy(case["project"]))
