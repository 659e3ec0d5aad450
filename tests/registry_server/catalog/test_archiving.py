"""Archiving a pack, and reviving it."""

import pytest

from packspec.problems import Relayed
from packspec.protocol.archiving import ARCHIVE, REVIVE, ArchivePack, RevivePack
from packspec.protocol.catalog import RELEASES, SEARCH, AskPack, SearchPacks
from packspec.protocol.publishing import YANK, YankRelease
from packspec.signing import dsse, restore
from packspec.signing.restore import Restore
from tests.support.invariants import clean_refusal


def refusal(call):
    with pytest.raises(Relayed) as caught:
        call()
    clean_refusal(caught.value)
    return caught.value.code


def releases(registry):
    found = registry.call(RELEASES, AskPack(publisher="acme", name="icons"))
    return {str(one.version): (one.state, one.reason) for one in found}


def archive(registry, token=None, note="acme/shapes goes on"):
    ask = ArchivePack(publisher="acme", name="icons", note=note)
    return registry.call(ARCHIVE, ask, token or registry.publisher("acme").token)


def revive(registry, *statements, keys=None):
    signers = keys or registry.publisher("acme").releases
    payloads = [
        restore.make_restore(Restore(v=1, statement=one, restores="yank", at=registry.clock())) for one in statements
    ]
    documents = [dsse.sign(one, restore.PAYLOAD_TYPE, signers).encode().decode() for one in payloads]
    ask = RevivePack(publisher="acme", name="icons", restores=documents)
    return registry.call(REVIVE, ask, registry.publisher("acme").token)


def statements(registry):
    found = registry.call(RELEASES, AskPack(publisher="acme", name="icons"))
    return {str(one.version): one.statement for one in found}


@pytest.fixture
def three(registry):
    """1.0.0, 1.1.0 and 1.2.0, of which 1.1.0 was yanked for a reason of its own."""
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        registry.publish("acme/icons", version)
    ask = YankRelease(publisher="acme", name="icons", version="1.1.0", reason="broken")
    registry.call(YANK, ask, registry.publisher("acme").token)
    return registry


def test_archiving_yanks_what_is_not_yanked_and_takes_the_pack_out_of_search(three):
    act = archive(three)
    assert [str(version) for version in act.versions] == ["1.2.0", "1.0.0"]
    assert releases(three) == {
        "1.2.0": ("yanked", "archived"), "1.1.0": ("yanked", "broken"), "1.0.0": ("yanked", "archived"),
    }  # fmt: skip
    assert three.call(SEARCH, SearchPacks()).packs == []
    again = archive(three)
    assert (again.versions, again.log_index) == ([], None)


def test_reviving_lifts_what_archiving_yanked_and_nothing_else(three):
    archive(three)
    known = statements(three)
    assert refusal(lambda: revive(three, known["1.1.0"])) == "catalog.not-archived"
    act = revive(three, known["1.0.0"], known["1.2.0"])
    assert [str(version) for version in act.versions] == ["1.2.0", "1.0.0"]
    assert releases(three) == {"1.2.0": ("published", ""), "1.1.0": ("yanked", "broken"), "1.0.0": ("published", "")}
    assert [str(hit.version) for hit in three.call(SEARCH, SearchPacks()).packs] == ["1.2.0"]


def test_of_several_documents_one_that_does_not_hold_keeps_all_from_working(three):
    archive(three)
    known = statements(three)
    stranger = three.publisher("birdsong").releases
    assert refusal(lambda: revive(three, known["1.0.0"], keys=stranger)) == "trust.not-authentic"
    assert refusal(lambda: revive(three, known["1.0.0"], known["1.1.0"])) == "catalog.not-archived"
    assert releases(three)["1.0.0"] == ("yanked", "archived")


def test_only_its_publisher_archives_a_pack(three):
    assert refusal(lambda: archive(three, three.publisher("birdsong").token)) == "publishers.not-yours"
    assert releases(three)["1.2.0"] == ("published", "")
