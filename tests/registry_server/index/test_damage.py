"""A static side, keys or a log that were damaged: nothing is signed over it, and what readers saw stays."""

import pytest

from packspec import site
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.log.tiles import edge
from packspec.signing.keyfile import NONCE_BYTES, SALT_BYTES, seal
from packspec.verdict import check_release
from registry_server.index import actions
from registry_server.index.evidence import ReleaseFailsCheck
from registry_server.index.repository import Repository
from registry_server.index.settled import TrustFileMissing
from registry_server.log import store
from registry_server.log.rules import TileMissing, TwoRoots
from registry_server.signer import KeyUnreadable
from registry_server.steps import open_registry
from tests.support.evidence import Site
from tests.support.published import Publication
from tests.support.registry import registry_on_disk
from tests.support.signing import log_key


@pytest.fixture
def publication(registry):
    publication = Publication(registry.world, registry.offline_keys)
    publication.reviewer("kim")
    publication.publisher("acme")
    return publication


def refused(registry, call):
    """The error of `call`, after which readers see what they saw before."""
    before = registry.world.public.read(site.TIMESTAMP)
    with pytest.raises(PackError) as caught:
        call()
    assert registry.world.public.read(site.TIMESTAMP) == before
    return caught.value


def test_a_log_that_lost_a_tile_does_not_grow_over_the_hole(registry, publication):
    size = Repository.load(registry.world.public).checkpoint.size
    *_, last = edge(size)
    tile = registry.world.public.read(site.log_tile(last))
    registry.world.public.remove(site.log_tile(last))

    error = refused(registry, lambda: publication.publish("acme/icons", "1.0.0"))
    assert isinstance(error, TileMissing)
    assert error.path == site.log_tile(last)

    registry.world.public.write(site.log_tile(last), tile)
    assert actions.publish_pending(registry.world) == size + 1


def test_a_second_root_of_one_size_is_never_signed(registry, publication):
    size = Repository.load(registry.world.public).checkpoint.size
    with registry.world.database.writing() as db:
        store.settle_root(db, size + 1, bytes(32))

    error = refused(registry, lambda: publication.publish("acme/icons", "1.0.0"))

    assert isinstance(error, TwoRoots)
    assert Repository.load(registry.world.public).checkpoint.size == size


def test_a_release_that_every_client_would_refuse_does_not_become_visible(registry, publication):
    error = refused(registry, lambda: publication.publish("acme/icons", "1.0.0", signers=["mallory"]))

    assert isinstance(error, ReleaseFailsCheck)
    assert error.release == "acme/icons 1.0.0"
    assert "0 of 1" in error.reason
    assert [path for path in registry.world.public.paths() if path.startswith("proofs/")] == []


def test_a_theft_told_before_a_release_became_visible_stops_nothing_and_voids_the_release(
    registry, publication, monkeypatch
):
    """The registry dies between the decision and the static side; before it is back, the owners say that the key was stolen earlier."""
    since = Repository.load(registry.world.public).checkpoint.size
    with monkeypatch.context() as dead:
        dead.setattr(actions, "publish_pending", lambda world: 0)
        release = publication.publish("acme/icons", "1.0.0")
        publication.publisher("acme", keys=["release-2"], stolen={"release": since})
    assert Repository.load(registry.world.public).checkpoint.size == since

    assert actions.publish_pending(registry.world) == since + 2

    verdict = check_release(Site(registry.world.public.read).evidence("acme/icons", "1.0.0"))
    assert [fault.code for fault in verdict.faults] == ["trust.key-compromised"]
    assert release.index == since
    registry.clock.advance(hours=72)
    publication.publish("acme/icons", "1.0.1", signers=["release-2"])
    verdict = check_release(Site(registry.world.public.read).evidence("acme/icons", "1.0.1"))
    assert verdict.faults == ()


def test_a_trust_file_that_is_gone_stops_what_rests_on_it(registry, publication):
    listed = Repository.load(registry.world.public).role("targets").targets[site.REVIEWERS_TARGET]
    path = site.target(site.REVIEWERS_TARGET, Digest(listed.hashes["sha256"]))
    reviewers = registry.world.public.read(path)
    registry.world.public.remove(path)

    error = refused(registry, lambda: actions.current_trust(registry.world))
    assert isinstance(error, TrustFileMissing)
    assert error.target == site.REVIEWERS_TARGET

    registry.world.public.write(path, reviewers)
    assert actions.current_trust(registry.world).reviewers.sets[0].start == 6


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        pytest.param(lambda path: path.unlink(), "No such file or directory", id="gone"),
        pytest.param(lambda path: path.write_bytes(b"{}"), "the key file", id="no key file"),
        pytest.param(lambda path: path.write_bytes(sealed()), "a passphrase", id="sealed"),
    ],
)
def test_a_server_without_one_of_its_keys_does_not_begin_to_serve(tmp_path, damage, reason):
    with registry_on_disk(tmp_path) as registry:
        path = registry.world.folder.keys / "log.key"
        damage(path)
        error = refused(registry, lambda: open_registry(registry.world))
    assert isinstance(error, KeyUnreadable)
    assert error.path == str(path)
    assert reason in error.reason


def sealed() -> bytes:
    """A key file that only a passphrase opens."""
    return seal(log_key("log"), "a passphrase", bytes(SALT_BYTES), bytes(NONCE_BYTES))
