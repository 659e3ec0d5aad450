"""A registry begins: keys, repository, log; and its trust files change by the offline keys alone."""

import io
import os

import pytest
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from packspec import site
from packspec.digests import Digest
from packspec.index import replay
from packspec.log.checkpoint import Checkpoint, SignedNote, open_checkpoint, sign_checkpoint
from packspec.log.proofs import EMPTY_ROOT
from packspec.signing.keys import PrivateKey
from packspec.trustfiles import ReviewerKey, ReviewerRow, Reviewers
from registry_server.actor import TERMINAL
from registry_server.call import call_of
from registry_server.index import actions, ceremony, resigning, reviewers
from registry_server.index.ceremony import AlreadyBegun, OfflineKeys, OfflineKeysMissing, begin, change_trust_file
from registry_server.index.evidence import KeptDocuments
from registry_server.index.repository import ClockBack, MetadataDamaged, Repository
from registry_server.index.reviewers import NoSuchReviewer, ReviewerListed
from registry_server.log import actions as log
from registry_server.log.rules import LogBehind
from tests.support.registry import Clock, make_world


@pytest.fixture
def world(tmp_path):
    world = make_world(tmp_path, Clock(), io.StringIO())
    yield world
    world.close()


@pytest.fixture
def offline(tmp_path):
    return tmp_path / "offline"


def metadata(world, path, kind):
    found = Metadata[kind].from_bytes(world.public.read(path))
    assert isinstance(found.signed, kind)
    return found


def test_a_new_registry_has_a_root_that_verifies_every_role(world, offline):
    begun = begin(world, "registry.example", offline)

    root = metadata(world, "tuf/1.root.json", Root)
    root.signed.verify_delegate("root", root.signed_bytes, root.signatures)
    timestamp = metadata(world, site.TIMESTAMP, Timestamp)
    root.signed.verify_delegate("timestamp", timestamp.signed_bytes, timestamp.signatures)
    snapshot = metadata(world, site.tuf_metadata("snapshot", timestamp.signed.snapshot_meta.version), Snapshot)
    root.signed.verify_delegate("snapshot", snapshot.signed_bytes, snapshot.signatures)
    targets = metadata(world, "tuf/1.targets.json", Targets)
    root.signed.verify_delegate("targets", targets.signed_bytes, targets.signatures)
    index = metadata(world, "tuf/1.index.json", Targets)
    targets.signed.verify_delegate("index", index.signed_bytes, index.signatures)
    for name in index.signed.delegations.succinct_roles.get_roles():
        one = metadata(world, f"tuf/1.{name}.json", Targets)
        index.signed.verify_delegate(name, one.signed_bytes, one.signatures)
    assert begun.origin == "registry.example/log"
    assert sorted(snapshot.signed.meta)[:2] == ["bin4-0.json", "bin4-1.json"]
    assert len(snapshot.signed.meta) == 18


def test_the_log_begins_with_the_root_and_the_trust_files_and_the_snapshot_holds_its_checkpoint(world, offline):
    begin(world, "registry.example", offline)

    trust = actions.current_trust(world)
    note = SignedNote.parse(world.public.read(site.CHECKPOINT))
    opened = open_checkpoint(note, trust.log)
    assert opened.checkpoint.size == 6
    assert Repository.load(world.public).note == note
    assert actions.tree_of(world).root == opened.checkpoint.root


def test_offline_keys_lie_apart_and_only_their_owner_may_read_any_key(world, offline):
    begin(world, "registry.example", offline)

    assert sorted(path.name for path in offline.iterdir()) == ["root-1.key", "root-2.key", "root-3.key"]
    assert sorted(path.name for path in world.folder.keys.glob("*.key")) == [
        "bins.key",
        "license.key",
        "log.key",
        "snapshot.key",
        "timestamp.key",
    ]
    for path in (*offline.iterdir(), *world.folder.keys.iterdir()):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_registry_is_not_begun_twice(world, offline):
    begin(world, "registry.example", offline)
    timestamp = world.public.read(site.TIMESTAMP)

    with pytest.raises(AlreadyBegun):
        begin(world, "registry.example", offline)
    assert world.public.read(site.TIMESTAMP) == timestamp


def kept(world, offline):
    """Every file whose loss nothing could make good."""
    files = {path: path.read_bytes() for path in (*offline.iterdir(), *world.folder.keys.iterdir())}
    return files | {path: world.public.read(path) for path in world.public.paths()}


@pytest.mark.parametrize("lost", ["timestamp", "timestamp and database"])
def test_a_registry_that_lost_its_timestamp_is_not_begun_anew(world, offline, lost, tmp_path):
    begin(world, "registry.example", offline)
    world.public.remove(site.TIMESTAMP)
    before = kept(world, offline)
    if lost == "timestamp and database":
        world.database = make_world(tmp_path / "empty", Clock(), io.StringIO()).database

    with pytest.raises(MetadataDamaged):
        begin(world, "registry.example", offline)
    assert kept(world, offline) == before


@pytest.mark.parametrize("found", [None, b"", b"{", "old"])
def test_a_lost_checkpoint_does_not_let_an_older_database_fork_the_log(world, offline, found, tmp_path):
    begin(world, "registry.example", offline)
    before = world.public.read(site.CHECKPOINT)
    world.public.remove(site.CHECKPOINT)
    if found is not None:
        empty = sign_checkpoint(Checkpoint("registry.example/log", 0, EMPTY_ROOT), world.online.log).encode()
        world.public.replace(site.CHECKPOINT, empty if found == "old" else found)
    world.database = make_world(tmp_path / "older", Clock(), io.StringIO()).database

    with pytest.raises(LogBehind):
        ceremony.complete(world)
    assert world.public.read(site.CHECKPOINT) == before


def test_keys_that_are_there_are_never_written_over(world, offline, tmp_path):
    begin(world, "registry.example", offline)
    before = {path: path.read_bytes() for path in offline.iterdir()}
    other = make_world(tmp_path / "other", Clock(), io.StringIO())

    begin(other, "other.example", offline)

    assert {path: path.read_bytes() for path in offline.iterdir()} == before
    other.close()


def add_reviewer(world, keys, key):
    call = call_of(world, TERMINAL)
    with call.writing() as writing:
        change_trust_file(
            writing,
            keys,
            site.REVIEWERS_TARGET,
            lambda index: Reviewers(
                v=1,
                sets=(ReviewerRow(start=index, threshold=1, keys=(ReviewerKey(key=key, name="kim"),)),),
                compromised=(),
            ).encode(),
        )
    actions.publish_pending(world)


def test_the_offline_keys_change_the_reviewers_and_the_log_tells_it(world, offline):
    begin(world, "registry.example", offline)
    reviewer = PrivateKey.from_seed("p256", b"r" * 48).public

    add_reviewer(world, OfflineKeys.read(offline), reviewer)

    trust = actions.current_trust(world)
    assert trust.reviewers.sets[0].start == 6
    assert trust.reviewers.in_force(6).keys == (reviewer,)
    assert trust.reviewers.in_force(5) is None
    assert Repository.load(world.public).checkpoint.size == 7
    assert Repository.load(world.public).role("targets").version == 2


def test_one_offline_key_alone_changes_nothing(world, offline):
    begin(world, "registry.example", offline)
    keys = OfflineKeys(OfflineKeys.read(offline).keys[:1])

    with pytest.raises(OfflineKeysMissing):
        add_reviewer(world, keys, PrivateKey.from_seed("p256", b"r" * 48).public)
    assert Repository.load(world.public).checkpoint.size == 6


def test_keys_of_another_registry_change_nothing(world, offline):
    begin(world, "registry.example", offline)

    with pytest.raises(OfflineKeysMissing):
        add_reviewer(world, OfflineKeys.make(os.urandom), PrivateKey.from_seed("p256", b"r" * 48).public)


def test_a_targets_file_of_a_ceremony_that_did_not_end_is_stepped_over(world, offline):
    begin(world, "registry.example", offline)
    keys = OfflineKeys.read(offline)
    call = call_of(world, TERMINAL)
    with pytest.raises(RuntimeError), call.writing() as writing:
        change_trust_file(writing, keys, site.RESETS_TARGET, lambda index: b'{"resets":[],"v":1}')
        raise RuntimeError("killed before the commit")

    add_reviewer(world, keys, PrivateKey.from_seed("p256", b"r" * 48).public)

    assert Repository.load(world.public).role("targets").version == 3
    assert actions.current_trust(world).reviewers.sets[0].threshold == 1


def test_metadata_is_signed_again_before_it_ends_and_not_sooner(world, offline):
    begin(world, "registry.example", offline)
    life = 7 * 86_400
    first = Repository.load(world.public)

    world.now.advance(seconds=life // 4 - 1)
    assert resigning.resign(world) is False
    world.now.advance(seconds=1)
    assert resigning.resign(world) is True
    assert Repository.load(world.public).timestamp.version == first.timestamp.version + 1
    assert Repository.load(world.public).snapshot.version == first.snapshot.version

    world.now.advance(days=46)
    assert resigning.resign(world) is True
    later = Repository.load(world.public)
    assert later.snapshot.version == first.snapshot.version + 1
    assert later.role("bin4-0").version == 2
    assert later.note == first.note


def test_a_clock_that_is_far_back_signs_nothing_and_one_that_is_a_little_back_signs_nothing_older(world, offline):
    begin(world, "registry.example", offline)
    first = Repository.load(world.public)
    key = PrivateKey.from_seed("p256", b"r" * 48).public

    world.now.advance(days=-400)
    with pytest.raises(ClockBack) as caught:
        resigning.resign(world)
    assert list(caught.value.facts()) == ["expected", "found"]
    with pytest.raises(ClockBack):
        actions.check_clock(world)
    with pytest.raises(ClockBack):
        add_reviewer(world, OfflineKeys.read(offline), key)
    assert Repository.load(world.public).timestamp.version == first.timestamp.version

    world.now.advance(days=400, seconds=-299)
    add_reviewer(world, OfflineKeys.read(offline), key)
    later = Repository.load(world.public)
    assert (later.timestamp.version, later.signed_at) == (first.timestamp.version + 1, first.signed_at)

    world.now.advance(days=-400)
    resigning.resign_all(world)
    assert Repository.load(world.public).signed_at == world.now()


def test_resigning_needs_no_database(world, offline):
    begin(world, "registry.example", offline)
    world.now.advance(days=3)
    world.database.close()
    world.folder.database.unlink()

    assert resigning.resign(world) is True


def test_keys_have_one_role_each(world, offline):
    begin(world, "registry.example", offline)
    root = metadata(world, "tuf/1.root.json", Root).signed
    assert set(root.roles["timestamp"].keyids).isdisjoint(root.roles["snapshot"].keyids)
    assert root.roles["root"].threshold == ceremony.OFFLINE_THRESHOLD == 2
    assert len(root.roles["root"].keyids) == 3


def test_reviewers_are_added_and_removed_by_name(world, offline):
    begin(world, "registry.example", offline)
    kim = PrivateKey.from_seed("p256", b"k" * 48).public
    ana = PrivateKey.from_seed("p256", b"a" * 48).public

    reviewers.add_reviewer(world, offline, "kim", kim)
    reviewers.add_reviewer(world, offline, "ana", ana, threshold=2)
    with pytest.raises(ReviewerListed):
        reviewers.add_reviewer(world, offline, "kim", PrivateKey.from_seed("p256", b"x" * 48).public)
    with pytest.raises(ReviewerListed):
        reviewers.add_reviewer(world, offline, "other", ana)
    row = reviewers.remove_reviewer(world, offline, "kim")

    assert [one.name for one in row.keys] == ["ana"]
    listed = actions.current_trust(world).reviewers
    assert [(one.start, one.threshold, len(one.keys)) for one in listed.sets] == [(6, 1, 1), (7, 2, 2), (8, 1, 1)]
    with pytest.raises(NoSuchReviewer):
        reviewers.remove_reviewer(world, offline, "kim")


def test_the_static_side_lists_what_a_replay_of_the_log_gives(world, offline):
    begin(world, "registry.example", offline)

    with call_of(world, TERMINAL).reading() as call:
        replayed = replay(log.entries(call, 0, log.size(call)), KeptDocuments(call))
    repository = Repository.load(world.public)
    listed = {
        name: world.public.read(site.target(name, Digest(file.hashes["sha256"])))
        for role in [f"bin4-{digit:x}" for digit in range(16)]
        for name, file in repository.role(role).targets.items()
    }
    assert listed == replayed == {"index/_/recalls.json": b'{"recalls":[],"v":1}'}
