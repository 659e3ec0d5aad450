"""The registry's roots, from the pinned one to the newest at hand, each signed by itself and by the one before it."""

from collections.abc import Mapping

from msgspec import Struct
from tuf.api.metadata import Root

from packctl.trust.faults import MetadataMismatch, RootMismatch
from packctl.trust.signed import check_signed, load
from packspec.digests import Digest


class PinnedChain(Struct, frozen=True):
    """The registry's roots from the pinned one on, each signed by the one before; `digests` by version, `root` the newest."""

    root: Root
    digests: Mapping[int, Digest]


def read_chain(
    roots: Mapping[int, bytes], pinned: Digest, address: str, used: dict[str, bytes] | None = None
) -> PinnedChain:
    """The chain of roots from the pinned one to the newest at hand.

    Raises RootMismatch if the pinned one is not among them, MetadataSignature, MetadataMismatch, MetadataMalformed, MetadataTooBig,
    DuplicateKey.
    """
    start = next((version for version, data in roots.items() if Digest.of(data).same(pinned)), None)
    if start is None:
        newest = max(roots, default=0)
        found = f"root {newest}, {Digest.of(roots[newest]).labelled}" if roots else "no root"
        raise RootMismatch(address, pinned, "the pin", found)
    before: Root | None = None
    digests: dict[int, Digest] = {}
    version = start
    while (data := roots.get(version)) is not None:
        before = next_root(before, version, data)
        digests[version] = Digest.of(data)
        if used is not None:
            used[f"{version}.root.json"] = data
        version += 1
    assert before is not None  # the pinned one was read
    return PinnedChain(before, digests)


def check_own(data: bytes) -> int:
    """The version of the root in `data`, signed by itself. Raises MetadataMalformed, MetadataSignature, DuplicateKey, MetadataTooBig."""
    found = load(Root, "root", data)
    check_signed(found.signed, "root", found)
    return found.signed.version


def next_root(before: Root | None, version: int, data: bytes) -> Root:
    """Root `version`, signed by itself and by the one before it, if there is one."""
    found = load(Root, "root", data)
    for signer in (before, found.signed):
        if signer is not None:
            check_signed(signer, "root", found)
    if found.signed.version != version:
        raise MetadataMismatch("root", f"version {version}", f"version {found.signed.version}")
    return found.signed
