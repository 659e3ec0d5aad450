"""The guides on machines without network: what they show is what happens there."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from packspec.digests import Digest
from tests.support import guide
from tests.support.person import Person
from tests.support.registry import Registry, registry_at
from tests.support.shop import stock

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
CARRIED = ("pack.toml", "pack.lock", "farm.carry", "farm-2.carry")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with registry_at(tmp_path / "registry", now=int(time.time())) as opened:
        stock(opened)
        yield opened


def pin_of(registry: Registry) -> str:
    return Digest.of(registry.world.public.read("tuf/1.root.json") or b"").labelled


def developer(registry: Registry, here: Path) -> Person:
    """Somebody with a locked project."""
    here.mkdir()
    (here / "pack.toml").write_text('[dependencies]\n"zed/lamp" = "^1"\n')
    known = {
        "PACKCTL_REGISTRY": registry.url,
        "PACKCTL_TRUST_ROOT": pin_of(registry),
        "PACKCTL_CACHE_DIR": str(here / "machine" / "cache"),
        "PACKCTL_CONCURRENCY": "1",
    }
    person = Person(here, here / "machine" / "data", known)
    assert person.runs("lock").code == 0
    return person


def test_the_guide_on_machines_without_network_brings_packs_there(registry: Registry, tmp_path: Path) -> None:
    here = developer(registry, tmp_path / "here")
    (tmp_path / "there").mkdir()
    nobody = {"PACKCTL_TRUST_ROOT": "", "PACKCTL_CACHE_DIR": str(tmp_path / "there" / "cache"), "PACKCTL_OFFLINE": "1"}
    there = replace(here, here=tmp_path / "there", data=tmp_path / "there" / "data", environ={**here.environ, **nobody})

    def carry(step: guide.Step) -> None:
        if step.command.startswith("packctl carry export"):
            for name in CARRIED:
                if (here.here / name).exists():
                    shutil.copy(here.here / name, there.here / name)
        if step.command == "packctl carry import farm.carry" and "[exit 6]" not in step.lines:
            registry.publish("acme/icons", "1.3.0", files={"cow.md": b"# Cow\n", "owl.md": b"# Owl\n"})

    page = tmp_path / "air-gap.md"
    text = (GUIDES / "air-gap.md").read_text("utf-8").replace("sha256:9d41...e6", pin_of(registry))
    page.write_text(text, "utf-8")
    guide.run(page, {"here": here, "there": there}, registry.url, carry)


def test_the_guide_on_verifying_in_ci_needs_no_network(registry: Registry, tmp_path: Path) -> None:
    tom = developer(registry, tmp_path / "tom")
    tom = replace(tom, environ={**tom.environ, "CI": "true"})
    other = tmp_path / "other"
    runner = replace(tom, here=other / "project", data=other / "data")
    runner = replace(runner, environ={**tom.environ, "PACKCTL_OFFLINE": "1", "PACKCTL_CACHE_DIR": str(other / "cache")})

    def hand_on(step: guide.Step) -> None:
        if step.command == "packctl ci":
            shutil.copytree(tom.here, runner.here, ignore=shutil.ignore_patterns("machine"))
        if step.command == "packctl verify":
            file = runner.here / "packs" / "zed" / "lamp" / "lamp.md"
            file.chmod(0o644)
            file.write_text("# Off\n")

    guide.run(GUIDES / "ci-verify.md", {"": tom, "check": runner}, registry.url, hand_on)
