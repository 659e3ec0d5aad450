"""Transfers for the tests of this room."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.downloads import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Transfers into the test's own folder."""
    rig = Rig(tmp_path)
    yield rig
    rig.http.close()
