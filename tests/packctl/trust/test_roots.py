"""Pinned roots: who may say which root a registry has, and who is stronger (I1)."""

import json

import pytest

from packctl.trust.faults import IndexRollback, RootMismatch, RootUnknown
from packctl.trust.opening import open_root
from packctl.trust.roots import Pin, Pins, PinsBroken
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.labels import Label
from packspec.lockfile import LockedRegistry, LogLine, LogSignature
from registry_server.index import metadata
from registry_server.index.ceremony import OfflineKeys
from registry_server.index.repository import Repository
from tests.support.hostile import Client

OTHER = Digest.of(b"another root")


@pytest.fixture
def stranger(tmp_path, registry):
    """A machine on which nobody has named a root."""
    return Client(tmp_path / "stranger", registry.url)


def opened(client, **given):
    with client.session(**given) as session:
        return open_root(session, "default", client.address), session.console


def rotate(registry):
    """Adds root 2 to the registry, signed by the offline keys. Its digest."""
    root = Repository.load(registry.world.public).root(1)
    root.version = 2
    made = metadata.make(root, OfflineKeys.read(registry.publication.offline).keys)
    registry.world.public.write("tuf/2.root.json", made.data)
    return Digest.of(made.data)


def test_without_a_pin_and_without_a_terminal_the_root_is_unknown_and_its_digest_told(stranger, registry):
    with pytest.raises(RootUnknown) as caught:
        opened(stranger)
    assert caught.value.facts() == {"it shows": registry.root.labelled}
    assert caught.value.kind.exit_code == 6
    assert stranger.kept() == {}


def test_a_person_who_says_yes_pins_the_root_that_was_shown(stranger, registry):
    found, console = opened(stranger, typed="y\n")
    assert found.pinned == registry.root
    assert registry.root.labelled in console.streams.stderr.getvalue()
    again, _ = opened(stranger)
    assert again.pinned == registry.root


@pytest.mark.parametrize("typed", ["n\n", "\n"])
def test_a_person_who_does_not_say_yes_pins_nothing(stranger, typed):
    with pytest.raises(RootUnknown):
        opened(stranger, typed=typed)
    assert stranger.kept() == {}


def test_yes_to_everything_is_no_answer_to_a_question_of_trust(stranger):
    found = stranger.run("-y", "trust", "pin", stranger.address)
    assert found.code == 6
    assert "trust.root-unknown" in found.err
    assert stranger.kept() == {}


def changed(root: bytes, change) -> bytes:
    found = json.loads(root)
    change(found["signed"])
    return json.dumps(found).encode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (None, "trust.metadata-malformed"),
        (lambda root: root["roles"]["root"].update(threshold=0), "trust.metadata-malformed"),
        (lambda root: root["roles"]["timestamp"].update(threshold=-1), "trust.metadata-malformed"),
        (lambda root: root["roles"]["root"].update(threshold=9), "trust.metadata-signature"),
        (lambda root: root["roles"]["root"].update(keyids=["0" * 64] * 1000), "trust.metadata-malformed"),
        (lambda root: root.update(keys={}), "trust.metadata-signature"),
        (lambda root: root.update(_type="targets"), "trust.metadata-malformed"),
    ],
    ids=["page", "threshold 0", "threshold below 0", "threshold above", "a key 1,000 times", "no keys", "targets"],
)
def test_what_is_no_root_of_its_own_is_never_pinned_however_it_is_named(stranger, registry, tmp_path, change, code):
    data = changed(registry.read("tuf/1.root.json"), change) if change else b"<html>Welcome to our hotel</html>"
    registry.lie("tuf/1.root.json", data)
    file = tmp_path / "file"
    file.write_bytes(data)
    named = ("--root", Digest.of(data).labelled)
    asked = stranger.run("trust", "pin", stranger.address, typed="y\n")
    for ran in (asked, stranger.run("trust", "pin", stranger.address, *named)):
        assert (ran.code, code in ran.err) == (6, True), ran.err
    assert "Trust this root" not in asked.err
    refused = stranger.run("trust", "pin", stranger.address, "--root-file", str(file), "--offline")
    assert (refused.code, "cli.bad-value" in refused.err) == (2, True)
    believing = stranger.run("log", "tail", PACKCTL_TRUST_ROOT=Digest.of(data).labelled)
    assert (believing.code, code in believing.err) == (6, True), believing.err
    assert stranger.kept() == {}


def test_a_root_is_pinned_from_its_file_without_asking_anybody(stranger, registry, tmp_path):
    (tmp_path / "1.root.json").write_bytes(registry.read("tuf/1.root.json"))
    pinned = stranger.run("trust", "pin", stranger.address, "--root-file", str(tmp_path / "1.root.json"), "--offline")
    assert (pinned.code, registry.root.labelled in pinned.out, registry.asked) == (0, True, [])


def test_the_variable_names_a_root_and_pins_nothing(client, registry):
    found, _ = opened(client)
    assert found.pinned == registry.root
    assert [one.by for one in found.named] == ["PACKCTL_TRUST_ROOT"]
    assert Pins(client.folder / "data/registries").all() == ()


def test_the_root_in_pack_toml_counts_for_that_project_only(stranger, registry, tmp_path):
    (tmp_path / "stranger").mkdir()
    (tmp_path / "stranger/pack.toml").write_text(
        f'[registries]\ndefault = {{ url = "{registry.url}", root = "{registry.root.labelled}" }}\n'
    )
    found, _ = opened(stranger)
    assert [one.by for one in found.named] == ["[registries] default"]
    (tmp_path / "stranger/pack.toml").unlink()
    with pytest.raises(RootUnknown):
        opened(stranger)


def test_what_was_pinned_here_is_stronger_than_a_variable_and_both_must_be_of_one_chain(registry, tmp_path):
    client = Client(tmp_path / "client", registry.url, OTHER)
    Pins(client.folder / "data/registries").keep(Pin(registry.url, registry.root, 0))
    found, _ = opened(client)
    assert found.pinned == registry.root
    with client.registry() as trusted, pytest.raises(RootMismatch) as caught:
        trusted.refresh()
    assert caught.value.by == "PACKCTL_TRUST_ROOT"


def test_any_root_of_the_chain_may_be_pinned(registry, tmp_path):
    second = rotate(registry)
    for root in (registry.root, second):
        client = Client(tmp_path / root, registry.url, root)
        with client.registry() as trusted:
            trusted.refresh()
            assert trusted.lock_entry().root_version == 2
            assert trusted.lock_entry().root == second


def locked(registry, version, root):
    signature = "AAAAAAA="
    line = "registry.test/log 0 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    return LockedRegistry(
        name=Label("default"), root_version=version, root=root, log=LogLine.parse(line), log_signature=LogSignature.parse(signature)
    )  # fmt: skip


def test_a_lock_from_before_the_pinned_root_must_lead_to_it(registry, tmp_path):
    second = rotate(registry)
    client = Client(tmp_path / "client", registry.url, second)
    with client.registry(locked=locked(registry, 1, registry.root)) as trusted, pytest.raises(PackError) as caught:
        trusted.refresh()
    assert caught.value.code == "trust.log-signature"  # the roots agree; the signature of this lock is none
    with client.registry(locked=locked(registry, 1, OTHER)) as trusted, pytest.raises(RootMismatch) as mismatch:
        trusted.refresh()
    assert mismatch.value.by == "pack.lock"


def test_a_lock_that_knows_a_newer_root_makes_this_one_old(registry, client):
    with client.registry(locked=locked(registry, 2, OTHER)) as trusted, pytest.raises(IndexRollback) as caught:
        trusted.refresh()
    assert caught.value.facts() == {"role": "root", "expected": "version 2 (pack.lock) or newer", "found": "version 1"}


def test_another_root_is_another_registry_and_shares_no_memory(registry, tmp_path):
    second = rotate(registry)
    client = Client(tmp_path / "client", registry.url, registry.root)
    with client.registry() as trusted:
        trusted.refresh()
        first = trusted.opened.state
    client.root = second
    with client.registry() as trusted:
        trusted.refresh()
        assert trusted.opened.state != first


def test_two_spellings_of_an_address_are_one_registry(client):
    pins = Pins(client.folder)
    pins.keep(Pin("https://registry.example", OTHER, 0))
    assert pins.find("https://registry.example:443/") == Pin("https://registry.example", OTHER, 0)
    assert pins.forget("HTTPS://Registry.Example/")


def test_a_broken_list_of_pins_is_told_and_not_replaced(client):
    pins = Pins(client.folder)
    client.folder.mkdir(parents=True)
    pins.path.write_text("{")
    with pytest.raises(PinsBroken):
        pins.keep(Pin("https://registry.example", OTHER, 0))
    assert pins.path.read_text() == "{"
