"""The registry of a test, on SQLite; in modules that set `brand` to BOTH, on PostgreSQL as well."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.registry import Registry, registry_at


@pytest.fixture
def brand(request: pytest.FixtureRequest) -> str:
    """Which database: with --postgresql all of these tests run on PostgreSQL."""
    return "postgresql" if request.config.getoption("--postgresql") else "sqlite"


@pytest.fixture
def registry(tmp_path: Path, brand: str) -> Iterator[Registry]:
    if brand == "sqlite":
        with registry_at(tmp_path) as opened:
            yield opened
        return
    with postgres.migrated() as url, registry_at(tmp_path, url=url) as opened:
        yield opened
