"""Chapters of the specification and their vectors: every format of packspec has both, or its chapter says why it has none."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHAPTERS = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "docs" / "spec").glob("*.md"))}
VECTORS = sorted(path.name for path in (ROOT / "tests" / "vectors").iterdir() if path.is_dir())
FORMATS = [
    name for name, text in CHAPTERS.items() if re.search(r"[Mm]odules?:?\s`packspec\.", text) and name != "README"
]


@cache
def source_of_tests() -> str:
    return "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("chapter", FORMATS)
def test_a_chapter_of_packspec_names_its_vectors_or_says_why_it_has_none(chapter: str) -> None:
    text = CHAPTERS[chapter]
    named = re.findall(r"tests/vectors/([a-z-]+)", text)
    assert set(named) <= set(VECTORS)
    reason = re.search(r"[Nn]o\svectors(:|,\sbecause)", text)
    assert bool(named) != bool(reason), f"docs/spec/{chapter}.md: vectors {named}, reason {reason}"


@pytest.mark.parametrize("folder", VECTORS)
def test_every_folder_of_vectors_has_its_chapter(folder: str) -> None:
    assert [name for name, text in CHAPTERS.items() if f"tests/vectors/{folder}" in text]


@pytest.mark.parametrize("folder", VECTORS)
def test_every_file_of_vectors_is_read_by_a_test(folder: str) -> None:
    tests = source_of_tests()
    unread = [
        path.stem
        for path in (ROOT / "tests" / "vectors" / folder).glob("*.json")
        if not re.search(rf"""["'/]{path.stem}(\.json)?["']""", tests)
    ]
    assert f'"{folder}"' in tests or f"'{folder}'" in tests or f"vectors/{folder}" in tests
    assert not unread or f'groups("{folder}")' in tests, unread
