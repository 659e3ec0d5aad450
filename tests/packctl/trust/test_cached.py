"""The reader of metadata that is at hand: it believes no file because of where it lies."""

import json

import pytest

from packctl.registry.failures import Unreachable
from packctl.trust.cached import MetadataMissing, read_cached
from packctl.trust.faults import MetadataMalformed, MetadataMismatch, MetadataSignature, RootMismatch
from packctl.trust.metadata import MetadataFolder
from packctl.trust.opening import open_root
from packctl.trust.registry import TrustedRegistry
from packctl.trust.signed import check_keys
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.signing.keyset import DuplicateKey


@pytest.fixture
def folder(client):
    """The metadata folder of a machine that has seen the registry."""
    with client.registry() as trusted:
        trusted.refresh()
        return trusted.opened.metadata.path


def read(folder, client):
    return read_cached(MetadataFolder(folder), client.root, client.address)


def test_it_finds_what_was_fetched_and_names_every_file_it_used(folder, client):
    found = read(folder, client)
    listed = found.look_up("trust/log.json")
    assert listed.name == "trust/log.json"
    assert sorted(found.used) == ["1.root.json", "snapshot.json", "targets.json", "timestamp.json"]
    assert found.look_up("index/_/recalls.json").size == len(b'{"recalls":[],"v":1}')
    assert found.freshness.role == "timestamp"


@pytest.mark.parametrize("name", ["timestamp.json", "snapshot.json", "targets.json", "root_history/1.root.json"])
def test_C12_a_file_that_was_changed_is_refused_every_time_it_is_read(folder, client, name):
    data = (folder / name).read_bytes()
    at = data.index(b'"expires"') + 12
    (folder / name).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    with pytest.raises((MetadataSignature, MetadataMismatch, MetadataMalformed, RootMismatch)):
        read(folder, client).look_up("trust/log.json")


@pytest.mark.parametrize("name", ["timestamp.json", "snapshot.json", "targets.json"])
def test_a_file_that_is_missing_is_not_at_hand(folder, client, name):
    (folder / name).unlink()
    with pytest.raises(MetadataMissing) as caught:
        read(folder, client).look_up("trust/log.json")
    assert isinstance(caught.value, Unreachable)
    assert name.removesuffix(".json") in caught.value.reason


def test_another_pin_finds_no_root(folder, client):
    with pytest.raises(RootMismatch):
        read_cached(MetadataFolder(folder), Digest.of(b"another"), client.address)


def keys(*publics):
    listed = {str(number): {"keyval": {"public": public}} for number, public in enumerate(publics)}
    return json.dumps({"signed": {"keys": listed}}).encode()


PEM = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEnxhYcEZKAe/ipXLBXkPtdQjHxX/r
U7lEc62Iq2KwwZQ5FJCX3blU27IRyF5JDbCg26E7gjIybgTZLxnK8nxZUw==
-----END PUBLIC KEY-----
"""


@pytest.mark.parametrize(("one", "other"), [
    ("00" * 32, "00" * 32),
    ("ab" * 32, "AB" * 32),
    ("ab" * 32, "ab " * 32),
    ("some text", " some text\n"),
])  # fmt: skip
def test_S17_one_key_in_two_spellings_is_one_key(one, other):
    with pytest.raises(DuplicateKey):
        check_keys("root", keys(one, other))


def test_S17_one_PEM_with_other_line_ends_is_one_key(registry):
    public = json.loads(registry.read("tuf/1.root.json"))["signed"]["keys"]
    pem = next(iter(public.values()))["keyval"]["public"]
    for other in (pem.rstrip(), pem.replace("\n", "\r\n"), f"a remark\n{pem}"):
        with pytest.raises(DuplicateKey):
            check_keys("root", keys(pem, other))


def test_different_keys_and_what_is_no_metadata_pass(registry):
    check_keys("root", registry.read("tuf/1.root.json"))
    for data in (
        b"",
        b"[]",
        b'{"signed":3}',
        b'{"signed":{"keys":[]}}',
        b"[" * 100_000,
        b'{"signed":{"delegations":null}}',
    ):
        check_keys("root", data)


def test_offline_everything_comes_from_this_machine(client, registry, folder):
    registry.forget_asked()
    with client.registry(offline=True) as trusted:
        trusted.refresh()
        assert trusted.trust.log.origin == "registry.test/log"
    assert registry.asked == []


def test_offline_with_nothing_on_this_machine_is_unreachable(client, registry):
    with client.session(offline=True) as session, pytest.raises(PackError) as caught:
        TrustedRegistry(open_root(session, "default", client.address), session).refresh()
    assert (caught.value.code, caught.value.kind.exit_code) == ("registry.unreachable", 8)
    assert registry.asked == []


def test_S07_a_machine_that_lost_its_metadata_but_not_its_memory_still_notices_an_old_state(client, registry):
    old = registry.copy()
    registry.clock.advance(seconds=5)
    registry.publication.publish("acme/icons", "1.1.0")
    with client.registry() as trusted:
        trusted.refresh()
        path = trusted.opened.metadata.path
    for name in ("timestamp.json", "snapshot.json"):
        (path / name).write_bytes(b"")  # what a power cut can leave of a file that was not synced
    registry.files = old
    with client.registry() as trusted, pytest.raises(PackError) as caught:
        trusted.refresh()
    assert caught.value.code == "trust.index-rollback"
