"""The root after the newest: who must sign it, what waits, what is refused, and what everybody sees then."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import pytest

from packspec import site
from packspec.names import PublisherName
from packspec.problems import Relayed
from packspec.protocol.publishers import (
    ACCEPT,
    DISCARD_ROOT,
    NEXT_ROOT,
    REGISTER,
    SHOW,
    WAITING_ROOT,
    AcceptPublisher,
    AskPublisher,
    DiscardRoot,
    NextRoot,
    RegisterPublisher,
    RootView,
)
from packspec.signing import dsse
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import PAYLOAD_TYPE, Compromised, KeyRole, PublisherRoot, next_of
from registry_server.actor import SYSTEM
from registry_server.call import call_of
from registry_server.index.repository import Repository
from registry_server.index.reviewers import PublishersKey, add_reviewer
from registry_server.publishers import actions as publishers
from tests.support import publishing as do
from tests.support.registry import Registry
from tests.support.signing import key, role

ACME = PublisherName("acme")
HOURS_72 = 72 * 3600


@dataclass
class Owners:
    """A publisher whose owners `names` exist, with changes of its keys as calls."""

    registry: Registry
    owners: Sequence[str] = ("acme-owner",)
    threshold: int = 1
    token: str = field(init=False)

    def __post_init__(self) -> None:
        first = PublisherRoot(
            v=1, publisher=ACME, version=1, owners=role(list(self.owners), self.threshold), release=role(["r1"]),
            compromised=(), contact="keys@acme.example", created="2026-09-21T14:13:20Z",
        )  # fmt: skip
        made = _register(self.registry, first, self.owners)
        self.token = made.token

    @property
    def chain(self):
        with call_of(self.registry.world, SYSTEM).reading() as call:
            return publishers.chain(call, ACME)

    def next(self, release: KeyRole | None = None, **changes) -> PublisherRoot:
        return next_of(self.chain.newest, "2026-09-22T00:00:00Z", release=release, **changes)

    def send(self, root: PublisherRoot, signers: Sequence[str] = ("acme-owner",), after=None, token="") -> RootView:
        envelope = dsse.sign(root.encode(), PAYLOAD_TYPE, [key(name) for name in signers])
        ask = NextRoot(publisher=ACME, after=after or root.previous, root=envelope.encode().decode())
        return self.registry.call(NEXT_ROOT, ask, token or self.token)

    def refused(self, *args, **kwargs) -> str:
        with pytest.raises(Relayed) as caught:
            self.send(*args, **kwargs)
        return caught.value.code

    def show(self):
        return self.registry.call(SHOW, AskPublisher(publisher=ACME))


def _register(registry: Registry, root: PublisherRoot, owners: Sequence[str]) -> do.Publisher:
    envelope = dsse.sign(root.encode(), PAYLOAD_TYPE, [key(name) for name in owners])
    token = registry.account("mia")
    registry.call(REGISTER, RegisterPublisher(name=ACME, root=envelope.encode().decode()), token)
    registry.call(ACCEPT, AcceptPublisher(publisher=ACME, root=envelope.digest), registry.admin())
    return do.Publisher(ACME, token, key(owners[0]), (key("r1"),), envelope.digest)


def test_the_next_root_is_in_the_log_and_on_the_static_side_when_the_answer_comes(registry):
    acme = Owners(registry)
    size = Repository.load(registry.world.public).checkpoint.size
    root = acme.next(role(["r1", "r2"]))

    done = acme.send(root)

    assert (done.version, done.log_index, done.before, done.own) == (2, size, 1, 1)
    assert Repository.load(registry.world.public).checkpoint.size == size + 1
    served = registry.client.get(f"/{site.publisher_root(ACME, 2)}").content
    assert served == done.envelope.encode()
    assert Envelope.parse(served).payload == root.encode()
    assert [one.root.version for one in acme.chain.roots] == [1, 2]


def test_R21_the_same_root_again_is_answered_as_the_first_time(registry):
    acme = Owners(registry)
    root = acme.next(role(["r1", "r2"]))
    first = acme.send(root)
    assert acme.send(root) == first
    assert len(acme.chain.roots) == 2


def test_a_root_with_too_few_owners_waits_and_the_second_owner_completes_it(registry):
    acme = Owners(registry, ["mia", "tom", "zoe"], 2)
    root = acme.next(role(["r1", "r2"]))

    waiting = acme.send(root, ["mia"])

    assert (waiting.log_index, waiting.before, waiting.before_needed) == (None, 1, 2)
    assert (acme.show().root_version, acme.show().waiting_root) == (1, str(waiting.root))
    assert registry.call(WAITING_ROOT, AskPublisher(publisher=ACME), acme.token) == waiting
    done = acme.send(root, ["zoe"])
    assert (done.version, done.before, done.log_index is not None) == (2, 2, True)
    assert (acme.show().root_version, acme.show().waiting_root) == (2, "")


def test_S17_a_new_owner_whose_signature_the_new_threshold_needs_must_sign_too(registry):
    acme = Owners(registry)
    root = acme.next(owners=role(["acme-owner", "tom"], 2))
    waiting = acme.send(root)
    assert (waiting.log_index, waiting.before, waiting.own, waiting.own_needed) == (None, 1, 1, 2)
    assert acme.send(root, ["acme-owner", "tom"]).log_index is not None


def test_R20_of_two_roots_begun_from_the_same_one_the_second_is_told_so(registry):
    acme = Owners(registry)
    mine, theirs = acme.next(role(["r1", "r2"])), acme.next(role(["r1", "r3"]))
    acme.send(mine)
    assert acme.refused(theirs) == "publishers.root-superseded"
    assert len(acme.chain.roots) == 2


def test_a_proposal_does_not_take_the_place_of_one_that_waits_but_a_complete_root_does(registry):
    acme = Owners(registry, ["mia", "tom"], 2)
    waiting = acme.send(acme.next(role(["r1", "r2"])), ["mia"])
    assert acme.refused(acme.next(role(["r3"])), ["tom"]) == "publishers.other-root-waits"
    assert acme.show().waiting_root == str(waiting.root)
    assert acme.send(acme.next(role(["r3"])), ["mia", "tom"]).log_index is not None
    assert acme.show().waiting_root == ""


def test_a_proposal_can_be_taken_back_by_its_digest(registry):
    acme = Owners(registry, ["mia", "tom"], 2)
    waiting = acme.send(acme.next(role(["r1", "r2"])), ["mia"])
    registry.call(DISCARD_ROOT, DiscardRoot(publisher=ACME, root=waiting.root), acme.token)
    assert acme.show().waiting_root == ""
    with pytest.raises(Relayed) as caught:
        registry.call(DISCARD_ROOT, DiscardRoot(publisher=ACME, root=waiting.root), acme.token)
    assert caught.value.code == "publishers.no-root-waiting"


@pytest.mark.parametrize(
    ("signers", "code"),
    [(["eve"], "trust.not-authentic"), (["r1"], "trust.not-authentic")],
    ids=["a stranger", "a release key"],
)
def test_S17_who_is_no_owner_changes_nothing_and_leaves_nothing_waiting(registry, signers, code):
    acme = Owners(registry)
    assert acme.refused(acme.next(role(["eve-release"])), signers) == code
    assert acme.show().waiting_root == ""


def test_a_root_that_skips_a_number_is_refused(registry):
    acme = Owners(registry)
    skipped = msgspec.structs.replace(acme.next(role(["r2"])), version=3)
    assert acme.refused(skipped) == "trust.publisher-changed"


def test_only_members_hand_in_roots_even_signed_ones(registry):
    acme = Owners(registry)
    eve = registry.account("eve")
    assert acme.refused(acme.next(role(["r2"])), token=eve) == "publishers.not-yours"


def test_S18_a_key_twice_is_refused(registry):
    acme = Owners(registry)
    payload = acme.next(role(["r1", "r2"])).encode()
    twice = payload.replace(key("r2").public.base64.encode(), key("r1").public.base64.encode())
    envelope = dsse.sign(twice, PAYLOAD_TYPE, [key("acme-owner")])
    ask = NextRoot(publisher=ACME, after=acme.chain.newest.digest, root=envelope.encode().decode())
    with pytest.raises(Relayed) as caught:
        registry.call(NEXT_ROOT, ask, acme.token)
    assert caught.value.code == "trust.duplicate-key"


def test_everybody_sees_which_keys_count_and_which_from_when(registry):
    acme = Owners(registry)
    registry.clock.advance(days=30)
    acme.send(acme.next(role(["r1", "r2"])))
    changed_at = registry.clock()

    keys = {one.name: (one.counts, one.counts_from) for one in acme.show().keys}
    assert keys == {"acme-owner": (True, 0), "r1": (True, 0), "r2": (False, changed_at + HOURS_72)}
    registry.clock.advance(hours=72)
    assert all(one.counts for one in acme.show().keys)


def test_a_lower_threshold_waits_like_a_new_key(registry):
    acme = Owners(registry)
    acme.send(acme.next(role(["r1", "r2"], 2)))
    registry.clock.advance(days=30)
    acme.send(acme.next(role(["r1", "r2"], 1)))
    shown = acme.show()
    assert (shown.release_threshold, shown.threshold_now) == (1, 2)
    assert shown.threshold_from == registry.clock() + HOURS_72


def test_a_reviewers_key_is_refused_in_any_root(registry):
    registry.reviewer("kim")
    acme = Owners(registry)
    with_kim = acme.next(role(["r1", "review-kim"]))
    assert acme.refused(with_kim) == "publishers.reviewers-key"
    root = PublisherRoot(
        v=1, publisher=PublisherName("other"), version=1, owners=role(["other-owner"]), release=role(["review-kim"]),
        compromised=(), contact="x", created="2026-09-21T14:13:20Z",
    )  # fmt: skip
    envelope = dsse.sign(root.encode(), PAYLOAD_TYPE, [key("other-owner")])
    with pytest.raises(Relayed) as caught:
        ask = RegisterPublisher(name=PublisherName("other"), root=envelope.encode().decode())
        registry.call(REGISTER, ask, acme.token)
    assert caught.value.code == "publishers.reviewers-key"


@pytest.mark.parametrize("name", ["acme-owner", "r1", "r2"], ids=["owner", "former release key", "waiting"])
def test_a_key_of_a_publisher_gets_on_no_list_of_reviewers(registry, name):
    acme = Owners(registry, ["acme-owner", "tom"], 1)
    acme.send(acme.next(role(["r3"])))
    acme.send(acme.next(role(["r2"]), owners=role(["acme-owner", "tom"], 2)))
    with pytest.raises(PublishersKey):
        add_reviewer(registry.world, registry.offline_keys, "kim", key(name).public)


def test_a_theft_told_once_stays_told_and_the_earlier_place_counts(registry):
    acme = Owners(registry)
    stolen = key("r1").public.key_id
    acme.send(acme.next(role(["r2"]), compromised={stolen: 9}))
    assert acme.next(role(["r2"]), compromised={stolen: 12}).compromised == (Compromised(key=stolen, since=9),)
    assert acme.next(role(["r2"]), compromised={stolen: 7}).compromised == (Compromised(key=stolen, since=7),)


def test_what_the_registry_keeps_is_what_clients_follow(registry):
    acme = Owners(registry, ["mia", "tom"], 2)
    acme.send(acme.next(role(["r2"])), ["mia", "eve"])
    done = acme.send(acme.next(role(["r2"])), ["tom"])
    kept = Envelope.parse(done.envelope.encode())
    assert sorted(one.key_id for one in kept.signatures) == sorted(key(name).public.key_id for name in ("mia", "tom"))
