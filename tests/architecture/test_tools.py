"""What the tools say about the code. CI calls nothing but the tests, so they stand here."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def ask(*command: str) -> None:
    """Runs `python -m COMMAND` on this checkout. Its complaints are how the test fails."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"{' '.join(command)}:\n{done.stdout}{done.stderr}", pytrace=False)


def test_ruff_finds_nothing() -> None:
    ask("ruff", "check", "--quiet", "--output-format=concise")


def test_all_code_is_formatted() -> None:
    ask("ruff", "format", "--check", "--quiet", "--output-format=concise")


@pytest.mark.early
@pytest.mark.timeout(300)  # without its cache, on a busy machine
def test_the_types_are_right() -> None:
    ask("mypy")
