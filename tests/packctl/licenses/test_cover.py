"""Which license covers which release, and how long a clock is believed. Pure."""

import pytest
from msgspec.structs import replace

from packctl.licenses.clock import Seen
from packctl.licenses.cover import Cover, Holding, cover, cover_one, warning
from packctl.licenses.faults import StaleStatus
from packctl.licenses.getting import run_of
from packctl.licenses.reasons import reason
from packctl.licenses.wallet import Place
from packspec.licenses.token import Confirmation, LicenseToken, ListEntry, Sold, StatusRef
from packspec.licenses.use import Release
from packspec.names import PackName
from packspec.ranges import Range
from packspec.versions import Version
from tests.support.signing import START

DAY = 86_400
PACK = PackName.parse("acme/pro")


def holding(
    license: str = "L-1",
    *,
    revoked_at: int | None = None,
    list_at: int | None = START,
    refused: str = "",
    **lic: object,
) -> Holding:
    """A place of this machine in a license for acme/pro, its lease of 30 days begun at START."""
    sold = replace(Sold(kind="perpetual", pack=PACK, starts=START, max_instances=1), **lic)
    token = LicenseToken(
        iss="r/log", sub=license, jti="A-1", aud="r/log", iat=START, nbf=START, exp=START + 30 * DAY, cnf=Confirmation("x" * 43),
        status=StatusRef(ListEntry(0, "license-status/0")), lic=sold,
    )  # fmt: skip
    place = Place(
        registry="r/log",
        address="https://r",
        license=license,
        activation="A-1",
        pack="acme/pro",
        token="",
        refused=refused,
    )
    return Holding(place, token, revoked_at, list_at)


def release(version: str = "1.0.0", at: int = START - DAY, early: int | None = None, pack: PackName = PACK) -> Release:
    return Release(pack=pack, version=Version.parse(version), at=at, early_access=early)


def code(held: list[Holding], one: Release | None = None, now: int = START + DAY) -> str:
    """The code of the refusal; the license that covers it, if one does."""
    found = cover_one(one or release(), held, now)
    return found.by.token.sub if isinstance(found, Cover) else found.code


def test_a_release_is_covered_by_the_license_that_has_nothing_to_warn_of() -> None:
    over = holding("L-1", kind="subscription", ends=START + DAY // 2, grace_s=7 * DAY)
    assert code([over, holding("L-2")]) == "L-2"
    assert code([over]) == "L-1"
    found = cover_one(release(), [over], START + DAY)
    assert isinstance(found, Cover)
    assert warning(found, START + DAY) == "the license for acme/pro is over; 6 days of grace are left"


@pytest.mark.parametrize(
    ("held", "one", "now", "expected"),
    [
        ([], release(), START, "licensing.not-covered"),
        ([holding()], release(pack=PackName.parse("acme/other")), START, "licensing.not-covered"),
        ([holding()], release(), START + 30 * DAY - 1, "L-1"),
        ([holding()], release(), START + 30 * DAY, "licensing.lease-ended"),
        ([holding(revoked_at=START)], release(), START, "licensing.revoked"),
        ([holding(revoked_at=START, refused="licensing.suspended")], release(), START, "licensing.suspended"),
        ([holding(refused="licensing.not-activated")], release(), START, "licensing.not-activated"),
        ([holding(refused="licensing.something-newer")], release(), START, "licensing.not-activated"),
        ([holding(versions=Range.parse("^1"))], release("2.0.0"), START, "licensing.version-not-covered"),
        ([holding(updates_until=START)], release(at=START), START, "L-1"),
        ([holding(updates_until=START)], release(at=START + 1), START + 2, "licensing.too-new"),
        ([holding()], release(at=START, early=DAY), START + DAY - 1, "licensing.early-access"),
        ([holding()], release(at=START, early=DAY), START + DAY, "L-1"),
        ([holding(features=("early-access",))], release(at=START, early=DAY), START, "L-1"),
        ([holding(ends=START + DAY)], release(), START + DAY, "licensing.expired"),
        ([holding(ends=START + DAY, cancel_at=START + DAY, grace_s=DAY)], release(), START + DAY, "licensing.cancelled"),
        ([holding(pack=None, covers=("acme/*",))], release(), START, "L-1"),
        ([holding(pack=None, covers=("zed/*",))], release(), START, "licensing.not-covered"),
    ],
)  # fmt: skip
def test_L12_what_is_not_covered_is_refused_in_the_words_of_its_license(
    held: list[Holding], one: Release, now: int, expected: str
) -> None:
    assert code(held, one, now) == expected


@pytest.mark.parametrize(("list_at", "is_good"), [(START, True), (START - 1, False), (None, False)])
def test_a_plan_that_asks_for_a_new_list_refuses_an_older_one(list_at: int | None, is_good: bool) -> None:
    found = cover_one(release(), [holding(freshness="online", list_at=list_at)], START + DAY)
    assert isinstance(found, Cover if is_good else StaleStatus)
    assert isinstance(cover_one(release(), [holding(list_at=list_at)], START + DAY), Cover)


def test_of_several_refusals_the_one_is_told_that_is_put_right_most_easily() -> None:
    revoked, elsewhere = holding("L-1", revoked_at=START), holding("L-2", versions=Range.parse("^2"))
    assert code([revoked, elsewhere]) == "licensing.version-not-covered"
    assert code([revoked, replace(elsewhere)], now=START + 30 * DAY) == "licensing.version-not-covered"
    found = cover([release(), release(pack=PackName.parse("acme/other"))], [holding()], START)
    assert [one.by.token.sub for one in found.covers] == ["L-1"]
    assert {pack: error.code for pack, error in found.missing.items()} == {"acme/other": "licensing.not-covered"}


def test_the_resolver_is_told_what_a_license_rules_out_and_who_asks_is_told_all() -> None:
    ruled_out = [holding(versions=Range.parse("^1"))]
    assert (
        reason(release("2.0.0"), ruled_out, START, told_all=False)
        == "is outside of the versions that license L-1 covers"
    )
    late = [holding(updates_until=START)]
    assert reason(release(at=START + 1), late, START + 2, told_all=False) == (
        "was published after the updates that license L-1 covers (until 2027-01-15)"
    )
    assert reason(release(), [], START, told_all=False) is None
    assert reason(release(), [], START, told_all=True) == "must be paid, and no license on this machine covers it"
    assert reason(release(), [holding(revoked_at=START)], START, told_all=False) is None
    assert (
        reason(release(), [holding(revoked_at=START)], START, told_all=True)
        == "must be paid, and license L-1 was revoked"
    )
    stale = [holding(freshness="online", list_at=None)]
    assert reason(release(), stale, START, told_all=True) == (
        "must be paid: the license for acme/pro must be checked against a newer status list"
    )


@pytest.mark.parametrize(
    ("seen", "now", "believed"),
    [
        (Seen(), START, START),
        (Seen(signed=START), START - 600, START - 600),
        (Seen(signed=START), START - 601, START),
        (Seen(ran=START + DAY), START, START + DAY),
        (Seen(signed=START, ran=START + DAY), START + 2 * DAY, START + 2 * DAY),
    ],
)
def test_a_clock_is_believed_up_to_ten_minutes_before_what_was_known(seen: Seen, now: int, believed: int) -> None:
    assert seen.believed(now) == believed


def test_L07_a_clock_that_ran_ahead_is_believed_again_as_soon_as_somebody_signed_anew() -> None:
    ahead = Seen(signed=START).after(START + 365 * DAY, START, fresh=0)
    assert ahead.was_set_back(START + 60)
    assert ahead.after(START + 60, START, fresh=0).was_set_back(START + 120)
    assert not ahead.after(START + 60, START + 50, fresh=START + 50).was_set_back(START + 120)


@pytest.mark.parametrize("fresh", [START, START + DAY, START + 20 * DAY - 1, START + 20 * DAY - 601])
def test_what_was_signed_long_ago_makes_nobody_believe_a_clock_that_was_set_back(fresh: int) -> None:
    """A mirror that gives out what it kept of an earlier day, also what this machine never saw of it."""
    seen = Seen(signed=START + 20 * DAY, ran=START + 31 * DAY)
    for clock in (fresh, fresh + 60, START + 20 * DAY):
        assert seen.after(clock, fresh, fresh=fresh).ran == START + 31 * DAY
    assert seen.after(START + 21 * DAY, START + 20 * DAY + 1, fresh=START + 20 * DAY + 1).ran == START + 31 * DAY
    assert seen.after(START + 21 * DAY, START + 21 * DAY, fresh=START + 21 * DAY).ran == START + 21 * DAY


def test_L06_setting_a_clock_back_does_not_lengthen_a_lease() -> None:
    seen = Seen(signed=START, ran=START + 31 * DAY)
    assert code([holding()], now=seen.believed(START + DAY)) == "licensing.lease-ended"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, ""),
        ({"GITHUB_RUN_ID": "17", "GITHUB_REPOSITORY": "mia/game", "GITHUB_SERVER_URL": "https://git"}, "https://git mia/game 17"),
        ({"CI_PIPELINE_ID": "9", "CI_PROJECT_PATH": "mia/game"}, "mia/game 9"),
        ({"BUILD_TAG": "jenkins-game-4", "BUILD_ID": "4"}, "jenkins-game-4"),
        ({"BUILD_ID": "4"}, "4"),
    ],
)  # fmt: skip
def test_all_steps_of_one_run_have_one_name(environ: dict[str, str], expected: str) -> None:
    assert run_of(environ) == expected
