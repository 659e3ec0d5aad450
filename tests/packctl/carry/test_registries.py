"""A project whose packs come from two registries: a file for each, and none stands in for the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gap import Closed, closed_copy, export_of
from tests.support.hostile import Client, HostileRegistry, hostile_registry


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[HostileRegistry, HostileRegistry]]:
    """A public registry, and one of a company that publishes as corp. Somebody has taken the name corp on the public one."""
    with (
        hostile_registry(tmp_path / "public") as public,
        hostile_registry(tmp_path / "company", "corp.test") as company,
    ):
        for registry in (public, company):
            registry.publication.publisher("corp")
            registry.publication.publish("corp/brand", "9.0.0" if registry is public else "1.0.0")
        yield public, company


def project(two: tuple[HostileRegistry, HostileRegistry], folder: Path) -> Client:
    public, company = two
    client = Client(folder, public.url, public.root)
    folder.mkdir()
    (folder / "pack.toml").write_text(
        f'[dependencies]\n"acme/icons" = "^1"\n"corp/brand" = "*"\n\n'
        f'[registries]\ncorp = {{ url = "{company.url}", root = "{company.root.labelled}", publishers = ["corp"] }}\n'
    )
    ended = client.run("lock")
    assert ended.code == 0, ended.err
    return client


def test_each_registry_has_a_file_of_its_own_and_both_are_needed(
    two: tuple[HostileRegistry, HostileRegistry], tmp_path: Path
) -> None:
    here = project(two, tmp_path / "here")
    first = export_of(here)
    second = first.with_name("farm.corp.carry")
    assert second.exists()
    there = closed_copy(here, tmp_path / "there")
    assert there.takes(first).code == 0
    assert there.run("install --locked").code == 8
    assert there.takes(second).code == 0
    installed = there.run("install --locked")
    assert installed.code == 0, installed.err
    assert there.run("verify").code == 0
    two[0].publication.publish("acme/icons", "1.0.1")
    two[1].publication.publish("corp/brand", "1.1.0")
    assert here.run("update").code == 0
    more = export_of(here, "more.carry", "--since", "farm.carry", "--since", "farm.corp.carry")
    for file in (more, more.with_name("more.corp.carry")):
        assert there.takes(file).code == 0
    (there.client.folder / "pack.lock").write_bytes((here.folder / "pack.lock").read_bytes())
    assert there.run("ci").code == 0


def test_M18_a_bound_name_is_not_taken_from_the_file_of_another_registry(
    two: tuple[HostileRegistry, HostileRegistry], tmp_path: Path
) -> None:
    """Signed, approved, logged and newer: by the wrong registry."""
    public, _ = two
    here = project(two, tmp_path / "here")
    stranger = Client(tmp_path / "stranger", public.url, public.root)
    stranger.folder.mkdir()
    wrong = stranger.run("carry", "export", "corp/brand", "-o", "wrong.carry")
    assert wrong.code == 0, wrong.err
    file = stranger.folder / "wrong.carry"
    there = closed_copy(here, tmp_path / "there")
    refused = there.takes(file)
    assert (refused.code, "error[carry.bound-elsewhere]" in refused.err) == (10, True)
    # Taken in by the same user where nothing is bound, it still serves nobody to whom the name is bound.
    loose = Closed(Client(tmp_path / "loose", public.url, public.root, data=there.client.folder))
    assert loose.takes(file).code == 0
    there.takes(export_of(here))
    assert there.run("install --locked").code == 8
    assert there.run("update").code == 8
    assert not list(there.client.folder.glob("packs/corp"))
