"""Witnesses and a registry: what is collected, what waits, and what clients make of a history that no witness has seen."""

import io
import json
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest

from packspec import site
from packspec.errors import Kind
from packspec.log.checkpoint import LOG, NoteKey, SignedNote
from packspec.packproof import Packproof
from registry_server.app import settle
from registry_server.index import resigning, witnesses
from registry_server.index.actions import current_trust, publish_pending, tree_of
from registry_server.index.ceremony import OfflineKeys
from registry_server.index.offline.entering import enter
from registry_server.index.offline.preparing import Changes, prepare
from registry_server.index.offline.refusals import NoSuchKey
from registry_server.index.offline.signing import sign
from registry_server.index.repository import Repository
from registry_server.index.witnesses import QuorumMissing, WitnessRefuses
from registry_server.logs import Log
from registry_server.timers import Timer, Timers
from registry_server.witness.store import Witness
from registry_server.world import World
from tests.support.hostile import Client, HostileRegistry, forked, hostile_registry
from tests.support.liar import Asked, HangUp, Liar
from tests.support.watching import listening, witness_at


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[HostileRegistry]:
    with hostile_registry(tmp_path / "registry") as opened:
        yield opened


def log_of(registry: HostileRegistry) -> NoteKey:
    return NoteKey.of("registry.test/log", LOG, registry.world.online.log.public)


def asks(world: World, *urls: str, seconds: int = 30) -> None:
    """What the operator says in the environment."""
    trust = msgspec.structs.replace(world.settings.trust, witnesses=" ".join(urls), witness_seconds=seconds)
    world.settings = msgspec.structs.replace(world.settings, trust=trust)


def timed(world: World) -> dict[str, str]:
    """What the log says of a run of the timer that brings the static side up to date."""
    stream, ended = io.StringIO(), threading.Event()

    def run(world: World) -> None:
        try:
            settle(world)
        finally:
            ended.set()

    world.log = Log(stream, world.now)
    timers = Timers(world, [Timer("settle", 3600, run)])
    timers.start()
    assert ended.wait(30)
    timers.stop(30)
    found: dict[str, str] = json.loads(stream.getvalue().splitlines()[-1])
    return found


def ceremony(registry: HostileRegistry, **changes: object) -> None:
    keys = OfflineKeys.read(registry.publication.offline).keys
    enter(registry.world, sign(prepare(registry.world, Changes(**changes)), keys, "media"))  # type: ignore[arg-type]


@contextmanager
def watched(
    registry: HostileRegistry, folder: Path, quorum: int = 1, *others: Witness
) -> Iterator[tuple[Witness, str]]:
    """A registry whose checkpoints a witness must sign, which listens."""
    witness = witness_at(folder / "w1", log_of(registry))
    with listening(witness) as url:
        asks(registry.world, url)
        ceremony(registry, add_witnesses=(witness.public, *(one.public for one in others)), quorum=quorum)
        yield witness, url


def signers(registry: HostileRegistry) -> list[str]:
    note = Repository.load(registry.world.public).note
    return [key.name for key in note.valid_signers(current_trust(registry.world).log.witnesses)]


def project(folder: Path, registry: HostileRegistry) -> Client:
    client = Client(folder, registry.url, registry.root)
    folder.mkdir()
    (folder / "pack.toml").write_text('[dependencies]\n"acme/icons" = "^1"\n')
    return client


def test_every_checkpoint_has_the_witness_and_clients_say_which(registry: HostileRegistry, tmp_path: Path) -> None:
    with watched(registry, tmp_path) as (witness, _):
        registry.publication.publish("acme/icons", "1.1.0")
    latest = witness.latest("registry.test/log")
    assert latest is not None and latest == Repository.load(registry.world.public).checkpoint
    packproof = Packproof.parse(registry.read("proofs/acme/icons/1.1.0.packproof"))
    assert packproof.proof.note.valid_signers([witness.public]) == (witness.public,)
    client = project(tmp_path / "client", registry)
    assert client.run("install").code == 0
    assert "yes (1 witness)" in client.run("verify").out
    assert "witnesses  w1.example" in client.run("log", "verify").out
    lock = (client.folder / "pack.lock").read_text()
    assert "w1.example" not in lock and "log-signature" in lock


def test_a_fork_is_refused_by_the_witness_and_by_everybody_whom_it_is_shown_to(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    """Whoever stole the server, log key included, shows Lee another history than everybody else."""
    with watched(registry, tmp_path) as (_, url), forked(registry, tmp_path / "fork") as other:
        registry.publication.publish("acme/icons", "1.1.0")
        asks(other.world, url)
        with pytest.raises(QuorumMissing) as caught:
            other.publication.publish("acme/icons", "1.2.0")
        assert "409: it has signed more of this log than there is here, or another history of it" in str(
            caught.value.operator_facts()
        )
        with patch("registry_server.index.actions.cosigned", lambda world, trust, tree, note: note):
            publish_pending(other.world)
        everybody, lee = project(tmp_path / "everybody", registry), project(tmp_path / "lee", other)
        assert everybody.run("install").code == 0
        refused = lee.run("install")
        assert refused.code == 6
        assert "error[trust.witnesses-missing]: the checkpoint of registry.test/log has 0 of 1 witnesses" in refused.err
        assert not (lee.folder / "pack.lock").exists()


def test_an_old_checkpoint_with_its_witnesses_is_refused_by_who_saw_more(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    with watched(registry, tmp_path):
        old = registry.copy()
        registry.publication.publish("acme/icons", "1.1.0")
        client = project(tmp_path / "client", registry)
        assert client.run("install").code == 0
        registry.files = old
        refused = client.run("update")
    assert refused.code == 6
    assert "error[trust.index-rollback]" in refused.err


def test_while_the_witness_is_down_what_is_new_waits_and_what_is_there_is_served(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    with watched(registry, tmp_path) as (witness, _):
        before = registry.read(site.TIMESTAMP)
    began = time.monotonic()
    with pytest.raises(QuorumMissing) as caught:
        registry.publication.publish("acme/icons", "1.1.0")
    assert time.monotonic() - began < 30
    assert (caught.value.kind, caught.value.retry_after_seconds) == (Kind.UNAVAILABLE, 60)
    assert registry.read(site.TIMESTAMP) == before
    client = project(tmp_path / "client", registry)
    assert client.run("install").code == 0
    missing = timed(registry.world)
    assert missing["error"] == "log.quorum-missing: 0 of 1 witnesses have signed, so nothing new can be shown"
    assert missing["reasons"].startswith("http://127.0.0.1:")
    assert "trace" not in missing
    with listening(witness) as url:
        asks(registry.world, url)
        settle(registry.world)  # as the timer does every minute
    assert signers(registry) == ["w1.example"]
    assert client.run("update").code == 0
    assert 'version = "1.1.0"' in (client.folder / "pack.lock").read_text()


def test_one_witness_that_hangs_keeps_nothing_up_where_another_is_enough_and_signs_later(
    registry: HostileRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = witness_at(tmp_path / "w2", log_of(registry), name="w2.example")
    ended = threading.Event()

    def hang(asked: Asked) -> Iterable[bytes]:
        ended.wait(60)
        raise HangUp

    with watched(registry, tmp_path, 1, second) as (_, url), Liar(hang) as hangs, ExitStack() as stack:
        stack.callback(ended.set)
        asks(registry.world, hangs.url, url)
        began = time.monotonic()
        registry.publication.publish("acme/icons", "1.1.0")
        assert time.monotonic() - began < 15
        assert signers(registry) == ["w1.example"]
        asks(registry.world, hangs.url, seconds=1)
        with pytest.raises(QuorumMissing) as caught:
            registry.publication.publish("acme/icons", "1.2.0")
        assert "1 s" in str(caught.value.operator_facts()) or "timed out" in str(caught.value.operator_facts())
        with listening(second) as other:
            asks(registry.world, url, other)
            settle(registry.world)
            asks(registry.world, url)
            registry.publication.publish("acme/icons", "1.3.0")
            assert signers(registry) == ["w1.example"]
            asks(registry.world, url, other)
            monkeypatch.setattr(witnesses, "OTHERS_SECONDS", 30)
            assert resigning.gather_late(registry.world) is True
    assert signers(registry) == ["w1.example", "w2.example"]
    assert resigning.gather_late(registry.world) is False
    client = project(tmp_path / "client", registry)
    assert client.run("install").code == 0


def test_a_person_can_ask_for_more_witnesses_than_the_registry_does(registry: HostileRegistry, tmp_path: Path) -> None:
    client = project(tmp_path / "client", registry)
    with (client.folder / "pack.toml").open("a") as file:
        file.write("\n[policy]\nwitnesses = 1\n")
    refused = client.run("install")
    assert refused.code == 6
    assert "has 0 of 1 witnesses" in refused.err
    with watched(registry, tmp_path, 0):
        assert client.run("install").code == 0


def test_a_witness_that_does_not_sign_does_not_come_into_force(registry: HostileRegistry, tmp_path: Path) -> None:
    stranger = witness_at(tmp_path / "w1")  # it trusts another log
    with listening(stranger) as url:
        asks(registry.world, url)
        with pytest.raises(QuorumMissing) as caught:
            ceremony(registry, add_witnesses=(stranger.public,), quorum=1)
        assert "404: it does not trust this log" in str(caught.value.operator_facts())
        shown = Repository.load(registry.world.public).note
        with pytest.raises(WitnessRefuses):
            witnesses._ask(registry.world, url, tree_of(registry.world), shown, 5)
    assert current_trust(registry.world).log.quorum == 0
    with pytest.raises(NoSuchKey):
        prepare(registry.world, Changes(remove_witnesses=("w1.example",)))
    registry.publication.publish("acme/icons", "1.1.0")


def test_what_a_witness_says_that_is_no_signature_of_it_is_passed_over(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    with watched(registry, tmp_path) as (witness, url):
        other = replace(witness, folder=tmp_path / "w9", name="w9.example")
        with listening(other) as wrong:
            asks(registry.world, wrong)
            with pytest.raises(QuorumMissing):
                registry.publication.publish("acme/icons", "1.1.0")
        asks(registry.world, url)
        settle(registry.world)
    note = SignedNote.parse(registry.read(site.CHECKPOINT))
    assert [one.name for one in note.signatures] == ["registry.test/log", "w1.example"]


def test_the_key_of_the_log_is_replaced_under_the_eyes_of_a_witness_that_knows_both(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    keys = OfflineKeys.read(registry.publication.offline).keys
    with watched(registry, tmp_path) as (witness, _):
        document = sign(prepare(registry.world, Changes(online=("log",))), keys, "media")
        follows = NoteKey.of("registry.test/log", LOG, registry.world.online.following["log"].public)
        witness.logs = (*witness.logs, follows)
        enter(registry.world, document)
        registry.publication.publish("acme/icons", "1.1.0")
    client = project(tmp_path / "client", registry)
    assert client.run("install").code == 0
    assert f"{follows}" in [str(row.key) for row in current_trust(registry.world).log.keys]
