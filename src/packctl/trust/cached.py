"""Reads TUF metadata that is at hand, without network and for any moment: from the pinned root to trust files, recalls and indexes.

TUF's own client always wants the network and the system's clock. This reader walks the same way with `verify_delegate`: every file is
verified by the one before it each time it is read, because it lies where others can write. Expiry is told (`freshness`), not judged. Used
after a refresh to read what was fetched, and alone by `--offline`, `verify` and `--at`. Imports neither `tuf.ngclient` nor httpx. The files
lie in `metadata`; `signed` verifies one, `chain` the roots. Chapter: docs/spec/tuf.md.
"""

from collections.abc import Iterator, Mapping
from copy import copy

from msgspec import Struct
from tuf.api.metadata import MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from packctl.registry.failures import Unreachable
from packctl.trust.chain import PinnedChain, read_chain
from packctl.trust.faults import MetadataMalformed, MetadataMismatch
from packctl.trust.freshness import Freshness
from packctl.trust.metadata import MetadataFiles
from packctl.trust.signed import S, check_listed, check_signed, load
from packspec.digests import BadDigest, Digest
from packspec.log.checkpoint import SignedNote
from packspec.moments import LAST_SECOND

CHECKPOINT_FIELD = "x-packctl-checkpoint"
SIGNED_AT_FIELD = "x-packctl-signed-at"
DELEGATIONS = 32
"""Most roles that one lookup visits."""


class Listed(Struct, frozen=True):
    """A target as verified metadata lists it."""

    name: str
    sha256: Digest
    size: int


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
    def roots(self) -> Mapping[int, bytes]:
        """Every root that is at hand, by version, also from before the pinned one."""
        return self._files.roots()

    def anew(self) -> "Cached":
        """The same state with nothing looked up yet, so that `used` holds what the lookups that follow read and no more."""
        return Cached(
            self._files, self.chain, {n: d for n, d in self.used.items() if n.endswith(".root.json")}, self._address
        )

    @property
    def freshness(self) -> Freshness:
        """When the timestamp was signed, and which of the roles read so far ends first."""
        role = min(self._ends, key=lambda name: self._ends[name])
        return Freshness(self.signed_at, int(self._ends[role].timestamp()), role)

    @property
    def ends(self) -> dict[str, int]:
        """When each of the roles ends that were read so far: seconds since 1970, UTC."""
        return {name: int(ends.timestamp()) for name, ends in self._ends.items()}

    @property
    def signed_at(self) -> int:
        """When the timestamp was signed, seconds since 1970, UTC. Raises MetadataMalformed."""
        value = self.timestamp.unrecognized_fields.get(SIGNED_AT_FIELD)
        if type(value) is not int or not 0 <= value <= LAST_SECOND:
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

    def all(self, files: MetadataFiles | None = None) -> Iterator[Listed]:
        """Everything that any role of this state lists, in no order. `files` has the roles that are not at hand. Raises as `look_up`."""
        state = copy(self)
        state._files = files or self._files
        state.used, state._ends, state._targets = {}, {}, {}
        waiting, visited = [("targets", "root")], set[str]()
        while waiting:
            role, parent = waiting.pop()
            if role in visited:
                continue
            visited.add(role)
            targets = state._role(role, parent)
            yield from map(listed, targets.targets.values())
            children = list(_children(targets))
            waiting += [(child, role) for child in children]
            if not children:
                del state._targets[f"{parent}/{role}"]  # there may be thousands

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

    @property
    def _is_forbidden(self) -> bool:
        return True

    def why(self) -> str:
        return "with --offline, and by verify, nobody is asked: only what is on this machine can be used"


def read_cached(files: MetadataFiles, pinned: Digest, address: str) -> Cached:
    """The metadata at hand, verified from the root with the digest `pinned` on.

    Raises RootMismatch if that root is not among them, MetadataMissing, MetadataSignature, MetadataMismatch, MetadataMalformed,
    MetadataTooBig, DuplicateKey, BadNote.
    """
    used: dict[str, bytes] = {}
    return Cached(files, read_chain(files.roots(), pinned, address, used), used, address)


def listed(file: TargetFile) -> Listed:
    """A row of metadata as a value. Raises MetadataMalformed for one without SHA-256."""
    try:
        return Listed(file.path, Digest.parse(file.hashes.get("sha256", "")), file.length)
    except BadDigest as error:
        raise MetadataMalformed("targets", f"{file.path[:120]!r} is listed without SHA-256") from error


def _children(targets: Targets) -> Iterator[str]:
    """Every role that is delegated to. The snapshot ends what a registry claims: a role that it does not list is refused."""
    if targets.delegations is not None:
        yield from targets.delegations.roles or ()
        if targets.delegations.succinct_roles is not None:
            yield from targets.delegations.succinct_roles.get_roles()


def _delegated(targets: Targets, name: str) -> Iterator[tuple[str, bool]]:
    if targets.delegations is not None:
        yield from targets.delegations.get_roles_for_target(name)
