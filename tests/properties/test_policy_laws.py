"""`tighter` is a meet: commutative, associative, idempotent, with NO_POLICY as its one, and never looser than either side."""

from hypothesis import given, settings
from hypothesis import strategies as st

from packspec.digests import Digest
from packspec.durations import Duration
from packspec.facts import Ages
from packspec.money import Currency, Money
from packspec.names import PackName
from packspec.policy import NO_POLICY, AgesWithin, LicenseId, MaxPrice, Packs, Policy, Safety
from packspec.terms import Terms
from packspec.tightening import refuse_loosening, tighter

durations = st.sampled_from(["1h", "24h", "1d", "7d", "1w", "604800s", "2w"]).map(Duration)
some_packs = st.lists(st.sampled_from(["a/*", "b/*", "a/x", "a/y", "b/x"]).map(Packs), max_size=4).map(tuple)
licenses = st.lists(st.sampled_from(["MIT", "CC0-1.0", "LicenseRef-a"]).map(LicenseId), max_size=3).map(tuple)
prices = st.builds(
    lambda minor, currency: MaxPrice(amount=Money(minor, Currency(currency)).amount, currency=Currency(currency)),
    st.integers(0, 3),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
policies = st.builds(
    Policy,
    require=st.none() | st.lists(st.sampled_from(["license", "grant"]), max_size=2).map(tuple),
    witnesses=st.none() | st.integers(0, 3),
    max_index_age=st.none() | durations,
    licenses=st.none() | licenses,
    min_age=st.none() | durations,
    min_safety=st.none() | st.sampled_from(Safety),
    allow=st.none() | some_packs,
    deny=st.none() | some_packs,
    max_price=st.none() | prices,
    ages=st.none() | st.builds(AgesWithin, min=st.integers(0, 4), max=st.integers(3, 6)),
    grant_keys=st.none() | st.lists(st.sampled_from([Digest("1" * 64), Digest("2" * 64)]), max_size=2).map(tuple),
)

PACKS = [PackName(name) for name in ("a/x", "a/y", "b/x", "c/z")]
TERMS = [Terms(text) for text in ("MIT", "CC0-1.0", "MIT AND CC0-1.0", "LicenseRef-a")]
PRICES = [None, *(Money(minor, Currency(code)) for minor in range(4) for code in ("EUR", "JPY", "KWD"))]
AGES = [None, *(Ages(min=low, max=high) for low in range(6) for high in range(low, 7))]


def allowed(policy: Policy) -> list[bool]:
    """Every question to a policy, over all that this test knows."""
    return [
        *(policy.allows_pack(pack) for pack in PACKS),
        *(policy.allows_terms(terms) for terms in TERMS),
        *(policy.allows_price(price) for price in PRICES),
        *(policy.allows_ages(ages) for ages in AGES),
        *(policy.allows_safety(level) for level in Safety),
        *(policy.allows_age_of_release(seconds) for seconds in (0, 3_599, 3_600, 86_400, 604_800, 1_209_600)),
        *(policy.allows_index_age(seconds) for seconds in (0, 3_600, 3_601, 86_400, 86_401, 604_801, 1_209_601)),
        *((policy.witnesses or 0) <= count for count in range(4)),
        *(demand not in (policy.require or ()) for demand in ("license", "grant")),
        *(policy.grant_keys is None or key in policy.grant_keys for key in ("1" * 64, "2" * 64)),
    ]


@settings(max_examples=300, deadline=None)
@given(policies, policies)
def test_together_they_allow_exactly_what_both_allow(a: Policy, b: Policy) -> None:
    """Never looser; and not tighter either, so that no demand appears that nobody made."""
    both = [one and other for one, other in zip(allowed(a), allowed(b), strict=True)]
    assert allowed(tighter(a, b)) == both


@given(policies, policies)
def test_a_choice_of_licenses_must_suit_both_with_the_same_license(a: Policy, b: Policy) -> None:
    """`MIT OR CC0-1.0` is refused where one allows MIT alone and the other CC0-1.0 alone: nobody could choose."""
    choice = Terms("MIT OR CC0-1.0")
    common = any(a.allows_terms(terms) and b.allows_terms(terms) for terms in (Terms("MIT"), Terms("CC0-1.0")))
    assert tighter(a, b).allows_terms(choice) is common


@settings(max_examples=200, deadline=None)
@given(policies, policies, policies)
def test_order_and_grouping_do_not_matter(a: Policy, b: Policy, c: Policy) -> None:
    assert tighter(a, b) == tighter(b, a)
    assert tighter(tighter(a, b), c) == tighter(a, tighter(b, c))


@settings(max_examples=200, deadline=None)
@given(policies, policies)
def test_saying_it_twice_changes_nothing(a: Policy, b: Policy) -> None:
    both = tighter(a, b)
    assert tighter(both, a) == tighter(both, both) == tighter(both, NO_POLICY) == both


@settings(max_examples=200, deadline=None)
@given(policies, policies)
def test_what_was_tightened_never_counts_as_loosening(a: Policy, b: Policy) -> None:
    refuse_loosening(a, tighter(a, b))
