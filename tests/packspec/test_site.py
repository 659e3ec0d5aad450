"""Where static files live, and which of them change."""

import pytest

from packspec import site
from packspec.digests import Digest
from packspec.log.leaf import LoggedPack
from packspec.log.tiles import ENTRIES, Tile
from packspec.names import PackName, PublisherName
from packspec.site import Cache
from packspec.versions import Version

SHA = Digest("ab" + "0" * 62)
TOKEN = LoggedPack("~" + "0123456789abcdef" * 2)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (site.blob(SHA), f"blobs/sha256/ab/{SHA}"),
        (site.document(SHA), f"documents/sha256/ab/{SHA}.json"),
        (site.packproof(PackName("acme/farm"), Version.parse("1.2.0+build")), "proofs/acme/farm/1.2.0.packproof"),
        (site.private_packproof(TOKEN, SHA), f"proofs/~/{TOKEN[1:]}/{SHA}.packproof"),
        (site.publisher_root(PublisherName("acme"), 2), "publishers/acme/2.root.json"),
        (site.log_tile(Tile(0, 1067)), "log/tile/0/x001/067"),
        (site.log_tile(Tile(ENTRIES, 0, 5)), "log/tile/entries/000.p/5"),
        (site.tuf_metadata("snapshot", 7), "tuf/7.snapshot.json"),
        (site.tuf_metadata("bin4-f", 7), "tuf/7.bin4-f.json"),
        (site.tuf_metadata("../x", 1), "tuf/1...%2Fx.json"),
        (site.target(site.pack_target(PackName("acme/farm")), SHA), f"tuf/targets/index/acme/{SHA}.farm.json"),
        (site.target(site.pack_target(TOKEN), SHA), f"tuf/targets/index/~/{SHA}.{TOKEN[1:]}.json"),
        (site.target(site.publisher_target(PublisherName("acme")), SHA), f"tuf/targets/index/{SHA}.acme.json"),
        (site.target(site.RECALLS_TARGET, SHA), f"tuf/targets/index/_/{SHA}.recalls.json"),
        (site.target(site.LOG_TARGET, SHA), f"tuf/targets/trust/{SHA}.log.json"),
        (site.target("top.json", SHA), f"tuf/targets/{SHA}.top.json"),
    ],
)
def test_each_kind_of_file_has_its_place(path: str, expected: str) -> None:
    assert path == expected
    assert path.startswith(site.PREFIXES)


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        ("tuf/timestamp.json", Cache.SHORT),
        ("log/checkpoint", Cache.SHORT),
        ("tuf/7.snapshot.json", Cache.FOREVER),
        ("tuf/1.root.json", Cache.FOREVER),
        ("log/tile/0/000.p/5", Cache.FOREVER),
        ("proofs/acme/farm/1.2.0.packproof", Cache.FOREVER),
        (f"proofs/~/{TOKEN[1:]}/{SHA}.packproof", Cache.PRIVATE),
        (f"tuf/targets/index/~/{SHA}.{TOKEN[1:]}.json", Cache.PRIVATE),
        (f"tuf/targets/index/acme/{SHA}.farm.json", Cache.FOREVER),
    ],
)
def test_all_files_but_two_are_cached_for_ever(path: str, cache: Cache) -> None:
    assert site.cache_of(path) is cache


def test_R25_private_files_are_never_shared() -> None:
    assert Cache.PRIVATE.startswith("private,")
    assert Cache.SHORT.value == "public, max-age=60"
