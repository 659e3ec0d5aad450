"""Path rules: every vector, the shipped Unicode table, and what the errors show."""

import unicodedata
from itertools import pairwise
from typing import Any

import pytest

from packspec import unicode14
from packspec.digests import Digest
from packspec.paths import BadPath, PathClash, check_path, check_paths, fold, path_clash, path_fault, shown
from tests.support.vectors import cases


@pytest.mark.parametrize("case", cases("paths", "bad"), ids=lambda case: ascii(case["path"][:30]))
def test_every_bad_path_names_the_rule_it_breaks(case: dict[str, str]) -> None:
    assert path_fault(case["path"]) == case["rule"]
    with pytest.raises(BadPath) as caught:
        check_path(case["path"])
    assert caught.value.facts()["rule"] == case["rule"]
    assert isinstance(caught.value, ValueError) and caught.value.code == "archive.path"


@pytest.mark.parametrize("case", cases("paths", "good"), ids=lambda case: ascii(case["path"][:30]))
def test_every_good_path_is_legal(case: dict[str, str]) -> None:
    assert path_fault(case["path"]) is None
    check_path(case["path"])


@pytest.mark.parametrize("case", cases("paths", "clashes"), ids=lambda case: ascii(case["paths"])[:40])
def test_A08_A09_A17_clashes_are_found(case: dict[str, Any]) -> None:
    expected = tuple(case["clash"]) if case["clash"] else None
    assert path_clash(case["paths"]) == expected
    if expected is None:
        check_paths(case["paths"])
    else:
        with pytest.raises(PathClash) as caught:
            check_paths(case["paths"])
        assert (caught.value.other, caught.value.path) == expected


def test_an_illegal_path_is_told_before_a_clash() -> None:
    with pytest.raises(BadPath):
        check_paths(["a", "A", "../x"])


def test_A10_A31_a_path_is_shown_without_what_could_deceive_and_cut() -> None:
    assert shown("a\u202egnp.exe\x1b[2J\\") == "a\\u{202e}gnp.exe\\u{1b}[2J\\u{5c}"
    assert shown("a" * 81) == "a" * 80 + "..."
    assert shown("") == "(empty)"
    assert BadPath("x\ud800y", "rule").facts() == {"rule": "rule", "path": "x\\u{d800}y"}


def test_clash_facts_tell_which_rule() -> None:
    assert PathClash("a.png", "A.png").facts()["rule"] == "two paths are equal after folding"
    assert PathClash("a/b", "a").facts()["rule"] == "a file is the folder of another"


def test_folding_composes_again_after_casefolding() -> None:
    assert fold("\u0390") == fold("\u03aa\u0301") == "\u0390"
    assert fold("STRASSE") == fold("straße") == "strasse"


def table_of_this_python() -> list[int]:
    """The bounds of the allowed characters, computed from Python's own Unicode data."""

    def is_allowed(code_point: int) -> bool:
        category = unicodedata.category(chr(code_point))
        return code_point == 0x20 or category not in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs")

    verdicts = [False, *map(is_allowed, range(0x110000)), False]
    return [at for at, (before, after) in enumerate(pairwise(verdicts)) if before != after]


@pytest.mark.skipif(unicodedata.unidata_version != "14.0.0", reason="only Python 3.11 has exactly Unicode 14.0")
def test_the_shipped_table_is_what_unicode_14_assigns() -> None:
    assert list(unicode14.BOUNDS) == table_of_this_python()


def test_the_shipped_table_is_within_what_this_python_knows() -> None:
    known = table_of_this_python()
    inside = {
        code_point for first, after in zip(known[::2], known[1::2], strict=True) for code_point in range(first, after)
    }
    shipped = {code_point for code_point in range(0x110000) if unicode14.is_allowed(chr(code_point))}
    assert shipped <= inside
    assert len(shipped) == 144_516


def test_every_allowed_character_has_a_stable_fold() -> None:
    for first, after in zip(unicode14.BOUNDS[::2], unicode14.BOUNDS[1::2], strict=True):
        for code_point in range(first, after):
            folded = fold(chr(code_point))
            assert fold(folded) == folded
            assert all(unicode14.is_allowed(character) for character in folded), hex(code_point)


def test_the_shipped_table_has_the_digest_of_the_specification() -> None:
    ranges = zip(unicode14.BOUNDS[::2], unicode14.BOUNDS[1::2], strict=True)
    text = "".join(f"{first:x} {after - 1:x}\n" for first, after in ranges)
    assert Digest.of(text.encode()) == "45bda1e648010946bfd38c7cba9fe247ba658ca003b094257e4b21791ae48c46"
