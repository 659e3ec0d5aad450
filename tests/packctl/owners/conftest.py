"""The town of these tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.registry import registry_at
from tests.support.town import Town, live_by


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A registry without packs, and nobody yet."""
    with registry_at(tmp_path / "registry") as registry:
        live_by(registry.clock, monkeypatch)
        yield Town(registry, tmp_path)
