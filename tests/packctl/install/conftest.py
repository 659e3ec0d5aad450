"""A registry with packs, and a machine that trusts it: for everything that is installed from end to end."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.machine import Machine
from tests.support.registry import Registry, registry_at
from tests.support.shop import stock


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry that no test changes, stocked."""
    with registry_at(tmp_path_factory.mktemp("shop"), now=int(time.time()), prepare=stock) as registry:
        yield registry


@pytest.fixture
def machine(shop: Registry, tmp_path: Path) -> Machine:
    """A fresh machine that trusts the shop, with an empty project."""
    machine = Machine.at(tmp_path / "machine", shop)
    machine.wants("# Farm\n[dependencies]\n")
    return machine
