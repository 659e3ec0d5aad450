"""Trust resets: other owners for a publisher whose owner keys are lost, as real clients live through them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from packspec import site
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.log.leaf import ResetLeaf, RootLeaf, RootName
from packspec.names import PackName, PublisherName
from packspec.problems import Relayed
from packspec.protocol.publishers import (
    NEXT_ROOT,
    RESTORE,
    SET_MEMBER,
    SHOW,
    SUSPEND,
    AskPublisher,
    NextRoot,
    RestorePublisher,
    SetMember,
    SuspendPublisher,
)
from packspec.protocol.publishing import OPEN, OpenSubmission
from packspec.signing.dsse import Envelope, sign
from packspec.signing.publisher import PAYLOAD_TYPE, PublisherRoot, next_of
from packspec.versions import Version
from registry_server.actor import SYSTEM
from registry_server.app import settle
from registry_server.audit.actions import entries
from registry_server.call import call_of
from registry_server.index import actions
from registry_server.index.ceremony import OfflineKeys
from registry_server.index.offline import signing
from registry_server.index.offline.document import BadCeremony
from registry_server.index.offline.entering import enter
from registry_server.index.offline.preparing import prepare
from registry_server.log import actions as log
from registry_server.owners.resets import ResetSuperseded, announce, plan_reset
from registry_server.publishers import actions as publishers
from registry_server.settings import Settings, TrustSettings
from tests.support.hostile import Client
from tests.support.registry import Registry, registry_at
from tests.support.signing import key, role

ACME = PublisherName("acme")
DIGEST = Digest.of(b"an archive")
WEEK = 7 * 86_400


@dataclass
class Town:
    """A registry of today with acme/icons 1.0.0, and a person who has installed it."""

    registry: Registry
    lee: Client
    folder: Path

    @property
    def newest(self) -> PublisherRoot:
        """acme's newest root."""
        with call_of(self.registry.world, SYSTEM).reading() as call:
            return publishers.chain(call, ACME).newest.root

    def root(self, *signers: str, owner: str = "found-owner") -> Envelope:
        """The next root of acme, with another owner."""
        with call_of(self.registry.world, SYSTEM).reading() as call:
            newest = publishers.chain(call, ACME).newest
        root = next_of(newest, "2027-01-15T08:00:00Z", owners=role([owner]))
        return sign(root.encode(), PAYLOAD_TYPE, [key(one) for one in signers or (owner,)])

    def reset(self, envelope: Envelope) -> None:
        """Two offline keys sign it, and it is announced."""
        world = self.registry.world
        document = prepare(world, plan_reset(world, ACME, envelope, "the safe burned"))
        keys = OfflineKeys.read(self.registry.offline_keys).keys[:2]
        assert any(
            f"acme: root {self.newest.version + 1}" in line and "the safe burned" in line
            for line in signing.sentences(document)
        )
        enter(world, signing.sign(document, keys, "two media"), "document", announce)

    def week(self) -> None:
        """Time passes, and the server's timer runs."""
        self.registry.clock.advance(seconds=WEEK)
        settle(self.registry.world)

    def client(self, name: str) -> Client:
        """Somebody who has never seen acme."""
        root = Digest.of(self.registry.world.public.read("tuf/1.root.json") or b"")
        found = Client(self.folder / name, self.registry.url, root, self.registry.clock)
        found.folder.mkdir()
        (found.folder / "pack.toml").write_text('[dependencies]\n"acme/icons" = "^1"\n')
        return found

    def shown(self) -> tuple[str, int]:
        """What the registry tells of a reset of acme."""
        view = self.registry.call(SHOW, AskPublisher(publisher=ACME))
        return view.reset_root, view.reset_from


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    # Commands go by the real time, so the registry begins in the past, and what it signs then may still be believed.
    settings = replace(
        Settings.for_testing(str(tmp_path / "registry" / "registry")), trust=TrustSettings(timestamp_days=30)
    )
    with registry_at(tmp_path / "registry", settings=settings, now=int(time.time()) - WEEK - 60) as registry:
        registry.publish("acme/icons", "1.0.0")
        found = Town(registry, Client(tmp_path, ""), tmp_path)
        found.lee = found.client("lee")
        assert found.lee.run("install").code == 0
        yield found


def test_a_reset_is_announced_waits_a_week_and_must_be_accepted_by_who_knew_the_old_keys(town: Town) -> None:
    envelope = town.root()
    town.reset(envelope)

    # Announced: everybody sees it, and nothing has changed.
    assert town.shown() == (envelope.digest, town.registry.clock() + WEEK)
    told = town.lee.run("log", "tail", "--publisher", "acme")
    assert "root 2, without its owners' signatures" in told.out
    town.registry.clock.advance(seconds=WEEK - 60)
    settle(town.registry.world)
    assert town.newest.version == 1
    assert town.lee.run("install").code == 0

    # In force: by itself, once the week is over.
    town.registry.clock.advance(seconds=60)
    settle(town.registry.world)
    assert town.newest.version == 2
    assert town.shown() == ("", 0)
    settle(town.registry.world)
    assert town.newest.version == 2
    town.registry.publish("acme/icons", "1.1.0")

    # Who knew the old keys is stopped, whatever they answer, until they name the new root.
    for arguments in (["update"], ["update", "-y"], ["update", "--accept-root", f"acme=sha256:{'0' * 64}"]):
        refused = town.lee.run(*arguments)
        assert refused.code == 6
        assert "error[trust.publisher-reset]: the keys of acme were reset by the registry" in refused.err
        assert f"root 2, {envelope.digest.labelled}" in refused.err
    accepted = town.lee.run("update", "--accept-root", f"acme={envelope.digest.labelled}")
    assert accepted.code == 0, accepted.err
    assert 'version = "1.1.0"' in (town.lee.folder / "pack.lock").read_text()
    assert town.lee.run("verify").code == 0
    assert town.lee.run("update").code == 0
    new = town.client("new")
    assert new.run("install").code == 0
    assert new.run("audit", "--full").code == 0

    # And from then on the new owner is the owner.
    after = town.root("found-owner", "next-owner", owner="next-owner")
    token = town.registry.people.publishers["acme"].token
    ask = NextRoot(publisher=ACME, after=envelope.digest, root=after.encode().decode())
    town.registry.call(NEXT_ROOT, ask, token)
    assert town.newest.version == 3


def test_an_owner_who_is_not_gone_stops_a_reset_with_any_root(town: Town) -> None:
    envelope = town.root()
    town.reset(envelope)
    acme = town.registry.people.publishers["acme"]
    ask = objection(town)
    town.registry.call(NEXT_ROOT, ask, acme.token)
    assert town.shown() == ("", 0)
    town.week()
    assert (town.newest.version, town.newest.encode()) == (2, Envelope.parse(ask.root.encode()).payload)
    town.registry.publish("acme/icons", "1.1.0")
    assert town.lee.run("update").code == 0
    with pytest.raises(PackError) as caught:
        town.reset(envelope)
    assert caught.value.code == "trust.publisher-changed"


def objection(town: Town, owner: str = "acme-owner") -> NextRoot:
    """The next root, as whoever has the old owner keys would sign it."""
    with call_of(town.registry.world, SYSTEM).reading() as call:
        newest = publishers.chain(call, ACME).newest
    acme = town.registry.people.publishers["acme"]
    signed = sign(town.root(owner=owner).payload, PAYLOAD_TYPE, [acme.owner, key("acme-owner"), key(owner)])
    return NextRoot(publisher=ACME, after=newest.digest, root=signed.encode().decode())


def test_a_thief_of_the_owner_keys_objects_until_an_admin_suspends_the_publisher(town: Town) -> None:
    registry, acme = town.registry, town.registry.people.publishers["acme"]
    admin = registry.account("root", ["admin"])
    town.reset(town.root())
    registry.call(NEXT_ROOT, objection(town), acme.token)  # the thief has keys and account, and could do so for ever
    assert town.shown() == ("", 0)

    registry.call(SUSPEND, SuspendPublisher(publisher=ACME, reason="its owner keys were stolen"), admin)
    envelope = town.root()
    town.reset(envelope)
    for row, ask in (
        (NEXT_ROOT, objection(town)),
        (SET_MEMBER, SetMember(publisher=ACME, account="root", role="owner")),
        (OPEN, OpenSubmission(pack=PackName("acme/icons"), version=Version.parse("6.6.6"), archive=DIGEST, size=9)),
    ):
        with pytest.raises(Relayed) as caught:
            registry.call(row, ask, acme.token)
        assert caught.value.code == "publishers.suspended"

    # Nothing that was there is lost, and the reset still waits its week and must be accepted by who knew the old keys.
    assert town.lee.run("verify").code == 0
    new = town.client("new")
    assert new.run("install").code == 0
    registry.clock.advance(seconds=WEEK - 60)
    settle(registry.world)
    assert town.newest.version == 2
    registry.clock.advance(seconds=60)
    settle(registry.world)
    assert town.newest.encode() == envelope.payload
    registry.account("found")
    registry.call(RESTORE, RestorePublisher(publisher=ACME, owners=["found"]), admin)
    with pytest.raises(Relayed) as caught:
        registry.call(NEXT_ROOT, objection(town), acme.token)
    assert caught.value.code == "publishers.not-yours"
    with call_of(registry.world, SYSTEM).reading() as call:
        told = [(one.action, one.reason) for one in entries(call.db, "publisher:acme")]
    assert told[:3] == [
        ("publisher.restore", ""),
        ("publisher.keys", ""),
        ("publisher.reset", "the safe burned"),
    ]
    assert ("publisher.suspend", "its owner keys were stolen") in told


def test_a_reset_that_was_signed_is_no_more_once_the_owners_moved_on(town: Town) -> None:
    world, keys = town.registry.world, OfflineKeys.read(town.registry.offline_keys).keys[:2]
    document = signing.sign(prepare(world, plan_reset(world, ACME, town.root(), "the safe burned")), keys, "two media")
    with pytest.raises(BadCeremony):
        enter(world, document)  # by nobody who could announce it
    acme = town.registry.people.publishers["acme"]
    moved = sign(town.root(owner="acme-owner").payload, PAYLOAD_TYPE, [acme.owner, key("acme-owner")])
    ask = NextRoot(publisher=ACME, after=acme.anchor, root=moved.encode().decode())
    town.registry.call(NEXT_ROOT, ask, acme.token)
    with pytest.raises(ResetSuperseded):
        enter(world, document, "document", announce)


@pytest.mark.parametrize("announced", [True, False], ids=["announced by itself", "not announced"])
def test_a_stolen_server_without_the_offline_keys_resets_nobody(town: Town, announced: bool) -> None:
    envelope, world = town.root(), town.registry.world
    acme = town.registry.people.publishers["acme"]
    with call_of(world, SYSTEM).writing() as call:
        if announced:
            place = log.take_place(call)
            names = RootName(version=1, sha256=acme.anchor), RootName(version=2, sha256=envelope.digest)
            log.append(call, place, ResetLeaf(v=1, at=place.at, publisher=ACME, old=names[0], new=names[1]), [envelope])
    town.registry.clock.advance(seconds=WEEK)
    with call_of(world, SYSTEM).writing() as call:
        place = log.take_place(call)
        leaf = RootLeaf(v=1, at=place.at, publisher=ACME, version=2, root=envelope.digest)
        log.append(call, place, leaf, [envelope])
    actions.publish_pending(world)
    assert world.public.read(site.publisher_root(ACME, 2)) == envelope.encode()
    for client in (town.lee, town.client("new")):
        refused = client.run("install", "--reinstall", "acme/icons") if client is town.lee else client.run("install")
        assert refused.code == 6
        assert "error[trust.publisher-changed]" in refused.err


def test_the_offline_keys_cannot_shorten_the_delay_for_anybody(town: Town) -> None:
    envelope, world = town.root(), town.registry.world
    town.reset(envelope)
    town.registry.clock.advance(seconds=WEEK - 3600)
    with call_of(world, SYSTEM).writing() as call:
        place = log.take_place(call)
        log.append(call, place, RootLeaf(v=1, at=place.at, publisher=ACME, version=2, root=envelope.digest))
    actions.publish_pending(world)
    refused = town.client("new").run("install")
    assert refused.code == 6
    assert "it was logged before the delay of its reset was over" in refused.err


def test_a_root_that_could_not_follow_is_not_even_prepared(town: Town) -> None:
    world = town.registry.world
    for envelope, code in (
        (sign(town.root().payload, PAYLOAD_TYPE, [key("somebody")]), "trust.publisher-changed"),
        (town.root("review-kim", owner="review-kim"), "publishers.reviewers-key"),
    ):
        with pytest.raises(PackError) as caught:
            plan_reset(world, ACME, envelope, "the safe burned")
        assert caught.value.code == code
