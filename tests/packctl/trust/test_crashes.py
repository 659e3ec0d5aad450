"""A refresh that is killed anywhere: nothing that was accepted before is lost, and the next refresh goes through."""

import errno
import sys
import threading
from pathlib import Path

import pytest

from packctl.durable.folder import Folder
from tests.support.copies import copy_folder
from tests.support.hostile import Client

CHANGES = {"os.rename", "os.remove", "os.symlink", "os.mkdir", "packctl.durable"}


def refresh_and_copy(client: Client, into: Path) -> list[Path]:
    """Copies of the client's folder ahead of every change of the disk by TUF's library or by us, which is what a kill leaves there, and
    at the end."""
    found: list[Path] = []
    thread, armed = threading.get_ident(), False  # the registry has a thread of its own here

    def leave() -> None:
        nonlocal armed
        armed = False  # our own changes are none
        found.append(copy_folder(client.folder, into / str(len(found))))
        armed = True

    def hook(event: str, given: tuple[object, ...]) -> None:
        writes = armed and event == "open" and isinstance(given[1], str) and set(given[1]) & set("wxa+")
        if armed and (event in CHANGES or writes) and threading.get_ident() == thread:
            leave()

    sys.addaudithook(hook)
    with client.registry() as trusted:
        armed = True
        trusted.refresh()
        leave()
        armed = False
    return found


@pytest.mark.parametrize("begun", [False, True], ids=["first", "later"])
def test_C01_a_refresh_may_die_before_every_single_change_of_the_disk(registry, tmp_path, begun):
    client, seen = Client(tmp_path / "client", registry.url, registry.root), 0
    if begun:
        with client.registry() as trusted:
            trusted.refresh()
            seen = trusted.log.checkpoint.size
        registry.publication.publish("acme/icons", "2.0.0")
    (tmp_path / "left").mkdir()
    sizes = []
    for folder in refresh_and_copy(client, tmp_path / "left"):
        with Client(folder, registry.url, registry.root).registry() as trusted:
            sizes.append(trusted._memory.seen().checkpoint.size if trusted._memory.seen().note else 0)
            trusted.refresh()
            assert trusted.log.checkpoint.size > seen
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1] > seen) == (seen, True)
    assert len(sizes) > 35


@pytest.mark.timeout(30)
def test_C03_a_disk_that_fails_at_the_last_sync_leaves_no_lock_behind(registry, tmp_path, monkeypatch):
    client = Client(tmp_path / "client", registry.url, registry.root)

    def fail(_folder: Folder) -> bool:
        monkeypatch.undo()
        raise OSError(errno.EIO, "the disk fails")

    monkeypatch.setattr(Folder, "sync_all", fail)
    with client.registry() as trusted, pytest.raises(OSError, match="the disk fails"):
        trusted.refresh()
    with client.registry() as trusted:
        trusted.refresh()
        assert trusted.log.checkpoint.size > 0
