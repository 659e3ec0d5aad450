"""A project with acme/icons in it, installed from a registry."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from packctl.trust.roots import Pin, Pins
from tests.support.hostile import Client, HostileRegistry, hostile_registry
from tests.support.installed import install


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[HostileRegistry]:
    with hostile_registry(tmp_path / "registry") as opened:
        yield opened


@pytest.fixture
def client(tmp_path: Path, registry: HostileRegistry) -> Client:
    """The machine on which the project was installed: it knows everything that it has seen."""
    opened = Client(tmp_path / "client", registry.url, registry.root)
    install(opened, registry)
    registry.forget_asked()
    return opened


@pytest.fixture
def elsewhere(tmp_path: Path, client: Client) -> Client:
    """The same project on a machine that knows the registry's root and nothing else."""
    opened = Client(client.folder, client.address)
    opened.data = tmp_path / "elsewhere"
    Pins(opened.data / "data/registries").keep(Pin(client.address, client.root, 0))
    return opened
