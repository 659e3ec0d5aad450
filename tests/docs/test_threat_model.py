"""The threat model: every row names the tests that carry it out, and every test that is named is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "threat-model").glob("*.md"))
NAMED = re.compile(r"`(tests/[\w/.]+?\.py)(?:::(\w+))?`")


def named() -> list[tuple[str, str]]:
    """Every file of tests that the pages name, with the test, or empty for all of it."""
    return sorted({(found[1], found[2] or "") for page in PAGES for found in NAMED.finditer(page.read_text("utf-8"))})


@cache
def cases_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_")


def rows(heading: str) -> list[list[str]]:
    """The rows of the table below a heading, cell by cell."""
    text = (ROOT / "docs/threat-model/README.md").read_text("utf-8")
    chapter = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in chapter.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize(("path", "test"), named(), ids=lambda word: word.rpartition("/")[2] or "all")
def test_every_test_that_the_threat_model_names_is_there(path: str, test: str) -> None:
    assert cases_in(path)
    assert not test or test in cases_in(path)


@pytest.mark.parametrize(("heading", "at_least"), [
    ("Who is compromised, and what survives", 19),
    ("What a registry or a mirror can try", 15),
])  # fmt: skip
def test_every_theft_and_every_attack_names_a_test_that_carries_it_out(heading: str, at_least: int) -> None:
    found = rows(heading)
    assert len(found) >= at_least
    assert [row[0] for row in found if not any(one[2] for one in NAMED.finditer(row[-1]))] == []


def test_every_claim_names_where_it_is_tested() -> None:
    assert [row[0] for row in rows("Claims and their tests") if not NAMED.search(row[-1])] == []


def test_every_theft_that_has_a_test_is_a_row() -> None:
    told = {test for path, test in named() if path == "tests/threats/test_thefts.py"}
    assert told == cases_in("tests/threats/test_thefts.py")
