"""Answers about packs: what everybody may see."""

from packspec.protocol.catalog import (
    ASSETS,
    RELEASES,
    SEARCH,
    SHOW,
    AskAssets,
    AskPack,
    AssetList,
    AssetView,
    PackPage,
    PackView,
    ReleaseView,
    SearchPacks,
)
from packspec.versions import Version
from registry_server.call import Call
from registry_server.catalog import actions, store
from registry_server.catalog.assets import Wanted, assets_of
from registry_server.catalog.rules import Release
from registry_server.http.bind import bind
from registry_server.publishers import actions as publishers


def search(call: Call, ask: SearchPacks) -> PackPage:
    """Packs that fit, in pages."""
    found = store.search(call.db, ask, publishers.verified(call))
    return PackPage(packs=found.hits, total=found.total, page=ask.page, pages=pages(found.total, ask.limit))


def show(call: Call, ask: AskPack) -> PackView:
    """A pack with all its releases. One whose releases are all yanked is still shown by name, with its highest release's texts."""
    pack = actions.get(call, ask.pack)
    releases = store.releases(call.db, pack)
    shown = next((one for one in releases if one.version == pack.latest), releases[0])
    texts, publisher = store.texts(call.db, pack, shown.version), publishers.get(call, ask.publisher)
    return PackView.of(
        texts.listing,
        name=pack.name,
        kind=pack.kind,
        description=texts.description,
        license=shown.license,
        paid=shown.paid,
        verified=publisher.is_verified,
        publisher=publisher.name,
        publisher_display_name=publisher.display_name,
        latest=pack.latest,
        releases=[_view(one, pack.latest) for one in releases],
        size=shown.size,
    )


def releases(call: Call, ask: AskPack) -> list[ReleaseView]:
    """All releases, highest first."""
    pack = actions.get(call, ask.pack)
    return [_view(one, pack.latest) for one in store.releases(call.db, pack)]


def assets(call: Call, ask: AskAssets) -> AssetList:
    """Assets of one release; of the latest where none is named, of the highest where none may be chosen."""
    pack = actions.get(call, ask.pack)
    version = ask.version or pack.latest or store.releases(call.db, pack)[0].version
    release = actions.get_release(call, pack, version)
    wanted = Wanted(ask.type, ask.tag, ask.feature)
    found = [asset for asset in assets_of(call.world, release) if wanted.fits(asset)]
    start = (ask.page - 1) * ask.limit
    return AssetList(
        pack=pack.name,
        version=release.version,
        assets=[AssetView.of(asset) for asset in found[start : start + ask.limit]],
        total=len(found),
        page=ask.page,
        pages=pages(len(found), ask.limit),
    )


def pages(total: int, limit: int) -> int:
    """How many pages `total` rows fill."""
    return -(-total // limit)


def _view(one: Release, latest: Version | None) -> ReleaseView:
    mark = one.mark
    return ReleaseView(
        version=one.version,
        state=one.state.value,
        published_at=one.published_at,
        size=one.size,
        unpacked=one.unpacked,
        files=one.files,
        archive=one.archive,
        statement=one.statement,
        is_latest=one.version == latest,
        is_prerelease=one.version.is_prerelease,
        license=one.license,
        paid=one.paid,
        reason=mark.reason if mark else "",
        note=mark.note if mark else "",
        use=mark.use if mark else "",
        action=mark.action if mark else "",
        replacement=mark.replacement if mark else "",
        changelog=one.changelog,
    )


BINDINGS = (bind(SEARCH, search), bind(SHOW, show), bind(RELEASES, releases), bind(ASSETS, assets))
"""What this room answers."""
