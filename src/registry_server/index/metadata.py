"""TUF metadata of a registry: what each role says, signed (docs/spec/tuf.md). With `repository` the only place where the server uses `tuf`.

Pure: keys, times and versions are arguments. `targets` lists the trust files and delegates `index/...` to the role `index`, and that to
hash bins (TAP 15): one file cannot hold both kinds of delegation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from string import ascii_lowercase
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
from packspec.signing.keys import PublicKey, Signer, spki_of_pem

INDEX_ROLE = "index"
BIN_PREFIX = "bin"
BIN_BITS = 4
"""16 bins: right for up to some thousand packs. The prefix holds the bits, so no role name is ever used twice."""
BIN_TARGETS = 250
"""More targets in a bin make every publication and every look-up of a client longer than more bins would."""
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


def public_key(key: Key) -> PublicKey:
    """A key of metadata as one of ours. Raises BadKey for a kind that this registry does not issue."""
    return PublicKey.from_der(spki_of_pem(str(key.keyval["public"])))


def make(signed: Root | Targets | Snapshot | Timestamp, signers: Sequence[Signer]) -> Made:
    """`signed` with the signatures of `signers`."""
    metadata: Metadata[Any] = Metadata(signed)  # which of the four decides nothing here
    for signer in signers:
        add_signature(metadata, signer)
    return Made(signed.version, text_of(metadata).encode())


def add_signature(metadata: Metadata[Any], signer: Signer) -> None:
    """Signs metadata, in the place of what this key signed before."""
    key_id = str(signer.public.key_id)
    metadata.signatures[key_id] = Signature(key_id, signer.sign(metadata.signed_bytes).hex())


def text_of(metadata: Metadata[Any]) -> str:
    """The bytes of a file of metadata, as text."""
    return metadata.to_bytes(_JSON).decode()


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


def index_role(version: int, now: int, bins: PublicKey, prefix: str = f"{BIN_PREFIX}{BIN_BITS}") -> Targets:
    """The delegation to the bins. It lists no target itself."""
    succinct = SuccinctRoles([str(bins.key_id)], 1, bits_of(prefix), prefix)
    delegations = Delegations({str(bins.key_id): tuf_key(bins)}, succinct_roles=succinct)
    return Targets(version, None, at(now + OFFLINE_SECONDS), {}, delegations)


def _succinct(index: Targets) -> SuccinctRoles:
    assert index.delegations is not None and index.delegations.succinct_roles is not None  # index_role makes no other
    return index.delegations.succinct_roles


def bins_in(index: Targets) -> list[str]:
    """The names of the bins that `index` delegates to."""
    return list(_succinct(index).get_roles())


def by_bin(index: Targets, names: Iterable[str]) -> dict[str, list[str]]:
    """The names of targets by the bin that lists them."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(_succinct(index).get_role_for_target(name), []).append(name)
    return found


def keys_of_bins(index: Targets) -> list[str]:
    """The ids of the keys that sign the bins."""
    return list(_succinct(index).keyids)


def key_of_bins(index: Targets) -> PublicKey:
    """The key that signs the bins."""
    assert index.delegations is not None  # index_role makes no other
    return public_key(index.delegations.keys[keys_of_bins(index)[0]])


def prefix_of(index: Targets) -> str:
    """What the names of the bins begin with."""
    return str(_succinct(index).name_prefix)


def bits_of(prefix: str) -> int:
    """How many bits of a target's digest name its bin: the number in the prefix, `bin4b`."""
    return int(prefix.removeprefix(BIN_PREFIX).rstrip(ascii_lowercase))


def next_prefix(index: Targets, targets: int, *, is_new: bool) -> str:
    """What bins are called from the next `index` on: the same, unless `targets` targets want more bins, or `is_new` says new ones.

    No role's name is used twice: `bin4`, `bin4b`, ... `bin4z`, `bin4zb`, and `bin8` for 256 of them. The number only grows.
    """
    prefix = prefix_of(index)
    wanted = max(0, -(-targets // BIN_TARGETS) - 1).bit_length()
    if wanted > bits_of(prefix):
        return f"{BIN_PREFIX}{wanted}"
    if not is_new:
        return prefix
    last = prefix[-1]
    return f"{prefix[:-1]}{chr(ord(last) + 1)}" if "b" <= last < "z" else f"{prefix}b"


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
