"""The store seen from outside: what it takes, what may go, and the limit of a device."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packctl.install import recovery
from packctl.install.store import Store
from packctl.session import Session
from packspec.digests import Digest
from tests.support.counted import counted
from tests.support.machine import Machine
from tests.support.registry import Registry, registry_at

SONG, BARN, DOOR = b"la " * 20_000, b"# Barn\n" * 10_000, b"# Door\n" * 5_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with registry_at(tmp_path_factory.mktemp("farm"), now=int(time.time())) as registry:
        registry.publish("acme/songs", "1.0.0", files={"song.txt": SONG})
        registry.publish("acme/songs", "1.1.0", files={"song.txt": SONG, "more.txt": b"tra\n"})
        registry.publish("zed/barn", "1.0.0", files={"barn.md": BARN, "song.txt": SONG})
        registry.publish("zed/door", "1.0.0", files={"door.md": DOOR})
        yield registry


@pytest.fixture
def machine(shop: Registry, tmp_path: Path) -> Machine:
    machine = Machine.at(tmp_path / "machine", shop)
    machine.depends(acme__songs="1.0.0", zed__barn="^1")
    assert machine.packctl("install").code == 0
    return machine


def has(machine: Machine, data: bytes) -> bool:
    digest = Digest.of(data)
    return (machine.data / "store/files" / digest[:2] / digest).exists()


def other_project(machine: Machine, name: str = "other") -> Machine:
    """Another project of the same person."""
    other = Machine(machine.folder, machine.registry, machine.folder / name, machine.environ)
    other.project.mkdir()
    return other


def test_size_tells_every_project_and_what_is_left_of_an_older_release(machine: Machine) -> None:
    other = other_project(machine)
    other.depends(zed__barn="^1")
    other.packctl("install")
    machine.depends(acme__songs="1.1.0", zed__barn="^1")
    machine.packctl("install")
    data = machine.packctl("cache", "size", "--json").document["data"]
    assert [(one["name"], one["version"]) for one in data["packs"]] == [("zed/barn", "1.0.0"), ("acme/songs", "1.1.0")]
    barn = data["packs"][0]
    assert barn["folders"] == [str(other.project / "packs"), str(machine.project / "packs")]
    assert len(BARN) <= barn["alone"] < len(BARN) + 1000  # the song is in both packs
    assert 0 < data["unused"] < 1000  # pack.toml and tree of songs 1.0.0
    assert data["limit"] == 1_000_000_000


def test_clean_removes_what_no_project_uses_and_no_more(machine: Machine) -> None:
    machine.depends(acme__songs="1.0.0")
    machine.packctl("install")
    told = machine.packctl("cache", "clean", "--dry-run", "--json").document["data"]
    assert has(machine, BARN)
    done = machine.packctl("cache", "clean", "--json").document["data"]
    assert (done["files"], done["bytes"], done["left"]) == (told["files"], told["bytes"], told["left"])
    assert (has(machine, BARN), has(machine, SONG)) == (False, True)
    assert machine.packctl("verify").code == 0
    assert machine.packctl("cache", "clean").err == "Removed 0 files of the store, 0 bytes; 60.3 kB stay\n"


def test_a_project_that_is_gone_uses_nothing(machine: Machine) -> None:
    other = other_project(machine)
    other.depends(zed__door="^1")
    other.packctl("install")
    shutil.rmtree(other.project)
    machine.packctl("cache", "clean")
    assert (has(machine, DOOR), has(machine, BARN)) == (False, True)
    assert len(list((machine.data / "projects").iterdir())) == 1


def test_clean_all_leaves_projects_their_files_and_the_next_install_fetches_again(machine: Machine) -> None:
    machine.packctl("cache", "clean", "--all")
    assert not has(machine, SONG)
    assert machine.packctl("verify").code == 0
    shutil.rmtree(machine.project / "packs")
    with counted() as sent:
        assert machine.packctl("install").code == 0
    assert len(sent.content) == 4  # trees and archives
    assert has(machine, SONG)


def test_C12_verify_sets_damaged_files_aside_and_fails(machine: Machine) -> None:
    assert machine.packctl("cache", "verify").code == 0
    digest = Digest.of(BARN)
    path = machine.data / "store/files" / digest[:2] / digest
    path.chmod(0o644)
    path.write_bytes(BARN[:-1] + b"!")
    done = machine.packctl("cache", "verify", "--json")
    assert (done.code, done.document["data"]["damaged"]) == (1, [digest])
    assert machine.packctl("cache", "verify").code == 0
    assert machine.packctl("heal").code == 0
    assert has(machine, BARN)


def test_C07_clean_waits_for_an_install_and_leaves_what_that_one_brought(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.depends(acme__songs="1.0.0", zed__barn="^1", zed__door="^1")
    ended: list[str] = []
    waits, tell = threading.Event(), recovery.tell_wait

    def told(session: Session, what: str) -> None:
        tell(session, what)
        waits.set()

    monkeypatch.setattr(recovery, "tell_wait", told)
    with Store.open(machine.data / "store") as store:
        store.enter()
        cleaning = threading.Thread(target=lambda: ended.append(machine.packctl("cache", "clean").err))
        cleaning.start()
        store.put(Digest.of(DOOR), len(DOOR), [DOOR], "door.md")
        assert waits.wait(20)
        assert (ended, has(machine, DOOR)) == ([], True)
    cleaning.join(20)
    assert ended[0].startswith("Waiting for another packctl that changes the store\n")
    assert machine.packctl("install").code == 0


def limit(machine: Machine, text: str) -> None:
    assert machine.packctl("config", "set", "storage.limit", text).code == 0


def test_above_the_limit_of_a_device_an_install_is_refused_before_any_download(machine: Machine) -> None:
    limit(machine, "140 kB")
    with counted() as sent:
        refused = machine.packctl("add", "zed/door", "--json")
    error = refused.document["error"]
    assert (refused.code, error["code"]) == (10, "install.over-limit")
    assert [one.path for one in sent.content if one.bytes > 1000] == []  # the tree alone
    assert "zed/barn 1.0.0 0.1 MB" in error["facts"]["largest"]
    assert error["fix"] == [
        "packctl remove zed/barn",
        "packctl cache clean",
        'packctl config set storage.limit "0.1 GB"',
    ]
    assert machine.packctl("remove", "zed/barn").code == 0
    assert machine.packctl("cache", "clean").code == 0
    assert machine.packctl("add", "zed/door").code == 0


def test_a_dry_run_is_refused_like_the_install_and_what_is_here_already_needs_no_room(machine: Machine) -> None:
    limit(machine, "131 kB")
    assert machine.packctl("add", "acme/songs", "zed/barn").code == 0
    other = other_project(machine)
    other.depends(zed__barn="^1")
    assert other.packctl("install").code == 0
    other.depends(zed__door="^1")
    assert other.packctl("install", "--dry-run").error == "install.over-limit"


def test_what_nobody_uses_is_the_first_to_go(machine: Machine) -> None:
    machine.packctl("remove", "zed/barn")
    limit(machine, "140 kB")
    refused = machine.packctl("add", "zed/door", "--json").document["error"]
    assert refused["fix"] == ["packctl cache clean", 'packctl config set storage.limit "0.1 GB"']
    assert refused["facts"]["unused"].endswith(", by any project")
