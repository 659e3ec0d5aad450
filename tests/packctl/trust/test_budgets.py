"""How often a registry is asked (docs/spec/tuf.md, Costs): requests are counted, milliseconds are not."""

from packctl.trust.freshness import Purpose
from packctl.trust.proofs import Claim
from packspec.names import PackName
from packspec.versions import Version

ICONS, SOUNDS = PackName("acme/icons"), PackName("acme/sounds")
FIRST = Version.parse("1.0.0")


def metadata_of(asked):
    return [one for one in asked if "/tuf/" in one and "/targets/" not in one]


def test_a_registry_where_nothing_changed_is_asked_twice(registry, client):
    with client.registry() as trusted:
        trusted.refresh()
    registry.forget_asked()
    with client.registry() as trusted:
        trusted.refresh()
    assert registry.asked == ["GET /tuf/2.root.json", "GET /tuf/timestamp.json"]


def test_cold_metadata_for_one_target_takes_six_requests_and_one_for_the_pinned_root(registry, client):
    with client.registry() as trusted:
        trusted.refresh()
    assert len(metadata_of(registry.asked)) <= 7
    assert metadata_of(registry.asked)[:2] == ["GET /tuf/1.root.json", "GET /tuf/2.root.json"]


def test_a_first_proof_of_a_free_pack_leaves_room_for_its_tree_and_archive(registry, client):
    with client.registry() as trusted:
        trusted.refresh()
        trusted.index(ICONS)
        trusted.prove([Claim(ICONS, FIRST)])
    assert len(registry.asked) <= 22


def test_a_further_pack_of_a_known_publisher_takes_four_requests(registry, client):
    registry.publication.publish("acme/sounds", "1.0.0")
    with client.registry() as trusted:
        trusted.refresh()
        trusted.prove([Claim(ICONS, FIRST)])
        registry.forget_asked()
        trusted.prove([Claim(SOUNDS, FIRST)])
    assert len(registry.asked) <= 4


def test_nothing_is_fetched_twice(registry, client):
    claims = [Claim(ICONS, FIRST)]
    with client.registry() as trusted:
        trusted.refresh()
        trusted.prove(claims)
        trusted.evidence(trusted.prove(claims), trusted.lock_entry())
    assert len(registry.asked) == len(set(registry.asked))
    registry.forget_asked()
    with client.registry() as trusted:
        trusted.refresh()
        trusted.evidence(trusted.prove(claims), trusted.lock_entry())
    assert len(registry.asked) == 2


def test_a_publisher_is_proven_once_for_all_of_its_releases(registry, client, monkeypatch):
    from packctl.trust import proofs

    for number in range(1, 6):
        registry.publication.publish("acme/icons", f"1.{number}.0")
    counted = []
    monkeypatch.setattr(
        proofs, "prove_publisher", lambda *given, real=proofs.prove_publisher: counted.append(given[0]) or real(*given)
    )
    with client.registry() as trusted:
        trusted.refresh()
        trusted.prove([Claim(ICONS, Version.parse(f"1.{number}.0")) for number in range(6)])
    assert counted == ["acme"]


def test_a_sleeping_registry_costs_no_more_than_one_that_is_awake(registry, client):
    with client.registry() as trusted:
        trusted.refresh(Purpose.LOCKED)
    assert len(metadata_of(registry.asked)) <= 7
