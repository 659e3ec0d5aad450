"""What readers of the static side see now, parsed once for each state: for those who decide by it without the database.

These are our own files, so signatures are not asked. A new timestamp is a new state.
"""

from collections.abc import Sequence

from packspec import site
from packspec.digests import Digest
from packspec.index.documents import IndexedRelease, PackIndex, RecalledRelease, Recalls
from packspec.licenses.jwk import KeySet
from packspec.names import PackName
from packspec.trustfiles import TrustFiles
from packspec.versions import Version
from registry_server.index.repository import MetadataDamaged, Repository
from registry_server.index.settled import listed_trust
from registry_server.world import World

PACKS_MOST = 1000
"""More packs of one state are parsed again when they are asked for."""


class Readable:
    """One state of the static side."""

    def __init__(self, world: World, timestamp: bytes) -> None:
        self.timestamp = timestamp
        self._repository = Repository.load(world.public)
        self._packs: dict[PackName, PackIndex | None] = {}
        self.origin = self._repository.checkpoint.origin
        """How the registry is called in what it signs."""
        self.size = self._repository.checkpoint.size
        """How many entries of the log readers see."""
        self.listed_trust = listed_trust(self._repository)
        """The digests of the trust files that readers see, by name."""
        self.trust_files: dict[object, TrustFiles] = {}
        """What `index.actions` has read of trust files, by what the log says of them after this state."""
        trusted = self._repository.role("targets").targets.get(site.LICENSE_KEYS_TARGET)
        data = None if trusted is None else self._read(site.LICENSE_KEYS_TARGET, trusted.hashes["sha256"])
        self.license_keys = KeySet(()) if data is None else KeySet.parse(data)
        """The keys that sign licenses, as the offline keys say."""

    def release(self, pack: PackName, version: Version) -> IndexedRelease | None:
        """A release as the index lists it; None for one that is not listed. Raises MetadataDamaged."""
        wanted = version.without_build()
        return next((one for one in self.releases(pack) if one.version == wanted), None)

    def releases(self, pack: PackName) -> Sequence[IndexedRelease]:
        """All releases of a pack as the index lists them, highest first; none of one that is not there. Raises MetadataDamaged."""
        if pack not in self._packs:
            if len(self._packs) >= PACKS_MOST:
                self._packs.clear()
            data = self._target(site.pack_target(pack))
            self._packs[pack] = None if data is None else PackIndex.parse(data, pack)
        index = self._packs[pack]
        return index.releases if index else ()

    def recall(self, pack: PackName, version: Version) -> RecalledRelease | None:
        """The recall of a release that stands. Raises MetadataDamaged."""
        data = self._target(site.RECALLS_TARGET)
        found = () if data is None else Recalls.parse(data).recalls
        mine = [one for one in found if str(one.pack) == pack and one.version == version and one.restored is None]
        return mine[-1] if mine else None

    def _target(self, name: str) -> bytes | None:
        [role] = self._repository.bins_of([name])
        listed = self._repository.role(role).targets.get(name)
        return None if listed is None else self._read(name, listed.hashes["sha256"])

    def _read(self, name: str, sha256: str) -> bytes:
        path = site.target(name, Digest(sha256))
        data = self._repository.public.read(path)
        if data is None:
            raise MetadataDamaged(path, "it is missing")
        return data


def readable(world: World) -> Readable:
    """What readers see now. Raises MetadataDamaged."""
    timestamp = world.public.read(site.TIMESTAMP)
    if timestamp is None:
        raise MetadataDamaged(site.TIMESTAMP, "it is missing")
    known = world.memory.get(Readable)
    return known if known and known.timestamp == timestamp else world.memory.keep(Readable(world, timestamp))
