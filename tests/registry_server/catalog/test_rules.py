"""Which release is the latest, what holds of one, and what a changelog says about a version."""

import pytest

from packspec.versions import Version
from registry_server.catalog.rules import Mark, State, changelog_of, latest_of, state_of


@pytest.mark.parametrize(
    ("states", "latest"),
    [
        ({}, None),
        ({"1.0.0": "published"}, "1.0.0"),
        ({"1.9.0": "published", "1.10.0": "published"}, "1.10.0"),
        ({"1.0.0": "published", "2.0.0-rc.1": "published"}, "1.0.0"),
        ({"2.0.0-rc.1": "published", "2.0.0-rc.2": "published"}, "2.0.0-rc.2"),
        ({"1.0.0": "published", "2.0.0": "yanked"}, "1.0.0"),
        ({"1.0.0": "deprecated", "2.0.0": "recalled"}, "1.0.0"),
        ({"1.0.0": "yanked", "2.0.0-rc.1": "published"}, "2.0.0-rc.1"),
        ({"1.0.0": "yanked"}, None),
    ],
)
def test_the_latest_is_the_highest_that_may_be_chosen_and_a_prerelease_only_if_nothing_else_is(states, latest):
    found = latest_of({Version.parse(text): State(state) for text, state in states.items()})
    assert (None if found is None else str(found)) == latest


def mark(kind):
    return Mark(kind=kind, reason="other", note="", use="", log_number=1)


def test_a_yank_is_stronger_than_a_deprecation():
    assert state_of([]) is State.PUBLISHED
    assert state_of([mark("deprecation")]) is State.DEPRECATED
    assert state_of([mark("deprecation"), mark("yank")]) is State.YANKED


CHANGELOG = """\
# Changes

## [2.0.0-rc.1] - 2026-01-02
- Almost

## v1.10.0 (2026-01-01)

- More circles
### Details
- Rounder

## 1.1.0
- First
# Old
- Nobody knows
"""


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("2.0.0-rc.1", "- Almost"),
        ("1.10.0", "- More circles\n### Details\n- Rounder"),
        ("1.1.0", "- First"),
        ("1.1.0+build", "- First"),
        ("2.0.0", ""),
        ("1.10.1", ""),
        ("10.0.0", ""),
    ],
)
def test_a_changelog_tells_of_a_version_below_the_heading_that_names_it(version, text):
    assert changelog_of(CHANGELOG, Version.parse(version)) == text


def test_a_changelog_without_headings_tells_nothing():
    assert changelog_of("1.0.0 is out\n", Version.parse("1.0.0")) == ""
    assert changelog_of("", Version.parse("1.0.0")) == ""
