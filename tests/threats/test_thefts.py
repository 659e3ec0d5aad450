"""Every theft of docs/threat-model carried out: somebody has what was stolen, uses it, and what was to survive does.

Lee installed acme/icons 1.0.0 before; a newcomer never saw the registry. Where a lie of the registry alone is the theft, the test stands in
tests/packctl/trust/test_lies.py; the table in docs/threat-model/README.md names the test of every row.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tuf.api.metadata import MetaFile

from packspec import site
from packspec.limits import DAY_SECONDS
from packspec.log.checkpoint import LOG, Checkpoint, NoteKey, sign_checkpoint
from packspec.names import PackName, PublisherName
from registry_server.index import metadata
from registry_server.index.ceremony import OfflineKeys
from registry_server.index.offline import signing
from registry_server.index.offline.entering import enter
from registry_server.index.offline.preparing import Changes, prepare
from registry_server.index.repository import Repository
from registry_server.index.reviewers import remove_reviewer
from registry_server.witness.store import Witness
from tests.support.hostile import Client, HostileRegistry, forked, gullible, hostile_registry
from tests.support.thief import Thief
from tests.support.watching import listening, witness_at

ICONS, ACME = PackName("acme/icons"), PublisherName("acme")
HOUR = 3600


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[HostileRegistry]:
    with hostile_registry(tmp_path / "registry") as opened:
        yield opened


@pytest.fixture
def old_registry(tmp_path: Path) -> Iterator[HostileRegistry]:
    """A registry whose clock can be moved on by twenty days, until it is now."""
    with hostile_registry(tmp_path / "registry", now=int(time.time()) - 20 * DAY_SECONDS) as opened:
        yield opened


def newcomer(registry: HostileRegistry, folder: Path, wish: str = '"acme/icons" = "^1"') -> Client:
    """Somebody who knows the registry's root and nothing else of it."""
    client = Client(folder, registry.url, registry.root)
    folder.mkdir()
    (folder / "pack.toml").write_text(f"[dependencies]\n{wish}\n")
    return client


def lee(registry: HostileRegistry, folder: Path, wish: str = '"acme/icons" = "^1"') -> Client:
    """Somebody who has installed what the registry has now."""
    client = newcomer(registry, folder, wish)
    ended = client.run("install")
    assert ended.code == 0, ended.err
    return client


def project(client: Client) -> dict[str, bytes]:
    """Every file of a project: pack.toml, pack.lock, packs, and what was kept of them."""
    return {name: data for name, data in client.kept().items() if not name.startswith("data/")}


def refused(client: Client, code: str, *command: str) -> str:
    """A command ends with `code` and exit status 6, and the project is what it was. What it said."""
    before = project(client)
    ended = client.run(*command)
    assert (ended.code, f"error[{code}]" in ended.err) == (6, True), ended.err
    assert project(client) == before
    return ended.err


# The server


def test_a_stolen_server_brings_in_nothing_that_its_publisher_did_not_sign(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    known, new = lee(registry, tmp_path / "lee"), newcomer(registry, tmp_path / "new")
    with gullible():
        registry.publication.publish(ICONS, "1.1.0", signers=["mallory"], approvers=["mallory"])
    refused(known, "trust.not-authentic", "update")
    refused(new, "trust.not-authentic", "install")
    assert known.run("ci").code == 0


def test_a_stolen_server_that_invents_a_publisher_brings_in_nothing_that_no_reviewer_approved(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    with gullible():
        registry.publication.publisher("zed", keys=["mallory"])
        registry.publication.publish("zed/lamp", "1.0.0", signers=["mallory"], approvers=["mallory"])
    refused(newcomer(registry, tmp_path / "new", '"zed/lamp" = "^1"'), "trust.not-approved", "install")


def test_a_stolen_server_with_its_log_key_is_found_by_every_lock_file(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    with forked(registry, tmp_path / "fork") as other:
        registry.publication.publish(ICONS, "1.1.0")
        known = lee(registry, tmp_path / "lee")
        lock = (known.folder / "pack.lock").read_bytes()
        for version in ("6.6.6", "6.6.7"):
            other.publication.publish(ICONS, version)
        registry.files = other.copy()
        assert "1.0.0" not in refused(known, "trust.log-forked", "update")
        elsewhere = newcomer(registry, tmp_path / "elsewhere")
        (elsewhere.folder / "pack.lock").write_bytes(lock)
        refused(elsewhere, "trust.log-forked", "update")


def test_a_stolen_server_and_its_reviewers_fool_newcomers_alone_and_the_log_tells_of_it(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    known = lee(registry, tmp_path / "lee")
    thief = Thief(registry)
    thief.release(ICONS, "1.9.0", thief.root_one(ACME))
    refused(known, "trust.publisher-changed", "update")
    new = newcomer(registry, tmp_path / "new")
    assert new.run("install").code == 0  # not promised: nothing that a newcomer has contradicts it
    told = new.run("audit", "--full")
    assert (told.code, "root 1 of acme follows root 1" in told.err) == (6, True), told.err


def test_a_release_that_is_signed_and_approved_but_not_logged_is_refused(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    known = lee(registry, tmp_path / "lee")
    Thief(registry, signs="release").release(ICONS, "1.9.0", registry.publication.roots["acme"][0], is_logged=False)
    refused(known, "trust.not-logged", "update")
    refused(newcomer(registry, tmp_path / "new"), "trust.not-logged", "install")


# Single keys of the server


def test_a_stolen_timestamp_key_neither_goes_back_nor_signs_another_state(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    older = Repository.load(registry.world.public)
    registry.publication.publish(ICONS, "1.1.0")
    known = lee(registry, tmp_path / "lee")
    state = Repository.load(registry.world.public)

    def names(snapshot: MetaFile) -> None:
        version, now = state.timestamp.version + 1, registry.clock()
        signed = metadata.timestamp(version, now, DAY_SECONDS, snapshot)
        registry.lie(site.TIMESTAMP, metadata.make(signed, [registry.world.online.timestamp]).data)

    names(older.timestamp.snapshot_meta)
    refused(known, "trust.index-rollback", "update")
    version = state.snapshot.version + 1
    signed = metadata.snapshot(version, registry.clock(), older.snapshot.meta, older.note.encode().decode())
    forged = metadata.make(signed, [registry.world.online.timestamp])
    registry.lie(site.tuf_metadata("snapshot", version), forged.data)
    names(forged.reference)
    assert "snapshot" in refused(known, "trust.metadata-signature", "update")


def test_stolen_online_keys_change_neither_reviewers_nor_any_other_trust_file(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    known, online = lee(registry, tmp_path / "lee"), registry.world.online
    state = Repository.load(registry.world.public)
    role = state.role("targets")
    role.version += 1
    mine = b'{"compromised":[],"sets":[],"v":1}'
    role.targets[site.REVIEWERS_TARGET] = metadata.target_file(site.REVIEWERS_TARGET, mine)
    made = metadata.make(role, [online.timestamp, online.snapshot, online.bins])
    registry.world.public.write(site.tuf_metadata("targets", role.version), made.data)
    state.snapshot.meta["targets.json"] = made.reference
    version = state.snapshot.version = state.snapshot.version + 1
    snapshot = metadata.make(state.snapshot, [online.snapshot])
    registry.world.public.write(site.tuf_metadata("snapshot", version), snapshot.data)
    signed = metadata.timestamp(state.timestamp.version + 1, registry.clock(), DAY_SECONDS, snapshot.reference)
    registry.lie(site.TIMESTAMP, metadata.make(signed, [online.timestamp]).data)
    assert "targets" in refused(known, "trust.metadata-signature", "update")


def test_a_stolen_log_key_alone_reaches_nobody(registry: HostileRegistry, tmp_path: Path) -> None:
    known = lee(registry, tmp_path / "lee")
    state = Repository.load(registry.world.public)
    forged = sign_checkpoint(
        Checkpoint(state.checkpoint.origin, state.checkpoint.size + 7, bytes(32)), registry.world.online.log
    )
    registry.lie(site.CHECKPOINT, forged.encode())
    assert known.run("update").code == 0
    assert known.run("log", "verify").code == 0
    signed = metadata.snapshot(state.snapshot.version, registry.clock(), state.snapshot.meta, forged.encode().decode())
    swapped = metadata.make(
        signed, [registry.world.online.snapshot]
    )  # and even with the snapshot key, without the timestamp's
    registry.lie(site.tuf_metadata("snapshot", state.snapshot.version), swapped.data)
    refused(newcomer(registry, tmp_path / "new"), "trust.metadata-mismatch", "install")


# Reviewers


def test_a_stolen_reviewer_key_makes_nothing_that_its_publisher_did_not_sign_and_counts_no_more_once_it_is_told(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    known = lee(registry, tmp_path / "lee")
    with gullible():
        registry.publication.publish(ICONS, "1.1.0", signers=["mallory"], approvers=["kim"])
    refused(known, "trust.not-authentic", "update")
    stolen = registry.publication.publish(ICONS, "1.2.0").index
    registry.publication.reviewer("ana")
    remove_reviewer(registry.world, registry.publication.offline, "kim", stolen_since=stolen)
    assert "was compromised" in refused(known, "trust.not-approved", "update")
    assert known.run("ci").code == 0  # what kim approved before


# Publishers


def test_a_stolen_release_key_makes_nothing_that_no_reviewer_approved_and_counts_no_more_once_it_is_told(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    known = lee(registry, tmp_path / "lee")
    with gullible():
        registry.publication.publish(ICONS, "1.1.0", approvers=["mallory"])
    refused(known, "trust.not-approved", "update")
    fooled = registry.publication.publish(ICONS, "1.2.0").index
    registry.publication.publisher("acme", keys=["new"], stolen={"release": fooled})
    refused(known, "trust.key-compromised", "update")
    assert known.run("ci").code == 0  # signed before the theft


def test_one_stolen_release_key_of_two_makes_nothing(registry: HostileRegistry, tmp_path: Path) -> None:
    registry.publication.publisher("zed", keys=["mia", "tom"], threshold=2)
    registry.publication.publish("zed/lamp", "1.0.0", signers=["mia", "tom"])
    known = lee(registry, tmp_path / "lee", '"zed/lamp" = "^1"')
    with gullible():
        registry.publication.publish("zed/lamp", "1.1.0", signers=["mia"])
    assert "1 of 2" in " ".join(refused(known, "trust.not-authentic", "update").split())


def test_stolen_owner_keys_below_the_threshold_change_no_key(registry: HostileRegistry, tmp_path: Path) -> None:
    """The keys that the thief adds are followed by nobody, whatever the server lets into the log."""
    known = lee(registry, tmp_path / "lee")
    registry.publication.publisher("acme", keys=["mallory"], signers=["release"])
    with gullible():
        registry.publication.publish(ICONS, "1.1.0", signers=["mallory"])
    refused(known, "trust.publisher-changed", "update")
    refused(newcomer(registry, tmp_path / "new"), "trust.publisher-changed", "install")


def test_stolen_owner_keys_wait_a_cooldown_and_alter_no_release_that_is_there(
    old_registry: HostileRegistry, tmp_path: Path
) -> None:
    registry = old_registry
    registry.clock.advance(days=19)
    registry.publication.publisher("acme", keys=["release", "mallory"])
    with gullible():
        registry.publication.publish(ICONS, "1.1.0", signers=["mallory"])
    new = newcomer(registry, tmp_path / "new")
    refused(new, "trust.key-too-young", "install")
    (new.folder / "pack.toml").write_text('[dependencies]\n"acme/icons" = "=1.0.0"\n')
    assert new.run("install").code == 0
    assert new.run("verify").code == 0
    tail = new.run("log", "tail", "--publisher", "acme").out
    assert "root 2" in tail  # where its owners see it


def test_stolen_owner_keys_and_a_stolen_server_cannot_date_a_release_past_the_cooldown(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    known = lee(registry, tmp_path / "lee")
    registry.publication.publisher("acme", keys=["release", "mallory"])
    in_a_week = registry.clock() + 7 * DAY_SECONDS
    Thief(registry).release(ICONS, "1.9.0", registry.publication.roots["acme"][0], at=in_a_week)
    refused(known, "trust.key-too-young", "update")
    refused(newcomer(registry, tmp_path / "new"), "trust.key-too-young", "install")


# The registry's offline keys


def test_stolen_offline_keys_make_nothing_that_the_publisher_did_not_sign(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    known = lee(registry, tmp_path / "lee")
    registry.publication.reviewer("mallory")
    with gullible():
        registry.publication.publish(ICONS, "1.1.0", signers=["mallory"], approvers=["mallory"])
    refused(known, "trust.not-authentic", "update")
    told = known.run("log", "tail")
    assert "reviewers" in told.out


# Two histories


def watched(registry: HostileRegistry, witness: Witness) -> None:
    """From now on the witness must sign every checkpoint."""
    keys = OfflineKeys.read(registry.publication.offline).keys
    changes = Changes(add_witnesses=(witness.public,), quorum=1)
    enter(registry.world, signing.sign(prepare(registry.world, changes), keys, "media"))


def asks(registry: HostileRegistry, url: str) -> None:
    """Names the address of the witness."""
    trust = replace(registry.world.settings.trust, witnesses=url)
    registry.world.settings = replace(registry.world.settings, trust=trust)


def test_stolen_witnesses_are_as_none_and_lock_files_still_tell(registry: HostileRegistry, tmp_path: Path) -> None:
    log = NoteKey.of("registry.test/log", LOG, registry.world.online.log.public)
    honest, stolen = witness_at(tmp_path / "honest", log), witness_at(tmp_path / "stolen", log)
    assert honest.public == stolen.public
    with listening(honest) as here, listening(stolen) as there:
        asks(registry, here)
        watched(registry, honest)
        with forked(registry, tmp_path / "fork") as other:
            asks(other, there)
            registry.publication.publish(ICONS, "1.1.0")
            other.publication.publish(ICONS, "1.1.1")
            one, two = lee(registry, tmp_path / "one"), lee(other, tmp_path / "two")
            for client in (one, two):
                assert "yes (1 witness)" in client.run("verify").out
    told = one.run("trust", "compare", str(one.folder / "pack.lock"), str(two.folder / "pack.lock"))
    assert (told.code, "error[trust.log-forked]" in told.err) == (6, True), told.err
