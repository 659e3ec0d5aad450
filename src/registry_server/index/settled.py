"""What the offline keys have settled: the root, `targets` and `index` that the next state of the static side has.

Their files are written before the log names them, and under version numbers that are used once; so several versions may lie there, of a
ceremony that did not end, or that waits for its entry. The log decides: it names the root and every trust file by digest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Targets
from tuf.api.serialization import DeserializationError

from packspec import site
from packspec.digests import Digest
from packspec.errors import Damaged
from packspec.trustfiles import LogTrust
from registry_server.index.metadata import INDEX_ROLE, Made, keys_of_bins
from registry_server.index.repository import MetadataDamaged, Repository
from registry_server.signer import promote
from registry_server.sources import whole
from registry_server.world import World


class TrustFileMissing(Damaged):
    """The log names a trust file that the static side does not have."""

    target: str

    code = "registry.trust-file-missing"

    def what(self) -> str:
        return f"the static side lacks the {self.target} that the log names"

    def why(self) -> str:
        return "somebody removed files, or a copy of the data folder is incomplete"

    def fix(self) -> list[str]:
        return ["restore the folder `public` of the data folder from a backup"]


@dataclass(frozen=True)
class Signed:
    """A version of `targets` or `index` that counts, and how the snapshot refers to it."""

    role: Targets
    reference: MetaFile


@dataclass(frozen=True)
class Settled:
    """What holds from the next state on. `root_data` is the root byte for byte."""

    root: Root
    root_data: bytes
    targets: Signed
    index: Signed

    @property
    def meta(self) -> dict[str, MetaFile]:
        """What the snapshot says of the roles of the offline keys."""
        return {"targets.json": self.targets.reference, f"{INDEX_ROLE}.json": self.index.reference}

    def is_in(self, repository: Repository) -> bool:
        """Whether readers see all of it already."""
        return all(repository.snapshot.meta.get(name) == reference for name, reference in self.meta.items())


def settle(
    world: World, repository: Repository, logged: Mapping[str, Digest], root: tuple[int, Digest] | None = None
) -> Settled:
    """The newest `targets` whose trust files are those of `logged`, and the newest `index` below it, both under `root`.

    `root` is version and digest of the newest root in the log; None: the one that readers see. Raises TrustFileMissing, MetadataDamaged.
    """
    data = root_bytes(world, repository, root)
    made = _root(data)
    targets = _newest(repository, "targets", made)
    for found in targets:
        if {name: file.hashes["sha256"] for name, file in found.role.targets.items()} == dict(logged):
            index = next(_newest(repository, INDEX_ROLE, found.role), None)
            if index is None:
                raise MetadataDamaged(f"tuf/*.{INDEX_ROLE}.json", "none is signed by the keys that targets names")
            return Settled(made, data, found, index)
    raise TrustFileMissing(", ".join(sorted(logged)) or "targets")


def listed_trust(repository: Repository) -> dict[str, Digest]:
    """The digests of the trust files that readers see, by name."""
    return {name: Digest(file.hashes["sha256"]) for name, file in repository.role("targets").targets.items()}


def online_keys(root: Root, index: Targets, trust: LogTrust) -> dict[str, list[str]]:
    """The ids of the keys that may sign, by online role."""
    return {
        **{role: list(root.roles[role].keyids) for role in ("timestamp", "snapshot")},
        "bins": keys_of_bins(index),
        "log": [str(row.key.public.key_id) for row in trust.keys if row.until is None],
    }


def promote_keys(world: World, settled: Settled, trust: LogTrust) -> None:
    """Puts every online key that counts from now on in the place of the one before. Nothing is done where that was done.

    Which key signs is decided by what the offline keys signed, not by the names of files: a crash before this changes nothing.
    """
    named = online_keys(settled.root, settled.index.role, trust)
    for role, after in world.online.following.items():
        if str(after.public.key_id) in named[role]:
            promote(world.disk, world.folder.keys, role)


def root_bytes(world: World, repository: Repository, root: tuple[int, Digest] | None) -> bytes:
    """The root in force. One that readers do not see yet lies among the private blobs. Raises MetadataDamaged."""
    if root is None:
        path = site.tuf_metadata("root", repository.newest_root)
        data = world.public.read(path)
    else:
        path = site.tuf_metadata("root", root[0])
        data = world.public.read(path) or _blob(world, root[1])
    if data is None or (root is not None and not Digest.of(data).same(root[1])):
        raise MetadataDamaged(path, "it is missing" if data is None else "it is not the one that the log names")
    return data


def _blob(world: World, digest: Digest) -> bytes | None:
    return whole(world.blobs.open(digest)) if world.blobs.has(digest) else None


def _root(data: bytes) -> Root:
    found = Metadata[Root].from_bytes(data).signed
    assert isinstance(found, Root)  # only roots lie there
    return found


def _newest(repository: Repository, role: str, delegator: Root | Targets) -> Iterator[Signed]:
    """The versions of `role` that `delegator`'s keys have signed, the newest first, down to the one that readers see.

    That one counts unasked where nothing newer does: its signatures were checked when it came.
    """
    seen = repository.snapshot.meta.get(f"{role}.json")
    lowest = seen.version if seen else 1
    for version in range(repository.free_version(role) - 1, lowest - 1, -1):
        path = site.tuf_metadata(role, version)
        data = repository.public.read(path)
        if data is None:
            continue
        try:
            found = Metadata[Targets].from_bytes(data)
            if version > lowest:
                delegator.verify_delegate(role, found.signed_bytes, found.signatures)
        except (RepositoryError, DeserializationError, ValueError) as error:
            if version == lowest:
                raise MetadataDamaged(path, str(error)) from error
            continue
        if isinstance(found.signed, Targets):
            yield Signed(found.signed, Made(version, data).reference)
