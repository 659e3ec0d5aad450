"""Promises about every install: nothing of a pack runs, large packs need little memory, and an edit in one project reaches no other."""

import os
import random
import resource
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from packctl.durable import FileSource, Folder
from packctl.install.apply import open_installation
from packctl.install.link import Link
from packctl.install.readin import fill_from_archive
from packctl.install.stage import stage
from packctl.install.store import Store
from packspec.archive.write import SourceFile, write_archive
from packspec.limits import MIB
from tests.support.faults import run_in_child
from tests.support.invariants import listing
from tests.support.machine import Machine
from tests.support.packs import receipt

LARGE_MIB = 96
RUNS = (
    "subprocess.Popen",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.startfile",
    "os.fork",
    "os.forkpty",
    "pty.spawn",
)


def test_C35_nothing_runs_at_an_install_and_nothing_becomes_executable(machine: Machine) -> None:
    machine.depends(zed__lamp="^1")

    def install() -> None:
        def hook(event: str, args: tuple[object, ...]) -> None:
            assert event not in RUNS, (event, args)
            if event in ("compile", "exec") and str(machine.folder) in str(args):
                raise AssertionError(f"{event} {args}")

        sys.addaudithook(hook)
        ended = machine.packctl("install")
        assert ended.code == 0, ended.err

    assert run_in_child(install) == 0
    modes = {
        stat.S_IMODE(path.stat().st_mode) & 0o111
        for root in (machine.project, machine.data, machine.cache)
        for path in root.rglob("*")
        if path.is_file()
    }
    assert modes == {0}


def noise(size: int) -> Iterator[bytes]:
    """Bytes that do not pack, the same each time."""
    chance = random.Random(7)
    for _ in range(size // MIB):
        yield chance.randbytes(MIB)


@pytest.mark.skipif(sys.platform != "linux", reason="units of ru_maxrss")
@pytest.mark.parametrize("link", [Link.COPY])
def test_C34_a_large_pack_passes_through_little_memory(tmp_path: Path, link: Link) -> None:
    files = [
        SourceFile.of("pack.toml", b"[pack]\n"),
        SourceFile("a.bin", LARGE_MIB * MIB, lambda: noise(LARGE_MIB * MIB)),
    ]
    (tmp_path / "project").mkdir()

    def grown() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    def install() -> None:
        before = grown()
        with Folder.open(tmp_path) as folder, Store.open(tmp_path / "store") as store:
            with folder.create("large.pack") as target:
                tree = write_archive(files, target.write)
            with FileSource(folder.open_file("large.pack"), "large.pack") as source:
                fill_from_archive(store, source, tree)
            with (
                open_installation(tmp_path / "project") as installation,
                stage(installation, "installing", link) as staging,
            ):
                staging.put(receipt("acme/large", "1.0.0", tree), tree, store)
                staging.commit()
        assert grown() - before < 32, f"{grown() - before} MiB"

    assert run_in_child(install) == 0
    assert (tmp_path / "project/packs/acme/large/a.bin").stat().st_size == LARGE_MIB * MIB
    shutil.rmtree(tmp_path)


def test_C14_C12_an_edit_through_a_hard_link_is_noticed_and_reaches_no_other_project(machine: Machine) -> None:
    """With hard links an editor that writes in place writes into the store: the entry is set aside and fetched again, never linked."""
    machine.depends(acme__icons="^1")
    assert machine.packctl("install", "--link", "hard").code == 0
    edited = machine.project / "packs/acme/icons/cow.md"
    right = edited.read_bytes()
    edited.chmod(0o644)
    edited.write_bytes(b"# My cow\n")
    other = Machine(machine.folder, machine.registry, machine.folder / "other", machine.environ)
    other.project.mkdir()
    other.depends(acme__icons="^1")
    ended = other.packctl("install", "--link", "hard")
    assert ended.code == 0, ended.err
    assert (other.project / "packs/acme/icons/cow.md").read_bytes() == right
    assert edited.read_bytes() == b"# My cow\n"
    assert not os.path.samefile(edited, other.project / "packs/acme/icons/cow.md")
    assert len(list((machine.data / "store/damaged").iterdir())) == 1
    assert machine.packctl("verify").code != 0


def test_C33_a_registry_that_wants_a_newer_packctl_says_which_and_nothing_changes(machine: Machine) -> None:
    machine.depends(acme__icons="^1")
    before = listing(machine.project)
    with mock.patch("packctl.trust.registry.__version__", "0.0.9"):
        ended = machine.packctl("install")
    assert ended.error == "policy.client-too-old", ended.err
    assert "packctl 0.1.0" in ended.err
    assert "packctl 0.0.9" in ended.err
    assert listing(machine.project) == before
