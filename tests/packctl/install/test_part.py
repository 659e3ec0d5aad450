"""Part installs: assets for some features, essential ones alone, and back to everything."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packspec.lockfile import parse_lock
from tests.support.counted import counted
from tests.support.machine import Machine
from tests.support.registry import Registry, registry_at


def sound(seed: int) -> bytes:
    size = 150_000
    return b"RIFF" + (size - 8).to_bytes(4, "little") + b"WAVE" + random.Random(seed).randbytes(size - 12)


PATHS = ("any/a.wav", "any/bb.wav", "book/a.wav", "book/bb.wav", "game/a.wav", "game/bb.wav")
FILES = {path: sound(number) for number, path in enumerate(PATHS)}
ASSETS = [
    {"path": "book/*.wav", "features": ["sticker_book"]},
    {"path": "game/*.wav", "features": ["drawing_game"]},
    {"path": "book/a.wav", "essential": True},
    {"path": "any/a.wav", "essential": True},
]
BOOK = ["any/a.wav", "any/bb.wav", "book/a.wav", "book/bb.wav", "pack.toml"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with registry_at(tmp_path_factory.mktemp("parts"), now=int(time.time())) as registry:
        registry.publish("acme/zoo", "1.0.0", files=FILES, tables={"assets": ASSETS})
        yield registry


@pytest.fixture
def machine(shop: Registry, tmp_path: Path) -> Machine:
    machine = Machine.at(tmp_path / "machine", shop)
    machine.wants('[dependencies]\n"acme/zoo" = "^1"\n\n[install]   # where\ndir = "packs"\n')
    return machine


def here(machine: Machine) -> list[str]:
    return [path.removeprefix("acme/zoo/") for path in machine.files()]


def test_a_feature_is_written_down_locked_and_fetched_alone(machine: Machine) -> None:
    with counted() as sent:
        done = machine.packctl("install", "--feature", "sticker_book")
    assert done.code == 0, done.err
    assert here(machine) == BOOK
    assert machine.read("pack.toml").endswith(b'[install]   # where\ndir = "packs"\nfeatures = ["sticker_book"]\n')
    (locked,) = parse_lock(machine.read("pack.lock")).packs
    assert (list(locked.features or ()), locked.essential) == (["sticker_book"], False)
    assert 600_000 < sent.bytes < 610_000  # four sounds of six
    assert machine.packctl("verify").code == 0
    (listed,) = machine.packctl("list", "--json").document["data"]["packs"]
    assert (listed["features"], listed["essential"], listed["files"], listed["offline"]) == (
        ["sticker_book"],
        False,
        5,
        True,
    )


def test_essential_assets_of_a_feature_alone(machine: Machine) -> None:
    assert machine.packctl("install", "--feature", "sticker_book", "--essential").code == 0
    assert here(machine) == ["any/a.wav", "book/a.wav", "pack.toml"]
    assert machine.packctl("verify").code == 0


def test_back_to_everything_fetches_the_rest_and_no_more(machine: Machine) -> None:
    machine.packctl("install", "--essential")
    with counted() as sent:
        done = machine.packctl("install", "--whole", "--json")
    assert len(here(machine)) == 7
    assert sum(one.bytes for one in sent.content) == done.document["data"]["bytes_fetched"] < 610_000
    assert machine.read("pack.toml").endswith(b'[install]   # where\ndir = "packs"\n')
    (locked,) = parse_lock(machine.read("pack.lock")).packs
    assert (locked.features, locked.essential) == (None, False)
    assert machine.packctl("verify").code == 0


def test_a_part_is_healed_and_stays_a_part(machine: Machine) -> None:
    machine.packctl("install", "--feature", "sticker_book")
    (machine.project / "packs/acme/zoo/book/a.wav").unlink()
    (machine.project / "packs/acme/zoo/pack.toml").unlink()
    done = machine.packctl("heal", "--json")
    assert done.code == 0
    assert here(machine) == BOOK
    assert machine.packctl("verify").code == 0


def test_a_part_whose_pack_toml_is_damaged_is_told_of_that_file_alone(machine: Machine) -> None:
    machine.packctl("install", "--feature", "sticker_book")
    (machine.project / "packs/acme/zoo/pack.toml").unlink()
    done = machine.packctl("verify", "--json")
    assert done.code == 6
    assert [one["file"] for one in done.document["data"]["findings"]] == ["packs/acme/zoo/pack.toml"]


def test_a_feature_that_no_asset_is_for_is_told(machine: Machine) -> None:
    before, manifest = here(machine), machine.read("pack.toml")
    refused = machine.packctl("install", "--feature", "stiker_book", "--json").document["error"]
    assert (refused["code"], refused["exit"]) == ("install.no-such-feature", 3)
    assert (refused["facts"], refused["fix"]) == (
        {"features": "drawing_game, sticker_book"},
        ["packctl install --feature sticker_book"],
    )
    assert (here(machine), machine.read("pack.toml")) == (before, manifest)


def test_a_feature_of_pack_toml_that_no_asset_is_for_yet_is_a_warning(machine: Machine) -> None:
    machine.wants(machine.read("pack.toml").decode() + 'features = ["stiker_book"]\n')
    (notice,) = machine.packctl("install", "--json").document["warnings"]
    assert (notice["code"], notice["facts"]) == ("install.no-such-feature", {"features": "drawing_game, sticker_book"})
    assert here(machine) == ["any/a.wav", "any/bb.wav", "pack.toml"]


def test_everything_and_a_part_exclude_each_other(machine: Machine) -> None:
    assert machine.packctl("install", "--whole", "--essential").error == "cli.options-exclude"
    assert machine.packctl("install", "--feature", "No Feature").error == "cli.bad-value"
