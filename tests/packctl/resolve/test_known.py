"""Ranges as sets of known versions, and sets of known versions as text."""

import pytest

from packctl.resolve.known import KnownPack
from packctl.resolve.terms import any_version, chosen, positions, span
from packctl.resolve.wanted import Candidate, Wanted
from packspec.facts import Facts
from packspec.names import PackName
from packspec.ranges import Range
from packspec.versions import Version

FACTS = Facts(kind="content", dependencies=(), conflicts=(), hosts={}, packages=(), features=())


def known(*versions: str, **wanted: object) -> KnownPack:
    releases = [Candidate(Version.parse(version), FACTS) for version in versions]
    return KnownPack(PackName("acme/icons"), releases, Wanted((), **wanted))  # type: ignore[arg-type]


RELEASES = known("1.0.0", "1.2.0", "1.3.1", "2.0.0-beta.1", "2.0.0", "2.4.0", "3.0.1", "3.1.0")


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("1.0.0 1.2.0 1.3.1 2.0.0 2.4.0 3.0.1 3.1.0", "acme/icons"),
        ("3.0.1 3.1.0", "acme/icons >=3.0.0"),
        ("3.1.0", "acme/icons 3.1.0"),
        ("1.0.0 1.2.0", "acme/icons <1.3.0"),
        ("1.0.0 1.2.0 1.3.1 2.0.0", "acme/icons <2.4.0"),
        ("1.3.1 2.0.0", "acme/icons >=1.3.0 <2.4.0"),
        ("2.0.0-beta.1 2.0.0", "acme/icons >=2.0.0-beta.1 <2.4.0"),
        ("2.0.0-beta.1", "acme/icons 2.0.0-beta.1"),
        ("1.0.0 2.0.0", "acme/icons 1.0.0 || 2.0.0"),
        ("1.0.0 1.3.1 2.4.0 3.1.0", "acme/icons 1.0.0 || 1.3.1 || ... (4 versions)"),
    ],
)
def test_versions_are_told_as_the_roundest_range_that_has_them(inside: str, text: str) -> None:
    states = RELEASES.having(Version.parse(one) for one in inside.split())
    assert RELEASES.phrase(states) == text


def test_a_single_version_of_a_pack_needs_no_range() -> None:
    assert known("1.0.0").phrase(chosen(0)) == "acme/icons"


def test_a_range_becomes_the_versions_in_it() -> None:
    assert positions(RELEASES.matching(Range.parse("^1.2 || 3.0.x"))) == [1, 2, 6]
    assert positions(RELEASES.matching(Range.parse("^2.0.0-beta"))) == [3, 4, 5]
    assert positions(RELEASES.matching(Range.parse("^9"))) == []
    assert positions(RELEASES.with_prereleases(Range.parse("<2.0.0 || >=3"))) == [0, 1, 2, 3, 6, 7]


def test_a_locked_prerelease_stays_in_a_range_that_does_not_name_it() -> None:
    versions = ("1.0.0", "2.0.0-beta.1", "2.0.0-beta.2", "3.0.0-rc.1")
    locked = known(*versions, locked={PackName("acme/icons"): Version.parse("2.0.0-beta.1")})
    assert positions(locked.matching(Range.parse(">=1"))) == [0, 1]
    assert positions(locked.matching(Range.parse("^1"))) == [0]


def test_states_are_exact_sets() -> None:
    assert positions(span(1, 3)) == [1, 2]
    assert span(3, 3) == span(4, 3) == 0
    assert positions(any_version(3)) == [0, 1, 2]
    assert span(0, 3) == any_version(3)
