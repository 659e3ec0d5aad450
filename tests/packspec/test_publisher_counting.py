from collections.abc import Sequence

import pytest

from packspec.digests import Digest
from packspec.names import PackName, PublisherName
from packspec.signing import dsse
from packspec.signing.approval import NotApproved, ReviewerSet, SelfApproved
from packspec.signing.dsse import Envelope, NotAuthentic, Signature
from packspec.signing.publisher import (
    Chain,
    Compromised,
    Cooldown,
    CountingKeys,
    KeyCompromised,
    KeyTooYoung,
    PublisherChanged,
    judge_signatures,
    keys_that_count,
)
from packspec.signing.restore import PAYLOAD_TYPE as RESTORE_TYPE
from packspec.signing.restore import Restore, judge_recall_restore, judge_yank_restore, make_restore
from packspec.signing.statement import PAYLOAD_TYPE, StatementMismatch
from tests.support.signing import HOUR, PACK, START, chain_of, key, names, root

DAY = 24 * HOUR
POLICY = [Cooldown(0, 72 * HOUR)]


def counting(chain: Chain, index: int, at: int, cooldowns: Sequence[Cooldown] = POLICY) -> CountingKeys:
    return keys_that_count(chain, index, at, PACK, cooldowns)


def signed(*signers: str) -> Envelope:
    return dsse.sign(b"statement", PAYLOAD_TYPE, [key(name) for name in signers])


ROTATED = chain_of((root(1, ["old"]), 10, START), (root(2, ["old", "new"]), 20, START + 10 * DAY))


def test_the_keys_of_the_first_root_count_at_once() -> None:
    assert names(counting(ROTATED, 10, START)) == (["old"], 1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (START + 10 * DAY, ["old"]),
        (START + 13 * DAY - 1, ["old"]),
        (START + 13 * DAY, ["old", "new"]),
        (START + 400 * DAY, ["old", "new"]),
    ],
)
def test_a_new_key_counts_after_one_cooldown_to_the_second(at: int, expected: list[str]) -> None:
    assert names(counting(ROTATED, 25, at)) == (expected, 1)


def test_S10_a_removed_key_does_not_count_from_the_next_leaf_on() -> None:
    chain = chain_of((root(1, ["old", "other"]), 10, START), (root(2, ["other"]), 20, START + DAY))
    assert names(counting(chain, 19, START + DAY)) == (["old", "other"], 1)
    assert names(counting(chain, 20, START + DAY)) == (["other"], 1)


def test_a_key_swapped_in_one_step_leaves_nobody_for_one_cooldown() -> None:
    chain = chain_of((root(1, ["old"]), 10, START), (root(2, ["new"]), 20, START + DAY))
    assert names(counting(chain, 21, START + 2 * DAY)) == ([], 1)
    assert names(counting(chain, 21, START + 4 * DAY)) == (["new"], 1)


def test_a_lower_threshold_waits_and_a_higher_one_works_at_once() -> None:
    lower = chain_of((root(1, ["a", "b"], 2), 10, START), (root(2, ["a", "b"], 1), 20, START + DAY))
    assert counting(lower, 21, START + 4 * DAY - 1).threshold == 2
    assert counting(lower, 21, START + 4 * DAY).threshold == 1
    higher = chain_of((root(1, ["a", "b"], 1), 10, START), (root(2, ["a", "b"], 2), 20, START + DAY))
    assert counting(higher, 20, START + DAY).threshold == 2


def test_a_dip_of_the_threshold_between_two_roots_never_counts() -> None:
    chain = chain_of(
        (root(1, ["a", "b"], 2), 10, START),
        (root(2, ["a", "b"], 1), 20, START + DAY),
        (root(3, ["a", "b"], 2), 30, START + 2 * DAY),
    )
    assert [counting(chain, 31, START + day * DAY).threshold for day in (2, 3, 4, 5, 6)] == [2, 2, 2, 2, 2]


def test_a_key_for_some_packs_counts_for_these_only_and_more_packs_wait() -> None:
    only = root(1, ["a"], packs={"a": ("farm-animals",)})
    more = root(2, ["a"])
    chain = chain_of((only, 10, START), (more, 20, START + DAY))
    zoo = PackName.parse("acme/zoo")
    assert names(keys_that_count(chain, 11, START, PACK, POLICY)) == (["a"], 1)
    assert names(keys_that_count(chain, 11, START, zoo, POLICY)) == ([], 1)
    assert names(keys_that_count(chain, 21, START + 4 * DAY - 1, zoo, POLICY)) == ([], 1)
    assert names(keys_that_count(chain, 21, START + 4 * DAY, zoo, POLICY)) == (["a"], 1)


def test_fewer_packs_work_at_once() -> None:
    chain = chain_of((root(1, ["a"]), 10, START), (root(2, ["a"], packs={"a": ("zoo",)}), 20, START + DAY))
    assert names(counting(chain, 20, START + DAY)) == ([], 1)


def stolen(name: str, since: int) -> list[Compromised]:
    return [Compromised(key=key(name).public.key_id, since=since)]


def test_S10_a_stolen_key_counts_below_the_index_and_not_from_it_even_before_the_root_that_says_so() -> None:
    chain = chain_of((root(1, ["a", "b"]), 10, START), (root(2, ["b"], compromised=stolen("a", 15)), 20, START + DAY))
    assert names(counting(chain, 14, START)) == (["a", "b"], 1)
    assert names(counting(chain, 15, START)) == (["b"], 1)
    assert names(counting(chain, 19, START)) == (["b"], 1)


def test_S10_a_theft_holds_for_ever_though_later_roots_do_not_repeat_it() -> None:
    chain = chain_of(
        (root(1, ["a"]), 10, START),
        (root(2, ["a", "b"], compromised=stolen("a", 15)), 20, START),
        (root(3, ["a", "b"]), 30, START + DAY),
    )
    assert names(counting(chain, 100, START + 100 * DAY)) == (["b"], 1)


def test_S10_of_two_roots_that_name_a_theft_the_earlier_index_holds() -> None:
    chain = chain_of(
        (root(1, ["a", "b"], compromised=stolen("a", 18)), 10, START),
        (root(2, ["b"], compromised=stolen("a", 12)), 20, START),
    )
    assert names(counting(chain, 11, START)) == (["a", "b"], 1)
    assert names(counting(chain, 12, START)) == (["b"], 1)


def test_a_reset_root_counts_at_once_because_its_delay_is_served() -> None:
    chain = chain_of((root(1, ["old"]), 10, START), (root(2, ["new"]), 20, START + 10 * DAY), resets=[2])
    assert names(counting(chain, 20, START + 10 * DAY)) == (["new"], 1)


def test_the_cooldown_is_the_row_in_force_at_the_roots_own_leaf() -> None:
    rows = [Cooldown(21, 0), Cooldown(0, 72 * HOUR), Cooldown(15, HOUR)]
    assert names(counting(ROTATED, 25, START + 10 * DAY + HOUR - 1, rows)) == (["old"], 1)
    assert names(counting(ROTATED, 25, START + 10 * DAY + HOUR, rows)) == (["old", "new"], 1)


def test_without_a_row_the_cooldown_is_72_hours() -> None:
    for rows in ([], [Cooldown(21, 0)]):
        assert names(counting(ROTATED, 25, START + 13 * DAY - 1, rows)) == (["old"], 1)
        assert names(counting(ROTATED, 25, START + 13 * DAY, rows)) == (["old", "new"], 1)


def test_a_leaf_before_the_first_root_has_no_keys_at_all() -> None:
    with pytest.raises(PublisherChanged):
        counting(ROTATED, 9, START)


def test_a_pack_of_another_publisher_has_no_keys_here() -> None:
    with pytest.raises(StatementMismatch):
        keys_that_count(ROTATED, 10, START, PackName.parse("birdsong/farm-animals"), POLICY)


def test_R5_enough_signatures_of_keys_that_count_make_a_release_authentic() -> None:
    answer = judge_signatures(
        signed("old", "eve"), PAYLOAD_TYPE, "acme/farm-animals 1.2.0", counting(ROTATED, 10, START)
    )
    assert ([entry.name for entry in answer.signers], answer.threshold) == (["old"], 1)
    assert answer.ignored == (f"{key('eve').public.key_id[:16]}: unknown key or wrong signature",)


@pytest.mark.parametrize(
    ("signers", "reason"),
    [
        (["eve"], f"{key('eve').public.key_id[:16]}: unknown key or wrong signature"),
        (["owner"], f"owner ({key('owner').public.fingerprint}): an owner key, which signs roots only"),
        (["gone"], f"gone ({key('gone').public.fingerprint}): no release key any more"),
        (["zoo"], f"zoo ({key('zoo').public.fingerprint}): for other packs only"),
        (["later"], f"later ({key('later').public.fingerprint}): added later"),
    ],
)
def test_S05_a_good_signature_of_a_key_that_does_not_count_is_named_with_its_reason(
    signers: list[str], reason: str
) -> None:
    chain = chain_of(
        (root(1, ["here", "gone"]), 10, START),
        (root(2, ["here", "zoo"], packs={"zoo": ("zoo",)}), 20, START + DAY),
        (root(3, ["here", "later"]), 40, START + 9 * DAY),
    )
    with pytest.raises(NotAuthentic) as caught:
        judge_signatures(
            signed(*signers), PAYLOAD_TYPE, "acme/farm-animals 1.2.0", counting(chain, 30, START + 5 * DAY)
        )
    assert caught.value.facts() == {"needed": "1", "found": "0", "signature 1": reason}
    assert str(caught.value) == "acme/farm-animals 1.2.0 is not signed by its publisher: 0 of 1 signatures"


def test_S06_two_wrong_signatures_are_none() -> None:
    wrong = Envelope(b"statement", PAYLOAD_TYPE, (Signature(key("old").public.key_id, b""),) * 2)
    with pytest.raises(NotAuthentic):
        judge_signatures(wrong, PAYLOAD_TYPE, "release", counting(ROTATED, 10, START))


def test_S17_one_key_that_signed_twice_does_not_meet_a_threshold_of_two() -> None:
    chain = chain_of((root(1, ["a", "b"], 2), 10, START))
    twice = Envelope(b"statement", PAYLOAD_TYPE, signed("a").signatures * 2)
    with pytest.raises(NotAuthentic) as caught:
        judge_signatures(twice, PAYLOAD_TYPE, "release", counting(chain, 10, START))
    assert (caught.value.have, caught.value.need) == (1, 2)


def test_only_time_is_missing() -> None:
    with pytest.raises(KeyTooYoung) as caught:
        judge_signatures(signed("new"), PAYLOAD_TYPE, "release", counting(ROTATED, 25, START + 11 * DAY))
    assert caught.value.code == "trust.key-too-young"
    assert caught.value.facts() == {
        "needed": "1",
        "found": "0",
        "key": f"new ({key('new').public.fingerprint})",
        "counts from": "2027-01-28T08:00:00Z",
    }


def test_time_is_not_what_is_missing_where_signatures_are_too_few_anyway() -> None:
    chain = chain_of((root(1, ["a", "b"], 2), 10, START), (root(2, ["a", "b", "c"], 3), 20, START + DAY))
    with pytest.raises(NotAuthentic) as caught:
        judge_signatures(signed("a", "c"), PAYLOAD_TYPE, "release", counting(chain, 21, START + 2 * DAY))
    assert (caught.value.have, caught.value.need) == (1, 3)
    with pytest.raises(KeyTooYoung):
        judge_signatures(signed("a", "b", "c"), PAYLOAD_TYPE, "release", counting(chain, 21, START + 2 * DAY))


def test_S10_what_falls_under_the_threshold_by_a_theft_says_so() -> None:
    chain = chain_of(
        (root(1, ["a", "b"], 2), 10, START), (root(2, ["b", "c"], 1, compromised=stolen("a", 15)), 20, START + DAY)
    )
    with pytest.raises(KeyCompromised) as caught:
        judge_signatures(signed("a", "b"), PAYLOAD_TYPE, "release", counting(chain, 16, START))
    assert (caught.value.code, caught.value.keys) == ("trust.key-compromised", (f"a ({key('a').public.fingerprint})",))
    judge_signatures(signed("a", "b"), PAYLOAD_TYPE, "release", counting(chain, 14, START))


def test_S24_the_payload_is_not_looked_at_when_signatures_are_judged() -> None:
    envelope = dsse.sign(b"\xff not a statement", PAYLOAD_TYPE, [key("old")])
    assert judge_signatures(envelope, PAYLOAD_TYPE, "release", counting(ROTATED, 10, START)).threshold == 1


STATEMENT = Digest.of(b"statement")
REVIEWERS = ReviewerSet(1, (key("kim").public, key("old").public))


def restore(restores: str, *signers: str, statement: Digest = STATEMENT) -> Envelope:
    payload = make_restore(Restore(v=1, statement=statement, restores=restores, at=START))  # type: ignore[arg-type]
    return dsse.sign(payload, RESTORE_TYPE, [key(name) for name in signers])


def test_release_keys_lift_a_yank_and_reviewers_lift_a_recall() -> None:
    found = counting(ROTATED, 10, START)
    assert judge_yank_restore(restore("yank", "old"), STATEMENT, found, START).restores == "yank"
    assert judge_recall_restore(restore("recall", "kim"), STATEMENT, REVIEWERS, (), START).restores == "recall"


def test_reviewers_do_not_lift_a_yank_nor_release_keys_a_recall() -> None:
    with pytest.raises(NotAuthentic):
        judge_yank_restore(restore("yank", "kim"), STATEMENT, counting(ROTATED, 10, START), START)
    with pytest.raises(NotApproved):
        judge_recall_restore(restore("recall", "new"), STATEMENT, REVIEWERS, (), START)
    with pytest.raises(SelfApproved):
        judge_recall_restore(restore("recall", "old"), STATEMENT, REVIEWERS, ROTATED.keys, START)


def test_a_restore_lifts_one_measure_of_one_release() -> None:
    found = counting(ROTATED, 10, START)
    for envelope in (restore("recall", "old"), restore("yank", "old", statement=Digest.of(b"another release"))):
        with pytest.raises(StatementMismatch):
            judge_yank_restore(envelope, STATEMENT, found, START)
    with pytest.raises(StatementMismatch):
        judge_recall_restore(restore("yank", "kim"), STATEMENT, REVIEWERS, (), START)


def test_a_restore_lifts_nothing_that_was_said_after_it_was_made() -> None:
    with pytest.raises(StatementMismatch) as caught:
        judge_yank_restore(restore("yank", "old"), STATEMENT, counting(ROTATED, 10, START), START + 1)
    assert caught.value.facts() == {"expected": "made at 1800000001 or later", "found": "made at 1800000000"}
    with pytest.raises(StatementMismatch):
        judge_recall_restore(restore("recall", "kim"), STATEMENT, REVIEWERS, (), START + 1)


def test_every_key_of_every_root_is_a_key_of_the_publisher() -> None:
    assert ROTATED.keys == {key(name).public for name in ("owner", "old", "new")}
    assert ROTATED.publisher == PublisherName("acme")
