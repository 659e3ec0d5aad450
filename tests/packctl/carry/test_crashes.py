"""Taking a file in may end at any change of the disk: the machine believes what it did, or all that is new, and works either way."""

import shutil
from pathlib import Path

import pytest

from tests.support.faults import KILLED, Fault, list_changes, run_in_child
from tests.support.gap import Closed, closed_copy, export_of, project_of
from tests.support.hostile import Client, HostileRegistry, hostile_registry


def copied(machine: Closed, folder: Path) -> Closed:
    """The same machine once more, to die there."""
    shutil.copytree(machine.client.folder, folder, symlinks=True)
    return Closed(Client(folder, machine.client.address, machine.client.root))


def test_C01_a_killed_import_leaves_what_was_or_what_is_new(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with hostile_registry(tmp_path / "registry") as registry:
        here = project_of(registry, tmp_path / "here")
        there = closed_copy(here, tmp_path / "there")
        assert there.takes(export_of(here)).code == 0
        assert there.run("ci").code == 0
        file = newer(registry, here)
        changes = list_changes(lambda: copied(there, tmp_path / "counting").takes(file))
        believing = [number for number, change in enumerate(changes, 1) if "/tuf" in change or "seen.json" in change]
        assert len(believing) > 10
        few = {1, believing[0], *believing[-13::4], len(changes)}
        deaths = range(1, len(changes) + 1) if request.config.getoption("--long") else sorted(few)
        seen = [die_at(copied(there, tmp_path / str(number)), file, here, number) for number in deaths]
        assert seen == sorted(seen)  # first the old state, then the new one, and never back
        assert set(seen) == {False, True}


def newer(registry: HostileRegistry, here: Client) -> Path:
    registry.publication.publish("acme/icons", "1.0.1")
    registry.publication.recall("acme/icons@1.0.0")
    assert here.run("update").code == 0
    return export_of(here, "newer.carry")


def die_at(there: Closed, file: Path, here: Client, number: int) -> bool:
    """Dies at one change, and works afterwards. Whether the machine knows of the recall."""
    assert run_in_child(lambda: there.takes(file), Fault(number)) == KILLED
    verified = there.run("verify")
    assert verified.code in (0, 10), (number, verified.err)
    installed = there.run("install --locked")  # with nothing to do it asks the memory, which is written last
    assert installed.code in (0, verified.code), (number, installed.err)
    assert there.takes(file).code == 0
    shutil.copy(here.folder / "pack.lock", there.client.folder)
    assert there.run("ci").code == 0
    shutil.rmtree(there.client.folder)
    return verified.code == 10
