"""The registry of a test, on SQLite; with --postgresql on PostgreSQL. What differs between the two has tests that always run on both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.registry import Registry, nothing, registry_at


@contextmanager
def registry_of(
    config: pytest.Config, folder: Path, prepare: Callable[[Registry], None] = nothing
) -> Iterator[Registry]:
    """A registry on the database of this test run, in which `prepare` was done."""
    if not config.getoption("--postgresql"):
        with registry_at(folder, prepare=prepare) as opened:
            yield opened
        return
    with postgres.migrated() as url, registry_at(folder, url=url, prepare=prepare) as opened:
        yield opened


@pytest.fixture
def registry(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Registry]:
    with registry_of(request.config, tmp_path) as opened:
        yield opened
