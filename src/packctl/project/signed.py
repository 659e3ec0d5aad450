"""What the publisher of an installed pack signed about it: read offline, bound to pack.lock by digests, no signature checked here.

pack.lock names the digest of a release's statement, the install state keeps its packproof, and the statement names the digest of pack.toml.
Whoever trusts the lock may trust what is given here; whether the lock is right is what `packctl verify` tells. So this loads neither
cryptography nor TUF.
"""

import binascii
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from packctl.project.find import Place
from packctl.project.state import InstallState, Receipt, packproof_name
from packspec import limits, wire
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.lockfile import Lock, LockedPack
from packspec.manifest import Manifest, parse_manifest
from packspec.tree import Tree


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a statement that are used here (docs/spec/statement.md)."""

    license: str
    created: str
    manifest: str
    files: int
    unpacked: int


class _InToto(msgspec.Struct, frozen=True):
    predicate: Claimed


class _Envelope(msgspec.Struct, frozen=True):
    payload: str


class _Packproof(msgspec.Struct, frozen=True):
    statement: _Envelope
    leaf: str


class _Leaf(msgspec.Struct, frozen=True):
    at: int


class SignedPack(Struct, frozen=True):
    """One installed pack. `claimed`, `published_at` and `manifest` are None where the evidence is gone or was changed."""

    locked: LockedPack
    receipt: Receipt
    folder: Path
    """Where its files lie."""
    claimed: Claimed | None = None
    published_at: int | None = None
    """When it entered the log: seconds since the epoch, UTC."""
    manifest: Manifest | None = None
    tree: Tree | None = None

    def text_of_terms(self) -> str | None:
        """The license file of the pack, if it names one and it is here as it was signed."""
        name = self.manifest.pack.license_file if self.manifest else None
        entry = self.tree.by_path.get(str(name)) if self.tree and name else None
        if entry is None or entry.size > limits.MANIFEST_BYTES:
            return None
        data = _read(self.folder / entry.path, entry.size)
        return data.decode("utf-8", "replace") if data is not None and Digest.of(data).same(entry.sha256) else None


def signed_packs(place: Place, folder: str, lock: Lock) -> Iterator[SignedPack]:
    """The packs that are installed in `folder` of the project and are what the lock names, by name. Raises StateBroken, DiskFailed."""
    packs = place.folder / folder
    state = InstallState.load(packs)
    for locked in sorted(lock.packs, key=lambda pack: pack.name):
        receipt = state.receipts.get(locked.name)
        if receipt is not None and receipt.statement == locked.statement:
            yield _signed(locked, receipt, packs / locked.name, state)


def _signed(locked: LockedPack, receipt: Receipt, folder: Path, state: InstallState) -> SignedPack:
    claimed, published_at = _claimed(state.read(packproof_name(locked.name)), locked.statement)
    manifest = _manifest(folder, claimed) if claimed else None
    return SignedPack(locked, receipt, folder, claimed, published_at, manifest, state.tree(locked.name))


def _claimed(data: bytes | None, statement: Digest) -> tuple[Claimed | None, int | None]:
    if data is None:
        return None, None
    try:
        proof = wire.decode(data, _Packproof)
        payload = binascii.a2b_base64(proof.statement.payload)
        if not Digest.of(payload).same(statement):
            return None, None
        leaf = wire.decode(proof.leaf.encode(), _Leaf)
        return wire.decode(payload, _InToto).predicate, leaf.at
    except (msgspec.DecodeError, binascii.Error):
        return None, None


def _manifest(folder: Path, claimed: Claimed) -> Manifest | None:
    data = _read(folder / "pack.toml", limits.MANIFEST_BYTES)
    if data is None or Digest.of(data) != claimed.manifest:
        return None
    try:
        return parse_manifest(data, strict=False)
    except PackError:
        return None


def _read(path: Path, ceiling_bytes: int) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(ceiling_bytes + 1)
    except OSError:
        return None
