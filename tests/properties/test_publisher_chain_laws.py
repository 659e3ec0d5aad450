"""Laws of publisher chains: what loosens waits and what tightens works at once; only both owners' consent makes a next root.

The first laws are checked on chains whose signatures are taken as given, against a model written the other way round: per key and per
root instead of per window. The machine at the end signs for real.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec import structs

from packspec.digests import Digest
from packspec.names import PublisherName
from packspec.signing.keys import PublicKey
from packspec.signing.publisher import (
    Chain,
    Compromised,
    Cooldown,
    LoggedRoot,
    PublisherChanged,
    Rooted,
    counting,
    follow,
    keys_that_count,
)
from tests.support.signing import ACME, PACK, START, PublisherHistory, key, role

WAIT = 100
POLICY = [Cooldown(0, WAIT)]
NAMES = ("a", "b", "c", "d")
HISTORY = PublisherHistory()


@dataclass(frozen=True)
class Step:
    """One root to come: its release keys, threshold, thefts, and the time since the root before."""

    names: frozenset[str]
    threshold: int
    stolen: tuple[tuple[str, int], ...]
    pause: int
    reset: bool


some_names = st.frozensets(st.sampled_from(NAMES), min_size=1)
thresholds = {count: st.integers(1, count) for count in range(1, len(NAMES) + 1)}
thefts = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 60)), max_size=1)
pauses = st.sampled_from((0, 1, WAIT // 2, WAIT - 1, WAIT, 2 * WAIT))
resets = st.integers(0, 9).map(lambda one: one == 0)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    names = draw(some_names)
    threshold, stolen, pause = draw(thresholds[len(names)]), draw(thefts), draw(pauses)
    return Step(names, threshold, tuple(stolen), pause, draw(resets))


def build(plan: list[Step]) -> Chain:
    """Root n stands at log index 10 n."""
    at, rooted = START, []
    for number, step in enumerate(plan, start=1):
        at += step.pause
        root = HISTORY.root(
            role(sorted(step.names), step.threshold),
            compromised=[Compromised(key=key(name).public.key_id, since=since) for name, since in step.stolen],
            version=number,
            previous=Digest.of(b"before") if number > 1 else None,
        )
        rooted.append(Rooted(root, Digest.of(b"%d" % number), 10 * number, at, step.reset and number > 1))
    return Chain(ACME, tuple(rooted))


plans = st.lists(steps(), min_size=1, max_size=5)
moderate = settings(max_examples=150, deadline=None)


def answer(chain: Chain, index: int, at: int) -> tuple[frozenset[PublicKey], int]:
    found = keys_that_count(chain, index, at, PACK, POLICY)
    return frozenset(entry.key for entry in found.keys), found.threshold


def by_model(chain: Chain, index: int, at: int) -> tuple[frozenset[PublicKey], int]:
    """Per key: how long has it stood without a break? Per root: has a settled one taken its place?"""
    logged = [rooted for rooted in chain.roots if rooted.index <= index]

    def is_settled(rooted: Rooted) -> bool:
        return rooted.is_reset or at - rooted.at >= WAIT

    def counts(public: PublicKey) -> bool:
        for number, rooted in reversed(list(enumerate(logged))):
            if public not in rooted.root.release.public_keys:
                return False
            if is_settled(rooted) or number == 0:
                break
        thefts = [row.since for rooted in chain.roots for row in rooted.root.compromised if row.key == public.key_id]
        return all(index < since for since in thefts)

    rules = [
        rooted.root.release.threshold
        for number, rooted in enumerate(logged)
        if not any(is_settled(later) for later in logged[number + 1 :])
    ]
    return frozenset(filter(counts, (key(name).public for name in NAMES))), max(rules)


@given(plans, st.integers(10, 60), st.integers(0, 3 * WAIT))
@moderate
def test_the_keys_that_count_are_those_of_the_model(plan: list[Step], index: int, later: int) -> None:
    chain = build(plan)
    rooted = chain.in_force(index)
    assert rooted is not None
    assert answer(chain, index, rooted.at + later) == by_model(chain, index, rooted.at + later)


def check_loosening_waits(plan: list[Step], last: Step, later: int) -> None:
    """Whoever could not sign a release before the last root was logged cannot do so in its first cooldown."""
    before, after = build(plan), build([*plan, replace(last, reset=False)])
    newest = after.newest
    at = newest.at + later % WAIT
    old_keys, old_threshold = answer(before, newest.index, at)
    new_keys, new_threshold = answer(after, newest.index, at)
    assert new_keys <= old_keys
    assert new_threshold >= old_threshold


@given(plans, steps(), st.integers(0, WAIT - 1))
@moderate
def test_what_loosens_waits(plan: list[Step], last: Step, later: int) -> None:
    check_loosening_waits(plan, last, later)


@given(plans, steps(), st.integers(0, 3 * WAIT))
@moderate
def test_what_tightens_works_at_once(plan: list[Step], last: Step, later: int) -> None:
    chain = build([*plan, last])
    newest = chain.newest
    keys, threshold = answer(chain, newest.index, newest.at + later)
    assert keys <= set(newest.root.release.public_keys)
    assert threshold >= newest.root.release.threshold
    assert not {row.key for row in newest.root.compromised if row.since <= newest.index} & {one.key_id for one in keys}


@given(plans, steps(), st.integers(0, 3 * WAIT))
@moderate
def test_a_later_root_changes_no_earlier_release_but_by_a_theft(plan: list[Step], last: Step, later: int) -> None:
    before, after = build(plan), build([*plan, last])
    for rooted in before.roots:
        old_keys, old_threshold = answer(before, rooted.index, rooted.at + later)
        new_keys, new_threshold = answer(after, rooted.index, rooted.at + later)
        taken = {key(name).public for name, since in last.stolen if since <= rooted.index}
        assert (new_keys, new_threshold) == (old_keys - taken, old_threshold)


@given(plans)
@moderate
def test_after_one_quiet_cooldown_the_newest_root_alone_decides(plan: list[Step]) -> None:
    chain = build(plan)
    keys, threshold = answer(chain, chain.newest.index, chain.newest.at + WAIT)
    thefts = {row.key for rooted in chain.roots for row in rooted.root.compromised if row.since <= chain.newest.index}
    assert keys == {one for one in chain.newest.root.release.public_keys if one.key_id not in thefts}
    assert threshold == chain.newest.root.release.threshold


@given(plans, st.integers(10, 60), st.integers(0, 3 * WAIT))
@moderate
def test_every_key_of_the_chain_counts_or_has_a_reason(plan: list[Step], index: int, later: int) -> None:
    chain = build(plan)
    found = keys_that_count(chain, index, START + 10_000 + later, PACK, POLICY)
    told = [entry.key for entry in found.keys] + [other.entry.key for other in found.excluded]
    assert len(told) == len(set(told))
    assert set(told) == chain.keys


@contextmanager
def planted(name: str, bug: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, name, bug)
        yield


@pytest.mark.parametrize(
    ("name", "bug"),
    [
        ("_wait", lambda rooted, cooldowns: 0),
        ("_recent", lambda chain, index, at, cooldowns: (chain.in_force(index),)),
        ("_stands", lambda entry, rooted, pack: True),
    ],
    ids=["nothing waits", "only the newest root decides", "a key stands where it does not"],
)
def test_the_law_finds_a_planted_bug(name: str, bug: object) -> None:
    law = given(plans, steps(), st.integers(0, WAIT - 1))(check_loosening_waits)
    searching = settings(
        max_examples=300,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )(law)
    with planted(name, bug), pytest.raises(AssertionError):
        searching()


OWNERS = ("w", "x", "y", "z")


class ChainMachine(RuleBasedStateMachine):
    """S17: roots are offered with any set of real signatures; a chain takes exactly those to which both sides consent."""

    def __init__(self) -> None:
        super().__init__()
        self.made = PublisherHistory(publisher=PublisherName("acme"), owners=role(["w"]))
        self.owners: tuple[frozenset[str], int] = (frozenset("w"), 1)
        self.made.add(self.made.root(role(["a"])), 10, START, ["w"])
        self.chain = self.made.chain

    @rule(
        names=st.frozensets(st.sampled_from(OWNERS), min_size=1),
        draw=st.integers(0, 9),
        signers=st.frozensets(st.sampled_from((*OWNERS, "a", "eve"))),
        repeat=st.booleans(),
    )
    def offer(self, names: frozenset[str], draw: int, signers: frozenset[str], repeat: bool) -> None:
        threshold = 1 + draw % len(names)
        root = self.made.root(role(["a"]), owners=role(sorted(names), threshold))
        step = self.made.step(root, sorted(signers), 10 * len(self.made.logged) + 10, START)
        if repeat:
            doubled = structs.replace(step.envelope, signatures=step.envelope.signatures * 2)
            step = LoggedRoot(doubled, step.digest, step.index, step.at)
        old_names, old_threshold = self.owners
        if len(signers & old_names) >= old_threshold and len(signers & names) >= threshold:
            self.chain = follow(self.chain, [step])
            self.made.logged.append(step)
            self.owners = (names, threshold)
        else:
            with pytest.raises(PublisherChanged):
                follow(self.chain, [step])

    @precondition(lambda self: len(self.made.logged) > 2)
    @rule()
    def skip_one(self) -> None:
        """A gap: the chain without its second root does not lead to the third."""
        with pytest.raises(PublisherChanged):
            follow(Chain(ACME), [self.made.logged[0], *self.made.logged[2:]])

    @invariant()
    def versions_are_gapless_and_following_all_at_once_gives_the_same(self) -> None:
        assert [rooted.root.version for rooted in self.chain.roots] == list(range(1, len(self.made.logged) + 1))
        assert follow(Chain(ACME), self.made.logged) == self.chain


TestChainMachine = ChainMachine.TestCase
TestChainMachine.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
