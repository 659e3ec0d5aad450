"""examples/first-pack and examples/launch-library do what their README says."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.transcript import clean_environment

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    environ = clean_environment(folder)
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environ, capture_output=True, text=True, timeout=100, check=False
    )


def test_the_first_pack_is_checked_and_built(tmp_path: Path) -> None:
    source, archive = str(EXAMPLES / "first-pack"), tmp_path / "first.pack"
    checked = run(tmp_path, "-m", "packctl", "check", source)
    assert checked.returncode == 0, checked.stderr
    built = run(tmp_path, "-m", "packctl", "build", source, "-o", str(archive))
    assert built.returncode == 0, built.stderr
    assert zipfile.ZipFile(archive).namelist() == ["pack.toml", "README.md", "sun.svg"]


@pytest.mark.timeout(120)
def test_the_launch_library_is_written_as_folders_in_an_order_to_publish(tmp_path: Path) -> None:
    made = run(tmp_path, str(EXAMPLES / "launch-library" / "make.py"), "library")
    assert made.returncode == 0, made.stderr
    assert made.stdout == "42 releases in library\n"
    folders = (tmp_path / "library" / "order.txt").read_text().split()
    assert len({name.rpartition("-")[0] for name in folders}) == 25
    assert folders.index("packs-seasonal-scenes-1.0.0") < folders.index("packs-current-season-1.0.0")
    assert all((tmp_path / "library" / name / "pack.toml").is_file() for name in folders)


def test_each_example_is_told_of_in_its_own_readme() -> None:
    folders = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
    assert folders == ["first-pack", "launch-library", "licensed-pack", "verify-elsewhere"]
    assert all((EXAMPLES / name / "README.md").read_text().startswith("# ") for name in folders)
