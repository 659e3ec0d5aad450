"""Registries that lie, for transcripts: each lie at an address or a pack of its own, told from one state that nobody changes any more.

What a thief of keys or a careless proxy could do, and nothing else: every registry here is one of ours with its own keys.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from packspec import canonical, site
from packspec.index import PackIndex
from packspec.names import PackName
from packspec.versions import Version
from registry_server.index.repository import Repository
from tests.support.hostile import HostileRegistry, Lie, gullible, hostile_registry

FIRST = Version.parse("1.0.0")


@contextmanager
def impostors(folder: Path) -> Iterator[Mapping[str, str]]:
    """Addresses by name. {registry}, whose root is {pin}, is honest about acme/icons, and about no other pack."""
    with ExitStack() as opened:
        registry = opened.enter_context(hostile_registry(folder / "registry"))
        ahead = opened.enter_context(hostile_registry(folder / "ahead", now=int(time.time()) + 7200))
        _tell_lies(registry)
        urls = {"registry": registry.url, "pin": registry.root.labelled}
        for name, lies in _metadata(registry).items():
            one = HostileRegistry(registry.world, registry.publication, registry.root, registry.clock, lies)
            urls[name] = opened.enter_context(one.liar).url
        yield {**urls, "ahead": ahead.url, "ahead_pin": ahead.root.labelled}


def _tell_lies(registry: HostileRegistry) -> None:
    """Packs about which {registry} lies. It lets in what no client would take, as one whose own check was taken out."""
    publication = registry.publication
    with gullible():
        publication.publish("acme/forged", "1.0.0", signers=["mallory"])
        publication.publish("acme/unreviewed", "1.0.0", approvers=["mallory"])
    altered = publication.publish("acme/altered", "1.0.0").statement.archive.sha256
    for name in ("lost", "exchanged", "relabelled"):
        publication.publish(f"acme/{name}", "1.0.0")
    icons = registry.read(site.packproof(PackName("acme/icons"), FIRST))
    bytes_ = bytearray(registry.read(site.blob(altered)))
    bytes_[-60] ^= 1
    registry.lie(site.blob(altered), bytes(bytes_))
    registry.lie(site.packproof(PackName("acme/lost"), FIRST), None)
    registry.lie(site.packproof(PackName("acme/exchanged"), FIRST), icons)
    registry.sign({site.pack_target(PackName("acme/relabelled")): _freed(registry, PackName("acme/relabelled"))})


def _freed(registry: HostileRegistry, pack: PackName) -> bytes:
    """The index of a pack under other terms than its publisher signed."""
    document = json.loads(PackIndex.parse(registry.target(site.pack_target(pack)), pack).encode())
    document["releases"][0]["license"] = "CC0-1.0"
    return canonical.encode(document)


def _metadata(registry: HostileRegistry) -> dict[str, dict[str, Lie]]:
    """Lies about the metadata, by the name of the address that tells them."""
    unsigned = json.loads(registry.read(site.TIMESTAMP))
    unsigned["signatures"].clear()
    newest = Repository.load(registry.world.public).snapshot.version
    older = registry.read(site.tuf_metadata("snapshot", newest - 1)).ljust(64 << 10)  # signatures have no fixed length
    return {
        "portal": {f"/{site.TIMESTAMP}": b"<html>Please log in to our network</html>"},
        "unsigned": {f"/{site.TIMESTAMP}": json.dumps(unsigned).encode()},
        "mixed": {f"/{site.tuf_metadata('snapshot', newest)}": older},
    }
