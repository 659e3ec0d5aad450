"""A registry, a machine that may ask it, and machines that may not."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gap import Gap
from tests.support.registry import Registry, registry_at
from tests.support.shop import stock


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry that no test changes, stocked."""
    with registry_at(tmp_path_factory.mktemp("shop"), now=int(time.time())) as registry:
        stock(registry)
        yield registry


@pytest.fixture
def gap(shop: Registry, tmp_path: Path) -> Gap:
    """Both sides of an air gap, before the first file; the project on this side is locked."""
    return Gap.at(tmp_path, shop)


@pytest.fixture
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """One that a test may change, stocked."""
    with registry_at(tmp_path_factory.mktemp("registry"), now=int(time.time())) as opened:
        stock(opened)
        yield opened
