"""A carried index as it grows old: told with its age, good for what is locked, not for choosing, refused by one's own rule."""

import time
from pathlib import Path

import pytest

from tests.support.gap import Closed, closed_copy, export_of, project_of
from tests.support.hostile import hostile_registry

DAY = 86_400


def days_later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """The closed side lives that much later. It asks nobody, so nothing but its own clock has to know."""
    now = time.time() + days * DAY
    monkeypatch.setattr("packctl.session.time.time", lambda: now)


@pytest.fixture
def carried(tmp_path: Path) -> tuple[Closed, Path]:
    """A closed machine and a file of today."""
    with hostile_registry(tmp_path / "registry") as registry:
        here = project_of(registry, tmp_path / "here")
        return closed_copy(here, tmp_path / "there"), export_of(here)


def test_S11_an_index_that_has_ended_is_good_for_what_is_locked_and_says_how_old_it_is(
    carried: tuple[Closed, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    there, file = carried
    days_later(monkeypatch, 40)
    taken = there.takes(file)
    assert taken.code == 0
    assert "(40 days)" in taken.out and "warning[trust.index-expired]" in taken.err
    installed = there.run("install --locked")
    assert (installed.code, "warning[trust.index-expired]" in installed.err) == (0, True), installed.err
    verified = there.run("verify")
    assert (verified.code, "(40 days)" in verified.out) == (0, True)
    assert "warning[trust.index-expired]" in verified.err
    strict = there.run("verify --require current")
    assert (strict.code, "error[trust.index-expired]" in strict.err) == (6, True)
    chosen = there.run("update")
    assert (chosen.code, "error[trust.index-expired]" in chosen.err) == (6, True)


def test_ones_own_oldest_age_holds_for_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hostile_registry(tmp_path / "registry") as registry:
        here = project_of(registry, tmp_path / "here", '"acme/icons" = "^1"\n\n[policy]\nmax-index-age = "7d"')
        there, file = closed_copy(here, tmp_path / "there"), export_of(here)
    assert there.takes(file).code == 0
    assert there.run("install --locked").code == 0
    days_later(monkeypatch, 6)
    verified = there.run("verify")
    assert (verified.code, "(6 days, at most 7 days)" in verified.out) == (0, True)
    days_later(monkeypatch, 8)
    for line in (f"carry import {file}", "ci", "verify"):
        ended = there.run(line)
        assert (ended.code, "error[trust.index-too-old]" in ended.err) == (6, True), (line, ended.err)


def test_C32_a_clock_that_is_behind_the_file_is_told(
    carried: tuple[Closed, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    there, file = carried
    days_later(monkeypatch, -1)
    ended = there.takes(file)
    assert (ended.code, "error[trust.clock]" in ended.err) == (6, True)


def test_without_any_index_verify_says_so_and_install_cannot_tell(carried: tuple[Closed, Path]) -> None:
    there, _ = carried
    assert there.run("install --locked").code == 8
    assert there.run("verify").code == 6
