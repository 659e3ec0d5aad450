"""Bills of materials: right by the rules of their formats, bound to what was signed, and the same bytes from the same installation."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bills import broken_in_cyclonedx, broken_in_spdx
from tests.support.machine import Machine
from tests.support.registry import Registry, registry_at

EULA = b"Draw what you like,\nand say who made it.\n"


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with registry_at(tmp_path_factory.mktemp("registry"), now=int(time.time())) as registry:
        registry.publish("acme/icons", "1.2.0", manifest={"kind": "module", "license": "MIT OR Apache-2.0"})
        registry.publish("zed/lamp", "1.0.0", tables={"dependencies": {"acme/icons": "^1"}})
        own = {
            "license": "CC-BY-4.0 AND LicenseRef-zed",
            "license-file": "EULA.txt",
            "links": {"homepage": "https://zed.example/own"},
        }
        registry.publish("zed/own", "2.0.0-beta.1", files={"EULA.txt": EULA}, manifest=own)
        registry.publish(
            "zed/alone",
            "1.0.0",
            files={"EULA.txt": EULA},
            manifest={"license": "LicenseRef-zed", "license-file": "EULA.txt"},
        )
        yield registry


@pytest.fixture
def machine(farm: Registry, tmp_path: Path) -> Machine:
    made = Machine.at(tmp_path, farm)
    made.wants('[dependencies]\n"zed/lamp" = "^1"\n"zed/own" = "^2.0.0-beta"\n"zed/alone" = "*"\n')
    assert made.packctl("install").code == 0
    return made


def written(machine: Machine, form: str) -> dict:
    ended = machine.packctl("sbom", "--format", form, "-o", f"{form}.json")
    assert ended.code == 0, ended.err
    return json.loads(machine.read(f"{form}.json"))


def test_an_spdx_bill_keeps_the_rules_of_spdx(machine: Machine) -> None:
    bill = written(machine, "spdx")
    assert broken_in_spdx(bill) == []
    packs = {one["name"]: one for one in bill["packages"]}
    assert list(packs) == ["project", "acme/icons", "zed/alone", "zed/lamp", "zed/own"]
    assert packs["acme/icons"]["licenseDeclared"] == "MIT OR Apache-2.0"
    assert packs["zed/own"]["homepage"] == "https://zed.example/own"
    assert packs["zed/own"]["versionInfo"] == "2.0.0-beta.1"
    related = [(one["spdxElementId"], one["relatedSpdxElement"]) for one in bill["relationships"][1:]]
    assert related == [
        ("SPDXRef-project", "SPDXRef-pack-2"),
        ("SPDXRef-project", "SPDXRef-pack-3"),
        ("SPDXRef-project", "SPDXRef-pack-4"),
        ("SPDXRef-pack-3", "SPDXRef-pack-1"),
    ]
    (text,) = bill["hasExtractedLicensingInfos"]
    assert text["licenseId"] == "LicenseRef-zed"
    assert text["extractedText"].count("Draw what you like,\nand say who made it.") == 2
    assert text["extractedText"].startswith("zed/alone 1.0.0:\n")


def test_a_cyclonedx_bill_keeps_the_rules_of_cyclonedx(machine: Machine) -> None:
    bill = written(machine, "cyclonedx")
    assert broken_in_cyclonedx(bill) == []
    packs = {one["bom-ref"]: one for one in bill["components"]}
    assert [(name, one["type"]) for name, one in packs.items()] == [
        ("acme/icons@1.2.0", "library"),
        ("zed/alone@1.0.0", "data"),
        ("zed/lamp@1.0.0", "data"),
        ("zed/own@2.0.0-beta.1", "data"),
    ]
    assert packs["zed/own@2.0.0-beta.1"]["licenses"] == [
        {"expression": "CC-BY-4.0 AND LicenseRef-zed", "acknowledgement": "declared"}
    ]
    assert packs["zed/alone@1.0.0"]["licenses"][0]["license"]["name"] == "LicenseRef-zed"
    assert {"ref": "zed/lamp@1.0.0", "dependsOn": ["acme/icons@1.2.0"]} in bill["dependencies"]


def test_the_digest_in_a_bill_is_that_of_the_archive_in_pack_lock(machine: Machine) -> None:
    bill = written(machine, "cyclonedx")
    digests = {one["hashes"][0]["content"] for one in bill["components"]}
    lock = machine.read("pack.lock").decode()
    assert {
        line.partition("sha256:")[2].strip('"') for line in lock.splitlines() if line.startswith("archive")
    } == digests


@pytest.mark.parametrize("form", ["spdx", "cyclonedx"])
def test_the_same_installation_gives_the_same_bytes_in_another_folder_and_later(
    machine: Machine, farm: Registry, tmp_path: Path, form: str
) -> None:
    first = machine.packctl("sbom", "--format", form).out
    assert json.loads(first)
    other = Machine.at(tmp_path / "elsewhere", farm)
    (other.project / "pack.toml").write_bytes(machine.read("pack.toml"))
    (other.project / "pack.lock").write_bytes(machine.read("pack.lock"))
    farm.clock.advance(seconds=90)
    assert other.packctl("install", "--locked").code == 0
    assert other.packctl("sbom", "--format", form).out == first
    farm.clock.advance(seconds=-90)


def test_another_installation_has_another_identity(machine: Machine) -> None:
    before = {form: written(machine, form) for form in ("spdx", "cyclonedx")}
    assert before["spdx"]["documentNamespace"] != before["cyclonedx"]["serialNumber"]
    assert machine.packctl("remove", "zed/alone").code == 0
    assert written(machine, "spdx")["documentNamespace"] != before["spdx"]["documentNamespace"]


def test_a_bill_does_not_repeat_what_somebody_wrote_into_an_installed_pack(machine: Machine) -> None:
    file = machine.project / "packs/zed/own/pack.toml"
    file.unlink()
    file.write_text(
        '[pack]\nname = "zed/own"\nversion = "2.0.0-beta.1"\nsummary = "lies"\nlicense = "MIT"\ncategory = "x"\n'
    )
    bill = written(machine, "spdx")
    own = next(one for one in bill["packages"] if one["name"] == "zed/own")
    assert own["licenseDeclared"] == "CC-BY-4.0 AND LicenseRef-zed"
    assert "description" not in own
    assert "homepage" not in own
    assert broken_in_spdx(bill) == []


def test_releases_that_are_locked_and_not_installed_are_named_and_not_in_the_bill(machine: Machine) -> None:
    machine.wants('[dependencies]\n"zed/lamp" = "^1"\n\n[groups]\nmore = { "zed/own" = "^2.0.0-beta" }\n')
    assert machine.packctl("install").code == 0
    ended = machine.packctl("--json", "sbom")
    assert [one["name"] for one in ended.document["data"]["document"]["packages"]] == [
        "project",
        "acme/icons",
        "zed/lamp",
    ]
    (warning,) = ended.document["warnings"]
    assert (warning["code"], warning["facts"]) == ("install.not-installed", {"missing": "zed/own@2.0.0-beta.1"})


def test_a_project_that_is_a_pack_itself_is_named_in_the_bill(machine: Machine) -> None:
    about = '[pack]\nname = "mia/farm"\nversion = "0.3.0"\nsummary = "A farm"\nlicense = "MIT"\ncategory = "scenes"\n'
    machine.wants(about + '[dependencies]\n"zed/lamp" = "^1"\n')
    assert machine.packctl("install").code == 0
    bill = written(machine, "cyclonedx")
    assert bill["metadata"]["component"] == {
        "type": "application",
        "bom-ref": "project",
        "name": "mia/farm",
        "version": "0.3.0",
    }


def test_a_bill_is_not_written_where_no_folder_is(machine: Machine) -> None:
    ended = machine.packctl("--json", "sbom", "-o", "nowhere/bill.json")
    assert (ended.code, ended.error) == (3, "cli.no-folder")
    assert machine.packctl("--json", "sbom", "--format", "xml").code == 2
