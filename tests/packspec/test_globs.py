import pytest

from packspec.globs import FilePath, Pattern


@pytest.mark.parametrize(
    ("pattern", "fits", "misses"),
    [
        ("README.md", ["README.md"], ["readme.md", "a/README.md", "README.mdx"]),
        ("*.md", ["a.md", ".md"], ["a/b.md", "a.md.txt"]),
        ("assets/*", ["assets/a"], ["assets", "assets/a/b"]),
        ("assets/**", ["assets/a", "assets/a/b/c"], ["assets", "asset/a", "x/assets/a"]),
        ("**", ["a", "a/b/c"], []),
        ("**/*.psd", ["a.psd", "x/y/a.psd"], ["a.psd/b"]),
        ("a/**/z", ["a/z", "a/b/z", "a/b/c/z"], ["a/b", "az", "a/b/z/c"]),
        ("a/**/b/**/c", ["a/b/c", "a/x/b/y/y/c", "a/b/b/c"], ["a/x/c", "b/c"]),
        ("cow-?.svg", ["cow-1.svg", "cow-ä.svg"], ["cow-.svg", "cow-12.svg", "cow-/.svg"]),
        ("a*b*c", ["abc", "axbxbxc"], ["ab", "abcd", "a/b/c"]),
        ("[ab].svg", ["[ab].svg"], ["a.svg"]),
        ("{a,b}.svg", ["{a,b}.svg"], ["a.svg"]),
        ("a+(b).svg", ["a+(b).svg"], ["aab.svg"]),
        ("**/**", ["a", "a/b"], []),
    ],
)
def test_a_pattern_fits_whole_paths(pattern: str, fits: list[str], misses: list[str]) -> None:
    parsed = Pattern.parse(pattern)
    assert [path for path in fits if not parsed.matches(path)] == []
    assert [path for path in misses if parsed.matches(path)] == []


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [
        ("", "empty"),
        ("/etc/*", "empty"),
        ("../*", ".."),
        ("a//b", "empty"),
        ("a/**b", "** stands alone"),
        ("***", "** stands alone"),
        ("a\\*", ""),
        ("a/[b]:c", ""),
        ("*" * 241, "longer than 240 bytes"),
        ("ä" * 121, "longer than 240 bytes"),
        ("\ud800", ""),
    ],
)
def test_a_pattern_obeys_the_rules_of_paths(pattern: str, rule: str) -> None:
    with pytest.raises(ValueError, match="not a pattern"):
        Pattern.parse(pattern)


def test_the_worst_pattern_takes_no_time() -> None:
    """Tried every way, this would take longer than the universe is old."""
    assert not Pattern.parse("*a" * 100 + "b").matches("a" * 240)
    assert not Pattern.parse("**/a/" * 15 + "b").matches("/".join("a" * 100))


def test_a_path_outside_of_the_pack_is_no_path() -> None:
    with pytest.raises(ValueError, match="not a path of a file in a pack"):
        FilePath.parse("../a")
    assert FilePath.parse("a/b.svg") == "a/b.svg"
