"""SLSA provenance as others write it, against vectors (docs/spec/provenance.md)."""

from pathlib import Path
from typing import Any

import pytest

from packspec.digests import Digest
from packspec.problems import problem_of
from packspec.provenance import BadProvenance, predicate_type, provenance_of
from tests.support.vectors import cases, text_of

CHAPTER = (Path(__file__).parents[2] / "docs" / "spec" / "provenance.md").read_text("utf-8")
ARCHIVE = Digest("0eb3e36bfb24dcd9bb1d1bece1531216b59539a8fde17ee80224af0653c92aa3")
Case = dict[str, Any]


@pytest.mark.parametrize("case", cases("provenance", "good"), ids=lambda case: case["name"])
def test_provenance_in_any_wrapping_tells_builder_and_build(case: Case) -> None:
    found = provenance_of(case["document"].encode(), ARCHIVE)
    expected = (case["builder"], case["build_type"], case["is_signed"])
    assert (found.builder, found.build_type, found.is_signed) == expected


@pytest.mark.parametrize("case", cases("provenance", "bad"), ids=lambda case: case["name"])
def test_what_says_nothing_of_the_archive_is_refused_in_few_words(case: Case) -> None:
    with pytest.raises(BadProvenance) as caught:
        provenance_of(text_of(case["document"]).encode(), ARCHIVE)
    assert caught.value.code == "publish.provenance"
    assert len(problem_of(caught.value).title) < 500


@pytest.mark.parametrize("case", cases("provenance", "types"), ids=lambda case: case["name"])
def test_a_document_is_named_by_what_it_says_it_is(case: Case) -> None:
    assert predicate_type(text_of(case["document"]).encode()) == case["type"]


def test_bytes_that_are_no_text_are_no_provenance() -> None:
    with pytest.raises(BadProvenance):
        provenance_of(b'{"_type":"\xff"}', ARCHIVE)
    assert predicate_type(b'{"predicateType":"\xff"}') == ""
    assert predicate_type(rb'{"_type":"https://in-toto.io/Statement/v1","predicateType":"\u001b[2J"}') == ""


def test_the_worked_example_of_the_chapter_is_the_first_vector() -> None:
    assert cases("provenance", "good")[0]["document"] in CHAPTER
