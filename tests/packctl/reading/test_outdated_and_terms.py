"""outdated says what update would do, and terms what was signed."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.locked import held_back, outdated, rows
from tests.support.machine import Machine
from tests.support.registry import Registry, registry_at
from tests.support.shop import stock

LICENSES = {"acme/mit": "MIT", "acme/either": "MIT OR Apache-2.0", "acme/both": "MIT AND CC-BY-4.0"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry that no test changes."""
    with registry_at(tmp_path_factory.mktemp("registry"), now=int(time.time()), prepare=stock) as registry:
        for pack, license in LICENSES.items():
            registry.publish(pack, "1.0.0", files={"song.md": b"# Song\n"}, manifest={"license": license})
        for version in ("1.0.0-beta.1", "1.0.0-beta.2"):
            registry.publish("zed/new", version, files={"new.md": b"# New\n"})
        yield registry


@pytest.fixture
def machine(shop: Registry, tmp_path: Path) -> Machine:
    return held_back(tmp_path / "machine", shop)


def test_in_range_is_what_an_update_then_takes(machine: Machine) -> None:
    assert outdated(machine) == [("acme/icons", "1.0.0", "1.2.0", "2.0.0", "published")]
    before = {name: machine.read(name) for name in ("pack.toml", "pack.lock")}
    assert machine.packctl("outdated", "--exit-code").code == 1
    assert {name: machine.read(name) for name in before} == before
    assert machine.packctl("update").code == 0
    assert outdated(machine) == [("acme/icons", "1.2.0", "1.2.0", "2.0.0", "published")]


def test_a_pack_that_another_one_holds_back_is_no_newer_in_range(machine: Machine) -> None:
    machine.depends(zed__lamp="^1", acme__icons="*")
    assert outdated(machine) == [("acme/icons", "1.0.0", "1.2.0", "2.0.0", "published")]


def test_what_only_others_need_is_told_as_well(machine: Machine) -> None:
    machine.depends(zed__lamp="^1")
    (found,) = machine.packctl("--json", "outdated").document["data"]["packs"]
    assert (found["name"], found["direct"], found["in_range"]) == ("acme/icons", False, "1.2.0")


def test_a_prerelease_is_newest_only_for_a_pack_that_has_nothing_else(machine: Machine) -> None:
    machine.depends(zed__new="1.0.0-beta.1")
    assert machine.packctl("install").code == 0
    machine.depends(zed__new="^1.0.0-beta")
    assert outdated(machine) == [("zed/new", "1.0.0-beta.1", "1.0.0-beta.2", "1.0.0-beta.2", "published")]


def test_what_is_locked_and_not_installed_is_told_in_parentheses(
    shop: Registry, machine: Machine, tmp_path: Path
) -> None:
    other = Machine.at(tmp_path / "other", shop)
    for name in ("pack.toml", "pack.lock"):
        (other.project / name).write_bytes(machine.read(name))
    assert "(1.0.0)    1.2.0     2.0.0" in other.packctl("outdated").out
    assert other.packctl("--json", "outdated").document["data"]["packs"][0]["installed"] is False


def test_in_CI_the_question_is_the_same_and_a_lock_that_may_not_change_is_respected(machine: Machine) -> None:
    assert rows(machine.packctl("--json", "outdated", environ={"CI": "1"})) == outdated(machine)
    assert machine.packctl("--json", "outdated", environ={"PACKCTL_LOCKED": "1"}).error == "project.lock-stale"


# terms


@pytest.mark.parametrize(
    ("pack", "allowed", "code"),
    [
        ("acme/mit", '"MIT"', 0),
        ("acme/mit", '"CC0-1.0"', 10),
        ("acme/mit", "", 10),
        ("acme/either", '"Apache-2.0"', 0),
        ("acme/both", '"MIT"', 10),
        ("acme/both", '"MIT", "CC-BY-4.0"', 0),
    ],
)
def test_terms_are_held_against_the_allowed_licenses(
    shop: Registry, tmp_path: Path, pack: str, allowed: str, code: int
) -> None:
    machine = Machine.at(tmp_path / "terms", shop)
    machine.wants(f'[dependencies]\n"{pack}" = "*"\n')
    assert machine.packctl("install").code == 0
    machine.wants(f'[dependencies]\n"{pack}" = "*"\n[policy]\nlicenses = [{allowed}]\n')
    assert machine.packctl("terms").code == 0
    ended = machine.packctl("--json", "terms", "--policy")
    assert (ended.code, ended.document["data"]["packs"][0]["allowed"]) == (code, code == 0)
    assert ended.error == ("policy.terms-not-allowed" if code else "")


def test_what_the_person_and_the_project_list_counts_only_where_both_do(machine: Machine) -> None:
    assert machine.packctl("terms", "--policy").code == 0
    config = Path(machine.environ["HOME"]) / ".config/packctl/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[policy]\nlicenses = ["CC-BY-4.0", "MIT"]\n')
    assert machine.packctl("terms", "--policy").code == 0
    machine.wants('[dependencies]\n"zed/lamp" = "^1"\n[policy]\nlicenses = ["MIT"]\n')
    ended = machine.packctl("--json", "terms", "--policy")
    assert (ended.code, ended.document["data"]["policy"]) == (10, ["MIT"])
    assert ended.document["error"]["where"]["file"] == "pack.lock"


def test_terms_are_those_that_were_signed_whatever_stands_in_the_folder(machine: Machine) -> None:
    file = machine.project / "packs/acme/icons/pack.toml"
    text = file.read_text()
    file.unlink()
    file.write_text(text.replace("CC-BY-4.0", "MIT"))
    assert machine.packctl("terms", "--plain").out.splitlines()[0] == "acme/icons\t1.0.0\tCC-BY-4.0\t\t"
