"""Tree documents: every vector, digests, lookups and the byte ranges of an update."""

from typing import Any

import pytest

from packspec.archive.rules import ArchiveLimits
from packspec.digests import Digest
from packspec.errors import PackError, Untrusted
from packspec.tree import BadTree, Tree, TreeEntry, ranges
from tests.support.vectors import cases

GOOD = cases("tree", "good")


def document(case: dict[str, Any]) -> bytes:
    return case["tree"].encode() if "tree" in case else bytes.fromhex(case["tree_hex"])


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["name"])
def test_every_good_tree_is_read_and_written_again_as_it_stands(case: dict[str, str]) -> None:
    tree = Tree.parse(case["tree"].encode())
    assert tree.encode().decode() == case["tree"]
    assert tree.digest == case["digest"]
    assert tree.content == case["content"]


@pytest.mark.parametrize("case", cases("tree", "bad"), ids=lambda case: case["name"])
def test_A43_every_bad_tree_is_refused_with_its_code(case: dict[str, Any]) -> None:
    with pytest.raises(PackError) as caught:
        Tree.parse(document(case))
    assert caught.value.code == case["code"], caught.value.what()
    assert isinstance(caught.value, Untrusted)
    if "line" in case:
        assert isinstance(caught.value, BadTree) and caught.value.line == case["line"]


def test_every_cut_tree_is_refused() -> None:
    data = document(GOOD[2])
    for length in range(len(data)):
        with pytest.raises(PackError):
            Tree.parse(data[:length])


def test_every_changed_byte_is_refused_or_another_tree() -> None:
    data = document(GOOD[2])
    content = Tree.parse(data).content
    for at in range(len(data)):
        for change in (1, 0x20, 0x80):
            changed = bytearray(data)
            changed[at] ^= change
            try:
                tree = Tree.parse(bytes(changed))
            except PackError:
                continue
            assert tree.encode() == changed
            assert tree.content != content


def test_A30_millions_of_lines_are_refused_before_they_are_cut() -> None:
    with pytest.raises(PackError) as caught:
        Tree.parse(b"packtree/v1 1 3\n" + b"\n" * 5_000_000)
    assert caught.value.code == "archive.too-many"
    with pytest.raises(BadTree, match="longer than 35000000 bytes"):
        Tree.parse(bytes(35_000_001))


def test_limits_of_a_registry_hold_for_trees_too() -> None:
    data = document(GOOD[1])
    assert Tree.parse(data, ArchiveLimits(files=2, unpacked_bytes=6)).unpacked == 6
    for limits in (ArchiveLimits(files=1), ArchiveLimits(unpacked_bytes=5), ArchiveLimits(file_bytes=2)):
        with pytest.raises(PackError):
            Tree.parse(data, limits)


def test_files_are_found_by_path() -> None:
    tree = Tree.parse(document(GOOD[1]))
    found = tree.find("a.txt")
    assert found is not None and found.offset == 77 and found.end == 80
    assert tree.find("b.txt") is None


def entry(name: str, offset: int, packed: int) -> TreeEntry:
    return TreeEntry(name, Digest.of(name.encode()), packed, packed, offset)


def test_missing_files_are_those_whose_content_is_not_there_each_once() -> None:
    first, twin, other = entry("a", 0, 5), entry("a", 100, 5), entry("c", 200, 5)
    tree = Tree((first, twin, other))
    assert tree.missing(set()) == (first, other)
    assert tree.missing({other.sha256}) == (first,)
    assert tree.missing({first.sha256, other.sha256}) == ()


def test_ranges_with_less_than_the_gap_between_them_are_one() -> None:
    a, b, c = entry("a", 100, 50), entry("b", 150 + 65_535, 10), entry("c", 150 + 65_535 + 10 + 65_536, 10)
    first, second = ranges([c, a, b])
    assert (first.start, first.end, first.files) == (100, 65_695, (a, b))
    assert (second.start, second.end, second.files) == (131_231, 131_241, (c,))
    assert len(ranges([a, b, c], gap=0)) == 3
    assert len(ranges([a, b, c], gap=1 << 20)) == 1


def test_empty_files_need_no_range() -> None:
    assert ranges([entry("a", 100, 0)]) == ()
    assert ranges([]) == ()


def test_of_too_many_ranges_those_with_the_smallest_gaps_between_them_become_one() -> None:
    files = [entry("a", 0, 10), entry("b", 100, 10), entry("c", 400, 10), entry("d", 600, 10)]
    assert [(span.start, span.end) for span in ranges(files, gap=0, most=2)] == [(0, 110), (400, 610)]
    assert [(span.start, span.end) for span in ranges(files, gap=0, most=1)] == [(0, 610)]
    assert len(ranges(files, gap=0, most=4)) == 4
