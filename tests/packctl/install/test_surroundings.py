"""What packs ask of Python, as `doctor` tells it: an installed module, and a Python that has its packages or not."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packctl.install.surroundings import Unmet, packages_of_python, unmet_packages
from tests.support.machine import Machine
from tests.support.registry import registry_at


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A project with a module in it that asks for two packages and a content pack that asks for none."""
    folder = tmp_path_factory.mktemp("module")
    with registry_at(folder / "registry", now=int(time.time())) as registry:
        asks = {"kind": "module", "packages": ["Pillow>=10", "msgspec>=0.18"]}
        registry.publish("acme/filter", "1.0.0", files={"filter.py": b"x = 1\n"}, manifest=asks)
        registry.publish("acme/icons", "1.0.0", files={"cow.md": b"# Cow\n"})
        machine = Machine.at(folder / "machine", registry)
        machine.wants("[dependencies]\n")
        done = machine.packctl("add", "acme/filter", "acme/icons")
        assert done.code == 0, done.err
        yield machine


def test_a_package_that_is_missing_or_too_old_is_named_with_who_asks(module: Machine) -> None:
    there = {"pillow": "9.5", "msgspec": "0.20.0"}
    assert unmet_packages(module.project, there.get) == (
        [Unmet("acme/filter", "Pillow>=10", "9.5 is installed")],
        2,
    )
    found, _ = unmet_packages(module.project, lambda name: None)
    assert [one.found for one in found] == ["not installed", "not installed"]


def test_what_the_project_says_of_its_host_is_not_looked_for_in_this_python(module: Machine) -> None:
    before = module.read("pack.toml")
    try:
        module.wants(before.decode() + '\n[host]\npackages = { pillow = "11.0", msgspec = "0.20" }\n')
        assert unmet_packages(module.project, lambda name: None) == ([], 2)
    finally:
        (module.project / "pack.toml").write_bytes(before)


def test_this_python_tells_its_own_packages() -> None:
    assert packages_of_python("msgspec") is not None
    assert packages_of_python("no-such-package-anywhere") is None


def test_doctor_gives_the_command_that_brings_them(module: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packctl.install.surroundings.packages_of_python", {"msgspec": "0.20.0"}.get)
    told = next(
        one for one in module.packctl("doctor", "--json").document["data"]["findings"] if one["name"] == "packages"
    )
    assert told["state"] == "warning"
    assert told["text"] == "acme/filter asks for Pillow>=10, not installed"
    assert told["fix"] == ["python -m pip install 'Pillow>=10'"]


def test_doctor_tells_of_a_file_of_authorities_that_holds_none(module: Machine, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing\n")
    told = module.packctl("doctor", "--json", environ={"SSL_CERT_FILE": str(tmp_path / "ca.pem")})
    found = {one["name"]: one for one in told.document["data"]["findings"]}
    assert (told.code, found["tls"]["state"], found["tls"]["code"]) == (1, "fault", "registry.bad-authorities")
    assert found["tls"]["fix"]
