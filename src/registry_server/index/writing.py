"""The next state of the TUF repository, in TUF's order. Only the timestamp is replaced in place, and it is the last thing written."""

from collections.abc import Mapping
from dataclasses import dataclass

from tuf.api.metadata import MetaFile, TargetFile, Targets

from packspec import site
from packspec.digests import Digest
from packspec.limits import DAY_SECONDS
from packspec.log.checkpoint import SignedNote
from packspec.signing.keys import PrivateKey
from registry_server.index import metadata
from registry_server.index.metadata import INDEX_ROLE, Made
from registry_server.index.repository import Repository
from registry_server.index.settled import Settled
from registry_server.signer import KeyUnreadable, OnlineKeys
from registry_server.world import World


def timestamp_seconds(world: World) -> int:
    """How long a timestamp may be believed."""
    return world.settings.trust.timestamp_days * DAY_SECONDS


@dataclass
class Writer:
    """Writes the next state. Nothing is visible before `commit`.

    `settled` is what the offline keys say of it; None: the same as of the state before. While a root is replaced, the keys of both roots
    sign, so that readers of either are served.
    """

    repository: Repository
    keys: OnlineKeys
    now: int
    life_seconds: int
    settled: Settled | None = None

    def __post_init__(self) -> None:
        seen = self.repository.root(self.repository.newest_root)
        self._roots = (seen, self.settled.root) if self.settled else (seen,)
        before = self.repository.snapshot.meta.get(f"{INDEX_ROLE}.json")
        self._before = self.repository.role(INDEX_ROLE) if before else None
        self._index = self.settled.index.role if self.settled else self._before

    def targets(self, changed: Mapping[str, bytes]) -> dict[str, MetaFile]:
        """Writes changed targets and their bins anew, and gives what the snapshot says of those bins.

        All bins are written where the offline keys gave them new names: everything that was listed is listed there.
        """
        assert self._index is not None
        new = {}
        for name, data in changed.items():
            self.repository.public.write(site.target(name, Digest.of(data)), data)
            new[name] = metadata.target_file(name, data)
        if self._before is not None and metadata.bins_in(self._before) != metadata.bins_in(self._index):
            return self._all_bins(self._before, self._index, new)
        found: dict[str, MetaFile] = {}
        for name, names in sorted(metadata.by_bin(self._index, sorted(new)).items()):
            files = {**self.repository.role(name).targets, **{target: new[target] for target in names}}
            found[f"{name}.json"] = self._write_bin(name, files)
        return found

    def renewed(self, name: str) -> dict[str, MetaFile]:
        """Writes a bin anew with the same targets and a later end."""
        return {f"{name}.json": self._write_bin(name, self.repository.role(name).targets)}

    def commit(self, changed: Mapping[str, MetaFile], note: SignedNote) -> None:
        """Writes snapshot, checkpoint and timestamp. The last of them makes the new state the one that readers see."""
        public, text = self.repository.public, note.encode()
        meta = {**self.repository.snapshot.meta, **changed}
        version = self._version("snapshot")
        made = metadata.make(metadata.snapshot(version, self.now, meta, text.decode()), self._signers("snapshot"))
        public.write(site.tuf_metadata("snapshot", version), made.data)
        public.replace(site.CHECKPOINT, text)
        self.sign_timestamp(made.reference)

    def sign_timestamp(self, of_snapshot: MetaFile) -> None:
        """Writes the timestamp: the commit point."""
        version = self.repository.timestamp.version = self.repository.timestamp.version + 1
        signed = metadata.timestamp(version, self.now, self.life_seconds, of_snapshot)
        made = metadata.make(signed, self._signers("timestamp"))
        self.repository.public.replace(site.TIMESTAMP, made.data)

    def _all_bins(self, before: Targets, index: Targets, new: Mapping[str, TargetFile]) -> dict[str, MetaFile]:
        files: dict[str, TargetFile] = {}
        for name in metadata.bins_in(before):
            files |= self.repository.role(name).targets
        files |= new
        placed = metadata.by_bin(index, files)
        return {
            f"{name}.json": self._write_bin(name, {target: files[target] for target in placed.get(name, [])})
            for name in metadata.bins_in(index)
        }

    def _version(self, role: str) -> int:
        return self.repository.free_version(role)

    def _write_bin(self, role: str, files: Mapping[str, TargetFile]) -> MetaFile:
        assert self._index is not None
        signers = _counting(self.keys, "bins", metadata.keys_of_bins(self._index))
        made: Made = metadata.make(metadata.bin_role(self._version(role), self.now, files), signers)
        self.repository.public.write(site.tuf_metadata(role, made.version), made.data)
        return made.reference

    def _signers(self, role: str) -> list[PrivateKey]:
        return _counting(self.keys, role, [key_id for root in self._roots for key_id in root.roles[role].keyids])


def _counting(keys: OnlineKeys, role: str, named: list[str]) -> list[PrivateKey]:
    """The keys at hand that are named for a role. Raises KeyUnreadable where none is: what it signed nobody would believe."""
    found = [key for key in keys.at_hand(role) if str(key.public.key_id) in named]
    if not found:
        raise KeyUnreadable(f"{role}.key", "it is not the key that the offline keys have signed")
    return found
