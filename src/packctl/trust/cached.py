"""Reads TUF metadata that is at hand, without network and for any moment: from the pinned root to trust files, recalls and indexes.

TUF's own client always wants the network and the system's clock. This reader walks the same way with `verify_delegate`: every file is
verified by the one before it each time it is read, because it lies where others can write. Expiry is told (`freshness`), not judged. Used
after a refresh to read what was fetched, and alone by `--offline`, `verify` and `--at`. With `tuf` the wall of the TUF library; imports
neither `tuf.ngclient` nor httpx. Chapter: docs/spec/tuf.md.
"""

import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import quote

from tuf.api.exceptions import LengthOrHashMismatchError, RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from packctl.registry.failures import Unreachable
from packctl.trust.faults import MetadataMalformed, MetadataMismatch, MetadataSignature, MetadataTooBig, RootMismatch
from packctl.trust.freshness import Freshness
from packspec import limits
from packspec.digests import BadDigest, Digest
from packspec.log.checkpoint import SignedNote
from packspec.signing.keys import BadKey, spki_of_pem
from packspec.signing.keyset import DuplicateKey

CHECKPOINT_FIELD = "x-packctl-checkpoint"
SIGNED_AT_FIELD = "x-packctl-signed-at"
CEILINGS = {
    "root": limits.TUF_ROOT_BYTES,
    "timestamp": limits.TUF_TIMESTAMP_BYTES,
    "snapshot": limits.TUF_SNAPSHOT_BYTES,
}
"""Largest file of each top-level role, bytes; all others are `targets`."""
ROOTS = "root_history"
"""The folder, inside the metadata folder, in which the library keeps roots."""
DELEGATIONS = 32
"""Most roles that one lookup visits."""

S = TypeVar("S", Root, Timestamp, Snapshot, Targets)


class MetadataFiles(Protocol):
    """Where metadata lies: the state of a registry on this machine, the install state of a project. Nothing it gives is trusted."""

    def roots(self) -> Mapping[int, bytes]:
        """Every root that is at hand, by version."""
        ...

    def role(self, name: str, version: int) -> bytes | None:
        """A role's metadata of this version, or whichever is there for version 0; None if there is none."""
        ...


class MetadataFolder:
    """The metadata that was accepted, as the library keeps it. A `MetadataFiles`.

    A delegated role is fetched when somebody looks something up in it, so an older one than the snapshot lists may lie there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def roots(self) -> dict[int, bytes]:
        """Every root that is at hand, by version."""
        found = {}
        for path in (self.path / ROOTS).glob("*.root.json"):
            version = path.name.partition(".")[0]
            if version.isascii() and version.isdecimal():
                found[int(version)] = _read(path, limits.TUF_ROOT_BYTES)
        return dict(sorted(found.items()))

    def role(self, name: str, version: int) -> bytes | None:
        """A role's metadata, if it has this version; whichever is there for version 0."""
        try:
            data = _read(self.path / f"{quote(name, '')}.json", CEILINGS.get(name, limits.TUF_TARGETS_BYTES))
        except FileNotFoundError:
            return None
        return data if version in (0, version_of(data)) else None


def version_of(data: bytes) -> int:
    """The version that a file of metadata claims; 0 for what is none. Nothing is verified."""
    try:
        version = json.loads(data)["signed"]["version"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return 0
    return version if type(version) is int else 0


def _read(path: Path, ceiling_bytes: int) -> bytes:
    with path.open("rb") as file:
        return file.read(ceiling_bytes + 1)


@dataclass(frozen=True)
class Listed:
    """A target as verified metadata lists it."""

    name: str
    sha256: Digest
    size: int


@dataclass(frozen=True)
class PinnedChain:
    """The registry's roots from the pinned one on, each signed by the one before; `digests` by version, `root` the newest."""

    root: Root
    digests: Mapping[int, Digest]


class Cached:
    """Verified metadata. Made by `read_cached`; delegated roles are read when a lookup needs them.

    `used` holds every file that was read so far, under the name that a registry serves it by, without version but for roots.
    """

    def __init__(self, files: MetadataFiles, chain: PinnedChain, used: dict[str, bytes], address: str) -> None:
        self._files = files
        self._address = address
        self.chain = chain
        self.used = used
        self.timestamp = self._timestamp()
        self.snapshot = self._snapshot()
        self._ends = {
            "root": chain.root.expires,
            "timestamp": self.timestamp.expires,
            "snapshot": self.snapshot.expires,
        }
        self._targets: dict[str, Targets] = {}

    @property
    def freshness(self) -> Freshness:
        """When the timestamp was signed, and which of the roles read so far ends first."""
        role = min(self._ends, key=lambda name: self._ends[name])
        return Freshness(self.signed_at, int(self._ends[role].timestamp()), role)

    @property
    def signed_at(self) -> int:
        """When the timestamp was signed, seconds since 1970, UTC. Raises MetadataMalformed."""
        value = self.timestamp.unrecognized_fields.get(SIGNED_AT_FIELD)
        if type(value) is not int or not 0 <= value <= 253_402_300_799:
            raise MetadataMalformed("timestamp", f"no time in {SIGNED_AT_FIELD}")
        return value

    @property
    def note(self) -> SignedNote:
        """The log's checkpoint that belongs to this state, not opened yet. Raises MetadataMalformed, BadNote."""
        text = self.snapshot.unrecognized_fields.get(CHECKPOINT_FIELD)
        if not isinstance(text, str):
            raise MetadataMalformed("snapshot", f"no checkpoint in {CHECKPOINT_FIELD}")
        return SignedNote.parse(text.encode())

    def look_up(self, name: str) -> Listed | None:
        """The target called `name`: the first role that lists it, in the order in which TUF asks them. None if no role does.

        Raises MetadataMissing for a role that is not at hand, MetadataMismatch, MetadataSignature, MetadataMalformed, DuplicateKey.
        """
        waiting: list[tuple[str, str]] = [("targets", "root")]
        visited: set[str] = set()
        while waiting and len(visited) <= DELEGATIONS:
            role, parent = waiting.pop()
            if role in visited:
                continue
            visited.add(role)
            targets = self._role(role, parent)
            if name in targets.targets:
                return listed(targets.targets[name])
            children: list[tuple[str, str]] = []
            for child, is_terminating in _delegated(targets, name):
                children.append((child, role))
                if is_terminating:
                    waiting = []
                    break
            waiting += reversed(children)
        return None

    # Each file by the one before it

    def _timestamp(self) -> Timestamp:
        data = self._read("timestamp", 0)
        found = load(Timestamp, "timestamp", data)
        check_signed(self.chain.root, "timestamp", found)
        return found.signed

    def _snapshot(self) -> Snapshot:
        meta = self.timestamp.snapshot_meta
        data = self._read("snapshot", meta.version)
        return self._listed_file(Snapshot, "snapshot", data, meta, self.chain.root)

    def _role(self, name: str, parent: str) -> Targets:
        # The same role may be delegated by two others with different keys, so it is verified for each.
        key = f"{parent}/{name}"
        if key not in self._targets:
            meta = self.snapshot.meta.get(f"{name}.json")
            if meta is None:
                raise MetadataMismatch(name, "listed in the snapshot", "it is not")
            delegator = self.chain.root if parent == "root" else self._parent(parent)
            data = self._read(name, meta.version)
            self._targets[key] = self._listed_file(Targets, name, data, meta, delegator)
            self._ends[name] = self._targets[key].expires
        return self._targets[key]

    def _parent(self, name: str) -> Targets:
        return next(found for key, found in self._targets.items() if key.endswith(f"/{name}"))

    def _listed_file(self, kind: type[S], role: str, data: bytes, meta: MetaFile, delegator: Root | Targets) -> S:
        check_listed(role, data, meta)
        found = load(kind, role, data)
        check_signed(delegator, role, found)
        if found.signed.version != meta.version:
            raise MetadataMismatch(role, f"version {meta.version}", f"version {found.signed.version}")
        return found.signed

    def _read(self, role: str, version: int) -> bytes:
        data = self._files.role(role, version)
        if data is None:
            raise MetadataMissing(self._address, f"its {role} is not on this machine")
        self.used[f"{role}.json"] = data
        return data


class MetadataMissing(Unreachable):
    """A file of metadata is not at hand, and nobody may ask for it."""


def read_cached(files: MetadataFiles, pinned: Digest, address: str) -> Cached:
    """The metadata at hand, verified from the root with the digest `pinned` on.

    Raises RootMismatch if that root is not among them, MetadataMissing, MetadataSignature, MetadataMismatch, MetadataMalformed,
    MetadataTooBig, DuplicateKey, BadNote.
    """
    used: dict[str, bytes] = {}
    return Cached(files, read_chain(files.roots(), pinned, address, used), used, address)


def read_chain(
    roots: Mapping[int, bytes], pinned: Digest, address: str, used: dict[str, bytes] | None = None
) -> PinnedChain:
    """The chain of roots from the pinned one to the newest at hand. Raises as `read_cached`."""
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


def next_root(before: Root | None, version: int, data: bytes) -> Root:
    """Root `version`, signed by itself and by the one before it, if there is one."""
    found = load(Root, "root", data)
    for signer in (before, found.signed):
        if signer is not None:
            check_signed(signer, "root", found)
    if found.signed.version != version:
        raise MetadataMismatch("root", f"version {version}", f"version {found.signed.version}")
    return found.signed


# One file


def load(kind: type[S], role: str, data: bytes) -> Metadata[S]:
    """Reads one file, nothing of it verified but that it lists no key twice. Raises MetadataTooBig, MetadataMalformed, DuplicateKey."""
    ceiling = CEILINGS.get(role, limits.TUF_TARGETS_BYTES)
    if len(data) > ceiling:
        raise MetadataTooBig(role, ceiling)
    check_keys(role, data)
    try:
        found: Metadata[Any] = Metadata.from_bytes(data)
    except (DeserializationError, RepositoryError, ValueError, RecursionError) as error:
        raise MetadataMalformed(role, _reason(error)) from error
    if not isinstance(found.signed, kind):
        raise MetadataMalformed(role, f"it is a {found.signed.type}")
    return cast("Metadata[S]", found)


def check_signed(delegator: Root | Targets, role: str, found: Metadata[Any]) -> None:
    """Refuses a file that the keys of its role have not signed. Raises MetadataSignature, MetadataMalformed."""
    try:
        result = delegator.get_verification_result(role, found.signed_bytes, found.signatures)
    except ValueError as error:
        raise MetadataMalformed(role, _reason(error)) from error
    if not result:
        raise MetadataSignature(role, len(result.signed), result.threshold)


def check_listed(role: str, data: bytes, meta: MetaFile) -> None:
    """Refuses a file that is not the one that the metadata before it lists. Raises MetadataMismatch."""
    try:
        meta.verify_length_and_hashes(data)
    except LengthOrHashMismatchError as error:
        expected = ", ".join(f"{name}:{digest}" for name, digest in sorted((meta.hashes or {}).items()))
        raise MetadataMismatch(role, expected or f"{meta.length} bytes", Digest.of(data).labelled) from error


def listed(file: TargetFile) -> Listed:
    """A row of metadata as a value. Raises MetadataMalformed for one without SHA-256."""
    try:
        return Listed(file.path, Digest.parse(file.hashes.get("sha256", "")), file.length)
    except BadDigest as error:
        raise MetadataMalformed("targets", f"{file.path[:120]!r} is listed without SHA-256") from error


def check_keys(role: str, data: bytes) -> None:
    """Refuses metadata that lists one public key under two ids, in whatever spelling (S17). Raises DuplicateKey.

    Thresholds of the library count ids. It is done before the library sees the file, so that nothing of it is used or kept. What is not
    JSON of the expected form is left to the library to refuse.
    """
    seen: set[bytes] = set()
    for key in _keys_in(data):
        identity = _identity(key)
        if identity is not None and identity in seen:
            raise DuplicateKey(f"the registry's {role}", Digest.of(identity).short)
        if identity is not None:
            seen.add(identity)


def _keys_in(data: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        plain = json.loads(data)  # the library's own parser, so that both see the same
        signed = plain["signed"]
        for holder in (signed, signed.get("delegations") or {}):
            keys = holder.get("keys") or {}
            yield from (key for key in keys.values() if isinstance(key, dict))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return


def _identity(key: Mapping[str, Any]) -> bytes | None:
    """What is equal for equal keys: the DER where it can be loaded, else the text."""
    value = key.get("keyval")
    public = value.get("public") if isinstance(value, dict) else None
    if not isinstance(public, str):
        return None
    try:
        return spki_of_pem(public) if "BEGIN" in public else bytes.fromhex(public)
    except (BadKey, ValueError, binascii.Error):
        return public.strip().encode("utf-8", "surrogatepass")


def _delegated(targets: Targets, name: str) -> Iterator[tuple[str, bool]]:
    if targets.delegations is not None:
        yield from targets.delegations.get_roles_for_target(name)


def _reason(error: BaseException) -> str:
    said = str(error.__cause__ or error)[:200] or type(error).__name__
    return f"not JSON: {said}" if isinstance(error.__cause__, json.JSONDecodeError) else said
