"""TUF metadata of a registry: what each role says, signed (docs/spec/tuf.md). With `repository` the only place where the server uses `tuf`.

Pure: keys, times and versions are arguments. `targets` lists the trust files and delegates `index/...` to the role `index`, and that to
hash bins (TAP 15): one file cannot hold both kinds of delegation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from securesystemslib.signer import Key, Signature, SSlibKey
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    SuccinctRoles,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from packspec.digests import Digest
from packspec.limits import DAY_SECONDS
from packspec.signing.keys import PublicKey, Signer

INDEX_ROLE = "index"
BIN_PREFIX = "bin"
BIN_BITS = 4
"""16 bins: right for up to some thousand packs. The prefix holds the bits, so no role name is ever used twice."""
CHECKPOINT_FIELD = "x-packctl-checkpoint"
"""In the snapshot: the log's signed note, so that index and log are one state."""
SIGNED_AT_FIELD = "x-packctl-signed-at"
"""In the timestamp: when it was signed, seconds since the epoch, UTC. TUF itself only says when it ends."""

OFFLINE_SECONDS = 365 * DAY_SECONDS
BIN_SECONDS = 90 * DAY_SECONDS
SNAPSHOT_SECONDS = 30 * DAY_SECONDS

_JSON = JSONSerializer(compact=True)


@dataclass(frozen=True)
class Made:
    """A signed metadata file: its version, bytes, and how other metadata refers to it."""

    version: int
    data: bytes

    @property
    def reference(self) -> MetaFile:
        """Version, length and digest, so that files of two states cannot be mixed."""
        return MetaFile(self.version, len(self.data), {"sha256": Digest.of(self.data)})


def tuf_key(public: PublicKey) -> Key:
    """A P-256 key as TUF metadata lists it; its id is the SHA-256 of the DER SubjectPublicKeyInfo, as everywhere."""
    loaded = serialization.load_der_public_key(public.der)
    pem = loaded.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return SSlibKey(str(public.key_id), "ecdsa", "ecdsa-sha2-nistp256", {"public": pem.decode()})


def make(signed: Root | Targets | Snapshot | Timestamp, signers: Sequence[Signer]) -> Made:
    """`signed` with the signatures of `signers`."""
    metadata: Metadata[Any] = Metadata(signed)  # which of the four decides nothing here
    payload = metadata.signed_bytes
    for signer in signers:
        key_id = str(signer.public.key_id)
        metadata.signatures[key_id] = Signature(key_id, signer.sign(payload).hex())
    return Made(signed.version, metadata.to_bytes(_JSON))


def at(seconds: int) -> datetime:
    """A moment as TUF takes it."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True)
class RoleKeys:
    """The public keys of all roles. `offline` sign root, targets and index; their threshold is `threshold`."""

    offline: tuple[PublicKey, ...]
    threshold: int
    timestamp: PublicKey
    snapshot: PublicKey
    bins: PublicKey


def root(version: int, now: int, keys: RoleKeys) -> Root:
    """The root: which keys sign which role."""
    listed = {str(key.key_id): tuf_key(key) for key in (*keys.offline, keys.timestamp, keys.snapshot)}
    offline = [str(key.key_id) for key in keys.offline]
    roles = {
        "root": Role(offline, keys.threshold),
        "targets": Role(offline, keys.threshold),
        "snapshot": Role([str(keys.snapshot.key_id)], 1),
        "timestamp": Role([str(keys.timestamp.key_id)], 1),
    }
    return Root(version, None, at(now + OFFLINE_SECONDS), listed, roles, consistent_snapshot=True)


def targets(version: int, now: int, keys: RoleKeys, trust_files: Mapping[str, bytes]) -> Targets:
    """The trust files, and the delegation of everything below `index/`."""
    offline = [str(key.key_id) for key in keys.offline]
    role = DelegatedRole(INDEX_ROLE, offline, keys.threshold, True, paths=["index/*.json", "index/*/*.json"])
    listed = {str(key.key_id): tuf_key(key) for key in keys.offline}
    files = {name: target_file(name, data) for name, data in trust_files.items()}
    return Targets(version, None, at(now + OFFLINE_SECONDS), files, Delegations(listed, {INDEX_ROLE: role}))


def index_role(version: int, now: int, bins: PublicKey, bits: int = BIN_BITS) -> Targets:
    """The delegation to the bins. It lists no target itself."""
    succinct = SuccinctRoles([str(bins.key_id)], 1, bits, f"{BIN_PREFIX}{bits}")
    delegations = Delegations({str(bins.key_id): tuf_key(bins)}, succinct_roles=succinct)
    return Targets(version, None, at(now + OFFLINE_SECONDS), {}, delegations)


def bin_role(version: int, now: int, files: Mapping[str, TargetFile]) -> Targets:
    """One bin: the targets whose names hash into it."""
    return Targets(version, None, at(now + BIN_SECONDS), dict(sorted(files.items())))


def snapshot(version: int, now: int, files: Mapping[str, MetaFile], checkpoint: str) -> Snapshot:
    """The versions of all other metadata, and the checkpoint of the log that they belong to."""
    extra = {CHECKPOINT_FIELD: checkpoint}
    return Snapshot(version, None, at(now + SNAPSHOT_SECONDS), dict(sorted(files.items())), unrecognized_fields=extra)


def timestamp(version: int, now: int, life_seconds: int, of_snapshot: MetaFile) -> Timestamp:
    """Which snapshot is current, and until when that may be believed."""
    extra = {SIGNED_AT_FIELD: now}
    return Timestamp(version, None, at(now + life_seconds), of_snapshot, unrecognized_fields=extra)


def target_file(name: str, data: bytes) -> TargetFile:
    """A target as metadata lists it."""
    return TargetFile(len(data), {"sha256": Digest.of(data)}, name)
