"""Every vector of the chapter on checks, fed whole and byte by byte, and its worked example."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from packspec.checks import FileLook
from tests.support.vectors import cases

CHAPTER = Path(__file__).parents[2] / "docs" / "spec" / "checks.md"


def found(path: str, kind: Any, data: bytes, piece: int) -> list[dict[str, Any]]:
    look = FileLook(path, kind)
    for start in range(0, len(data), piece):
        look.feed(data[start : start + piece])
    findings: list[dict[str, Any]] = msgspec.to_builtins(look.done())
    assert all(finding.pop("path") == path for finding in findings)
    return findings


@pytest.mark.parametrize("piece", [1 << 20, 1], ids=["whole", "byte-by-byte"])
@pytest.mark.parametrize("case", [*cases("checks", "good"), *cases("checks", "bad")], ids=lambda case: case["name"])
def test_a_file_gives_the_findings_of_its_vector(case: dict[str, Any], piece: int) -> None:
    data = bytes.fromhex(case["hex"]) if "hex" in case else "".join(case["parts"]).encode()
    assert found(case["path"], case["kind"], data, piece) == case["findings"], case["reason"]


def test_the_worked_example_is_what_the_code_says() -> None:
    blocks = CHAPTER.read_text("utf-8").split("```")
    data, expected = blocks[-4].strip().encode(), json.loads(blocks[-2].removeprefix("json"))
    assert len(data) == 73
    path = expected.pop("path")
    assert found(path, "content", data, 1 << 20) == [expected]


@pytest.mark.parametrize("before", range(250, 262))
def test_a_word_does_not_begin_where_a_piece_happens_to_end(before: int) -> None:
    text = b"x" * before + b"AKIA" + b"ABCDEFGHIJKLMNOP" + b" " * 300
    for piece in (1, 7, before, 1 << 20):
        assert found("a.txt", "content", text, piece) == []
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" ' + b" " * (before - 200) + b'lonely="1"' + b" " * 100 + b"/>"
    for piece in (1, 7, before, 1 << 20):
        assert found("a.svg", "content", svg, piece) == []
