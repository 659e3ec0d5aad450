"""One test per lie of a registry: which code it gets, with which exit status, and that nothing on this machine changed."""

import json
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata

from packctl.trust.freshness import Purpose
from packctl.trust.locked import locked_publisher
from packctl.trust.proofs import Claim
from packspec import site
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import PackIndex, Recalls
from packspec.lockfile import parse_lock
from packspec.log.checkpoint import Checkpoint, sign_checkpoint
from packspec.log.tiles import TILE_BYTES
from packspec.names import PackName
from packspec.packproof import Packproof
from packspec.signing.keys import PrivateKey
from packspec.versions import Version
from registry_server.index import metadata
from registry_server.index.ceremony import OfflineKeys
from registry_server.index.repository import Repository
from registry_server.index.writing import Writer
from tests.support.hostile import Client, forked, gullible, hostile_registry
from tests.support.installed import install
from tests.support.liar import answer
from tests.support.signing import log_key

ICONS = PackName("acme/icons")
FIRST = Version.parse("1.0.0")


def look(client, purpose=Purpose.CHOOSE, locked=None, version=FIRST):
    """Refreshes, reads an index, proves a release: all that an install asks before it fetches a file."""
    with client.registry(locked=locked) as registry:
        registry.refresh(purpose)
        registry.index(ICONS)
        proven = registry.prove([Claim(ICONS, version)])[0]
        proven.verdict.require()
        return registry.lock_entry()


@contextmanager
def refused(client, code, exit_code=6):
    """What is done inside is refused with `code`, and leaves everything as it was."""
    before = client.kept()
    with pytest.raises(PackError) as caught:
        yield caught
    assert (caught.value.code, caught.value.kind.exit_code) == (code, exit_code)
    assert client.kept() == before


def changed_json(data, change):
    document = json.loads(data)
    change(document)
    return json.dumps(document).encode()


# TUF


def test_S12_old_metadata_is_a_rollback_and_names_both_versions(registry, client):
    old = registry.copy()
    registry.publication.publish("acme/icons", "1.1.0")
    look(client)
    registry.files = old

    with refused(client, "trust.index-rollback") as caught:
        look(client)
    assert caught.value.facts()["role"] == "timestamp"
    assert int(caught.value.seen.split()[1]) == int(caught.value.got.split()[1]) + 1


def test_S12_an_old_snapshot_behind_a_new_timestamp_is_a_rollback(registry, client):
    look(client)
    with forked(registry, registry.world.folder.root.parent / "fork") as other:
        registry.publication.publish("acme/icons", "1.1.0")
        look(client)
        for _ in range(3):  # its timestamps have higher versions, its snapshot lists what was before
            other.sign({})
        registry.files = other.copy()
        with refused(client, "trust.index-rollback") as caught:
            look(client)
    assert caught.value.role.startswith("bin4-")


@pytest.mark.parametrize(("days", "purpose", "code"), [
    (8, Purpose.CHOOSE, "trust.index-expired"),
    (31, Purpose.LOCKED, "trust.index-expired"),
])  # fmt: skip
def test_S13_a_frozen_registry_is_refused_after_its_end(tmp_path, days, purpose, code):
    with hostile_registry(tmp_path / "frozen", now=int(time.time()) - days * 86_400) as registry:
        client = Client(tmp_path / "client", registry.url, registry.root)
        with refused(client, code) as caught:
            look(client, purpose)
        assert caught.value.facts()["role"] == "timestamp"
        assert set(caught.value.facts()) == {"role", "it ended", "our clock"}


def test_S13_what_is_locked_may_be_installed_from_a_registry_that_sleeps_and_nothing_expired_is_kept(tmp_path):
    with hostile_registry(tmp_path / "asleep", now=int(time.time()) - 8 * 86_400) as registry:
        client = Client(tmp_path / "client", registry.url, registry.root)
        with client.registry() as trusted:
            trusted.refresh(Purpose.LOCKED)
            assert trusted.prove([Claim(ICONS, FIRST)])[0].verdict.faults == ()
            assert [notice.code for notice in trusted._session.console.warnings] == ["trust.index-expired"]
        metadata_folder = next((client.folder / "data/registries").glob("*/tuf"))
        assert not (metadata_folder / "timestamp.json").exists()


def test_S13_a_registry_that_sleeps_cannot_go_back(tmp_path):
    with hostile_registry(tmp_path / "asleep", now=int(time.time()) - 8 * 86_400) as registry:
        client = Client(tmp_path / "client", registry.url, registry.root)
        old = registry.copy()
        registry.clock.advance(minutes=1)
        registry.publication.publish("acme/icons", "1.1.0")
        look(client, Purpose.LOCKED)
        registry.files = old
        with refused(client, "trust.index-rollback"):
            look(client, Purpose.LOCKED)


def test_S14_a_snapshot_of_another_state_is_a_mismatch(registry, client):
    old = registry.read("tuf/4.snapshot.json")
    version = Repository.load(registry.world.public).snapshot.version
    registry.lie(f"tuf/{version}.snapshot.json", old)

    with refused(client, "trust.metadata-mismatch") as caught:
        look(client)
    assert caught.value.facts()["role"] == "snapshot"


def test_S14_a_bin_of_another_state_is_a_mismatch(registry, client):
    repository = Repository.load(registry.world.public)
    ((name, _),) = repository.bins_of([site.pack_target(ICONS)]).items()
    registry.lie(site.tuf_metadata(name, repository.role(name).version), registry.read(f"tuf/1.{name}.json"))

    with refused_after_refresh(client, "trust.metadata-mismatch") as caught:
        look(client)
    assert caught.value.facts()["role"] == name


def test_an_index_with_the_bytes_of_another_is_a_mismatch(registry, client):
    registry.lie(registry.target_path(site.pack_target(ICONS)), registry.target("index/acme.json"))

    with refused_after_refresh(client, "trust.metadata-mismatch"):
        look(client)


def test_an_index_that_is_longer_than_listed_is_a_mismatch_and_is_read_no_further(registry, client):
    path = registry.target_path(site.pack_target(ICONS))
    registry.lie(path, registry.read(path) + b" " * 10_000_000)

    with refused_after_refresh(client, "trust.metadata-mismatch") as caught:
        look(client)
    assert caught.value.found.startswith("more than ")


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "index"])
def test_S06_metadata_without_its_signatures_is_refused_by_role_and_number(registry, client, role):
    repository = Repository.load(registry.world.public)
    version = {"snapshot": repository.snapshot.version, "targets": 2, "index": 1}.get(role)
    path = site.TIMESTAMP if role == "timestamp" else f"tuf/{version}.{role}.json"
    registry.lie(path, changed_json(registry.read(path), lambda document: document["signatures"].clear()))

    # what is listed by digest is refused by digest, before anybody looks for signatures
    code = "trust.metadata-signature" if role == "timestamp" else "trust.metadata-mismatch"
    with refused(client, code) as caught:
        look(client)
    assert caught.value.role == role
    if role == "timestamp":
        assert (caught.value.have, caught.value.need) == (0, 1)


def test_a_signature_that_stands_twice_is_malformed(registry, client):
    def twice(document):
        document["signatures"] *= 2

    registry.lie(site.TIMESTAMP, changed_json(registry.read(site.TIMESTAMP), twice))
    with refused(client, "trust.metadata-malformed"):
        look(client)


def next_root(registry, change, signers=2):
    """Root 2 after `change`, signed by so many of the offline keys."""
    root = Repository.load(registry.world.public).root(1)
    root.version = 2
    change(root)
    keys = OfflineKeys.read(registry.publication.offline).keys
    return metadata.make(root, keys[:signers]).data


def test_S17_a_root_that_lists_one_key_under_two_ids_is_refused_and_not_kept(registry, client):
    def double(root):
        key = root.keys[root.roles["timestamp"].keyids[0]]
        again = type(key)("f" * 64, key.keytype, key.scheme, {"public": key.keyval["public"].replace("\n", "\n\n", 1)})
        root.keys[again.keyid] = again
        root.roles["timestamp"].keyids.append(again.keyid)
        root.roles["timestamp"].threshold = 2

    registry.lie("tuf/2.root.json", next_root(registry, double))
    with refused(client, "trust.duplicate-key"):
        look(client)
    (history,) = (client.folder / "data/registries").glob("*/tuf/root_history")
    assert sorted(path.name for path in history.iterdir()) == ["1.root.json", "writing.lock"]
    del registry.lies["/tuf/2.root.json"]
    look(client)


def test_S17_a_next_root_with_too_few_signatures_is_refused(registry, client):
    registry.lie("tuf/2.root.json", next_root(registry, lambda root: None, signers=1))
    with refused(client, "trust.metadata-signature") as caught:
        look(client)
    assert (caught.value.role, caught.value.have, caught.value.need) == ("root", 1, 2)


def test_S17_a_gap_in_the_chain_of_roots_is_refused(registry, client):
    def skip(root):
        root.version = 3

    registry.lie("tuf/2.root.json", next_root(registry, skip))
    with refused(client, "trust.metadata-mismatch") as caught:
        look(client)
    assert caught.value.facts()["role"] == "root"


def test_S15_a_version_beyond_all_others_is_taken_and_what_comes_after_it_refused(registry, client):
    look(client)
    with forked(registry, registry.world.folder.root.parent / "fork") as other:
        repository = Repository.load(other.world.public)
        repository.timestamp.version = 2**63 - 2
        Writer(repository, other.world.online, other.world.now(), 86_400).sign_timestamp(
            repository.timestamp.snapshot_meta
        )
        registry.files = other.copy()
        look(client)
        registry.files = None
        with refused(client, "trust.index-rollback") as caught:
            look(client)
    assert caught.value.seen == "version 9223372036854775807"


def endless(asked):
    yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    while True:
        yield b" " * 65_536


def test_S16_endless_metadata_ends_at_its_ceiling(registry, client):
    registry.lie(site.TIMESTAMP, endless)
    with refused(client, "trust.metadata-too-big") as caught:
        look(client)
    assert caught.value.facts() == {"role": "timestamp", "allowed": "16384 bytes", "found": "more"}


def test_S16_an_endless_packproof_ends_at_its_ceiling(registry, client):
    registry.lie(site.packproof(ICONS, FIRST), endless)
    with refused_after_refresh(client, "trust.proof-malformed"):
        look(client)


def test_a_proxys_page_instead_of_metadata_is_malformed(registry, client):
    registry.lie(site.TIMESTAMP, b"<html>Please log in</html>")
    with refused(client, "trust.metadata-malformed"):
        look(client)


def test_C32_a_clock_that_is_behind_signed_time_is_told_with_both_clocks(tmp_path):
    with hostile_registry(tmp_path / "ahead", now=int(time.time()) + 3600) as registry:
        client = Client(tmp_path / "client", registry.url, registry.root)
        with refused(client, "trust.clock") as caught:
            look(client)
        assert set(caught.value.facts()) == {"index signed at", "our clock"}


def test_C15_a_redirect_elsewhere_is_not_followed(registry, client, tmp_path):
    with hostile_registry(tmp_path / "other") as other:
        registry.lie(site.TIMESTAMP, lambda asked: [answer(302, Location=f"{other.url}/tuf/timestamp.json")])
        with refused(client, "registry.redirected", 8):
            look(client)
        assert other.asked == []


# Another registry


def test_C22_a_registry_with_other_keys_in_its_place_is_told_from_a_network_that_fails(registry, client, tmp_path):
    look(client)
    with hostile_registry(tmp_path / "other", keys="other") as other:
        registry.files = other.copy()
        with refused(client, "trust.metadata-signature"):
            look(client)
    registry.files = {}
    with refused(client, "registry.bad-answer", 8):
        look(client)


def test_C22_a_root_that_is_not_the_pinned_one_is_refused_at_first_contact(registry, tmp_path):
    client = Client(tmp_path / "fresh", registry.url, Digest.of(b"another root"))
    with refused(client, "trust.root-mismatch") as caught:
        look(client)
    assert registry.root.labelled in caught.value.found
    assert caught.value.by == "PACKCTL_TRUST_ROOT"


# The log


def test_S23_a_second_history_is_found_and_both_checkpoints_are_kept(registry, client, tmp_path):
    with forked(registry, tmp_path / "fork") as other:
        registry.publication.publish("acme/icons", "1.1.0")
        look(client)
        other.publication.publish("acme/icons", "6.6.6")
        other.publication.publish("acme/icons", "6.6.7")
        registry.files = other.copy()
        with refused(client, "trust.log-forked") as caught:
            look(client)
    kept = caught.value.facts()["both kept in"]
    notes = Path(kept).read_text()
    assert notes.count("registry.test/log\n") == 2
    assert caught.value.seen.split(" ")[1] in notes
    assert caught.value.found.split(" ")[1] in notes


def test_S23_a_machine_that_saw_nothing_finds_a_second_history_by_the_lock(registry, client, tmp_path):
    with forked(registry, tmp_path / "fork") as other:
        registry.publication.publish("acme/icons", "1.1.0")
        locked = look(client)
        other.publication.publish("acme/icons", "6.6.6")
        other.publication.publish("acme/icons", "6.6.7")
        registry.files = other.copy()
        fresh = Client(tmp_path / "fresh", registry.url, registry.root)
        with refused(fresh, "trust.log-forked"):
            look(fresh, locked=locked)


def test_a_log_that_is_shorter_than_before_is_refused_and_both_checkpoints_are_kept(registry, client, tmp_path):
    with forked(registry, tmp_path / "fork") as other:
        registry.publication.append()
        before = look(client)
        registry.publication.recall("acme/icons@1.0.0", action="warn")
        locked = look(client)
        assert locked.log.size == before.log.size + 1
        repository = Repository.load(registry.world.public)
        registry.sign({}, Repository.load(other.world.public).note)
        assert repository.checkpoint.size > Repository.load(registry.world.public).checkpoint.size
        with refused(client, "trust.log-shrank") as caught:
            look(client)
    assert Path(caught.value.facts()["both kept in"]).read_text().count("registry.test/log\n") == 2


def test_a_checkpoint_signed_by_somebody_else_is_refused(registry, client):
    checkpoint = Repository.load(registry.world.public).checkpoint
    note = sign_checkpoint(Checkpoint(checkpoint.origin, checkpoint.size, checkpoint.root), log_key("mallory"))
    registry.sign({}, note)
    with refused(client, "trust.log-signature"):
        look(client)


def test_a_tile_with_other_hashes_is_refused(registry, client):
    registry.lie("log/tile/0/000.p/9", bytes(9 * 32))
    with refused_after_refresh(client, "trust.log-tile"):
        look(client)


def test_a_tile_that_is_too_long_is_refused(registry, client):
    registry.lie("log/tile/0/000.p/9", bytes(TILE_BYTES + 100))
    with refused_after_refresh(client, "trust.log-tile"):
        look(client)


# Recalls


def test_a_recall_that_was_seen_and_is_hidden_now_is_missed(registry, client):
    registry.publication.recall("acme/icons@1.0.0", action="warn")
    look(client)
    registry.sign({site.RECALLS_TARGET: None})
    with refused(client, "trust.recall-vanished"):
        look(client)


def test_a_recall_marked_as_lifted_without_a_document_is_missed(registry, client):
    registry.publication.recall("acme/icons@1.0.0", action="warn")
    look(client)
    lifted = changed_json(
        registry.target(site.RECALLS_TARGET),
        lambda document: document["recalls"][0].update(restored="0" * 64, restored_log=3),
    )
    registry.sign({site.RECALLS_TARGET: Recalls.parse(canonical(lifted)).encode()})
    with refused(client, "trust.recall-vanished"):
        look(client)


def canonical(data):
    return json.dumps(json.loads(data), sort_keys=True, separators=(",", ":")).encode()


def test_a_recall_lifted_by_nobodys_reviewer_is_missed(registry, client):
    registry.publication.recall("acme/icons@1.0.0", action="warn")
    look(client)
    registry.publication.restore("acme/icons@1.0.0", signers=["mallory"])
    with refused(client, "trust.recall-vanished"):
        look(client)


def test_a_recall_holds_until_the_reviewers_lift_it(registry, client):
    registry.publication.recall("acme/icons@1.0.0")
    with refused_after_refresh(client, "policy.release-recalled", 10):
        look(client)
    registry.publication.restore("acme/icons@1.0.0")
    look(client)


def test_what_lifted_a_recall_lifts_no_later_one(registry, client):
    registry.publication.recall("acme/icons@1.0.0", action="warn")
    registry.publication.restore("acme/icons@1.0.0")
    registry.publication.recall("acme/icons@1.0.0")

    def lift_again(document):
        first, second = document["recalls"]
        second.update(restored=first["restored"], restored_log=first["restored_log"])

    lifted = changed_json(registry.target(site.RECALLS_TARGET), lift_again)
    registry.sign({site.RECALLS_TARGET: Recalls.parse(canonical(lifted)).encode()})
    with refused_after_refresh(client, "policy.release-recalled", 10):
        look(client)


def test_a_recall_that_was_lifted_before_anybody_here_saw_it_is_lifted_only_with_its_document(registry, client):
    registry.publication.recall("acme/icons@1.0.0")
    registry.publication.restore("acme/icons@1.0.0")
    digest = Recalls.parse(registry.target(site.RECALLS_TARGET)).recalls[0].restored
    registry.lie(site.document(digest), None)
    with refused_after_refresh(client, "policy.release-recalled", 10):
        look(client)
    registry.lies.clear()
    look(client)


def test_the_document_that_lifted_one_recall_lifts_no_later_one(registry, client):
    publication = registry.publication
    publication.recall("acme/icons@1.0.0", action="warn")
    registry.clock.advance(seconds=1)
    publication.restore("acme/icons@1.0.0")
    first = Recalls.parse(registry.target(site.RECALLS_TARGET)).recalls[0]
    registry.clock.advance(seconds=1)
    publication.recall("acme/icons@1.0.0")
    look_and_be_stopped(client)

    def shown_again(document):
        document["recalls"][1].update(restored=str(first.restored), restored_log=first.restored_log)

    registry.sign({site.RECALLS_TARGET: canonical(changed_json(registry.target(site.RECALLS_TARGET), shown_again))})
    with refused(client, "trust.recall-vanished"):
        look(client)


def look_and_be_stopped(client):
    with pytest.raises(PackError) as caught:
        look(client)
    assert caught.value.code == "policy.release-recalled"


def test_a_yank_lifted_by_nobodys_key_does_not_count(registry, client):
    registry.publication.yank("acme/icons@1.0.0")
    registry.publication.restore("acme/icons@1.0.0", "yank", signers=["mallory"])
    with client.registry() as trusted:
        trusted.refresh()
        verdict = trusted.prove([Claim(ICONS, FIRST)])[0].verdict
    assert [fault.code for fault in verdict.faults] == ["trust.not-authentic"]
    assert str(verdict.current.answer) == "no"


# Releases


def test_S05_a_release_signed_by_a_key_of_nobody_is_refused(registry, client):
    with gullible():
        registry.publication.publish("acme/icons", "1.1.0", signers=["mallory"])
    with refused_after_refresh(client, "trust.not-authentic"):
        look(client, version=Version.parse("1.1.0"))


@contextmanager
def refused_after_refresh(client, code, exit_code=6):
    """As `refused`, where the registry's state itself is right and may be remembered."""
    with client.registry() as trusted:
        trusted.refresh()
    with refused(client, code, exit_code) as caught:
        yield caught


def test_an_approval_by_nobodys_reviewer_does_not_count(registry, client):
    with gullible():
        registry.publication.publish("acme/icons", "1.1.0", approvers=["mallory"])
    with refused_after_refresh(client, "trust.not-approved"):
        look(client, version=Version.parse("1.1.0"))


def test_an_approval_by_a_key_of_the_publisher_does_not_count(registry, client):
    registry.publication.reviewer("release")
    with gullible():
        registry.publication.publish("acme/icons", "1.1.0", approvers=["release"])
    with refused_after_refresh(client, "trust.self-approved"):
        look(client, version=Version.parse("1.1.0"))


def test_S22_an_approval_of_another_release_does_not_count(registry, client):
    registry.publication.publish("acme/icons", "1.1.0")
    first = Packproof.parse(registry.read("proofs/acme/icons/1.0.0.packproof"))
    second = Packproof.parse(registry.read("proofs/acme/icons/1.1.0.packproof"))
    replayed = Packproof(second.statement, first.approvals, second.leaf, second.proof)
    registry.lie("proofs/acme/icons/1.1.0.packproof", replayed.encode())
    with refused_after_refresh(client, "trust.log-mismatch"):
        look(client, version=Version.parse("1.1.0"))


def test_the_packproof_of_another_release_is_refused(registry, client):
    registry.publication.publish("acme/icons", "1.1.0")
    registry.lie("proofs/acme/icons/1.1.0.packproof", registry.read("proofs/acme/icons/1.0.0.packproof"))
    with refused_after_refresh(client, "trust.not-logged"):
        look(client, version=Version.parse("1.1.0"))


def test_a_release_without_a_packproof_is_refused(registry, client):
    registry.lie("proofs/acme/icons/1.0.0.packproof", None)
    with refused_after_refresh(client, "trust.proof-missing"):
        look(client)


def test_M22_an_index_that_says_something_else_than_was_signed_is_refused(registry, client):
    name = site.pack_target(ICONS)
    index = PackIndex.parse(registry.target(name), ICONS)
    cheaper = changed_json(index.encode(), lambda document: document["releases"][0].update(license="MIT"))
    registry.sign({name: canonical(cheaper)})
    with refused_after_refresh(client, "trust.index-mismatch"):
        look(client)


def test_an_index_in_the_place_of_another_is_refused(registry, client):
    registry.publication.publish("acme/sounds", "1.0.0")
    registry.sign({site.pack_target(ICONS): registry.target("index/acme/sounds.json")})
    with refused_after_refresh(client, "trust.wrong-pack"):
        look(client)


def test_a_locked_release_that_is_gone_from_its_index_is_missed(registry, client):
    install(client, registry)
    lock = parse_lock((client.folder / "pack.lock").read_bytes())
    name = site.pack_target(ICONS)
    registry.sign({name: canonical(changed_json(registry.target(name), lambda document: document["releases"].clear()))})
    with client.registry(locked=lock.registries[0]) as trusted:
        trusted.refresh()
        found = trusted.prove([Claim(ICONS, FIRST, lock=lock.packs[0])])[0].verdict
    assert found.faults[0].code == "trust.release-unlisted"


def test_C22_new_keys_of_a_publisher_that_its_owners_did_not_sign_are_refused(registry, client):
    install(client, registry)
    registry.publication.publisher("acme", keys=["mallory"], signers=["mallory"])
    with refused_after_refresh(client, "trust.publisher-changed"):
        look(client)


def test_a_publisher_that_needs_fewer_signatures_than_in_the_lock_is_told(tmp_path):
    now = int(time.time())
    with hostile_registry(tmp_path / "registry", now=now - 20 * 86_400) as registry:
        client = Client(tmp_path / "client", registry.url, registry.root)
        publication = registry.publication
        publication.publisher("zed", keys=["release", "second"], threshold=2)
        publication.publish("zed/lamp", "1.0.0", signers=["release", "second"])
        registry.clock.advance(days=10)
        publication.publisher("zed", keys=["release"])
        registry.clock.advance(days=10)
        publication.publish("zed/lamp", "1.1.0")

        install(client, registry, ["zed/lamp@1.0.0"])
        lock = parse_lock((client.folder / "pack.lock").read_bytes())
        lamp = PackName("zed/lamp")
        claim = Claim(lamp, Version.parse("1.1.0"), known=locked_publisher(lock, lamp.publisher))
        with client.registry(locked=lock.registries[0]) as trusted:
            trusted.refresh()
            assert [fault.code for fault in trusted.prove([claim])[0].verdict.faults] == ["trust.downgraded"]
            accepted = frozenset([publication.roots["zed"][1]])
            assert trusted.prove([claim], accepted)[0].verdict.faults == ()


def test_a_private_key_never_lies_where_a_client_reads(registry):
    for data in registry.copy().values():
        for key in OfflineKeys.read(registry.publication.offline).keys:
            assert key.pkcs8 not in data
    assert isinstance(PrivateKey, type)


def test_metadata_that_was_served_is_what_the_library_reads(registry, client):
    look(client)
    (folder,) = (client.folder / "data/registries").glob("*/tuf")
    assert (folder / "timestamp.json").read_bytes() == registry.read(site.TIMESTAMP)
    assert Metadata.from_file(str(folder / "targets.json")).signed.version == 2
