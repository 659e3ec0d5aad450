"""A registry with packs, and a machine that trusts it: for everything that is installed from end to end."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.machine import Machine
from tests.support.registry import Registry, registry_at

COW, HEN = b"# Cow\nmoo\n" * 30, b"# Hen\ncluck\n" * 9


def stock(registry: Registry) -> None:
    """acme/icons 1.0.0, 1.2.0 and 2.0.0; zed/lamp 1.0.0, which needs icons ^1; zed/desk 1.0.0, which needs icons ^2."""
    registry.publish("acme/icons", "1.0.0", files={"cow.md": COW})
    registry.publish("acme/icons", "1.2.0", files={"cow.md": COW, "hen.md": HEN})
    registry.publish("acme/icons", "2.0.0", files={"cow.md": COW, "barn/door.md": b"# Door\n"})
    registry.publish("zed/lamp", "1.0.0", files={"lamp.md": b"# On\n"}, tables={"dependencies": {"acme/icons": "^1.0"}})
    registry.publish("zed/desk", "1.0.0", files={"desk.md": b"# Desk\n"}, tables={"dependencies": {"acme/icons": "^2"}})


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry that no test changes, stocked."""
    with registry_at(tmp_path_factory.mktemp("shop"), now=int(time.time())) as registry:
        stock(registry)
        yield registry


@pytest.fixture
def machine(shop: Registry, tmp_path: Path) -> Machine:
    """A fresh machine that trusts the shop, with an empty project."""
    machine = Machine.at(tmp_path / "machine", shop)
    machine.wants("# Farm\n[dependencies]\n")
    return machine
