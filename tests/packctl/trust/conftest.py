"""A hostile registry, and a person's machine that knows its root."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hostile import Client, HostileRegistry, hostile_registry


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[HostileRegistry]:
    with hostile_registry(tmp_path / "registry") as opened:
        yield opened


@pytest.fixture
def client(tmp_path: Path, registry: HostileRegistry) -> Client:
    return Client(tmp_path / "client", registry.url, registry.root)
