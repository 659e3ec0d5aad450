"""verify of one archive, with its packproof or with the registry."""

import json

import pytest

from packspec.names import PackName
from packspec.packproof import Packproof
from tests.support.hostile import Client


@pytest.fixture
def files(client, registry):
    """The archive of acme/icons 1.0.0 and its packproof, as somebody was given them."""
    folder = client.folder / "given"
    folder.mkdir()
    (folder / "icons.pack").write_bytes(registry.publication.releases["acme/icons@1.0.0"].archive)
    (folder / "icons.packproof").write_bytes(registry.read("proofs/acme/icons/1.0.0.packproof"))
    return folder


def verify(client, *arguments):
    ran = client.run("verify", "--json", "given/icons.pack", *arguments)
    return ran.code, json.loads(ran.out)


def answers(found):
    (release,) = found["data"]["releases"]
    return {name: release[name]["answer"] for name in ("authentic", "approved", "logged", "current", "files")}


ALL = dict.fromkeys(("authentic", "approved", "logged", "current", "files"), "yes")


def test_an_archive_with_its_packproof_is_what_was_signed_and_nobody_is_asked(client, registry, files):
    code, found = verify(client, "--proof", "given/icons.packproof")
    assert (code, answers(found)) == (0, ALL)
    assert found["data"]["releases"][0]["files_right"] == 4
    assert registry.asked == []


def test_an_archive_can_be_verified_with_the_registry_alone(registry, files, tmp_path, client):
    fresh = Client(client.folder, registry.url, registry.root, data=tmp_path / "fresh")
    code, found = verify(fresh, "--online")
    assert (code, answers(found)) == (0, ALL)


def test_without_a_packproof_and_without_network_nothing_can_be_said(client, files):
    code, found = verify(client)
    assert (code, found["error"]["code"]) == (6, "trust.proof-missing")
    archive = files / "icons.pack"
    assert found["error"]["fix"] == [f"packctl verify --online {archive}", f"packctl verify {archive} --proof FILE"]


def test_A38_an_archive_of_the_same_files_built_otherwise_is_not_the_one_that_was_signed(client, registry, files):
    other, archive, _ = registry.publication.statement("acme/icons", "1.0.0", {"README.md": b"# Muh\n"})
    (files / "icons.pack").write_bytes(archive)
    code, found = verify(client, "--proof", "given/icons.packproof")
    assert (code, found["error"]["code"]) == (6, "trust.archive-changed")
    assert answers(found)["files"] == "no"
    assert found["error"]["facts"]["found"] == other.archive.sha256.labelled


def test_the_packproof_of_another_release_is_told(client, registry, files):
    registry.publication.publish("acme/icons", "1.1.0")
    with client.registry() as trusted:
        trusted.refresh()
        trusted.index(PackName("acme/icons"))
    (files / "icons.packproof").write_bytes(registry.read("proofs/acme/icons/1.1.0.packproof"))
    code, found = verify(client, "--proof", "given/icons.packproof")
    assert (code, found["error"]["code"]) == (6, "trust.not-logged")


def test_a_packproof_from_after_what_this_machine_has_seen_cannot_be_placed_and_says_what_to_do(
    client, registry, files
):
    first = registry.publication.releases["acme/icons@1.0.0"]
    registry.publication.publish("acme/icons", "1.1.0")
    archive = registry.publication.releases["acme/icons@1.1.0"].archive
    (files / "icons.pack").write_bytes(archive)
    (files / "icons.packproof").write_bytes(registry.read("proofs/acme/icons/1.1.0.packproof"))
    code, found = verify(client, "--proof", "given/icons.packproof")
    assert (code, found["error"]["code"]) == (6, "trust.proof-missing")
    assert answers(found)["logged"] == "unchecked"
    assert verify(client, "--online")[0] == 0
    assert verify(client, "--proof", "given/icons.packproof")[0] == 0
    assert first.archive != archive


def test_a_packproof_that_is_none_is_told(client, files):
    (files / "icons.packproof").write_bytes(b"{}")
    code, found = verify(client, "--proof", "given/icons.packproof")
    assert (code, found["error"]["code"]) == (6, "trust.proof-malformed")


def test_a_statement_without_signatures_is_not_authentic(client, registry, files):
    proof = Packproof.parse((files / "icons.packproof").read_bytes())
    stripped = json.loads(proof.encode())
    stripped["statement"]["signatures"] = []
    (files / "icons.packproof").write_bytes(
        json.dumps(stripped, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )
    code, found = verify(client, "--proof", "given/icons.packproof")
    assert (code, found["error"]["code"]) == (6, "trust.not-authentic")


def test_what_is_no_archive_is_refused_by_the_strict_reader(client, files):
    (files / "icons.pack").write_bytes(b"PK\x03\x04 but no more")
    code, found = verify(client, "--proof", "given/icons.packproof")
    assert (code, found["error"]["kind"]) == (6, "untrusted")
    assert found["error"]["code"].startswith("archive.")


def test_one_archive_at_a_time(client, files):
    assert client.run("verify", "given/icons.pack", "acme/icons").code == 2
