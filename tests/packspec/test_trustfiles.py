"""Trust files: which row is in force, and lists with which nothing can be counted."""

from typing import Any

import pytest

from packspec.digests import Digest
from packspec.errors import PackError
from packspec.log.leaf import RootName
from packspec.names import PublisherName
from packspec.trustfiles import ClientRefused, LogTrust, Resets, Reviewers, TrustPolicy
from packspec.versions import Version
from tests.support.signing import key
from tests.support.vectors import cases

READ: dict[str, Any] = {"log": LogTrust, "reviewers": Reviewers, "policy": TrustPolicy, "resets": Resets}


@pytest.mark.parametrize("case", cases("trustfiles", "good"), ids=lambda case: case["name"])
def test_a_good_trust_file_is_read_and_written_alike(case: dict[str, Any]) -> None:
    data = case["data"].encode()
    assert READ[case["file"]].parse(data).encode() == data, case["reason"]


@pytest.mark.parametrize("case", cases("trustfiles", "bad"), ids=lambda case: case["name"])
def test_a_bad_trust_file_is_refused_with_its_code(case: dict[str, Any]) -> None:
    with pytest.raises(PackError) as caught:
        READ[case["file"]].parse(case["data"].encode())
    assert caught.value.code == case["code"], case["reason"]


def good(name: str) -> bytes:
    data: str = next(case["data"] for case in cases("trustfiles", "good") if case["name"] == name)
    return data.encode()


def test_reviewers_are_those_of_the_row_in_force_at_the_entry() -> None:
    reviewers = Reviewers.parse(good("reviewers: two rows, one key stolen"))
    assert reviewers.in_force(9) is None
    early, late = reviewers.in_force(10), reviewers.in_force(100)
    assert early is not None and late is not None
    assert (early.threshold, early.keys) == (1, (key("reviewer").public,))
    assert (late.threshold, late.keys) == (2, (key("reviewer").public, key("second reviewer").public))
    assert reviewers.in_force(49) == early


def test_a_stolen_reviewer_key_is_stolen_from_its_index_on() -> None:
    reviewers = Reviewers.parse(good("reviewers: two rows, one key stolen"))
    stolen = frozenset({key("reviewer").public.key_id})
    before, after = reviewers.in_force(49), reviewers.in_force(50)
    assert before is not None and after is not None
    assert (before.stolen, after.stolen) == (frozenset(), stolen)


def test_cooldowns_are_given_as_the_count_of_keys_takes_them() -> None:
    policy = TrustPolicy.parse(good("policy: a longer cooldown later"))
    assert policy.waits == ((0, 259_200), (500, 604_800))


def test_I3_an_older_packctl_is_told_what_is_needed() -> None:
    policy = TrustPolicy.parse(good("policy: a longer cooldown later"))
    policy.check_client(Version.parse("0.2.0"))
    policy.check_client(Version.parse("1.0.0"))
    with pytest.raises(ClientRefused) as caught:
        policy.check_client(Version.parse("0.1.9"))
    assert caught.value.code == "policy.client-too-old"
    assert caught.value.facts() == {"needed": "packctl 0.2.0", "found": "packctl 0.1.9"}


def test_a_reset_is_found_by_publisher_and_new_root() -> None:
    resets = Resets.parse(good("resets: one row"))
    new = RootName(version=3, sha256=Digest("b" * 64))
    row = resets.row_for(PublisherName("acme"), new)
    assert row is not None and row.old == RootName(version=2, sha256=Digest("a" * 64))
    assert resets.row_for(PublisherName("birdsong"), new) is None
    assert resets.row_for(PublisherName("acme"), RootName(version=3, sha256=Digest("c" * 64))) is None
