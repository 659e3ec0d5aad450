"""Laws of versions and ranges."""

from hypothesis import given, settings
from hypothesis import strategies as st

from packspec.ranges import BadRange, Range
from packspec.versions import BadVersion, Version

numbers = st.integers(0, 12) | st.just(2**63 - 1)
words = st.from_regex(r"[0-9]{0,2}[A-Za-z-][0-9A-Za-z-]{0,4}", fullmatch=True)
identifiers = numbers | words
versions = st.builds(
    Version,
    numbers,
    numbers,
    numbers,
    st.lists(identifiers, max_size=3).map(tuple),
    st.lists(st.from_regex(r"[0-9A-Za-z-]{1,5}", fullmatch=True), max_size=2).map(tuple),
)
small = st.builds(
    Version, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.sampled_from([(), (), (0,), ("a",), ("a", 1)])
)

parts = st.sampled_from(["0", "1", "2", "3", "x", "*"])


def _partial(numbers: list[str], prerelease: str) -> str:
    """Nothing but x may follow an x."""
    seen: list[str] = []
    for number in numbers:
        seen.append("x" if seen and seen[-1] in "x*" else number)
    return ".".join(seen) + (prerelease if len(seen) == 3 else "")


partials = st.builds(_partial, st.lists(parts, min_size=1, max_size=3), st.sampled_from(["", "", "-0", "-a", "-a.1"]))
operators = st.sampled_from(["", "=", "<", "<=", ">", ">=", "^", "~", "~>"])
conditions = st.builds(str.__add__, operators, partials)
sets = st.lists(conditions, min_size=1, max_size=3).map(" ".join) | st.builds("{} - {}".format, partials, partials)
ranges = st.lists(sets, min_size=1, max_size=3).map(" || ".join)


@given(versions)
def test_a_printed_version_is_read_again(version: Version) -> None:
    again = Version.parse(str(version))
    assert again == version
    assert (again.prerelease, again.build, str(again)) == (version.prerelease, version.build, str(version))


@given(versions, versions, versions)
def test_versions_have_a_total_order(a: Version, b: Version, c: Version) -> None:
    assert (a < b) + (a == b) + (a > b) == 1
    assert (a <= b) == (not a > b)
    if a <= b <= c:
        assert a <= c
    if a == b:
        assert hash(a) == hash(b)


@given(st.text(max_size=40) | st.text("0123456789.-+vx ab", max_size=20))
def test_any_text_is_a_version_or_a_bad_version(text: str) -> None:
    try:
        version = Version.parse(text)
    except BadVersion:
        return
    assert str(version) == text


@given(st.text(max_size=40) | st.text("0123456789.-+vx*^~<>=| ab,", max_size=20))
def test_any_text_is_a_range_or_a_bad_range(text: str) -> None:
    try:
        wanted = Range.parse(text)
    except BadRange:
        return
    assert Range.parse(str(wanted)) == wanted
    wanted.allows(Version.parse("1.2.3-a"))


@settings(max_examples=200)
@given(ranges, small)
def test_including_prereleases_takes_no_release_away(text: str, version: Version) -> None:
    """Not a law of prereleases: as in npm, `>=0.0.0 <=0.0.0-b` allows 0.0.0-a only as long as they are not included."""
    wanted = Range.parse(text)
    if not version.is_prerelease:
        assert wanted.allows(version) == wanted.allows(version, include_prereleases=True)


@settings(max_examples=200)
@given(sets, sets, small)
def test_a_bar_allows_releases_that_either_side_allows(left: str, right: str, version: Version) -> None:
    both = Range.parse(f"{left} || {right}")
    sides = (Range.parse(left), Range.parse(right))
    if version.is_prerelease:
        assert both.allows(version, True) == any(side.allows(version, True) for side in sides)
    else:
        assert both.allows(version) == any(side.allows(version) for side in sides)


@settings(max_examples=200)
@given(conditions, conditions, small)
def test_a_blank_allows_releases_that_both_conditions_allow(left: str, right: str, version: Version) -> None:
    both = Range.parse(f"{left} {right}")
    assert both.allows(version, True) == (
        Range.parse(left).allows(version, True) and Range.parse(right).allows(version, True)
    )
    if not version.is_prerelease:
        assert both.allows(version) == (Range.parse(left).allows(version) and Range.parse(right).allows(version))


@given(small)
def test_a_version_lies_in_its_own_caret_tilde_and_exact_range(version: Version) -> None:
    for text in (f"^{version}", f"~{version}", str(version), f">={version}", f"{version} - {version}"):
        assert Range.parse(text).allows(version), text
