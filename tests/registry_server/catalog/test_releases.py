"""What is told about a pack, and what its publisher may say about a release afterwards."""

import pytest

from packspec.digests import Digest
from packspec.log.leaf import DeprecateLeaf, RestoreLeaf, YankLeaf, parse_leaf
from packspec.names import PackName
from packspec.problems import Relayed
from packspec.protocol.catalog import ASSETS, RELEASES, SHOW, AskAssets, AskPack
from packspec.protocol.publishing import DEPRECATE, RESTORE, YANK, DeprecateRelease, RestoreRelease, YankRelease
from packspec.signing import dsse, restore
from packspec.signing.restore import Restore
from packspec.versions import Version
from registry_server.actor import SYSTEM
from registry_server.audit.actions import entries
from registry_server.call import call_of
from registry_server.log import actions as log
from tests.support import publishing as do
from tests.support.evidence import Site
from tests.support.invariants import clean_refusal

ICONS = PackName("acme/icons")
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (64).to_bytes(4, "big") + (32).to_bytes(4, "big") + b"\x08\x06\0\0\0"


def refusal(call):
    with pytest.raises(Relayed) as caught:
        call()
    clean_refusal(caught.value)
    return caught.value.code


def show(registry, name="icons"):
    return registry.call(SHOW, AskPack(publisher="acme", name=name))


def yank(registry, version="1.0.0", reason="broken", note="", token=None):
    ask = YankRelease(publisher="acme", name="icons", version=version, reason=reason, note=note)
    return registry.call(YANK, ask, token or registry.publisher("acme").token)


def deprecate(registry, version="1.0.0", reason="superseded", note="", use=None):
    ask = DeprecateRelease(publisher="acme", name="icons", version=version, reason=reason, note=note, use=use)
    return registry.call(DEPRECATE, ask, registry.publisher("acme").token)


def document(registry, statement, restores="yank", keys=None):
    payload = restore.make_restore(Restore(v=1, statement=statement, restores=restores, at=registry.clock()))
    return dsse.sign(payload, restore.PAYLOAD_TYPE, keys or registry.publisher("acme").releases)


def lift(registry, envelope, version="1.0.0"):
    ask = RestoreRelease(publisher="acme", name="icons", version=version, restore=envelope.encode().decode())
    return registry.call(RESTORE, ask, registry.publisher("acme").token)


def states(registry):
    return {str(one.version): one.state for one in registry.call(RELEASES, AskPack(publisher="acme", name="icons"))}


def listed(registry, version="1.0.0"):
    found = Site(registry.world.public.read).listed(ICONS, Version.parse(version))
    assert found is not None
    return found


def size_of_log(registry):
    with call_of(registry.world, SYSTEM).reading() as call:
        return log.size(call)


def last_leaf(registry):
    with call_of(registry.world, SYSTEM).reading() as call:
        size = log.size(call)
        return parse_leaf(log.entries(call, size - 1, size)[0])


# What is told


def test_a_pack_tells_all_its_releases_highest_first(registry):
    changelog = b"# Changes\n\n## 1.10.0\n- More circles\n\n## 1.9.0\n- Circles\n"
    for version in ("1.9.0", "2.0.0-rc.1", "1.10.0"):
        registry.publish("acme/icons", version, {"CHANGELOG.md": changelog}, {"changelog": "CHANGELOG.md"})
    shown = show(registry)
    assert [str(one.version) for one in shown.releases] == ["2.0.0-rc.1", "1.10.0", "1.9.0"]
    assert [(one.is_latest, one.is_prerelease) for one in shown.releases] == [
        (False, True),
        (True, False),
        (False, False),
    ]
    assert [one.changelog for one in shown.releases] == ["", "- More circles", "- Circles"]
    assert str(shown.latest) == "1.10.0"
    newest = shown.releases[1]
    row = listed(registry, "1.10.0")
    assert (newest.archive, newest.statement, newest.size) == (row.archive.sha256, row.statement, row.archive.size)
    assert registry.call(RELEASES, AskPack(publisher="acme", name="icons")) == shown.releases


def test_a_pack_tells_what_its_manifest_says(registry):
    registry.publish("acme/base", "1.0.0")
    registry.publish(
        "acme/icons",
        "1.0.0",
        {"README.md": "# Über".encode(), "a.svg": do.SVG},
        {
            "title": "Icons",
            "readme": "README.md",
            "links": {"home": "https://acme.example"},
            "languages": ["de", "en"],
            "education": {"objectives": ["Know a circle"]},
        },
        {"dependencies": {"acme/base": "^1"}},
    )
    shown = show(registry)
    assert (shown.title, shown.description, shown.publisher, shown.publisher_display_name) == (
        "Icons",
        "# Über",
        "acme",
        "Acme",
    )
    assert (shown.links, shown.languages, shown.objectives) == (
        {"home": "https://acme.example"},
        ["de", "en"],
        ["Know a circle"],
    )
    assert (shown.needs, shown.assets) == (["acme/base ^1"], 1)


def test_what_is_not_there_is_told_by_name(registry):
    registry.publish("acme/icons", "1.0.0")
    assert refusal(lambda: show(registry, "other")) == "catalog.no-such-pack"
    assert refusal(lambda: yank(registry, "9.9.9")) == "catalog.no-such-release"
    asked = AskAssets(publisher="acme", name="icons", version=Version.parse("9.9.9"))
    assert refusal(lambda: registry.call(ASSETS, asked)) == "catalog.no-such-release"


def test_a_submission_is_no_release(registry):
    registry.submit("acme/icons", "1.0.0")
    assert refusal(lambda: show(registry)) == "catalog.no-such-pack"


# Assets


@pytest.fixture
def assets(registry):
    entries_ = [
        {"path": "b.png", "title": "Barn", "tags": ["farm"], "teaches": ["counting"], "order": 1, "highlight": True},
        {"path": "s/*.svg", "type": "sticker", "features": ["stickers"]},
    ]
    files = {"README.md": b"# Read", "b.png": PNG, "s/a.svg": do.SVG, "s/z.svg": do.SVG}
    registry.publish(
        "acme/icons", "1.0.0", files, {"readme": "README.md", "features": ["stickers", "scenes"]}, {"assets": entries_}
    )
    return registry


def paths(registry, **ask):
    return [one.path for one in registry.call(ASSETS, AskAssets(publisher="acme", name="icons", **ask)).assets]


def test_assets_are_listed_with_type_size_and_dimensions(assets):
    found = assets.call(ASSETS, AskAssets(publisher="acme", name="icons"))
    assert [(one.path, one.type, one.media_type, one.dimensions) for one in found.assets] == [
        ("b.png", "prop", "image/png", "64x32"),
        ("s/a.svg", "sticker", "image/svg+xml", "16x16"),
        ("s/z.svg", "sticker", "image/svg+xml", "16x16"),
    ]
    barn = found.assets[0]
    assert (barn.size, barn.sha256) == (len(PNG), Digest.of(PNG))
    assert (found.pack, str(found.version), found.total) == ("acme/icons", "1.0.0", 3)


def test_assets_have_tags_and_what_they_teach_and_are_filtered_by_them(assets):
    barn = assets.call(ASSETS, AskAssets(publisher="acme", name="icons")).assets[0]
    assert (barn.title, barn.tags, barn.teaches, barn.order, barn.highlight) == (
        "Barn",
        ["farm"],
        ["counting"],
        1,
        True,
    )
    assert paths(assets, tag="farm") == ["b.png"]
    assert paths(assets, type="sticker") == ["s/a.svg", "s/z.svg"]
    assert paths(assets, feature="stickers") == ["b.png", "s/a.svg", "s/z.svg"]
    assert paths(assets, feature="scenes") == ["b.png"]
    assert paths(assets, type="sound") == []


def test_R36_assets_come_in_pages(assets):
    assert paths(assets, limit=2, page=1) == ["b.png", "s/a.svg"]
    assert paths(assets, limit=2, page=2) == ["s/z.svg"]
    assert paths(assets, limit=2, page=3) == []


# Yank


def test_a_yank_is_in_the_log_in_the_index_in_the_trail_and_keeps_the_release_from_being_latest(registry):
    registry.publish("acme/icons", "1.0.0")
    registry.publish("acme/icons", "1.1.0")
    done = yank(registry, "1.1.0", "security", "leaks a font")

    assert (done.pack, str(done.version), done.state, done.log_index) == ("acme/icons", "1.1.0", "yanked", 10)
    assert states(registry) == {"1.1.0": "yanked", "1.0.0": "published"}
    leaf = last_leaf(registry)
    assert isinstance(leaf, YankLeaf)
    assert (leaf.reason, leaf.note, leaf.statement) == ("security", "leaks a font", listed(registry, "1.1.0").statement)
    assert (listed(registry, "1.1.0").state, listed(registry, "1.1.0").reason) == ("yanked", "security")
    shown = show(registry)
    assert str(shown.latest) == "1.0.0"
    assert (shown.releases[0].reason, shown.releases[0].note) == ("security", "leaks a font")
    with registry.world.database.reading() as db:
        assert entries(db, about="pack:acme/icons")[0].action == "release.yank"


def test_saying_the_same_again_adds_no_entry_and_another_reason_does(registry):
    registry.publish("acme/icons", "1.0.0")
    first, again = yank(registry), yank(registry)
    assert (again.log_index, again.is_new) == (first.log_index, False)
    assert yank(registry, reason="malware").log_index == first.log_index + 1
    assert listed(registry).reason == "malware"


def test_only_the_publisher_yanks_and_only_with_a_reason_of_the_list(registry):
    registry.publish("acme/icons", "1.0.0")
    stranger = registry.publisher("other").token
    assert refusal(lambda: yank(registry, token=stranger)) == "publishers.not-yours"
    assert refusal(lambda: yank(registry, token=registry.reviewer().token)) == "publishers.not-yours"
    assert refusal(lambda: yank(registry, reason="because")) == "catalog.bad-reason"
    assert refusal(lambda: yank(registry, reason="superseded")) == "catalog.bad-reason"
    assert states(registry) == {"1.0.0": "published"}


# Lifting it


def test_a_release_key_lifts_a_yank(registry):
    registry.publish("acme/icons", "1.0.0")
    yank(registry)
    envelope = document(registry, listed(registry).statement)
    done = lift(registry, envelope)
    assert (done.state, done.log_index) == ("published", 10)
    leaf = last_leaf(registry)
    assert isinstance(leaf, RestoreLeaf)
    assert (leaf.restores, leaf.document) == ("yank", envelope.digest)
    row = listed(registry)
    assert (row.state, row.restored, row.restored_log) == ("published", envelope.digest, 10)
    public = registry.client.get(f"/documents/sha256/{envelope.digest[:2]}/{envelope.digest}.json")
    assert public.content == envelope.encode()
    assert str(show(registry).latest) == "1.0.0"


def test_loosening_needs_a_signature_that_counts_over_this_very_release(registry):
    acme = registry.publisher("acme")
    registry.publish("acme/icons", "1.0.0")
    registry.publish("acme/icons", "1.1.0")
    yank(registry)
    mine, other = listed(registry).statement, listed(registry, "1.1.0").statement
    assert refusal(lambda: lift(registry, document(registry, mine, keys=[acme.owner]))) == "trust.not-authentic"
    assert refusal(lambda: lift(registry, document(registry, other))) == "trust.statement-mismatch"
    assert refusal(lambda: lift(registry, document(registry, mine, restores="recall"))) == "trust.statement-mismatch"
    assert states(registry)["1.0.0"] == "yanked"


def test_what_is_so_already_is_answered_as_that_and_adds_nothing_to_the_log(registry):
    """A lost answer may be asked for again: yank, its undoing, deprecation and its undoing."""
    registry.publish("acme/icons", "1.0.0")
    acts = [
        lambda: yank(registry),
        lambda: lift(registry, document(registry, listed(registry).statement)),
        lambda: deprecate(registry),
        lambda: deprecate(registry, reason="none"),
    ]
    for act, state, index in zip(
        acts, ("yanked", "published", "deprecated", "published"), (9, 10, 11, 12), strict=True
    ):
        first = act()
        assert (first.state, first.log_index, first.is_new) == (state, index, True)
        again = act()
        assert (again.state, again.is_new) == (state, False)
        assert size_of_log(registry) == index + 1
    lost = lift(registry, document(registry, listed(registry).statement))
    assert (lost.state, lost.log_index, lost.is_new) == ("published", 8, False)


def test_a_deprecation_points_at_a_pack_that_is_there(registry):
    registry.publish("acme/icons", "1.0.0")
    assert refusal(lambda: deprecate(registry, use="acme/nothing")) == "catalog.no-such-pack"
    registry.publish("acme/better", "1.0.0")
    assert deprecate(registry, use="acme/better").is_new


def test_a_restore_document_lifts_one_yank_and_no_later_one(registry):
    registry.publish("acme/icons", "1.0.0")
    yank(registry)
    envelope = document(registry, listed(registry).statement)
    lift(registry, envelope)
    yank(registry, reason="malware")
    assert refusal(lambda: lift(registry, envelope)) == "catalog.restore-used"
    registry.clock.advance(minutes=1)
    assert lift(registry, document(registry, listed(registry).statement)).state == "published"


# Deprecation


def test_a_deprecation_points_elsewhere_and_is_lifted_by_none(registry):
    registry.publish("acme/icons", "1.0.0")
    registry.publish("acme/better", "1.0.0")
    done = deprecate(registry, note="drawn anew", use="acme/better")
    assert (done.state, done.log_index) == ("deprecated", 10)
    leaf = last_leaf(registry)
    assert isinstance(leaf, DeprecateLeaf)
    assert (leaf.reason, leaf.note, leaf.use) == ("superseded", "drawn anew", "acme/better")
    (one,) = show(registry).releases
    assert (one.state, one.reason, one.note, one.use, one.is_latest) == (
        "deprecated",
        "superseded",
        "drawn anew",
        "acme/better",
        True,
    )
    assert (listed(registry).state, listed(registry).use) == ("deprecated", "acme/better")
    again = deprecate(registry, note="drawn anew", use="acme/better")
    assert (again.state, again.log_index, again.is_new) == ("deprecated", 10, False)

    lifted = deprecate(registry, reason="none")
    assert (lifted.state, lifted.log_index) == ("published", 11)
    assert (listed(registry).state, listed(registry).reason) == ("published", None)


def test_a_deprecation_comes_back_when_a_yank_over_it_is_lifted(registry):
    registry.publish("acme/icons", "1.0.0")
    deprecate(registry)
    yank(registry)
    assert (states(registry)["1.0.0"], listed(registry).state) == ("yanked", "yanked")
    done = lift(registry, document(registry, listed(registry).statement))
    assert (done.state, listed(registry).state, show(registry).releases[0].reason) == (
        "deprecated",
        "deprecated",
        "superseded",
    )


def test_a_deprecation_needs_a_reason_and_another_pack(registry):
    registry.publish("acme/icons", "1.0.0")
    assert refusal(lambda: deprecate(registry, reason="old")) == "catalog.bad-reason"
    assert refusal(lambda: deprecate(registry, use="acme/icons")) == "catalog.uses-itself"
    assert deprecate(registry, reason="none").log_index == 8
    assert states(registry) == {"1.0.0": "published"}
