"""Where every static file of a registry lives, and how long it may be cached (docs/spec/site.md).

Paths are relative to the registry's address, with `/`. All files are immutable but timestamp, checkpoint and status lists, which are signed
and short-lived; so any web server, mirror or carry file can serve them. Names of TUF targets are the ones that metadata lists; `target`
says where such a file lies.
"""

from enum import StrEnum
from urllib.parse import quote

from packspec.digests import Digest
from packspec.log.leaf import LoggedPack
from packspec.log.tiles import Tile
from packspec.names import PackName, PublisherName
from packspec.versions import Version

TIMESTAMP = "tuf/timestamp.json"
CHECKPOINT = "log/checkpoint"

RECALLS_TARGET = "index/_/recalls.json"
LOG_TARGET = "trust/log.json"
REVIEWERS_TARGET = "trust/reviewers.json"
POLICY_TARGET = "trust/policy.json"
RESETS_TARGET = "trust/resets.json"
LICENSE_KEYS_TARGET = "trust/license-keys.json"
TRUST_TARGETS = (LOG_TARGET, REVIEWERS_TARGET, POLICY_TARGET, RESETS_TARGET, LICENSE_KEYS_TARGET)
"""The trust files, signed by the registry's offline keys. Every target but these and the index is unknown to this version."""

STATUS_LISTS = "license-status/"
PREFIXES = ("tuf/", "log/", "proofs/", "publishers/", "documents/", "blobs/", STATUS_LISTS)
"""What the paths of static files begin with."""


class Cache(StrEnum):
    """How a static file may be cached; the value is its `Cache-Control`."""

    FOREVER = "public, max-age=31536000, immutable"
    SHORT = "public, max-age=60"
    PRIVATE = "private, max-age=31536000, immutable"
    """Only for the account that asked: files of private packs and of packs that must be paid."""


def cache_of(path: str) -> Cache:
    """How the file at `path` may be cached. Whether a blob is free the path does not say; who serves a licensed one answers PRIVATE."""
    if path in (TIMESTAMP, CHECKPOINT) or path.startswith(STATUS_LISTS):
        return Cache.SHORT
    if path.startswith(("proofs/~/", "tuf/targets/index/~/")):
        return Cache.PRIVATE
    return Cache.FOREVER


def status_list(number: int) -> str:
    """The signed list that tells which licenses are revoked: `license-status/0`."""
    return f"{STATUS_LISTS}{number}"


# TUF


def tuf_metadata(role: str, version: int) -> str:
    """Metadata of `role`, any version but the timestamp's, which has none in its name. Special characters of a role are escaped."""
    return f"tuf/{version}.{quote(role, safe='')}.json"


def target(name: str, sha256: Digest) -> str:
    """The file of the TUF target called `name`: consistent snapshots put the digest in front of the last part."""
    folder, slash, file = name.rpartition("/")
    return f"tuf/targets/{folder}{slash}{sha256}.{file}"


def pack_target(pack: PackName | LoggedPack) -> str:
    """The name of the target with a pack's index: `index/acme/farm.json`, `index/~/TOKEN.json`."""
    return f"index/~/{pack[1:]}.json" if pack.startswith("~") else f"index/{pack}.json"


def publisher_target(publisher: PublisherName) -> str:
    """The name of the target with a publisher's roots: `index/acme.json`."""
    return f"index/{publisher}.json"


# Log


def log_tile(tile: Tile) -> str:
    """A tile of the log: `log/tile/0/x001/067`."""
    return f"log/{tile.path}"


# Documents


def packproof(pack: PackName, version: Version) -> str:
    """The packproof of a release: `proofs/acme/farm/1.2.3.packproof`."""
    return f"proofs/{pack}/{version.without_build()}.packproof"


def private_packproof(pack: LoggedPack, statement: Digest) -> str:
    """The packproof of a release of a private pack: `proofs/~/TOKEN/STATEMENT.packproof`."""
    return f"proofs/~/{pack.token}/{statement}.packproof"


def publisher_root(publisher: PublisherName, version: int) -> str:
    """A publisher root in its envelope: `publishers/acme/2.root.json`."""
    return f"publishers/{publisher}/{version}.root.json"


def document(sha256: Digest) -> str:
    """A signed document (restore, attestation) in its envelope, by the digest of its payload: `documents/sha256/ab/DIGEST.json`.

    Not among the blobs: those are what their digest says, and an envelope is not its payload.
    """
    return f"documents/sha256/{sha256[:2]}/{sha256}.json"


def blob(sha256: Digest) -> str:
    """Bytes by their own digest (archive, tree, manifest, what is attached): `blobs/sha256/ab/DIGEST`."""
    return f"blobs/sha256/{sha256[:2]}/{sha256}"
