"""Recalls from the command line, where a transcript does not reach: several reviewers, and a terminal."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from registry_server.index.reviewers import add_reviewer
from tests.packctl.conftest import Farm
from tests.packctl.test_guides import user
from tests.support.person import Person
from tests.support.signing import key

RELEASE = "acme/icons@2.0.0"
STOP = ("recall", RELEASE, "--action", "stop", "--reason", "malware", "--confirm", RELEASE)


def reviewer(farm: Farm, recallers: Mapping[str, str], here: Path, name: str) -> Person:
    """Somebody with kim's token and a key of their own; they work in one folder."""
    known = user(farm, here.parent / f"{here.name}-{name}", PACKCTL_TOKEN=recallers["kim"])
    here.mkdir(exist_ok=True)
    return replace(known, here=here, data=Path(recallers[f"{name}_keys"]))


def test_reviewers_of_whom_two_must_sign_collect_signatures_in_a_file(
    farm: Farm, recallers: Mapping[str, str], tmp_path: Path
) -> None:
    ada = user(farm, tmp_path / "ada", PACKCTL_TOKEN=recallers["ada"])
    assert ada.runs("admin", *STOP).code == 0
    add_reviewer(farm.registry.world, farm.registry.offline_keys, "lou", key("lou").public, 2)
    kim, ana = (reviewer(farm, recallers, tmp_path / "office", name) for name in ("kim", "ana"))
    lift = ("admin", "recall", RELEASE, "--undo", "--yes")

    alone = kim.runs(*lift)
    assert (alone.code, "--document" in alone.err) == (2, True)
    first = kim.runs(*lift, "--document", "icons.restore")
    assert (first.code, first.out) == (0, "acme/icons 2.0.0 is still recalled\n")
    assert "Signed by 1 of 2 reviewers" in first.err
    again = kim.runs(*lift, "--document", "icons.restore")
    assert "Signed by 1 of 2 reviewers" in again.err
    last = ana.runs(*lift, "--document", "icons.restore")
    assert last.code == 0, last.err
    assert last.out.startswith("acme/icons 2.0.0 is recalled no longer, it is published: log entry ")


def test_a_document_about_another_release_is_not_signed(
    farm: Farm, recallers: Mapping[str, str], tmp_path: Path
) -> None:
    ada = user(farm, tmp_path / "ada", PACKCTL_TOKEN=recallers["ada"])
    other = "zed/desk@1.0.0"
    assert ada.runs("admin", *STOP).code == 0
    assert ada.runs("admin", *[other if word == RELEASE else word for word in STOP]).code == 0
    add_reviewer(farm.registry.world, farm.registry.offline_keys, "lou", key("lou").public, 2)
    kim, ana = (reviewer(farm, recallers, tmp_path / "office", name) for name in ("kim", "ana"))
    assert kim.runs("admin", "recall", RELEASE, "--undo", "--yes", "--document", "one.restore").code == 0
    refused = ana.runs("admin", "recall", other, "--undo", "--yes", "--document", "one.restore")
    assert (refused.code, "trust.statement-mismatch" in refused.err) == (6, True)
