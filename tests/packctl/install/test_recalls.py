"""Installs from a registry that goes on: new releases, yanks, recalls, deprecations, wrong bytes."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packspec import site
from packspec.digests import Digest
from packspec.lockfile import parse_lock
from packspec.log.leaf import DeprecateLeaf, RecallLeaf, YankLeaf
from packspec.names import PackName
from packspec.versions import Version
from tests.support.invariants import listing
from tests.support.machine import Machine
from tests.support.published import Publication, Released
from tests.support.registry import Registry, registry_at
from tests.support.shop import say, stock


def project(machine: Machine) -> dict[str, tuple[str, int, str]]:
    return listing(machine.project)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Registry]:
    """A stocked registry that this test may change."""
    with registry_at(tmp_path / "registry", now=int(time.time()), prepare=stock) as registry:
        yield registry


@pytest.fixture
def farmer(own: Registry, tmp_path: Path) -> Machine:
    """A machine with acme/icons 1.2.0 from `own` installed."""
    machine = Machine.at(tmp_path / "machine", own)
    machine.wants('# Farm\n[dependencies]\n"acme/icons" = "^1"\n')
    assert machine.packctl("install").code == 0
    return machine


def test_after_a_merge_conflict_lock_keeps_the_side_that_knows_more(own: Registry, farmer: Machine) -> None:
    ours = farmer.read("pack.lock").decode()
    own.publish("acme/icons", "1.3.0", files={"cow.md": b"# Moo\n"})
    farmer.packctl("update")
    theirs = farmer.read("pack.lock").decode()
    path = farmer.project / "pack.lock"
    path.write_text(f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> branch\n")
    refused = farmer.packctl("install")
    assert (refused.code, refused.error) == (9, "project.lock-broken")
    assert farmer.packctl("lock").code == 0
    assert path.read_text() == theirs


def test_of_two_sides_that_contradict_each_other_none_is_taken(farmer: Machine) -> None:
    ours = farmer.read("pack.lock").decode()
    forged = re.sub(r'log = "registry.test/log \d+', 'log = "registry.test/log 3', ours)
    path = farmer.project / "pack.lock"
    path.write_text(f"<<<<<<< HEAD\n{ours}=======\n{forged}>>>>>>> branch\n")
    before = project(farmer)
    refused = farmer.packctl("lock")
    assert (refused.code, refused.error) == (6, "trust.log-signature")
    assert project(farmer) == before


def test_I7_a_recalled_release_is_never_chosen_again(own: Registry, farmer: Machine) -> None:
    say(own, RecallLeaf, "acme/icons", "1.2.0", action="stop", replacement=Version.parse("1.0.0"))
    assert farmer.packctl("install").out == ""  # nobody was asked, so nobody knows
    assert farmer.packctl("lock", "--upgrade").code == 0
    assert str(parse_lock(farmer.read("pack.lock")).packs[0].version) == "1.0.0"


def test_I7_a_recall_that_another_project_learned_of_stops_the_next_install_here(
    own: Registry, farmer: Machine, tmp_path: Path
) -> None:
    before = project(farmer)
    say(own, RecallLeaf, "acme/icons", "1.2.0", action="stop", replacement=Version.parse("1.0.0"))
    other = Machine(farmer.folder, own, tmp_path / "other", farmer.environ)
    other.project.mkdir()
    other.depends(zed__desk="^1")
    assert other.packctl("install").code == 0
    refused = farmer.packctl("install", "--json")
    assert (refused.code, refused.error) == (10, "policy.release-recalled")
    facts = refused.document["error"]["facts"]
    assert facts["reason"] == 'unsafe-content: "the barn is painfully loud"'
    assert facts["from"] == "pack.toml line 3, pack.lock line 13"
    assert project(farmer) == before
    assert farmer.packctl("update").out == "~ acme/icons 1.2.0 -> 1.0.0\n"


def test_I7_wanting_exactly_a_recalled_or_yanked_release_is_refused_with_its_own_code(
    own: Registry, farmer: Machine, tmp_path: Path
) -> None:
    say(own, YankLeaf, "acme/icons", "1.2.0", reason="broken")
    fresh = Machine.at(tmp_path / "fresh", own)
    fresh.depends(acme__icons="1.2.0")
    refused = fresh.packctl("install")
    assert (refused.code, refused.error) == (10, "policy.release-yanked")
    say(own, RecallLeaf, "acme/icons", "1.2.0", action="stop")
    refused = fresh.packctl("install")
    assert (refused.code, refused.error) == (10, "policy.release-recalled")
    assert not (fresh.project / "pack.lock").exists()


def test_M19_a_yanked_release_stays_where_it_is_locked_with_a_warning_and_is_chosen_nowhere(
    own: Registry, farmer: Machine, tmp_path: Path
) -> None:
    say(own, YankLeaf, "acme/icons", "1.2.0", reason="broken")
    shutil.rmtree(farmer.project / "packs")
    done = farmer.packctl("install")
    assert (done.code, done.out) == (0, "+ acme/icons 1.2.0\n")
    assert "warning[policy.release-yanked]" in done.err
    fresh = Machine.at(tmp_path / "fresh", own)
    fresh.depends(acme__icons="^1")
    assert fresh.packctl("install").out == "+ acme/icons 1.0.0\n"
    assert farmer.packctl("update").out == "~ acme/icons 1.2.0 -> 1.0.0\n"


def test_an_update_that_finds_nothing_better_keeps_a_yanked_release(own: Registry, farmer: Machine) -> None:
    farmer.wants('[dependencies]\n"acme/icons" = "~1.2"\n')
    farmer.packctl("install")
    say(own, YankLeaf, "acme/icons", "1.2.0", reason="broken")
    done = farmer.packctl("update")
    assert (done.code, done.out) == (0, "")
    assert "warning[policy.release-yanked]" in done.err


def test_recalls_that_warn_and_deprecations_are_told_and_stop_nothing(own: Registry, farmer: Machine) -> None:
    say(own, RecallLeaf, "acme/icons", "1.2.0", action="warn")
    shutil.rmtree(farmer.project / "packs")
    done = farmer.packctl("install")
    assert done.code == 0
    assert "warning[policy.release-recalled]" in done.err


def test_a_deprecation_names_what_to_use_instead(own: Registry, farmer: Machine) -> None:
    say(own, DeprecateLeaf, "acme/icons", "1.2.0", reason="superseded", use=PackName("zed/lamp"))
    shutil.rmtree(farmer.project / "packs")
    done = farmer.packctl("install", "--json")
    assert done.code == 0
    (warning,) = done.document["warnings"]
    assert (warning["code"], warning["facts"]["use instead"]) == ("catalog.release-deprecated", "zed/lamp")


def entries(machine: Machine) -> list[Path]:
    return sorted(path for path in (machine.data / "store/files").rglob("*") if path.is_file())


@pytest.mark.parametrize("part", ["archive", "tree"])
def test_I13_wrong_bytes_of_a_registry_are_refused_and_nothing_is_kept(
    own: Registry, farmer: Machine, part: str
) -> None:
    locked = parse_lock(farmer.read("pack.lock")).packs[0]
    shutil.rmtree(farmer.project / "packs")
    shutil.rmtree(farmer.data / "store")
    before = project(farmer)
    path = site.blob(getattr(locked, part))
    right = own.world.public.read(path)
    assert right is not None
    own.world.public.replace(path, b"?" * len(right))
    refused = farmer.packctl("install")
    assert (refused.code, refused.error) == (6, "trust.archive-changed"), refused.err
    assert project(farmer) == before
    assert len(entries(farmer)) == (1 if part == "archive" else 0)  # the tree, which was right


def test_a_project_may_tighten_the_age_of_an_index(own: Registry, farmer: Machine) -> None:
    farmer.wants('[dependencies]\n"acme/icons" = "^1"\n[policy]\nmax-index-age = "1s"\n')
    time.sleep(2.1)
    refused = farmer.packctl("install")
    assert (refused.code, refused.error) == (6, "trust.index-too-old")


def test_every_release_that_cannot_be_used_is_told_at_once(own: Registry, farmer: Machine) -> None:
    farmer.packctl("add", "zed/lamp")
    say(own, RecallLeaf, "acme/icons", "1.2.0", action="stop")
    say(own, RecallLeaf, "zed/lamp", "1.0.0", action="stop")
    shutil.rmtree(farmer.project / "packs")
    refused = farmer.packctl("install")
    assert refused.code == 10
    assert refused.err.count("error[policy.release-recalled]") == 2


def test_a_lower_threshold_of_a_publisher_stops_an_update_until_its_root_is_named(tmp_path: Path) -> None:
    with registry_at(tmp_path / "registry", now=int(time.time()) - 4 * 86_400) as registry:
        published = Publication(registry.world, tmp_path / "registry" / "offline-keys")
        published.reviewer()
        published.publisher("duo", keys=("mia", "tom"), threshold=2)
        first = published.publish("duo/icons", "1.0.0", signers=("mia", "tom"))
        show(registry, first)
        machine = Machine.at(tmp_path / "machine", registry)
        machine.depends(duo__icons="^1")
        assert machine.packctl("install").code == 0
        root = published.publisher("duo", keys=("mia", "tom"), threshold=1)
        registry.clock.advance(days=4)  # a change of keys counts after three
        show(registry, published.publish("duo/icons", "1.1.0", signers=("mia",)))
        before = project(machine)
        refused = machine.packctl("update", "-y")
        assert (refused.code, refused.error) == (6, "trust.downgraded"), refused.err
        assert project(machine) == before
        wrong = machine.packctl("update", "--accept-root", f"duo=sha256:{'0' * 64}")
        assert wrong.error == "trust.downgraded"
        assert machine.packctl("update", "--accept-root", "duo=1234").error == "cli.bad-value"
        assert machine.packctl("update", "--accept-root", f"duo={root.labelled}").out == "~ duo/icons 1.0.0 -> 1.1.0\n"
        assert machine.packctl("update").code == 0


def show(registry: Registry, release: Released) -> None:
    """Puts the bytes of a release where everybody can fetch them."""
    for data in (release.archive, release.tree.encode()):
        registry.world.public.write(site.blob(Digest.of(data)), data)
