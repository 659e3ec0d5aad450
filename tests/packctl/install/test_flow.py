"""From pack.toml to files on the disk and back, against the real server: add, install, update, remove, ci, lock."""

import json
import os
import shlex
import shutil
from pathlib import Path

import pytest

from packctl.registry.exchange import Request
from packspec.lockfile import parse_lock
from tests.support.invariants import listing
from tests.support.machine import Machine
from tests.support.registry import Registry


def locked(machine: Machine) -> dict[str, str]:
    """Pack to version, as pack.lock says."""
    return {pack.name: str(pack.version) for pack in parse_lock(machine.read("pack.lock")).packs}


def project(machine: Machine) -> dict[str, tuple[str, int, str]]:
    """Everything in the project."""
    return listing(machine.project)


def test_add_writes_the_caret_of_what_fits_locks_and_installs(machine: Machine) -> None:
    done = machine.packctl("add", "zed/lamp")
    assert done.code == 0, done.err
    assert done.out == "+ acme/icons 1.2.0\n+ zed/lamp 1.0.0\n"
    assert machine.read("pack.toml") == b'# Farm\n[dependencies]\n"zed/lamp" = "^1.0.0"\n'
    assert locked(machine) == {"acme/icons": "1.2.0", "zed/lamp": "1.0.0"}
    assert machine.files() == [
        "acme/icons/cow.md",
        "acme/icons/hen.md",
        "acme/icons/pack.toml",
        "zed/lamp/lamp.md",
        "zed/lamp/pack.toml",
    ]
    assert machine.read("packs/zed/lamp/lamp.md") == b"# On\n"


def test_a_second_install_changes_nothing_and_asks_nobody(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.packctl("add", "zed/lamp")
    before = project(machine)
    monkeypatch.setattr("packctl.registry.http.Http.send", None)
    done = machine.packctl("install", "--json")
    assert (done.code, done.document["data"]["unchanged"], done.document["data"]["verified"]) == (0, 2, 0)
    assert project(machine) == before


def test_an_archive_does_not_stay_in_the_cache_once_the_store_has_its_files(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    assert list((machine.cache / "downloads").iterdir()) == []


def test_latest_insists_on_the_newest_release(machine: Machine) -> None:
    assert machine.packctl("add", "acme/icons@latest").code == 0
    assert b'"acme/icons" = "^2.0.0"' in machine.read("pack.toml")
    refused = machine.packctl("add", "zed/lamp", "acme/icons@latest")
    assert (refused.code, refused.error) == (5, "resolve.no-solution")


def test_without_a_range_what_is_there_decides_which_release_fits(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    assert machine.packctl("add", "acme/icons").code == 0
    assert b'"acme/icons" = "^1.2.0"' in machine.read("pack.toml")


def test_adding_what_is_there_without_a_range_leaves_its_range(machine: Machine) -> None:
    machine.wants('[dependencies]\n"acme/icons" = "~1.0"  # no hens\n')
    machine.packctl("install")
    before = machine.read("pack.toml")
    assert machine.packctl("add", "acme/icons").code == 0
    assert machine.read("pack.toml") == before
    assert locked(machine) == {"acme/icons": "1.0.0"}


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["zed/desk"], 5, "resolve.no-solution"),
        (["acme/nothing"], 3, "catalog.no-such-pack"),
        (["nobody/icons"], 3, "catalog.no-such-pack"),
        (["acme/icons@1.1.1"], 3, "catalog.no-such-release"),
        (["acme/icons@^9"], 5, "resolve.no-solution"),
        (["acme/icons@>=1,<2"], 2, "project.bad-range"),
        (["Acme/icons"], 2, "project.bad-name"),
        (["acme/icons", "--group", "Not A Group"], 2, "cli.bad-value"),
    ],
)
def test_an_add_that_fails_leaves_the_project_byte_for_byte(
    machine: Machine, words: list[str], code: int, error: str
) -> None:
    machine.packctl("add", "zed/lamp")
    before = project(machine)
    refused = machine.packctl("add", *words)
    assert (refused.code, refused.error) == (code, error)
    assert project(machine) == before


def test_a_conflict_is_told_with_the_lines_of_pack_toml(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    told = machine.packctl("add", "zed/desk").err
    assert "zed/desk depends on acme/icons ^2" in told
    assert "zed/lamp ^1.0.0 (line 3)" in told
    assert "pack.toml and pack.lock are unchanged." in told


def test_remove_takes_out_what_nobody_needs_any_more_and_keeps_a_persons_changes(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    (machine.project / "packs/zed/lamp/lamp.md").write_bytes(b"# Mine\n")
    done = machine.packctl("remove", "zed/lamp")
    assert (done.code, done.out) == (0, "- acme/icons 1.2.0\n- zed/lamp 1.0.0\n")
    assert machine.files() == []
    assert machine.read("pack.toml") == b"# Farm\n[dependencies]\n"
    assert machine.read("packs/.packctl/kept/zed/lamp/1.0.0/lamp.md") == b"# Mine\n"
    assert "warning[install.kept]" in done.err


def test_C27_remove_keeps_what_another_dependency_needs(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp", "acme/icons")
    assert machine.packctl("remove", "zed/lamp").out == "- zed/lamp 1.0.0\n"
    assert locked(machine) == {"acme/icons": "1.2.0"}


def test_remove_names_the_files_of_the_project_that_still_use_the_pack(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    (machine.project / "scene.txt").write_text("show packs/zed/lamp/lamp.md")
    told = machine.packctl("remove", "zed/lamp").err
    assert "warning[project.still-used]" in told
    assert "scene.txt" in told


def test_removing_what_pack_toml_does_not_name_is_refused(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    before = project(machine)
    refused = machine.packctl("remove", "acme/icons")
    assert (refused.code, refused.error) == (3, "project.not-a-dependency")
    assert project(machine) == before


def test_update_moves_inside_the_ranges_and_tells_what_they_hold_back(machine: Machine) -> None:
    machine.depends(acme__icons="1.0.0")
    machine.packctl("install")
    machine.depends(acme__icons="^1")
    assert machine.packctl("install").code == 0
    assert locked(machine) == {"acme/icons": "1.0.0"}  # what is locked stays while it fits
    done = machine.packctl("update", "--json")
    data = done.document["data"]
    assert [(one["name"], one["before"], one["version"]) for one in data["changed"]] == [
        ("acme/icons", "1.0.0", "1.2.0")
    ]
    assert data["held_back"] == [{"name": "acme/icons", "version": "1.2.0", "newest": "2.0.0"}]


def test_update_with_major_leaves_the_range_and_writes_a_new_one(machine: Machine) -> None:
    machine.wants('[dependencies]\n"acme/icons" = "~1.0"  # why not\n')
    machine.packctl("install")
    assert machine.packctl("update", "acme/icons", "--major").code == 0
    assert machine.read("pack.toml") == b'[dependencies]\n"acme/icons" = "^2.0.0"  # why not\n'


def test_update_to_a_range_writes_it_also_downwards(machine: Machine) -> None:
    machine.packctl("add", "acme/icons@latest")
    done = machine.packctl("update", "acme/icons", "--to", "~1.0")
    assert (done.code, done.out) == (0, "~ acme/icons 2.0.0 -> 1.0.0\n")
    assert machine.files() == ["acme/icons/cow.md", "acme/icons/pack.toml"]


def test_updating_what_nobody_wants_is_refused(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    refused = machine.packctl("update", "zed/desk")
    assert (refused.code, refused.error) == (3, "project.not-chosen")


def test_a_dry_run_says_what_would_happen_and_does_nothing(machine: Machine) -> None:
    machine.depends(zed__lamp="^1")
    before = project(machine)
    done = machine.packctl("install", "--dry-run", "--json")
    data = done.document["data"]
    assert [one["name"] for one in data["added"]] == ["acme/icons", "zed/lamp"]
    assert (data["lock"], data["dry_run"]) == ("written", True)
    assert data["bytes_fetched"] == data["bytes_total"] > 0
    assert project(machine) == before


def test_groups_are_installed_when_named_and_remembered_until_taken_out(machine: Machine) -> None:
    machine.wants('[dependencies]\n"acme/icons" = "^1"\n[groups]\nlessons = { "zed/lamp" = "^1" }\n')
    machine.packctl("install")
    assert locked(machine) == {"acme/icons": "1.2.0", "zed/lamp": "1.0.0"}  # one lock for all groups
    assert not (machine.project / "packs/zed").exists()
    assert machine.packctl("install", "--group", "lessons").out == "+ zed/lamp 1.0.0\n"
    machine.packctl("update")
    assert (machine.project / "packs/zed/lamp/lamp.md").exists()
    assert machine.packctl("install", "--no-group", "lessons").out == "- zed/lamp 1.0.0\n"
    refused = machine.packctl("install", "--group", "lesson")
    assert (refused.code, refused.error) == (3, "project.no-such-group")


def test_C23_a_folder_of_packs_that_became_a_link_is_refused_by_every_command_alike(
    machine: Machine, tmp_path: Path
) -> None:
    assert machine.packctl("add", "acme/icons").code == 0
    (machine.project / "packs").rename(tmp_path / "elsewhere")
    (machine.project / "packs").symlink_to(tmp_path / "elsewhere")
    for words in (["install"], ["ci"], ["add", "zed/lamp"], ["list"], ["verify"], ["heal"], ["update"]):
        refused = machine.packctl(*words)
        assert (words, refused.code, refused.error) == (words, 1, "install.link-in-the-way")


def test_groups_that_ci_named_stay_until_a_ci_does_not_name_them(machine: Machine) -> None:
    machine.wants('[dependencies]\n"acme/icons" = "^1"\n[groups]\nlessons = { "zed/lamp" = "^1" }\n')
    assert machine.packctl("lock").code == 0
    assert machine.packctl("ci", "--group", "lessons").out == "+ acme/icons 1.2.0\n+ zed/lamp 1.0.0\n"
    assert machine.packctl("install", "--json").document["data"]["unchanged"] == 2
    assert machine.packctl("verify").code == 0
    assert machine.packctl("ci").out == "- zed/lamp 1.0.0\n"
    assert machine.packctl("install", "--json").document["data"]["unchanged"] == 1


def test_an_update_that_cannot_be_proposes_updates(machine: Machine) -> None:
    machine.depends(acme__icons="~1.0", zed__lamp="^1")
    assert machine.packctl("install").code == 0
    refused = machine.packctl("update", "acme/icons", "--to", "^2", "--json").document["data"]
    assert [one["command"] for one in refused["ways_out"]] == ["packctl update acme/icons --to '^1'"]
    assert machine.packctl(*shlex.split(refused["ways_out"][0]["command"])[1:]).code == 0
    assert locked(machine)["acme/icons"] == "1.2.0"


def test_add_into_a_group_makes_and_installs_it(machine: Machine) -> None:
    assert machine.packctl("add", "zed/lamp", "--group", "lessons").code == 0
    assert b'[groups]\nlessons = { "zed/lamp" = "^1.0.0" }' in machine.read("pack.toml")
    assert machine.packctl("list", "--group", "lessons", "--plain").out.split("\t")[0] == "acme/icons"
    assert machine.packctl("remove", "zed/lamp", "--group", "lessons").code == 0
    assert machine.files() == []


def test_optional_dependencies_are_left_out_with_a_line_where_they_cannot_be_had(machine: Machine) -> None:
    machine.wants('[dependencies]\n"zed/lamp" = "^1"\n"zed/desk" = { version = "^1", optional = true }\n')
    done = machine.packctl("install", "--json")
    assert done.code == 0
    assert [one["name"] for one in done.document["data"]["left_out"]] == ["zed/desk"]
    assert "zed/desk" not in locked(machine)


def test_a_pack_that_only_limits_versions_is_not_installed_for_its_sake(machine: Machine) -> None:
    assert machine.packctl("add", "acme/icons@^1", "--kind", "enhances").code == 0
    assert b'"acme/icons" = { version = "^1", kind = "enhances" }' in machine.read("pack.toml")
    assert locked(machine) == {}
    machine.packctl("add", "acme/icons", "--kind", "requires")
    assert locked(machine) == {"acme/icons": "1.2.0"}


def test_no_install_writes_both_files_and_nothing_else(machine: Machine) -> None:
    assert machine.packctl("add", "zed/lamp", "--no-install").code == 0
    assert sorted(path.name for path in machine.project.iterdir()) == ["pack.lock", "pack.toml"]
    assert locked(machine) == {"acme/icons": "1.2.0", "zed/lamp": "1.0.0"}


def test_lock_check_lowest_upgrade_and_at(machine: Machine) -> None:
    machine.depends(acme__icons="^1")
    assert machine.packctl("lock", "--check").code == 9
    machine.packctl("lock", "--lowest")
    assert locked(machine) == {"acme/icons": "1.0.0"}
    assert machine.packctl("lock").code == 0
    assert locked(machine) == {"acme/icons": "1.0.0"}
    machine.packctl("lock", "--upgrade")
    assert locked(machine) == {"acme/icons": "1.2.0"}
    assert machine.packctl("lock", "--check").code == 0
    assert machine.packctl("lock", "--at", "2020-01-01").error == "resolve.no-solution"
    assert machine.packctl("lock", "--at", "tomorrow").error == "cli.bad-value"
    assert not (machine.project / "packs").exists()


def test_ci_installs_what_the_lock_says_on_another_machine_and_path(
    machine: Machine, shop: Registry, tmp_path: Path
) -> None:
    machine.packctl("add", "zed/lamp")
    other = Machine.at(tmp_path / "runner", shop, CI="1")
    for name in ("pack.toml", "pack.lock"):
        shutil.copy(machine.project / name, other.project / name)
    done = other.packctl("ci")
    assert (done.code, done.out) == (0, "+ acme/icons 1.2.0\n+ zed/lamp 1.0.0\n")
    assert other.files() == machine.files()
    assert other.read("pack.lock") == machine.read("pack.lock")


def test_ci_without_a_lock_or_with_a_stale_one_exits_with_9(machine: Machine) -> None:
    machine.depends(acme__icons="^1")
    assert (machine.packctl("ci").code, machine.packctl("ci").error) == (9, "project.lock-missing")
    machine.packctl("lock")
    machine.depends(acme__icons="^2")
    before = project(machine)
    assert (machine.packctl("ci").code, machine.packctl("ci").error) == (9, "project.lock-stale")
    in_ci = machine.packctl("install", environ={"CI": "true"})
    assert (in_ci.code, in_ci.error) == (9, "project.lock-stale")
    assert project(machine) == before
    assert machine.packctl("install").code == 0


def test_in_ci_a_plain_install_without_a_lock_still_makes_one(machine: Machine) -> None:
    machine.depends(acme__icons="^1")
    assert machine.packctl("install", environ={"CI": "true"}).code == 0
    assert locked(machine) == {"acme/icons": "1.2.0"}


def test_clean_moves_out_what_belongs_to_no_pack_and_deletes_nothing(machine: Machine) -> None:
    machine.packctl("add", "acme/icons@^1")
    for name in ("notes.txt", "acme/mine/a.txt", "other/b.txt", os.fsdecode(b"caf\xe9.txt")):
        path = machine.project / "packs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.fsencode(name))
    machine.packctl("install")
    assert (machine.project / "packs/notes.txt").exists()
    assert machine.packctl("ci").code == 0
    assert machine.files() == ["acme/icons/cow.md", "acme/icons/hen.md", "acme/icons/pack.toml"]
    kept = machine.project / "packs/.packctl/kept"
    assert sorted(path.read_bytes() for path in kept.rglob("*") if path.is_file()) == [
        b"acme/mine/a.txt",
        b"caf\xe9.txt",
        b"notes.txt",
        b"other/b.txt",
    ]


def test_a_report_names_a_file_whose_name_is_no_text(machine: Machine) -> None:
    machine.packctl("add", "acme/icons@^1")
    (machine.project / "packs/acme/icons" / os.fsdecode(b"caf\xe9.txt")).write_text("not ours")
    ended = machine.packctl("verify", "--format", "sarif")
    assert ended.code == 6
    (found,) = json.loads(ended.out)["runs"][0]["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "packs/acme/icons/caf%E9.txt"


def test_ci_puts_right_what_is_no_longer_as_it_was_installed(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    lamp, icons = machine.project / "packs/zed/lamp", machine.project / "packs/acme/icons"
    for path in (lamp / "lamp.md", icons / "cow.md"):
        path.chmod(0o644)
    (lamp / "lamp.md").write_text("# Off\n")
    (icons / "cow.md").unlink()
    (icons / "extra.md").write_text("not ours")
    assert machine.packctl("install").out == ""
    assert machine.packctl("verify").code == 6
    assert machine.packctl("ci").out == "~ acme/icons 1.2.0 (again)\n~ zed/lamp 1.0.0 (again)\n"
    assert machine.packctl("verify").code == 0
    kept = machine.project / "packs/.packctl/kept"
    assert sorted(path.name for path in kept.rglob("*") if path.is_file()) == ["extra.md", "lamp.md"]
    assert machine.packctl("ci").out == ""


def test_a_removed_folder_of_a_pack_is_put_back_by_the_next_install(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    shutil.rmtree(machine.project / "packs/acme")
    assert machine.packctl("install").out == "+ acme/icons 1.2.0\n"


def test_C13_reinstall_puts_signed_files_back_and_keeps_the_changed_one(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    (machine.project / "packs/zed/lamp/lamp.md").write_bytes(b"# Mine\n")
    assert machine.packctl("install").out == ""
    done = machine.packctl("install", "--reinstall", "zed/lamp")
    assert done.out == "~ zed/lamp 1.0.0 (again)\n"
    assert machine.read("packs/zed/lamp/lamp.md") == b"# On\n"
    assert machine.read("packs/.packctl/kept/zed/lamp/1.0.0/lamp.md") == b"# Mine\n"


def test_a_target_outside_of_the_project_gets_the_packs_and_the_project_the_lock(
    machine: Machine, tmp_path: Path
) -> None:
    machine.depends(acme__icons="^1")
    assert machine.packctl("install", "--target", str(tmp_path / "elsewhere")).code == 0
    assert (tmp_path / "elsewhere/acme/icons/cow.md").exists()
    assert locked(machine) == {"acme/icons": "1.2.0"}
    assert not (machine.project / "packs").exists()


def test_M21_the_same_wishes_give_the_same_lock_in_any_order_and_on_any_machine(shop: Registry, tmp_path: Path) -> None:
    locks = set()
    for number, names in enumerate((["zed/lamp", "acme/icons"], ["acme/icons", "zed/lamp"])):
        machine = Machine.at(tmp_path / f"{number}" / "deep", shop)
        machine.wants("[dependencies]\n")
        machine.packctl("add", *names)
        locks.add(machine.read("pack.lock"))
    assert len(locks) == 1


def test_registry_lines_of_the_lock_stay_while_no_pack_changes(machine: Machine) -> None:
    machine.packctl("add", "acme/icons@^1")
    before = machine.read("pack.lock")
    machine.registry.publish(
        "zed/chair", f"1.0.{len(machine.registry.world.public.read('log/checkpoint') or b'')}", files={"a.md": b"# A\n"}
    )
    shutil.rmtree(machine.project / "packs")
    assert machine.packctl("install").code == 0
    assert machine.read("pack.lock") == before
    machine.wants('[dependencies]\n"acme/icons" = "^1.0"\n')
    machine.packctl("install")
    assert machine.read("pack.lock").splitlines()[3:] == before.splitlines()[3:]


def test_M18_a_bound_publisher_comes_from_its_registry_or_not_at_all(machine: Machine) -> None:
    machine.wants(
        f'[dependencies]\n"acme/icons" = "^1"\n[registries]\ndefault = "{machine.registry.url}"\n'
        'corp = { url = "http://127.0.0.1:9", publishers = ["acme"] }\n'
    )
    refused = machine.packctl("install")
    assert (refused.code, refused.error) == (8, "registry.unreachable")
    assert not (machine.project / "pack.lock").exists()


def test_a_registry_named_at_add_is_recorded_for_its_publisher(machine: Machine) -> None:
    root = machine.environ["PACKCTL_TRUST_ROOT"]
    bare = {"PACKCTL_REGISTRY": "", "PACKCTL_TRUST_ROOT": root}
    done = machine.packctl("add", "acme/icons@^1", "--registry", machine.registry.url, environ=bare)
    assert done.code == 0, done.err
    assert f'default = "{machine.registry.url}"'.encode() in machine.read("pack.toml")
    assert machine.packctl("add", "zed/lamp", environ=bare).code == 0


def test_a_root_in_pack_toml_counts_for_this_project_and_no_other(machine: Machine) -> None:
    digest = machine.environ["PACKCTL_TRUST_ROOT"]
    url = machine.registry.url
    text = f'[dependencies]\n"acme/icons" = "^1"\n[registries]\ndefault = {{ url = "{url}"'
    alone = {"PACKCTL_TRUST_ROOT": "", "PACKCTL_REGISTRY": ""}
    machine.wants(f"{text} }}\n")
    assert machine.packctl("install", environ=alone).error == "trust.root-unknown"
    machine.wants(f'{text}, root = "sha256:{"0" * 64}" }}\n')
    assert machine.packctl("install", environ=alone).error == "trust.root-mismatch"
    machine.wants(f'{text}, root = "{digest}" }}\n')
    assert machine.packctl("install", environ=alone).code == 0
    machine.wants(f"{text} }}\n")
    assert machine.packctl("lock", environ=alone).error == "trust.root-unknown"


def test_part_installs_bring_what_the_features_want_and_are_written_down(shop: Registry, machine: Machine) -> None:
    if shop.people.publishers.get("part") is None:
        shop.publish(
            "part/book",
            "1.0.0",
            files={"all.md": b"# All\n", "story.md": b"# Story\n", "book.md": b"# Book\n"},
            manifest={"features": ["story", "book"]},
            tables={
                "assets": [
                    {"path": "story.md", "features": ["story"], "essential": True},
                    {"path": "book.md", "features": ["book"]},
                ]
            },
        )
    machine.packctl("add", "part/book")
    assert "part/book/book.md" in machine.files()
    done = machine.packctl("install", "--feature", "story")
    assert (done.code, done.out) == (0, "~ part/book 1.0.0 (1 file fewer)\n")
    assert machine.files() == ["part/book/all.md", "part/book/pack.toml", "part/book/story.md"]
    assert b'features = ["story"]' in machine.read("pack.toml")
    machine.packctl("install", "--essential")
    assert machine.files() == ["part/book/pack.toml", "part/book/story.md"]


def test_locked_refuses_whatever_would_change_the_lock(machine: Machine) -> None:
    machine.packctl("add", "acme/icons@~1.0")
    before = project(machine)
    for words in (["install", "zed/lamp", "--locked"], ["update", "acme/icons", "--to", "^1"]):
        refused = machine.packctl(*words, environ={"PACKCTL_LOCKED": "1"})
        assert (refused.code, refused.error) == (9, "project.lock-stale")
    assert project(machine) == before


def test_putting_back_what_the_project_does_not_have_is_refused(machine: Machine) -> None:
    machine.packctl("add", "acme/icons")
    refused = machine.packctl("install", "--reinstall", "zed/lamp")
    assert (refused.code, refused.error) == (3, "project.not-chosen")


def test_a_pack_of_a_group_is_not_taken_out_of_the_dependencies_and_the_group_is_named(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp", "--group", "lessons")
    refused = machine.packctl("remove", "zed/lamp", "--json")
    assert refused.error == "project.not-a-dependency"
    assert refused.document["error"]["fix"] == ["packctl remove zed/lamp --group lessons"]


def test_a_target_is_relative_to_the_folder_that_C_names(machine: Machine) -> None:
    machine.depends(acme__icons="^1")
    assert machine.packctl("install", "--target", "vendor/packs").code == 0
    assert (machine.project / "vendor/packs/acme/icons/cow.md").exists()
    assert machine.packctl("install", "--target", "vendor/packs").err.startswith("nothing to do")


def test_a_mirror_gives_everything_where_the_registry_does_not_answer(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    machine.wants(
        '[dependencies]\n"zed/lamp" = "^1"\n[registries]\n'
        f'default = {{ url = "http://127.0.0.1:9", mirrors = ["{machine.registry.url}"] }}\n'
    )
    done = machine.packctl("install", environ={"PACKCTL_REGISTRY": ""})
    assert (done.code, done.out) == (0, "+ acme/icons 1.2.0\n+ zed/lamp 1.0.0\n")


def test_what_an_install_asks_stays_within_its_budget(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    from packctl.registry.http import Http

    asked: list[str] = []
    send = Http.send

    def counted(self: Http, request: Request) -> object:
        asked.append(request.url)
        return send(self, request)

    monkeypatch.setattr(Http, "send", counted)

    def requests(*words: str) -> int:
        asked.clear()
        assert machine.packctl(*words).code == 0
        return len(asked)

    assert (
        requests("add", "acme/icons@^1") <= 24
    )  # the first contact of this machine, metadata, log and proofs included
    assert requests("add", "zed/lamp") <= 2 + 9  # one more pack of one more publisher
    assert requests("update") == 2  # the next root, which is not there, and the timestamp
    assert requests("install") == 0


def test_a_registry_named_at_add_beside_a_default_one_is_bound_to_the_publisher_alone(machine: Machine) -> None:
    alone = {"PACKCTL_REGISTRY": "", "PACKCTL_TRUST_ROOT": ""}
    url, root = machine.registry.url, machine.environ["PACKCTL_TRUST_ROOT"]
    machine.wants('[dependencies]\n[registries]\ndefault = "http://127.0.0.1:9"\n')
    assert machine.packctl("trust", "pin", url, "--root", root, environ=alone).code == 0
    done = machine.packctl("add", "acme/icons@^1", "--registry", url, environ=alone)
    assert (done.code, done.out) == (0, "+ acme/icons 1.2.0\n"), done.err
    alias = "127-0-0-1-" + url.rpartition(":")[2]
    assert f'{alias} = {{ url = "{url}", publishers = ["acme"] }}' in machine.read("pack.toml").decode()
    assert parse_lock(machine.read("pack.lock")).packs[0].registry == alias
    refused = machine.packctl("add", "zed/lamp", environ=alone)  # zed comes from the default one, which is not there
    assert (refused.code, refused.error) in {(6, "trust.root-unknown"), (8, "registry.unreachable")}
    assert machine.packctl("add", "zed/lamp", "--registry", url, environ=alone).code == 0
    assert 'publishers = ["acme", "zed"]' in machine.read("pack.toml").decode()
