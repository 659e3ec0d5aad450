"""Search follows what happens to releases."""

from packspec.protocol.catalog import SEARCH, SearchPacks
from packspec.protocol.publishing import YANK, YankRelease


def names(registry, **ask):
    return [hit.name for hit in registry.call(SEARCH, SearchPacks(**ask)).packs]


def test_search_tells_of_the_latest_release_alone(registry):
    registry.publish("acme/farm-sounds", "1.0.0", manifest={"category": "sounds"})
    registry.publish("acme/farm-sounds", "2.0.0", manifest={"title": "Noises", "category": "noise", "tags": ["loud"]})
    assert names(registry, q="noises") == ["acme/farm-sounds"]
    assert "acme/farm-sounds" not in names(registry, category="sounds")
    registry.publish("acme/farm-sounds", "3.0.0-beta.1", manifest={"title": "Beta", "category": "beta"})
    assert names(registry, category="beta") == []
    assert names(registry, tag="loud") == ["acme/farm-sounds"]


def test_a_pack_without_a_release_to_choose_is_not_found_and_falls_back_before_that(registry):
    registry.publish("acme/farm-animals", "1.0.0")
    registry.publish("acme/farm-sounds", "1.0.0", manifest={"summary": "Short loops"})
    registry.publish("acme/farm-sounds", "2.0.0", manifest={"title": "Noises"})
    yank(registry, "farm-sounds", "2.0.0")
    assert names(registry, q="noises") == []
    (hit,) = registry.call(SEARCH, SearchPacks(q="loops", publisher="acme")).packs
    assert str(hit.version) == "1.0.0"
    yank(registry, "farm-sounds", "1.0.0")
    assert names(registry, publisher="acme") == ["acme/farm-animals"]
    registry.publish("acme/farm-sounds", "2.0.1", manifest={"title": "Noises"})
    assert names(registry, q="noises") == ["acme/farm-sounds"]


def yank(registry, name, version):
    ask = YankRelease(publisher="acme", name=name, version=version, reason="broken")
    registry.call(YANK, ask, registry.publisher("acme").token)
