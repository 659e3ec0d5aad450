"""What a license lets a machine use, and the texts that people type: keys, domains, plans."""

import random
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from packspec.licenses.keys import ALPHABET, BadLicenseKey, LicenseKey
from packspec.licenses.listed import plans_of
from packspec.licenses.plans import Plan, read_plan, write_plan
from packspec.licenses.refusals import refusal
from packspec.licenses.status import LicenseFacts
from packspec.licenses.use import Refused, Release, Right, covers, domain_allowed, may_use
from packspec.manifest import ManifestFaults, parse_manifest
from packspec.names import PackName
from packspec.ranges import Range
from packspec.versions import Version
from tests.support.vectors import cases

DAY = 86_400
START = 1_790_000_000
NOW = START + 100 * DAY
PACK = PackName("acme/pro")


@dataclass(frozen=True)
class Place:
    expires_at: int = NOW + DAY
    ended_at: int | None = None


def release(version: str = "2.1.0", at: int = START, early: int | None = None, pack: str = "acme/pro") -> Release:
    return Release(pack=PackName(pack), version=Version.parse(version), at=at, early_access=early)


FACTS = LicenseFacts(starts_at=START, ends_at=START + 365 * DAY, grace_s=7 * DAY)
ENDED = replace(FACTS, ends_at=START + 95 * DAY)


@pytest.mark.parametrize(
    ("case", "right", "facts", "held", "asked", "refused"),
    [
        ("what it is for", Right(pack=PACK), FACTS, Place(), release(), None),
        ("another pack", Right(pack=PACK), FACTS, Place(), release(pack="acme/free"), Refused.NOT_COVERED),
        ("in the range", Right(pack=PACK, versions=Range.parse("^2")), FACTS, Place(), release("2.9.9"), None),
        ("a prerelease in it", Right(pack=PACK, versions=Range.parse("^2")), FACTS, Place(), release("2.3.0-rc.1"), None),
        ("above the range", Right(pack=PACK, versions=Range.parse("^2")), FACTS, Place(), release("3.0.0"), Refused.VERSION_NOT_COVERED),
        ("the last of the updates", Right(pack=PACK, updates_until=NOW), FACTS, Place(), release(at=NOW), None),
        ("after the updates", Right(pack=PACK, updates_until=NOW - 1), FACTS, Place(), release(at=NOW), Refused.TOO_NEW),
        ("early, without the feature", Right(pack=PACK), FACTS, Place(), release(at=NOW - DAY, early=2 * DAY), Refused.EARLY_ACCESS),
        ("early, with it", Right(pack=PACK, features=("early-access",)), FACTS, Place(), release(at=NOW - DAY, early=2 * DAY), None),
        ("early no more", Right(pack=PACK), FACTS, Place(), release(at=NOW - DAY, early=DAY), None),
        ("in grace, published before the end", Right(pack=PACK), ENDED, Place(), release(at=START + 94 * DAY), None),
        ("in grace, published after the end", Right(pack=PACK), ENDED, Place(), release(at=START + 95 * DAY), Refused.TOO_NEW),
        ("expired", Right(pack=PACK), replace(ENDED, grace_s=0), Place(), release(), Refused.EXPIRED),
        ("cancelled", Right(pack=PACK), replace(ENDED, cancel_at=ENDED.ends_at), Place(), release(), Refused.CANCELLED),
        ("revoked", Right(pack=PACK), replace(FACTS, revoked_at=NOW), Place(), release(), Refused.REVOKED),
        ("suspended", Right(pack=PACK), replace(FACTS, suspended_at=NOW), Place(), release(), Refused.SUSPENDED),
        ("not begun", Right(pack=PACK), replace(FACTS, starts_at=NOW + 1), Place(), release(), Refused.PENDING),
        ("no place", Right(pack=PACK), FACTS, None, release(), Refused.NOT_ACTIVATED),
        ("a place given back", Right(pack=PACK), FACTS, Place(ended_at=NOW), release(), Refused.NOT_ACTIVATED),
        ("a lease that is over", Right(pack=PACK), FACTS, Place(expires_at=NOW), release(), Refused.LEASE_ENDED),
        ("a lease of one second more", Right(pack=PACK), FACTS, Place(expires_at=NOW + 1), release(), None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_may_use(
    case: str, right: Right, facts: LicenseFacts, held: Place | None, asked: Release, refused: Refused | None
) -> None:
    answer = may_use(right, facts, held, asked, NOW)
    assert answer.refused == refused
    assert answer.allowed == (refused is None)


def test_grace_warns_and_a_missing_payment_warns_about_what_came_after_it() -> None:
    right, unpaid = Right(pack=PACK), replace(FACTS, past_due_since=NOW - DAY)
    assert may_use(right, ENDED, Place(), release(), NOW).warns
    assert not may_use(right, unpaid, Place(), release(at=NOW - 2 * DAY), NOW).warns
    assert may_use(right, unpaid, Place(), release(at=NOW - DAY), NOW).warns


def test_perpetual_updates_stay_covered_for_ever_and_later_releases_never_are() -> None:
    plan = Plan(id="perpetual", kind="perpetual", pack=PACK, updates_s=365 * DAY)
    right, facts = Right.of(plan, START), LicenseFacts(starts_at=START)
    much_later = START + 30 * 365 * DAY
    place = Place(expires_at=much_later + 1)
    assert may_use(right, facts, place, release(at=START + 365 * DAY), much_later).allowed
    assert not may_use(right, facts, place, release(at=START + 365 * DAY + 1), much_later).allowed


def test_each_refusal_is_an_error_with_the_code_of_its_word() -> None:
    codes = [refusal(one, "acme/pro", "L-12", "2026-11-20").code for one in Refused]
    assert codes == [
        "licensing.revoked",
        "licensing.suspended",
        "licensing.pending",
        "licensing.cancelled",
        "licensing.expired",
        "licensing.not-covered",
        "licensing.version-not-covered",
        "licensing.too-new",
        "licensing.early-access",
        "licensing.not-activated",
        "licensing.lease-ended",
    ]
    assert [one.code for one in Refused] == codes


@pytest.mark.parametrize(
    ("entries", "pack", "category", "expected"),
    [
        (("premium",), "acme/pro", "", True),
        (("acme/*",), "acme/pro", "", True),
        (("acme/*",), "acme-2/pro", "", False),
        (("acme/icons", "acme/pro"), "acme/pro", "", True),
        (("category:characters",), "acme/pro", "characters", True),
        (("category:characters",), "acme/pro", "sounds", False),
        (("category:characters",), "acme/pro", "", False),
    ],
)
def test_plans_of_many_packs_say_which(entries: tuple[str, ...], pack: str, category: str, expected: bool) -> None:
    assert covers(Right(covers=entries), PackName(pack), category) is expected


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("example.org", True),
        ("EXAMPLE.org.", True),
        ("www.example.org", False),
        ("a.school.test", True),
        ("a.b.school.test", True),
        ("school.test", False),
        ("xschool.test", False),
        ("", False),
        ("A.SCHOOL.TEST.", True),
        ("*.school.test", False),
        ("..school.test", False),
        ("a.school.test..", False),
        ("evil.test/.school.test", False),
        ("evil.test\n.school.test", False),
        ("a.school.test\n", False),
        ("\u212a.school.test", False),
        (f"{'a' * 64}.school.test", False),
        (".".join(["a" * 60] * 5) + ".school.test", False),
    ],
)
def test_domains_by_name_and_below_a_wildcard(domain: str, expected: bool) -> None:
    assert domain_allowed(("example.org", "*.school.test"), domain) is expected


# Keys

KEY = LicenseKey.make(bytes(range(16)))


def test_every_wrong_letter_is_noticed_and_its_group_named() -> None:
    names = ("first", "second", "third", "fourth", "fifth")
    for place, right in enumerate(KEY):
        group = place // 6
        for letter in ALPHABET:
            if right == "-" or letter == right:
                continue
            with pytest.raises(BadLicenseKey) as caught:
                LicenseKey.parse(KEY[:place] + letter + KEY[place + 1 :])
            assert caught.value.code == "licensing.malformed-key"
            named = names[group] if group < 5 else names[place - 30]
            assert f"the {named} group" in caught.value.reason


def test_two_neighbors_exchanged_are_noticed() -> None:
    chance = random.Random(7)
    unnoticed = 0
    for _ in range(300):
        key = LicenseKey.make(chance.randbytes(16))
        place = chance.choice([one for one in range(29) if "-" not in key[one : one + 2] and key[one] != key[one + 1]])
        try:
            LicenseKey.parse(key[:place] + key[place + 1] + key[place] + key[place + 2 :])
            unnoticed += 1
        except BadLicenseKey:
            pass
    assert unnoticed <= 3  # 0 and Z beside each other are the one pair that Luhn's method cannot tell


@pytest.mark.parametrize("case", cases("licenses", "keys"), ids=lambda case: case["name"])
def test_L16_a_key_is_made_of_125_bits_and_read_however_it_is_typed(case: dict[str, Any]) -> None:
    assert str(LicenseKey.make(bytes.fromhex(case["secret"]))) == case["key"]
    assert {str(LicenseKey.parse(typed)) for typed in (case["key"], *case["typed"])} == {case["key"]}


@pytest.mark.parametrize("case", cases("licenses", "bad-keys"), ids=lambda case: case["name"])
def test_what_is_no_key_is_told_without_repeating_it(case: dict[str, Any]) -> None:
    with pytest.raises(BadLicenseKey) as caught:
        LicenseKey.parse(case["typed"])
    assert caught.value.reason == case["says"]
    assert "00G4" not in str(caught.value)


def test_a_key_does_not_show_itself_to_debuggers() -> None:
    assert repr(KEY) == "LicenseKey(...QWQC)"
    assert KEY[:10] not in repr(KEY)


# Plans

PACK_TOML = """
[pack]
name = "acme/pro"
version = "1.0.0"
summary = "Icons"
license = "LicenseRef-acme"
license-file = "EULA.md"
category = "icons"
"""


def test_the_short_price_is_one_perpetual_plan() -> None:
    text = f'{PACK_TOML}price = {{ amount = "12.00", currency = "EUR", machines = 3 }}\n'
    (plan,) = plans_of(parse_manifest(text.encode(), strict=True))
    assert (plan.id, plan.kind, plan.max_instances, plan.max_ci, plan.price_minor, plan.currency) == (
        "perpetual",
        "perpetual",
        3,
        2,
        1200,
        "EUR",
    )
    assert (plan.duration_s, plan.lease_s, plan.grace_s) == (None, 30 * DAY, 7 * DAY)


def test_plans_of_pack_toml_come_in_their_order_with_their_defaults() -> None:
    text = (
        PACK_TOML
        + """
[[plans]]
id = "trial"
kind = "trial"
duration = "14d"

[[plans]]
id = "school"
kind = "institution"
unit = "seat"
duration = "52w"
machines = 2
users = 1
amount = "900.00"
currency = "EUR"
versions = "^1"
features = ["early-access"]
"""
    )
    trial, school = plans_of(parse_manifest(text.encode(), strict=True))
    assert (trial.duration_s, trial.grace_s, trial.price_minor) == (14 * DAY, 0, None)
    assert (school.duration_s, school.unit, str(school.versions), school.features) == (
        364 * DAY,
        "seat",
        "^1",
        ("early-access",),
    )
    assert (school.machines(25), school.persons(25), school.ci_runs(25)) == (50, 25, 50)


def test_every_key_of_a_plan_reaches_what_is_sold() -> None:
    text = (
        PACK_TOML
        + """
[[plans]]
id = "lab"
kind = "perpetual"
floating = true
updates = "52w"
domains = ["example.org", "*.school.test"]
lease = "7d"
grace = "2w"
freshness = "airgap"
transferable = true

[[plans]]
id = "later"
kind = "trial"
duration = "14d"
counts-from = "first-activation"

[[plans]]
id = "campus"
kind = "custom"
contact = "sales@acme.test"
"""
    )
    lab, later, campus = plans_of(parse_manifest(text.encode(), strict=True))
    assert (lab.floating, lab.updates_s, lab.lease_s, lab.grace_s) == (True, 364 * DAY, 7 * DAY, 14 * DAY)
    assert (lab.domains, lab.freshness, lab.transferable) == (("example.org", "*.school.test"), "airgap", True)
    assert (later.counts_from, campus.contact) == ("first-activation", "sales@acme.test")


def test_plans_that_contradict_themselves_are_told_all_at_once() -> None:
    text = (
        PACK_TOML
        + """
[[plans]]
id = "a"
kind = "perpetual"
counts-from = "first-activation"
lease = "5m"
grace = "9999w"
domains = ["Example.org"]

[[plans]]
id = "b"
kind = "trial"
duration = "14d"
unit = "seat"

[[plans]]
id = "c"
kind = "custom"
amount = "1.00"
currency = "EUR"
"""
    )
    with pytest.raises(ManifestFaults) as caught:
        parse_manifest(text.encode(), strict=True)
    assert sorted(f"{fault.path} {fault.text}" for fault in caught.value.faults) == [
        "plans[0].counts-from is for kind trial only; this plan is of kind perpetual",
        "plans[0].domains[0] not a domain: 'Example.org' (such as example.org, or *.example.org for all below it)",
        "plans[0].grace is 9999w, longer than 100 years",
        "plans[0].lease is 5m; a lease lasts 10 minutes at least",
        "plans[1].unit is account for kind trial",
        "plans[2].amount is for plans that can be bought; kind custom says whom to ask",
        "plans[2].contact is required for kind custom: it says whom to ask",
    ]


def test_units_decide_what_a_quantity_means() -> None:
    account = Plan(id="a", kind="perpetual", pack=PACK, max_instances=3, max_users=2)
    assert (account.machines(5), account.persons(5)) == (3, 2)
    family = replace(account, unit="family", max_users=None)
    assert (family.machines(1), family.persons(1)) == (3, 4)
    node = replace(account, unit="node", max_users=None)
    assert (node.machines(9), node.persons(9)) == (3, None)


def test_leases_are_as_long_as_their_pool_says() -> None:
    plan = Plan(id="a", kind="perpetual", pack=PACK, floating=True)
    assert [plan.pool_seconds(pool) for pool in ("machine", "floating", "ci")] == [30 * DAY, DAY, 6 * 3600]


def test_a_plan_survives_being_written_and_read() -> None:
    plan = Plan(id="all", kind="institution", covers=("premium", "acme/*"), versions=Range.parse("^1"), duration_s=5)
    assert read_plan(write_plan(plan)) == plan
    assert plan.pack_key == "plan:all"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "perpetual"}, "is for one pack, or says"),
        ({"kind": "perpetual", "pack": PACK, "covers": ("premium",)}, "is for one pack, or says"),
        ({"kind": "subscription", "pack": PACK}, "of kind subscription has a duration"),
        ({"kind": "trial", "pack": PACK, "duration_s": 5, "unit": "seat"}, "a trial is for an account"),
        ({"kind": "perpetual", "pack": PACK, "counts_from": "first-activation"}, "only trials count"),
        ({"kind": "perpetual", "covers": ("every/thing/*",)}, "every/thing"),
    ],
)
def test_a_plan_that_contradicts_itself_cannot_be_made(fields: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Plan(id="x", **fields)  # type: ignore[arg-type]
