"""The tutorials, followed word for word."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.lesson import Lesson

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial"


@pytest.fixture
def lesson(tmp_path: Path) -> Iterator[Lesson]:
    made = Lesson(tmp_path)
    yield made
    made.stop()


def test_the_first_pack_can_be_made_as_the_tutorial_says(lesson: Lesson) -> None:
    lesson.follow(TUTORIAL / "first-pack.md")


@pytest.mark.early
def test_the_first_registry_can_be_run_as_the_tutorial_says(lesson: Lesson, tmp_path: Path) -> None:
    Lesson(tmp_path).follow(TUTORIAL / "first-pack.md")
    page = (TUTORIAL / "first-registry.md").read_text("utf-8")
    before, stop, after = page.partition("## Without the registry")
    assert stop
    for name, text in (("before.md", before), ("after.md", after)):
        (tmp_path / name).write_text(text, "utf-8")
    lesson.follow(tmp_path / "before.md")
    lesson.stop()
    lesson.follow(tmp_path / "after.md")
