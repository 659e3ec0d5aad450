"""The check report: vectors, and the worked example of its chapter."""

from pathlib import Path

import pytest

from packspec.checkreport import CheckReport
from packspec.errors import PackError
from tests.support.vectors import cases

CHAPTER = Path(__file__).parents[2] / "docs" / "spec" / "checkreport.md"


@pytest.mark.parametrize("case", cases("checkreport", "good"), ids=lambda case: case["name"])
def test_a_report_reads_and_writes_the_same_bytes_and_has_their_digest(case):
    report = CheckReport.parse(case["document"].encode())
    assert report.encode() == case["document"].encode()
    assert report.digest == case["digest"]


@pytest.mark.parametrize("case", cases("checkreport", "bad"), ids=lambda case: case["name"])
def test_what_is_no_report_is_refused_by_code(case):
    with pytest.raises(PackError) as caught:
        CheckReport.parse(case["document"].encode())
    assert caught.value.code == case["code"]


def test_the_worked_example_of_the_chapter_is_a_vector():
    example = cases("checkreport", "good")[1]
    assert example["document"] in CHAPTER.read_text("utf-8")
    assert example["digest"] in CHAPTER.read_text("utf-8")
