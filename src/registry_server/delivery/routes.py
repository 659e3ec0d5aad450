"""Answers about files of paid releases, and what an address opens. The row: packspec/protocol/licenses.py."""

from packspec import site
from packspec.digests import Digest
from packspec.index.documents import IndexedRelease
from packspec.names import PackName
from packspec.protocol.activations import DOWNLOAD, DOWNLOAD_LATEST, AskDownload, Download
from packspec.protocol.catalog import AskPack
from registry_server.call import Call
from registry_server.delivery.gate import admit, find_latest, find_release, statement_of
from registry_server.delivery.rules import LINK_SECONDS, Link, link_secret
from registry_server.http.bind import bind
from registry_server.http.links import PREFIX
from registry_server.index.readable import readable
from registry_server.licensing.signing import signing
from registry_server.world import World


def download(call: Call, ask: AskDownload) -> Download:
    """Where the archive of a release lies."""
    return _answer(call, ask.pack, find_release(readable(call.world), ask.pack, ask.version))


def download_latest(call: Call, ask: AskPack) -> Download:
    """Where the archive of the latest release lies, and which that is."""
    return _answer(call, ask.pack, find_latest(readable(call.world), ask.pack))


def _answer(call: Call, pack: PackName, release: IndexedRelease) -> Download:
    """An address for all to fetch, or for who shows a license, for an hour."""
    until, archive = call.now + LINK_SECONDS, release.archive.sha256
    tree = statement_of(call.world, pack, release.version).tree.sha256
    if not release.paid:
        return Download(url=site.blob(archive), tree=site.blob(tree), expires_at=until, version=release.version)
    token = admit(call, pack, release)
    called = f"{pack} {release.version}"
    call.world.log.line("download", release=called, license=token.sub, activation=token.jti, pool=token.pool)
    url, listing = (PREFIX + Link(one, token.jti, until).path(_secret(call.world)) for one in (archive, tree))
    return Download(url=url, tree=listing, expires_at=until, version=release.version)


def opens(world: World, path: str, query: bytes) -> Digest:
    """What bytes an address opens now. Raises LinkRefused, LinkExpired."""
    return Link.read(path, query, _secret(world), world.now()).digest


def _secret(world: World) -> bytes:
    return link_secret(signing(world).keys.pepper)


BINDINGS = (bind(DOWNLOAD, download), bind(DOWNLOAD_LATEST, download_latest))
