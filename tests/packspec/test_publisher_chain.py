from collections.abc import Sequence

import pytest

from packspec.digests import Digest
from packspec.names import PublisherName
from packspec.signing import dsse
from packspec.signing.dsse import NotAuthentic, WrongType
from packspec.signing.publisher import (
    PAYLOAD_TYPE,
    Chain,
    Downgraded,
    KeyRole,
    Locked,
    LoggedRoot,
    PublisherChanged,
    PublisherReset,
    Reset,
    check_downgrade,
    check_lock,
    follow,
)
from tests.support.signing import ACME, HOUR, START, PublisherHistory, key, role

WEEK = 7 * 24 * HOUR


def history(owners: KeyRole | None = None, release: KeyRole | None = None) -> PublisherHistory:
    """One root, signed by its owner: entry 10."""
    made = PublisherHistory(owners=owners or role(["owner"]))
    return made.add(made.root(release or role(["acme-2025"])), 10, START, [entry.name for entry in made.owners.keys])


def refused(made: PublisherHistory, step: LoggedRoot, resets: Sequence[Reset] = ()) -> str:
    with pytest.raises(PublisherChanged) as caught:
        follow(made.chain, [step], resets)
    assert caught.value.code == "trust.publisher-changed"
    return caught.value.reason


def test_a_first_root_stands_on_its_own_owners() -> None:
    chain = history().chain
    assert (len(chain.roots), chain.anchor, chain.newest.index) == (1, chain.roots[0].digest, 10)


@pytest.mark.parametrize(("signers", "have"), [(["owner"], 1), (["acme-2025"], 0), (["eve"], 0)])
def test_a_first_root_with_too_few_of_its_own_owners_is_not_authentic(signers: list[str], have: int) -> None:
    made = PublisherHistory(owners=role(["owner", "second-owner"], 2))
    step = made.step(made.root(role(["acme-2025"])), signers, 10, START)
    with pytest.raises(NotAuthentic) as caught:
        follow(Chain(ACME), [step])
    assert (caught.value.have, caught.value.need) == (have, 2)


def test_S17_a_root_signed_by_the_old_and_the_new_owners_follows() -> None:
    made = history()
    step = made.step(made.root(role(["acme-2026"]), owners=role(["new-owner"])), ["owner", "new-owner"], 20, START)
    assert [rooted.is_reset for rooted in follow(made.chain, [step]).roots] == [False, False]


@pytest.mark.parametrize(
    ("signers", "reason"),
    [
        (["new-owner"], "0 of 1 owners of root 1 signed it"),
        (["owner"], "0 of 1 owners of root 2 signed it"),
        (["acme-2025", "new-owner"], "0 of 1 owners of root 1 signed it"),
        (["eve", "new-owner"], "0 of 1 owners of root 1 signed it"),
    ],
    ids=["only the new", "only the old", "a release key for the old", "a stranger for the old"],
)
def test_S17_a_root_without_consent_of_both_sides_does_not_follow(signers: list[str], reason: str) -> None:
    made = history()
    step = made.step(made.root(role(["acme-2026"]), owners=role(["new-owner"])), signers, 20, START)
    assert refused(made, step) == reason


def test_S17_two_signatures_of_one_owner_are_one_of_two() -> None:
    made = history(owners=role(["owner", "second-owner"], 2))
    good = made.step(made.root(role(["acme-2026"])), ["owner"], 20, START)
    twice = dsse.Envelope(good.envelope.payload, PAYLOAD_TYPE, good.envelope.signatures * 2)
    assert refused(made, LoggedRoot(twice, good.digest, 20, START)) == "1 of 2 owners of root 1 signed it"


@pytest.mark.parametrize(
    ("version", "previous", "reason"),
    [
        (3, None, "it is root 3"),
        (2, Digest.of(b"another root 1"), "it follows another root 1"),
    ],
    ids=["gap", "other history"],
)
def test_S17_a_root_out_of_its_place_does_not_follow(version: int, previous: Digest | None, reason: str) -> None:
    made = history()
    step = made.step(made.root(role(["acme-2026"]), version=version, previous=previous), ["owner"], 20, START)
    assert refused(made, step) == reason


def test_S17_the_same_root_twice_does_not_follow_itself() -> None:
    made = history()
    assert refused(made, LoggedRoot(made.logged[0].envelope, made.logged[0].digest, 20, START)) == "it is root 1"


def test_a_root_of_another_publisher_does_not_follow() -> None:
    made = history()
    other = PublisherHistory(publisher=PublisherName("birdsong"), logged=made.logged)
    step = other.step(other.root(role(["acme-2026"])), ["owner"], 20, START)
    assert refused(made, step) == "it is a root of birdsong"
    with pytest.raises(PublisherChanged):
        follow(Chain(PublisherName("birdsong")), made.logged)


@pytest.mark.parametrize(("index", "at"), [(10, START), (9, START), (20, START - 1)])
def test_a_root_logged_before_the_one_it_follows_is_refused(index: int, at: int) -> None:
    made = history()
    step = made.step(made.root(role(["acme-2026"])), ["owner"], index, at)
    assert refused(made, step) == "its log entry does not come after that of the root before"


def test_S07_a_root_with_other_bytes_than_its_log_entry_names_is_refused() -> None:
    made = history()
    step = made.step(made.root(role(["acme-2026"])), ["owner"], 20, START)
    reason = "its bytes are not those that its log entry names"
    assert refused(made, LoggedRoot(step.envelope, Digest.of(b"other"), 20, START)) == reason


def test_S24_nothing_of_a_root_is_read_before_the_owners_before_it_signed() -> None:
    """The payload is not JSON; were it decoded first, this would be another code."""
    made = history()
    envelope = dsse.sign(b"{", PAYLOAD_TYPE, [key("eve")])
    assert refused(made, LoggedRoot(envelope, envelope.digest, 20, START)) == "0 of 1 owners of root 1 signed it"
    assert refused(made, LoggedRoot(envelope, Digest.of(b"{}"), 20, START)).startswith("its bytes")


def test_S08_a_root_of_another_type_is_refused() -> None:
    made = history()
    envelope = dsse.sign(made.root(role(["acme-2026"])).encode(), "application/vnd.in-toto+json", [key("owner")])
    with pytest.raises(WrongType):
        follow(made.chain, [LoggedRoot(envelope, envelope.digest, 20, START)])


def reset(made: PublisherHistory, step: LoggedRoot, **changes: object) -> Reset:
    fields: dict[str, object] = {
        "publisher": ACME,
        "old_version": len(made.logged),
        "old_digest": made.logged[-1].digest,
        "new_version": len(made.logged) + 1,
        "new_digest": step.digest,
        "index": 15,
        "at": START,
        "delay_seconds": WEEK,
    }
    return Reset(**{**fields, **changes})  # type: ignore[arg-type]


def reset_step(made: PublisherHistory, at: int = START + WEEK, threshold: int = 1) -> LoggedRoot:
    """The owner is lost: a root that only a new owner signed."""
    root = made.root(role(["acme-2026", "acme-2027"], threshold), owners=role(["new-owner"]))
    return made.step(root, ["new-owner"], 20, at)


def test_a_reset_that_was_announced_a_week_ago_stands_in_for_lost_owners() -> None:
    made = history()
    step = reset_step(made)
    assert follow(made.chain, [step], [reset(made, step)]).newest.is_reset


def test_a_reset_one_second_before_its_delay_is_over_is_refused() -> None:
    made = history()
    step = reset_step(made, at=START + WEEK - 1)
    assert refused(made, step, [reset(made, step)]) == "it was logged before the delay of its reset was over"


@pytest.mark.parametrize(
    "changes",
    [
        {"publisher": PublisherName("birdsong")},
        {"old_version": 2},
        {"old_digest": Digest.of(b"other")},
        {"new_version": 3},
        {"new_digest": Digest.of(b"other")},
        {"index": 20},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_reset_of_something_else_or_not_announced_before_is_no_consent(changes: dict[str, object]) -> None:
    made = history()
    step = reset_step(made)
    assert refused(made, step, [reset(made, step, **changes)]) == "0 of 1 owners of root 1 signed it"


def test_a_reset_root_that_its_own_owners_did_not_sign_is_refused() -> None:
    made = history()
    step = made.step(made.root(role(["acme-2026"]), owners=role(["new-owner"])), ["eve"], 20, START + WEEK)
    assert refused(made, step, [reset(made, step)]) == "0 of 1 owners of root 2 signed it"


def two_roots() -> PublisherHistory:
    made = history(release=role(["acme-2025", "acme-2026"], 2))
    return made.add(made.root(role(["acme-2025", "acme-2026"], 1)), 20, START)


def test_a_chain_that_begins_at_the_anchor_and_passes_through_the_locks_root_is_the_same_publisher() -> None:
    chain = two_roots().chain
    check_lock(chain, Locked(chain.anchor, 1, chain.anchor))
    check_lock(chain, Locked(chain.anchor, 2, chain.roots[1].digest))


@pytest.mark.parametrize(
    ("version", "reason"), [(0, "not among them"), (1, "not among them"), (3, "not among them"), (-1, "not among them")]
)
def test_a_chain_without_the_locks_root_is_another_publisher(version: int, reason: str) -> None:
    chain = two_roots().chain
    with pytest.raises(PublisherChanged, match="changed without the consent") as caught:
        check_lock(chain, Locked(chain.anchor, version, chain.roots[1].digest))
    assert caught.value.reason.endswith(reason)


def test_another_first_root_or_none_is_another_publisher() -> None:
    chain = two_roots().chain
    for found in (chain, Chain(ACME)):
        with pytest.raises(PublisherChanged) as caught:
            check_lock(found, Locked(Digest.of(b"other"), 1, Digest.of(b"other")))
        assert caught.value.reason == "the lock knows another first root"


def test_a_reset_after_the_locks_root_stops_until_its_user_names_the_digest() -> None:
    made = history()
    step = reset_step(made)
    chain = follow(made.chain, [step], [reset(made, step)])
    locked = Locked(chain.anchor, 1, chain.anchor)
    with pytest.raises(PublisherReset) as caught:
        check_lock(chain, locked, accepted=[Digest.of(b"other"), chain.anchor])
    assert (caught.value.code, caught.value.version, caught.value.digest) == ("trust.publisher-reset", 2, step.digest)
    assert step.digest in caught.value.facts()["new"]
    check_lock(chain, locked, accepted=[step.digest])
    check_lock(chain, Locked(chain.anchor, 2, step.digest))


def test_accepting_a_later_root_accepts_the_reset_before_it() -> None:
    made = history()
    step = reset_step(made)
    chain = follow(made.chain, [step], [reset(made, step)])
    later = PublisherHistory(logged=[*made.logged, step], owners=role(["new-owner"]))
    third = later.step(later.root(role(["acme-2026"])), ["new-owner"], 30, START + 2 * WEEK)
    chain = follow(chain, [third])
    locked = Locked(chain.anchor, 1, chain.anchor)
    with pytest.raises(PublisherReset):
        check_lock(chain, locked)
    check_lock(chain, locked, accepted=[third.digest])


def test_a_lower_release_threshold_stops_until_its_user_names_the_digest() -> None:
    chain = two_roots().chain
    locked = Locked(chain.anchor, 1, chain.anchor)
    with pytest.raises(Downgraded) as caught:
        check_downgrade(chain, locked, chain.newest, accepted=[chain.anchor])
    assert (caught.value.code, caught.value.expected, caught.value.found) == ("trust.downgraded", 2, 1)
    check_downgrade(chain, locked, chain.newest, accepted=[chain.newest.digest])


def test_the_same_or_a_higher_threshold_is_no_downgrade() -> None:
    chain = two_roots().chain
    check_downgrade(chain, Locked(chain.anchor, 2, chain.newest.digest), chain.newest)
    check_downgrade(chain, Locked(chain.anchor, 2, chain.newest.digest), chain.roots[0])
