"""The registry of a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.registry import Registry, registry_at


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with registry_at(tmp_path) as opened:
        yield opened
