"""A pack as a person is told of it, by the catalog of its registry; nothing of it is verified. From signed documents: `documented`."""

from collections.abc import Sequence

from msgspec import Struct

from packctl.registry.choose import chosen_client
from packctl.registry.client import RegistryClient
from packctl.registry.network import Origin
from packctl.session import Session
from packspec.index.missing import NoSuchRelease
from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.catalog import ASSETS, SHOW, AskAssets, AskPack, AssetView, PackView
from packspec.protocol.plans import PLANS
from packspec.versions import Version


class Described(Struct, frozen=True):
    """A pack and one release of it: that one's assets where they were asked for, and the plans that the pack is sold with."""

    origin: Origin
    view: PackView
    version: Version
    assets: Sequence[AssetView]
    plans: Sequence[Plan]


def by_catalog(session: Session, pack: PackName, asked: Version | None, *, with_assets: bool) -> Described:
    """Raises NoSuchRelease, and what choosing and asking a registry raise."""
    chosen, client = chosen_client(session, pack.publisher)
    view = client.call(SHOW, AskPack(publisher=pack.publisher, name=pack.name))
    version = asked or view.latest or view.releases[0].version
    if version not in [one.version for one in view.releases]:
        raise NoSuchRelease(str(pack), str(version), str(view.latest or ""))
    assets = _assets(client, pack, version) if with_assets else []
    plans = client.call(PLANS, AskPack(publisher=pack.publisher, name=pack.name)).plans if view.paid else []
    return Described(chosen.origin, view, version, assets, plans)


def _assets(client: RegistryClient, pack: PackName, version: Version) -> list[AssetView]:
    found: list[AssetView] = []
    page = 1
    while True:
        answer = client.call(ASSETS, AskAssets(publisher=pack.publisher, name=pack.name, version=version, page=page))
        found += answer.assets
        if page >= answer.pages:
            return found
        page += 1
