"""What an install refuses or notices, and that a refusal changes nothing: locks, recalls, damage, networks, strangers."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.support.faults import run_in_child
from tests.support.invariants import listing
from tests.support.machine import Machine


def project(machine: Machine) -> dict[str, tuple[str, int, str]]:
    return listing(machine.project)


# The command line


@pytest.mark.parametrize(
    "line",
    [
        "search ODD",
        "yank acme/icons@1.2.0 --reason broken --note=ODD -y",
        "token create --label ODD",
        "license request acme/icons -o icons.request --label ODD",
    ],
)
def test_an_argument_that_is_no_text_is_refused_as_what_it_is(machine: Machine, line: str) -> None:
    odd, before = os.fsdecode(b"caf\xe9"), project(machine)
    ended = machine.packctl(*(word.replace("ODD", odd) for word in line.split()))
    assert (ended.code, ended.error) == (2, "cli.bad-value")
    assert "caf\\udce9" in ended.err
    assert project(machine) == before


# pack.lock (M20)


@pytest.mark.parametrize(
    ("pattern", "edited", "code", "error"),
    [
        (r"archive = .*", f'archive = "sha256:{"0" * 64}"', 6, "trust.lock-mismatch"),
        (r"size = .*", "size = 7", 6, "trust.lock-mismatch"),
        (r"tree = .*", f'tree = "sha256:{"0" * 64}"', 6, "trust.lock-mismatch"),
        (r"statement = .*", f'statement = "sha256:{"0" * 64}"', 6, "trust.lock-mismatch"),
        (r"publisher-root-version = .*", "publisher-root-version = 2", 6, "trust.publisher-changed"),
        (r"publisher-root = .*", f'publisher-root = "sha256:{"0" * 64}"', 6, "trust.publisher-changed"),
        (r"publisher-anchor = .*", f'publisher-anchor = "sha256:{"0" * 64}"', 6, "trust.publisher-changed"),
        (r"log-index = .*", "log-index = 1", 6, "trust.lock-mismatch"),
        (r"license = .*", 'license = "MIT"', 6, "trust.lock-mismatch"),
        (r"paid = .*", "paid = true", 6, "trust.lock-mismatch"),
        (r'version = "1.2.0"', 'version = "1.1.0"', 6, "trust.release-unlisted"),
        (r'version = "1.2.0"', 'version = "1.0.0"', 6, "trust.lock-mismatch"),
        (r'name = "acme/icons"', 'name = "acme/nothing"', 6, "trust.release-unlisted"),
        (r'root = "sha256:.*', f'root = "sha256:{"0" * 64}"', 6, "trust.root-mismatch"),
        (r"root-version = .*", "root-version = 9", 6, "trust.index-rollback"),
        (r"log = .*", f'log = "registry.test/log 3 {"A" * 43}="', 6, "trust.log-signature"),
        (r"log-signature = .*", f'log-signature = "{"A" * 88}"', 6, "trust.log-signature"),
        (r"needs = \[\]", 'needs = ["acme/gone 1.0.0"]', 9, "project.lock-broken"),
        (r'registry = "default"', 'registry = "corp"', 9, "project.lock-broken"),
        (r"lock = 1", "lock = 2", 2, "project.lock-too-new"),
        (r"paid = .*", "paid = false\ncolor = 1", 2, "project.lock-too-new"),
        (r"lock = 1", "lock = 1\n<<<<<<< HEAD", 9, "project.lock-broken"),
    ],
)
def test_M20_an_edited_lock_is_refused_and_nothing_changes(
    machine: Machine, pattern: str, edited: str, code: int, error: str
) -> None:
    machine.depends(acme__icons="1.2.0")
    machine.packctl("lock")
    text = machine.read("pack.lock").decode()
    changed = re.sub(rf"(?m)^{pattern}$", edited, text, count=1)
    assert changed != text
    (machine.project / "pack.lock").write_text(changed)
    before = project(machine)
    for words in (["install"], ["ci"]):
        refused = machine.packctl(*words)
        assert (refused.code, refused.error) == (code, error), refused.err
    assert project(machine) == before


def test_M20_the_line_of_the_lock_is_named(machine: Machine) -> None:
    machine.depends(acme__icons="1.2.0")
    machine.packctl("lock")
    text = machine.read("pack.lock").decode()
    (machine.project / "pack.lock").write_text(text.replace('license = "CC-BY-4.0"', 'license = "MIT"'))
    error = machine.packctl("install", "--json").document["error"]
    line = text.splitlines().index('license = "CC-BY-4.0"') + 1
    assert error["where"] == {"file": "pack.lock", "line": line}


def test_M20_a_lock_that_names_another_registry_than_the_publishers_is_refused(machine: Machine) -> None:
    machine.depends(acme__icons="1.2.0")
    machine.packctl("lock")
    text = machine.read("pack.lock").decode().replace('"default"', '"corp"')
    (machine.project / "pack.lock").write_text(text)
    refused = machine.packctl("install")
    assert (refused.code, refused.error) == (6, "trust.lock-mismatch")
    assert not (machine.project / "packs").exists()


# Recalled, yanked, deprecated (I7, M19)


# Damage (C12, I13)


def entries(machine: Machine) -> list[Path]:
    return sorted(path for path in (machine.data / "store/files").rglob("*") if path.is_file())


@pytest.mark.parametrize("how", ["flip", "cut", "swap", "link", "gone"])
def test_C12_a_damaged_store_is_noticed_set_aside_and_healed_by_the_install(machine: Machine, how: str) -> None:
    machine.packctl("add", "acme/icons@^1")
    shutil.rmtree(machine.project / "packs")
    first, second = entries(machine)[:2]
    right = first.read_bytes()
    first.chmod(0o644)
    match how:
        case "flip":
            first.write_bytes(bytes([right[0] ^ 1]) + right[1:])
        case "cut":
            first.write_bytes(right[:-1])
        case "swap":
            first.unlink()
            shutil.copy(second, first)
        case "link":
            first.unlink()
            first.symlink_to("/etc/passwd")
        case "gone":
            first.unlink()
    assert machine.packctl("install").out == "+ acme/icons 1.2.0\n"
    assert machine.read("packs/acme/icons/cow.md") == b"# Cow\nmoo\n" * 30
    assert first.read_bytes() == right
    assert not first.is_symlink()


# Networks (C30, §12)


def test_C30_offline_opens_no_socket_and_installs_what_is_here(machine: Machine) -> None:
    machine.packctl("add", "zed/lamp")
    shutil.rmtree(machine.project / "packs")

    def work() -> None:
        def hook(event: str, args: tuple[object, ...]) -> None:
            if event.startswith("socket."):
                os._exit(99)

        sys.addaudithook(hook)
        assert machine.packctl("install", "--offline").code == 0
        assert machine.packctl("remove", "zed/lamp", "--offline").code == 0
        assert machine.packctl("add", "acme/icons@^1", "--offline").code == 0

    assert run_in_child(work) == 0
    assert machine.files() == ["acme/icons/cow.md", "acme/icons/hen.md", "acme/icons/pack.toml"]


def test_C30_offline_without_what_is_needed_is_unavailable_and_changes_nothing(machine: Machine) -> None:
    machine.depends(zed__lamp="^1")
    before = project(machine)
    refused = machine.packctl("install", "--offline")
    assert (refused.code, refused.error) == (8, "registry.unreachable")
    machine.packctl("lock")
    machine.packctl("install", "--offline")
    assert not (machine.project / "packs").exists()
    assert before.items() <= project(machine).items()


def test_a_registry_that_does_not_answer_keeps_nobody_from_what_is_here(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from packctl.registry.failures import Unreachable
    from packctl.registry.http import Http

    machine.packctl("add", "zed/lamp")
    shutil.rmtree(machine.project / "packs")

    def dead(self: Http, request: object) -> None:
        raise Unreachable("https://registry.example", "it sleeps")

    monkeypatch.setattr(Http, "send", dead)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    done = machine.packctl("install")
    assert (done.code, done.out) == (0, "+ acme/icons 1.2.0\n+ zed/lamp 1.0.0\n")
    assert "warning[registry.unreachable]" in done.err
    refused = machine.packctl("update")
    assert (refused.code, refused.error) == (8, "registry.unreachable")


def test_an_unpinned_registry_is_refused_where_nobody_can_be_asked(machine: Machine) -> None:
    machine.depends(zed__lamp="^1")
    refused = machine.packctl("install", "-y", environ={"PACKCTL_TRUST_ROOT": ""})
    assert (refused.code, refused.error) == (6, "trust.root-unknown")
    assert not (machine.project / "pack.lock").exists()


def test_a_policy_of_the_project_is_a_term_of_the_resolution(machine: Machine) -> None:
    machine.wants('[dependencies]\n"acme/icons" = "^1"\n[policy]\nlicenses = ["MIT"]\n')
    refused = machine.packctl("install")
    assert (refused.code, refused.error) == (5, "resolve.no-solution")
    assert "CC-BY-4.0" in refused.err


# Disks (C05, C23)


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc/self/mountinfo").exists(), reason="root may write everywhere")
def test_C23_a_link_in_the_place_of_the_folder_of_packs_is_refused(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (machine.project / "packs").symlink_to(tmp_path / "outside")
    refused = machine.packctl("add", "zed/lamp")
    assert (refused.code, refused.error) == (1, "install.link-in-the-way")
    assert list((tmp_path / "outside").iterdir()) == []
    assert machine.read("pack.toml") == b"# Farm\n[dependencies]\n"


def test_C29_a_broken_pack_toml_is_told_with_its_line(machine: Machine) -> None:
    machine.wants('[dependencies]\n"acme/icons" = 1\n')
    error = machine.packctl("install", "--json").document["error"]
    assert (error["exit"], error["code"]) == (2, "project.manifest")
