"""Healing: damaged and missing files come back, those and no others, and a person's files are kept."""

import json
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from packspec.digests import Digest
from tests.support.counted import counted
from tests.support.machine import Ended, Machine
from tests.support.registry import Registry, registry_at


def noise(seed: int, size: int) -> bytes:
    return b"RIFF" + (size - 8).to_bytes(4, "little") + b"WAVE" + random.Random(seed).randbytes(size - 12)


VOICES = {f"voices/{number:02}.wav": noise(number, 100_000) for number in range(8)}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with registry_at(tmp_path_factory.mktemp("zoo"), now=int(time.time())) as registry:
        registry.publish("acme/zoo", "1.0.0", files=VOICES)
        registry.publish("zed/lamp", "1.0.0", files={"lamp.md": b"# On\n"})
        yield registry


@pytest.fixture
def machine(shop: Registry, tmp_path: Path) -> Machine:
    machine = Machine.at(tmp_path / "machine", shop)
    machine.depends(acme__zoo="^1", zed__lamp="^1")
    assert machine.packctl("install", "--link", "copy").code == 0
    return machine


def installed(machine: Machine, number: int) -> Path:
    return machine.project / f"packs/acme/zoo/voices/{number:02}.wav"


def stored(machine: Machine, number: int) -> Path:
    digest = Digest.of(VOICES[f"voices/{number:02}.wav"])
    return machine.data / "store/files" / digest[:2] / digest


def damage(path: Path) -> None:
    """One bit, in place."""
    data = bytearray(path.read_bytes())
    data[5000] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def mended(done: Ended) -> list[tuple[str, str, str]]:
    assert done.code == 0, done.out
    return [(one["path"], one["was"], one["now"]) for pack in done.document["data"]["packs"] for one in pack["files"]]


def all_is_right(machine: Machine) -> bool:
    return machine.packctl("verify").code == 0 and machine.packctl("heal", "--json").document["data"]["packs"] == []


def test_what_is_whole_is_told_so_without_asking_anybody(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packctl.registry.http.Http.send", None)
    done = machine.packctl("heal")
    assert (done.code, done.out) == (0, "")
    assert done.err == "Nothing to mend: 11 files of 2 packs are as pack.lock says\n"


def test_C12_a_file_that_is_damaged_everywhere_is_fetched_and_no_other(machine: Machine) -> None:
    damage(installed(machine, 3))
    damage(stored(machine, 3))
    with counted() as sent:
        done = machine.packctl("heal", "--json")
    assert mended(done) == [("voices/03.wav", "changed", "fetched")]
    assert [(one.status, one.bytes) for one in sent.content] == [(206, 100_000)]
    assert done.document["data"]["bytes_fetched"] == 100_000
    assert installed(machine, 3).read_bytes() == VOICES["voices/03.wav"]
    assert all_is_right(machine)


def test_damaged_and_missing_files_come_from_the_store_where_it_is_right_without_network(machine: Machine) -> None:
    damage(installed(machine, 1))
    installed(machine, 2).unlink()
    done = machine.packctl("heal", "--json", "--offline")
    assert mended(done) == [("voices/01.wav", "changed", "store"), ("voices/02.wav", "missing", "store")]
    assert done.document["data"]["bytes_fetched"] == 0
    assert all_is_right(machine)


def test_C12_the_store_is_put_right_from_the_project(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    damage(stored(machine, 4))
    monkeypatch.setattr("packctl.registry.http.Http.send", None)
    assert mended(machine.packctl("heal", "--json")) == [("voices/04.wav", "damaged", "project")]
    assert stored(machine, 4).read_bytes() == VOICES["voices/04.wav"]


def test_with_an_empty_store_only_what_the_project_lacks_is_fetched(machine: Machine) -> None:
    shutil.rmtree(machine.data / "store")
    installed(machine, 6).unlink()
    with counted() as sent:
        done = machine.packctl("heal", "--json")
    assert mended(done) == [("voices/06.wav", "missing", "fetched")]
    assert sum(one.bytes for one in sent.content if one.status == 206) == 100_000
    assert all_is_right(machine)


def test_C13_what_a_person_changed_or_added_is_kept_and_told(machine: Machine) -> None:
    installed(machine, 0).write_bytes(b"mine")
    (machine.project / "packs/acme/zoo/notes.txt").write_text("mine too")
    done = machine.packctl("heal", "--json")
    assert mended(done) == [("notes.txt", "foreign", "kept"), ("voices/00.wav", "changed", "store")]
    kept = done.document["data"]["kept"]
    assert sorted((machine.project / path).read_bytes() for path in kept) == [b"mine", b"mine too"]
    assert [notice["code"] for notice in done.document["warnings"]] == ["install.kept"] * 2
    assert all_is_right(machine)


def test_only_the_packs_that_are_named_are_touched(machine: Machine) -> None:
    installed(machine, 1).unlink()
    (machine.project / "packs/zed/lamp/lamp.md").unlink()
    assert mended(machine.packctl("heal", "zed/lamp", "--json")) == [("lamp.md", "missing", "store")]
    assert not installed(machine, 1).exists()
    assert machine.packctl("heal", "zed/desk").error == "project.not-chosen"


def test_a_pack_whose_folder_is_gone_and_one_whose_list_of_files_is_lost_are_whole_again(machine: Machine) -> None:
    shutil.rmtree(machine.project / "packs/acme/zoo")
    shutil.rmtree(machine.project / "packs/.packctl/evidence")
    done = machine.packctl("heal", "--json")
    assert (done.code, [pack["name"] for pack in done.document["data"]["packs"]]) == (0, ["acme/zoo", "zed/lamp"])
    assert all_is_right(machine)


def elsewhere(machine: Machine, folder: Path) -> Machine:
    """The same project on a machine that has nothing but the registry's root."""
    home = {**machine.environ, "HOME": str(folder)}
    folder.mkdir()
    return replace(machine, environ=home)


def test_proofs_that_are_gone_or_damaged_are_named_with_heal_and_heal_brings_them_back(
    machine: Machine, tmp_path: Path
) -> None:
    evidence = machine.project / "packs/.packctl/evidence"
    names = json.loads(machine.read("packs/.packctl/state.json"))["evidence"]
    kept = {name: (evidence / digest).read_bytes() for name, digest in names.items()}
    for number, (name, digest) in enumerate(names.items()):
        other = elsewhere(machine, tmp_path / str(number))
        (evidence / digest).write_bytes(b"junk")
        found = other.packctl("verify", "--json").document["error"]
        if found is not None:
            assert (name, found["code"]) == (name, "trust.proof-missing")
            assert found["fix"] == ["packctl heal"]
        (evidence / digest).write_bytes(kept[name])

    other = elsewhere(machine, tmp_path / "other")
    for name, digest in names.items():
        if not name.endswith("/tree"):
            (evidence / digest).write_bytes(b"junk")
    healed = other.packctl("heal", "--json").document["data"]
    assert (healed["packs"], healed["proofs"]) == ([], len(names) - 2)
    assert elsewhere(machine, tmp_path / "third").packctl("verify").code == 0


@pytest.mark.parametrize("junk", [b"\x00\xff", b'{"v":1}', b""])
def test_a_state_that_cannot_be_read_is_healed_from_the_lock_and_nothing_of_the_packs_is_touched(
    machine: Machine, junk: bytes
) -> None:
    before, state = machine.files(), machine.project / "packs/.packctl/state.json"
    whole = json.loads(state.read_bytes())
    state.write_bytes(junk)
    for command in ("install", "verify", "list", "lock"):
        refused = machine.packctl(command, "--json").document["error"]
        assert (refused["code"], refused["fix"]) == ("install.state-broken", ["packctl heal"])
    done = machine.packctl("heal", "--json")
    assert (done.code, done.document["data"]["packs"]) == (0, [])
    assert [one["code"] for one in done.document["warnings"]] == ["install.state-broken"]
    assert (machine.files(), json.loads(state.read_bytes())["receipts"]) == (before, whole["receipts"])
    assert all_is_right(machine)


def test_a_state_of_a_newer_packctl_is_left_alone(machine: Machine) -> None:
    state = machine.project / "packs/.packctl/state.json"
    newer = state.read_bytes().replace(b'"v": 1', b'"v": 2')
    state.write_bytes(newer)
    assert machine.packctl("heal").error == "install.state-too-new"
    assert machine.packctl("install").error == "install.state-too-new"
    assert state.read_bytes() == newer


def test_a_state_and_a_lock_that_are_both_lost_are_for_an_install_which_keeps_what_it_finds(machine: Machine) -> None:
    (machine.project / "packs/.packctl/state.json").write_bytes(b"junk")
    (machine.project / "pack.lock").unlink()
    assert machine.packctl("heal").error == "project.lock-missing"
    assert machine.packctl("install").code == 0
    assert all_is_right(machine)


def test_an_install_that_finds_many_damaged_files_in_the_store_fetches_them_all_at_once(machine: Machine) -> None:
    for number in range(8):
        damage(stored(machine, number))
    done = machine.packctl("install", "--reinstall", "acme/zoo")
    assert done.code == 0, done.err
    assert all_is_right(machine)


def test_a_lock_that_was_made_for_another_pack_toml_is_for_install_first(machine: Machine) -> None:
    machine.depends(acme__zoo="1.0.0", zed__lamp="^1")
    assert machine.packctl("heal").error == "project.lock-stale"
