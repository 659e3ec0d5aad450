"""More bins for a registry that grew: the offline keys sign them along with anything else, and nobody who reads it notices."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from packctl.trust.proofs import Claim
from packspec.names import PackName
from packspec.versions import Version
from registry_server.index import metadata
from registry_server.index.ceremony import OfflineKeys
from registry_server.index.offline import signing
from registry_server.index.offline.ends import look
from registry_server.index.offline.entering import enter
from registry_server.index.offline.preparing import Changes, prepare
from registry_server.index.repository import Repository
from tests.support.hostile import Client, HostileRegistry, hostile_registry


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileRegistry]:
    """A registry for which a bin with two targets is too full."""
    with hostile_registry(tmp_path / "registry") as opened:
        for number in range(40):
            opened.publication.publisher(f"p{number}")
        monkeypatch.setattr(metadata, "BIN_TARGETS", 1)
        yield opened


def proves(client: Client, pack: str, version: str) -> None:
    with client.registry() as trusted:
        trusted.refresh()
        trusted.prove([Claim(PackName(pack), Version.parse(version))])[0].verdict.require()


def listed(registry: HostileRegistry) -> dict[str, dict[str, str]]:
    """Every target of every bin that counts, by bin."""
    repository = Repository.load(registry.world.public)
    return {
        name: {target: file.hashes["sha256"] for target, file in repository.role(name).targets.items()}
        for name in metadata.bins_in(repository.role("index"))
    }


def test_a_ceremony_makes_as_many_bins_as_are_wanted_and_readers_go_on(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    client = Client(tmp_path / "client", registry.url, registry.root)
    proves(client, "acme/icons", "1.0.0")
    before = listed(registry)
    assert (len(before), sum(map(len, before.values()))) == (16, 43)  # 41 publishers, a pack, the recalls
    assert any(one.name == "bins" and "a ceremony makes more bins" in one.text for one in look(registry.world))

    document = prepare(registry.world, Changes())
    assert "64 bins list what is listed instead of 16: bin6-*" in list(signing.sentences(document))
    enter(registry.world, signing.sign(document, OfflineKeys.read(registry.publication.offline).keys[:2], "media"))

    after = listed(registry)
    assert len(after) == 64
    assert {name for name in after if not name.startswith("bin6-")} == set()
    together = lambda bins: {name: digest for one in bins.values() for name, digest in one.items()}  # noqa: E731
    assert together(after) == together(before)
    proves(client, "acme/icons", "1.0.0")
    registry.publication.publish("acme/icons", "1.1.0")
    proves(client, "acme/icons", "1.1.0")
    proves(Client(tmp_path / "fresh", registry.url, registry.root), "acme/icons", "1.1.0")


def test_there_are_never_fewer_bins_than_before(registry: HostileRegistry) -> None:
    index = Repository.load(registry.world.public).role("index")
    names = [metadata.next_prefix(index, targets, is_new=False) for targets in (0, 16, 17, 32, 33, 1024)]
    assert names == ["bin4", "bin4", "bin5", "bin5", "bin6", "bin10"]
    assert metadata.next_prefix(index, 17, is_new=True) == "bin5"
    assert metadata.next_prefix(index, 16, is_new=True) == "bin4b"
