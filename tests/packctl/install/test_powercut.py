"""A power cut at any moment of a change: what was not synced may be lost, and the project is wholly old or wholly new all the same."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from packctl.install.apply import CHANGE, recover
from packctl.install.journal import FILE
from packctl.install.link import Link
from packctl.install.store import Store
from packctl.project.state import OWN, InstallState
from packspec.errors import PackError
from tests.packctl.install.test_apply import PACKS, SHAPES_1, install, world
from tests.support.invariants import visible
from tests.support.packs import open_store
from tests.support.powercut import Ledger

MINE = b"my drawing"
Seen = dict[str, tuple[str, int, str]]


def first(folder: Path) -> tuple[Path, Callable[[], object]]:
    """The first install of a project."""
    project, store = folder / "project", folder / "store"
    project.mkdir(parents=True)
    (project / "pack.toml").write_text("mine\n")
    open_store(store, *PACKS.values()).close()
    return project, lambda: install(project, store, "acme/shapes@1", "zed/lamp@1")


def edited(folder: Path) -> tuple[Path, Callable[[], object]]:
    """An update of a pack of which a person changed a file; a publisher's only pack goes, and another publisher's first one comes."""
    project, store = folder / "project", folder / "store"
    project.mkdir(parents=True)
    (project / "pack.toml").write_text("mine\n")
    open_store(store, *PACKS.values()).close()
    install(project, store, "acme/shapes@1")
    (project / "packs/acme/shapes/a.svg").unlink()
    (project / "packs/acme/shapes/a.svg").write_bytes(MINE)
    return project, lambda: install(project, store, "zed/lamp@1", gone=("acme/shapes",))


BEGINNINGS = {"first": first, "update": world, "edited": edited}


def look_after(found: Path, old: Seen, new: Seen, *, is_told: bool) -> bool:
    """What must hold after a cut and the next command. Whether the project is new."""
    recover(found)
    now = visible(found)
    assert now in (old, new), "neither old nor new"
    assert now == new or not is_told, "success was told, and then the project was old"
    state = InstallState.load(found / "packs")
    assert all(state.read(name) is not None for name in state.evidence), "evidence is gone"
    assert not (found / "packs/.packctl/change").exists()
    return now == new


SHORT, LONG = (0, 3), (9, 1)
"""Ways of a cut and how often."""


@pytest.mark.parametrize("form", [SHORT, pytest.param(LONG, marks=pytest.mark.long)], ids=["short", "long"])
@pytest.mark.parametrize("name", BEGINNINGS)
@pytest.mark.parametrize("syncfs", [True, False], ids=["syncfs", "fsync"])
def test_C02_after_a_power_cut_at_any_moment_the_project_is_wholly_old_or_wholly_new(
    tmp_path: Path, name: str, syncfs: bool, form: tuple[int, int]
) -> None:
    project, change = BEGINNINGS[name](tmp_path / "world")
    old = visible(project)
    ledger = Ledger.of(change, project, syncfs=syncfs)
    new = visible(project)
    outcomes = set()
    for number, is_told, (found,) in ledger.cuts(tmp_path / "cut", ways=form[0], every=form[1]):
        outcomes.add(look_after(found, old, new, is_told=is_told))
        if name == "edited":
            copies = [path.read_bytes() for path in found.rglob("a.svg*")].count(MINE)
            assert copies == 1, f"a person's file is gone after a cut at {number}"
    assert outcomes == {False, True}


@pytest.mark.parametrize(
    "sync",
    [
        "syncfs packs/.packctl/change",
        f"fsync packs/{OWN}/{CHANGE}/{FILE}.new",
        "fsync packs/.packctl/change",
        "fsync packs",
        "fsync .",
        "fsync packs/.packctl",
        "fsync packs/acme",
        "fsync packs/.packctl/kept",
        "fsync packs/.packctl/kept/acme/shapes/1.0.0",
    ],
)
def test_C02_without_any_one_of_the_syncs_some_power_cut_loses_something(tmp_path: Path, sync: str) -> None:
    project, change = edited(tmp_path / "world")
    old = visible(project)
    ledger = Ledger.of(change, project)
    new = visible(project)
    operation, path = sync.split()
    with pytest.raises((AssertionError, PackError)):
        for _, is_told, (found,) in ledger.cuts(
            tmp_path / "cut", forgotten=f"{operation} {os.path.normpath(project / path)}"
        ):
            look_after(found, old, new, is_told=is_told)
            assert [path.read_bytes() for path in found.rglob("a.svg*")].count(MINE) == 1


def test_C02_a_store_that_was_being_filled_is_right_again_after_the_next_fill(tmp_path: Path) -> None:
    project, store = tmp_path / "world/project", tmp_path / "world/store"
    for folder in (project, store):
        folder.mkdir(parents=True)

    def change(project: Path, store: Path) -> None:
        open_store(store, SHAPES_1).close()
        install(project, store, "acme/shapes@1", link=Link.HARD)

    ledger = Ledger.of(lambda: change(project, store), project, store)
    new = visible(project)
    for _, is_told, (found, filled) in ledger.cuts(tmp_path / "cut", ways=0, every=4):
        recover(found)
        assert visible(found) in ({}, new)
        assert visible(found) == new or not is_told
        heal(filled)
        change(found, filled)
        assert visible(found) == new


def heal(store: Path) -> None:
    """What an install does with a store that lacks something, or has it damaged: fetches and fills in again."""
    with Store.open(store) as opened:
        for entry in SHAPES_1[1].files:
            opened.read(entry.sha256, entry.size)  # a damaged one is set aside
