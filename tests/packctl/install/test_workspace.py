"""Workspaces: several pack.toml, one lock and one folder of packs, against the real server (docs/spec/workspace.md)."""

import os
import shutil
from pathlib import Path

import pytest

from packctl.durable.failures import DiskFailed
from packctl.install import journal
from packctl.install.apply import CHANGE
from packctl.places import project_root
from packspec.lockfile import parse_lock
from tests.support.faults import KILLED, Fault, run_in_child
from tests.support.invariants import old_or_new, visible
from tests.support.machine import Machine


@pytest.fixture
def farm(machine: Machine) -> Machine:
    """A workspace with two apps, and a folder that is none."""
    machine.wants('[workspace]\nmembers = ["apps/*", "site"]\n')
    member(machine, "apps/barn", '[dependencies]\n# light\n"zed/lamp" = "^1"\n')
    member(machine, "site", '[dependencies]\n\n[groups]\nlessons = { "acme/icons" = "1.x" }\n')
    (machine.project / "apps/notes").mkdir()
    return machine


def member(machine: Machine, folder: str, text: str) -> None:
    (machine.project / folder).mkdir(parents=True, exist_ok=True)
    (machine.project / folder / "pack.toml").write_text(text)


def locked(machine: Machine) -> dict[str, str]:
    return {pack.name: str(pack.version) for pack in parse_lock(machine.read("pack.lock")).packs}


def test_members_are_solved_together_and_share_one_lock_and_one_folder(farm: Machine) -> None:
    done = farm.packctl("install", "--group", "lessons")
    assert (done.code, done.out) == (0, "+ acme/icons 1.2.0\n+ zed/lamp 1.0.0\n"), done.err
    assert locked(farm) == {"acme/icons": "1.2.0", "zed/lamp": "1.0.0"}
    assert not list(farm.project.glob("*/**/pack.lock")) and not (farm.project / "apps/barn/packs").exists()
    assert farm.packctl("verify").code == 0
    assert farm.packctl("ci", "--group", "lessons").code == 0


def test_from_inside_of_a_member_the_workspace_is_the_project(farm: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = ["-C", str(farm.project / "apps/barn")]
    assert farm.packctl(*inside, "install").code == 0
    assert (farm.project / "packs/zed/lamp/lamp.md").is_file()
    monkeypatch.setattr("packctl.registry.http.Http.send", None)
    again = farm.packctl(*inside, "install", "--json")
    assert (again.code, again.document["data"]["unchanged"], again.document["data"]["verified"]) == (0, 2, 0)
    assert "zed/lamp" in farm.packctl(*inside, "list").out


def test_a_workspace_of_a_stranger_takes_nobody_in(farm: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    root, member = farm.project / "pack.toml", farm.project / "apps/barn/pack.toml"
    stranger, colleague = os.geteuid() + 1, os.geteuid() + 2
    for above, below, found in (
        (stranger, os.geteuid(), member),
        (stranger, colleague, member),
        (colleague, colleague, root),
        (os.geteuid(), colleague, root),
        (0, colleague, root),
    ):
        monkeypatch.setattr("packctl.places._owner", {root: above, member: below}.__getitem__)
        assert project_root(member.parent) == found


def test_a_change_of_a_members_file_makes_the_lock_stale(farm: Machine) -> None:
    farm.packctl("install")
    member(farm, "site", '[dependencies]\n"acme/icons" = "1.0.0"\n')
    refused = farm.packctl("install", "--locked")
    assert (refused.code, refused.error) == (9, "project.lock-stale")
    assert farm.packctl("install").out == "~ acme/icons 1.2.0 -> 1.0.0\n"


def test_a_new_member_makes_the_lock_stale_and_one_that_leaves_too(farm: Machine) -> None:
    farm.packctl("install")
    member(farm, "apps/coop", '[dependencies]\n"acme/icons" = "^1"\n')
    assert farm.packctl("lock", "--check").error == "project.lock-stale"
    assert farm.packctl("install").code == 0
    shutil.rmtree(farm.project / "apps/coop")
    assert farm.packctl("lock", "--check").error == "project.lock-stale"


def test_add_and_remove_change_the_file_of_the_member_they_were_started_in(farm: Machine) -> None:
    root, barn = farm.read("pack.toml"), farm.read("apps/barn/pack.toml")
    inside = ["-C", str(farm.project / "site")]
    assert farm.packctl(*inside, "add", "acme/icons@^1").code == 0
    assert (
        farm.read("site/pack.toml")
        == b'[dependencies]\n"acme/icons" = "^1"\n\n[groups]\nlessons = { "acme/icons" = "1.x" }\n'
    )
    assert farm.packctl(*inside, "remove", "acme/icons").code == 0
    assert farm.read("site/pack.toml") == b'[dependencies]\n\n[groups]\nlessons = { "acme/icons" = "1.x" }\n'
    assert (farm.read("pack.toml"), farm.read("apps/barn/pack.toml")) == (root, barn)


def test_what_another_member_names_is_told_with_its_folder(farm: Machine) -> None:
    assert farm.packctl("install").code == 0
    refused = farm.packctl("remove", "zed/lamp")
    assert (refused.code, refused.error) == (3, "project.not-a-dependency")
    assert "in members  apps/barn" in refused.err and "-C apps/barn" in refused.err
    assert [" ".join(line.split()) for line in farm.packctl("why", "acme/icons").out.splitlines()] == [
        "acme/icons 1.2.0",
        "site/pack.toml line 4 [lessons] 1.x acme/icons",
        "apps/barn/pack.toml line 3 ^1 zed/lamp > acme/icons",
    ]
    assert farm.packctl("remove", "zed/lamp", "-C", str(farm.project / "apps/barn")).code == 0


def test_a_conflict_names_the_file_and_line_of_both_members_and_a_way_out_that_works(farm: Machine) -> None:
    member(farm, "site", '[dependencies]\n"zed/desk" = "^1"\n')
    refused = farm.packctl("install")
    assert (refused.code, refused.error) == (5, "resolve.no-solution")
    assert "apps/barn/pack.toml asks for zed/lamp ^1 (line 3)" in refused.err
    assert "site/pack.toml asks for zed/desk ^1 (line 2)" in refused.err
    member(farm, "site", '[dependencies]\n"acme/icons" = "^2"\n')
    refused = farm.packctl("install")
    assert "packctl add acme/icons@^1 -C site" in refused.err
    assert farm.packctl("add", "acme/icons@^1", "-C", str(farm.project / "site")).code == 0


@pytest.mark.parametrize(
    ("text", "error", "line"),
    [
        ("[dependencies]\nx = 1\n", "apps/barn/pack.toml", "line 2"),
        ('[dependencies]\n\n[registries]\ndefault = "https://registry.example"\n', "apps/barn/pack.toml", "line 3"),
        ('[workspace]\nmembers = ["x"]\n', "apps/barn/pack.toml", "line 1"),
        ('[install]\ndir = "../out"\n', "apps/barn/pack.toml", "line 1"),
    ],
)
def test_what_is_wrong_in_a_member_is_told_with_its_file_and_line(
    farm: Machine, text: str, error: str, line: str
) -> None:
    member(farm, "apps/barn", text)
    refused = farm.packctl("install")
    assert (refused.code, refused.error) == (2, "project.manifest")
    assert error in refused.err and line in refused.err


def test_a_pattern_through_too_many_folders_is_refused(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packctl.members.FOLDERS", 20)
    machine.wants('[workspace]\nmembers = ["**/app"]\n')
    for number in range(20):
        (machine.project / f"data/{number}").mkdir(parents=True)
    refused = machine.packctl("install", "--json")
    assert (refused.code, refused.error) == (2, "project.too-many-folders")
    assert refused.document["error"]["where"] == {"file": "pack.toml", "line": 2}
    machine.wants('[workspace]\nmembers = ["apps/*"]\n')
    assert machine.packctl("install").code == 0


def test_a_named_member_without_a_file_is_refused_and_a_pattern_is_not(farm: Machine) -> None:
    (farm.project / "site/pack.toml").unlink()
    refused = farm.packctl("install")
    assert (refused.code, refused.error) == (2, "project.no-member")
    farm.wants('[workspace]\nmembers = ["apps/*", "none/**"]\n')
    assert farm.packctl("install").code == 0


def test_a_member_whose_name_is_no_text_is_refused(farm: Machine) -> None:
    member(farm, os.fsdecode(b"apps/caf\xe9"), '[dependencies]\n"acme/icons" = "^1"\n')
    for command in ("install", "list", "verify"):
        refused = farm.packctl(command)
        assert (refused.code, refused.error) == (2, "project.member-name")
        assert "'apps/caf\\udce9'" in refused.err
    assert not (farm.project / "pack.lock").exists()


def test_a_member_demands_more_for_all_and_never_less(farm: Machine) -> None:
    member(farm, "apps/barn", '[dependencies]\n"zed/lamp" = "^1"\n\n[policy]\ndeny = ["acme/*"]\n')
    refused = farm.packctl("install")
    assert (refused.code, refused.error) == (5, "resolve.no-solution")
    assert not (farm.project / "pack.lock").exists()


def test_what_a_workspace_does_not_name_is_a_project_of_its_own(farm: Machine) -> None:
    farm.packctl("install")
    member(farm, "other", "[dependencies]\n")
    shutil.copyfile(farm.project / "pack.toml", farm.project / "kept")
    member(farm, "other", '[dependencies]\n"acme/icons" = "^2"\n\n' + registries(farm))
    assert farm.packctl("-C", str(farm.project / "other"), "install").code == 0
    assert (farm.project / "other/pack.lock").is_file()
    assert locked(farm) == {"acme/icons": "1.2.0", "zed/lamp": "1.0.0"}


def registries(machine: Machine) -> str:
    text = machine.read("pack.toml").decode()
    return text[text.index("[registries]") :] if "[registries]" in text else ""


def test_a_pattern_that_leads_through_a_whole_disk_is_refused(farm: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packctl.members.FOLDERS", 3)
    farm.wants('[workspace]\nmembers = ["**"]\n')
    refused = farm.packctl("install")
    assert (refused.code, refused.error) == (2, "project.too-many-folders")
    assert "from      pack.toml line 2" in refused.err


def test_links_and_hidden_folders_are_no_members(farm: Machine, tmp_path: Path) -> None:
    broken = tmp_path / "elsewhere"
    broken.mkdir()
    (broken / "pack.toml").write_text("no toml")
    os.symlink(broken, farm.project / "apps/link")
    member(farm, "apps/.hidden", "no toml")
    assert farm.packctl("install").code == 0


def test_C01_a_member_and_the_lock_are_old_or_new_together_wherever_a_command_is_killed(
    farm: Machine, tmp_path: Path
) -> None:
    farm.packctl("install")
    words = ("add", "acme/icons@1.2.0")
    old, ended = visible(farm.project), set()
    done = copy_of(farm, tmp_path / "done")
    assert done.packctl("-C", str(done.project / "site"), *words).code == 0
    new = visible(done.project)
    assert [path for path in old if old[path] != new[path]] == [
        "pack.lock",
        "packs/.packctl/state.json",
        "site/pack.toml",
    ]
    for at in range(1, 30):
        machine = copy_of(farm, tmp_path / str(at))
        inside = ("-C", str(machine.project / "site"))
        fault = Fault(at, where=rf"^(rename|link|replace) .*/{CHANGE}/|journal")
        if run_in_child(lambda m=machine, i=inside: m.packctl(*i, *words), fault) != KILLED:  # type: ignore[misc]
            break
        assert machine.packctl("-C", str(machine.project / "apps/barn"), "list").code == 0
        ended.add(old_or_new(machine.project, old, new))
    assert ended == {False, True} and at > 5


def copy_of(machine: Machine, folder: Path) -> Machine:
    shutil.copytree(machine.folder, folder, symlinks=True)
    environ = {name: text.replace(str(machine.folder), str(folder)) for name, text in machine.environ.items()}
    return Machine(folder, machine.registry, folder / "project", environ)


def test_a_swap_that_fails_at_the_lock_leaves_a_members_file_as_it_was(
    farm: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    farm.packctl("install")
    before, lock = farm.read("site/pack.toml"), farm.read("pack.lock")
    forward = journal._File.forward

    def fails_at_the_lock(self: journal._File) -> None:
        if self.name == "pack.lock":
            assert farm.read("site/pack.toml") != before
            raise DiskFailed("rename", farm.project / self.name, 5)
        forward(self)

    monkeypatch.setattr(journal._File, "forward", fails_at_the_lock)
    refused = farm.packctl("-C", str(farm.project / "site"), "add", "acme/icons@1.2.0")
    assert (refused.code, refused.error) == (1, "install.disk")
    assert (farm.read("site/pack.toml"), farm.read("pack.lock")) == (before, lock)
