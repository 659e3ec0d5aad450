"""Licenses that have ended or are about to: what is said of them, and what `audit` makes of that."""

import json

import pytest
from msgspec.structs import replace

from packctl.licenses.cover import Holding
from packctl.licenses.ending import ending
from packspec.licenses.plans import Plan
from packspec.moments import day as written
from packspec.names import PackName
from tests.packctl.licenses.conftest import Store
from tests.packctl.licenses.test_cover import DAY, holding
from tests.support.signing import START


def by_file(held: Holding) -> Holding:
    return replace(held, place=replace(held.place, is_offline=True))


RUNS = holding("L-1")
MONTH = holding("L-2", kind="subscription", ends=START + 25 * DAY, grace_s=7 * DAY)


@pytest.mark.parametrize(
    ("held", "day", "said"),
    [
        ([RUNS], 1, ""),
        ([RUNS], 40, ""),  # the next install renews the lease
        ([by_file(RUNS)], 15, ""),
        ([by_file(RUNS)], 16, "the license for acme/pro: its license file ends on {exp}, in 14 days"),
        ([by_file(RUNS)], 40, "the lease for acme/pro ended on {exp}"),
        ([MONTH], 10, ""),
        ([MONTH], 11, "the license for acme/pro: it ends on {ends}, in 14 days"),
        ([MONTH], 24, "the license for acme/pro: it ends on {ends}, in 1 day"),
        ([MONTH], 26, "the license for acme/pro: it is over, 6 days of grace are left"),
        ([MONTH], 33, "the license for acme/pro expired on {ends}"),
        ([MONTH, RUNS], 26, ""),  # another one goes on
        ([holding("L-3", revoked_at=START), MONTH], 24, "the license for acme/pro: it ends on {ends}, in 1 day"),
        ([holding("L-3", refused="licensing.suspended")], 1, "the license for acme/pro is suspended"),
        ([], 1, ""),
    ],
)
def test_of_the_licenses_for_a_pack_the_end_of_the_last_is_told(held: list[Holding], day: int, said: str) -> None:
    found = ending(held, START + day * DAY)
    days = {"ends": written(START + 25 * DAY), "exp": written(START + 30 * DAY)}
    assert (found.what() if found else "") == said.format(**days)


def test_audit_warns_of_a_license_about_to_end_without_asking_and_fails_for_it_if_told_so(store: Store) -> None:
    terms = Plan(id="week", kind="subscription", pack=PackName("acme/pro"), duration_s=7 * DAY + 3600)
    person, issued = store.activated(terms=terms)
    assert person.runs("add", "acme/pro", "zed/lamp").code == 0
    warned = person.runs("--json", "audit", "--offline")
    document = json.loads(warned.out)
    (one,) = document["data"]["findings"]
    assert (warned.code, one["code"], one["level"]) == (0, "licensing.near-end", "warning")
    assert one["what"].startswith("the license for acme/pro: it ends ") and one["what"].endswith(", in 7 days")
    assert (one["file"], one["line"] > 0) == ("pack.lock", True)
    assert document["warnings"][0]["facts"] == {"license": issued.license.id}
    assert person.runs("audit", "--offline", "--exit-code").code == 1
    with (person.here / "pack.toml").open("a") as file:
        file.write('\n[[audit.ignore]]\nid = "licensing.near-end"\nreason = "ordered"\nuntil = 2099-01-01\n')
    accepted = person.runs("audit", "--offline", "--exit-code")
    assert (accepted.code, "(accepted: ordered)" in accepted.out) == (0, True)
