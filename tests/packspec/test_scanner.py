"""What a scanner is asked and what it answers, against vectors (docs/spec/scanner.md)."""

from pathlib import Path
from typing import Any

import pytest

from packspec.digests import Digest
from packspec.names import PackName
from packspec.scanner import Asked, AskedArchive, NoAnswer, read_answer
from packspec.versions import Version
from tests.support.vectors import cases, text_of

CHAPTER = (Path(__file__).parents[2] / "docs" / "spec" / "scanner.md").read_text("utf-8")
Case = dict[str, Any]


@pytest.mark.parametrize("case", cases("scanner", "good"), ids=lambda case: case["name"])
def test_an_answer_becomes_findings_and_a_note_of_who_looked(case: Case) -> None:
    found = read_answer(text_of(case["answer"]).encode())
    assert [(one.code, one.level, one.text, one.path, one.line) for one in found] == [
        (row["code"], row["level"], row["text"], row["path"], row["line"]) for row in case["findings"]
    ]


@pytest.mark.parametrize("case", cases("scanner", "bad"), ids=lambda case: case["name"])
def test_what_is_no_answer_is_refused_in_few_words(case: Case) -> None:
    with pytest.raises(NoAnswer) as caught:
        read_answer(text_of(case["answer"]).encode())
    assert len(str(caught.value)) < 400


def test_bytes_that_are_no_text_are_no_answer() -> None:
    with pytest.raises(NoAnswer, match="gave an answer that is none"):
        read_answer(b'{"v":1,"scanner":"\xff","findings":[]}')


def test_it_is_asked_as_the_chapter_shows_and_answers_so() -> None:
    archive = Digest("0eb3e36bfb24dcd9bb1d1bece1531216b59539a8fde17ee80224af0653c92aa3")
    asked = Asked(
        v=1,
        pack=PackName("acme/icons"),
        version=Version.parse("1.2.0"),
        kind="content",
        archive=AskedArchive("/tmp/scan1/release.pack", archive, 20480),
    )
    assert asked.encode().decode().replace(archive, "0eb3...2aa3") in CHAPTER
    assert next(case["answer"] for case in cases("scanner", "good") if case["name"] == "the chapter's") in CHAPTER
