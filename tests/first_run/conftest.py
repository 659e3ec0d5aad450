"""A clone for each test."""

from pathlib import Path

import pytest

from tests.support.checkout import ROOT, Clone, clone_into


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A fresh clone in a folder with a space in its name, on a machine without uv, for an account that has no HOME variable."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no telling what a clone would hold")
    folder = tmp_path / "my clone"
    clone_into(folder)
    return Clone(folder, {"HOME": None})
