"""Replay: the log and the documents it names, to everything that the registry lists (docs/spec/index.md).

`State.apply` takes one entry after the other and says which targets changed; `replay` takes all of them. The entries of one pack, or of one
publisher, are enough for that pack's or publisher's target, so a server need not read the whole log to change one.
"""

from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from packspec import site
from packspec.digests import Digest
from packspec.index.documents import (
    PackIndex,
    PublisherDocument,
    PublisherDocumentRoot,
    RecalledRelease,
    Recalls,
    ResetNotice,
)
from packspec.index.logged import (
    Documents,
    LogContradiction,
    Pack,
    Release,
    check_statement,
    lowest_safety,
    payload_of,
    row_of,
)
from packspec.log.leaf import (
    AnchorLeaf,
    DeprecateLeaf,
    LoggedPack,
    PublishLeaf,
    RecallLeaf,
    ResetLeaf,
    RestoreLeaf,
    RootLeaf,
    TrustLeaf,
    TufRootLeaf,
    YankLeaf,
    parse_leaf,
)
from packspec.names import PublisherName
from packspec.signing.restore import read_restore
from packspec.signing.statement import read_statement


class State(Struct):
    """What the log has said so far. Indexes of entries must ascend; entries that concern other packs and publishers may be left out."""

    next_index: int = 0
    at: int = 0
    trust_files: dict[str, Digest] = field(default_factory=dict)
    """The digest of each trust file, by target name, as the log last said it."""
    tuf_root: tuple[int, Digest] | None = None
    """Version and digest of the newest TUF root in the log."""
    _packs: dict[LoggedPack, Pack] = field(default_factory=dict)
    _publishers: dict[PublisherName, list[PublisherDocumentRoot]] = field(default_factory=dict)
    _resets: dict[PublisherName, tuple[ResetLeaf, ResetNotice]] = field(default_factory=dict)
    _recalls: list[RecalledRelease] = field(default_factory=list)

    def apply(self, index: int, entry: bytes, documents: Documents) -> frozenset[str]:
        """Adds the entry at `index` and gives the names of the targets that it changes.

        Raises LogContradiction, DocumentMissing, UnknownLeaf for a later type, and what reading an entry or document raises; then nothing
        was added.
        """
        leaf = parse_leaf(entry)
        if index < self.next_index:
            raise LogContradiction(index, f"it comes after entry {self.next_index - 1}")
        if leaf.at < self.at:
            raise LogContradiction(index, f"its time {leaf.at} is before {self.at}")
        match leaf:
            case PublishLeaf():
                changed = self._publish(index, leaf, documents)
            case RootLeaf():
                changed = self._root(index, leaf, entry)
            case ResetLeaf():
                changed = self._reset(index, leaf, entry)
            case DeprecateLeaf() | YankLeaf():
                changed = self._hide(index, leaf)
            case RecallLeaf():
                changed = self._recall(index, leaf)
            case RestoreLeaf():
                changed = self._restore(index, leaf, documents)
            case TrustLeaf():
                self.trust_files[leaf.file] = leaf.sha256
                changed = set()
            case TufRootLeaf():
                changed = self._tuf_root(index, leaf)
            case AnchorLeaf():
                changed = set()
        self.next_index, self.at = index + 1, leaf.at
        return frozenset(changed)

    @property
    def recalls(self) -> tuple[RecalledRelease, ...]:
        """Every recall so far, in the order of the log."""
        return tuple(self._recalls)

    def targets(self) -> dict[str, bytes]:
        """Every target that the log makes, by name, with its bytes. Private packs whose statements were not given are left out."""
        names = [site.RECALLS_TARGET, *map(site.publisher_target, self._publishers)]
        names += [site.pack_target(pack.logged) for pack in self._packs.values() if pack.name is not None]
        return {name: self.target(name) for name in sorted(names)}

    def names(self) -> set[str]:
        """The name of every target that the log makes, private packs included."""
        packs = {site.pack_target(pack.logged) for pack in self._packs.values()}
        return {site.RECALLS_TARGET, *map(site.publisher_target, self._publishers), *packs, *self.trust_files}

    def target(self, name: str) -> bytes:
        """The bytes of one target. Raises KeyError for one that the log does not make."""
        if name == site.RECALLS_TARGET:
            return Recalls(v=1, recalls=self.recalls).encode()
        place = name.removeprefix("index/").removesuffix(".json")
        if place.startswith("~/"):
            return self._index(self._packs[LoggedPack("~" + place[2:])]).encode()
        if "/" in place:
            return self._index(self._packs[LoggedPack(place)]).encode()
        publisher = PublisherName(place)
        return PublisherDocument(v=1, publisher=publisher, roots=tuple(self._publishers[publisher])).encode()

    def _index(self, pack: Pack) -> PackIndex:
        if pack.name is None:
            raise KeyError(pack.logged)
        rows = sorted((one.row() for one in pack.releases.values() if one), key=lambda row: row.version, reverse=True)
        return PackIndex(v=1, pack=pack.name, publisher=pack.name.publisher, releases=tuple(rows), salt=pack.salt)

    # Publishers

    def _root(self, index: int, leaf: RootLeaf, entry: bytes) -> set[str]:
        rows = self._publishers.get(leaf.publisher, [])
        if leaf.version != len(rows) + 1:
            raise LogContradiction(index, f"root {leaf.version} of {leaf.publisher} follows root {len(rows)}")
        reset, notice = self._resets.get(leaf.publisher, (None, None))
        announced = reset is not None and (reset.new.version, reset.new.sha256) == (leaf.version, leaf.root)
        row = PublisherDocumentRoot(
            version=leaf.version,
            sha256=leaf.root,
            log=index,
            leaf=entry.decode(),
            reset=notice if announced else None,
        )
        self._publishers[leaf.publisher] = [*rows, row]
        return {site.publisher_target(leaf.publisher)}

    def _reset(self, index: int, leaf: ResetLeaf, entry: bytes) -> set[str]:
        rows = self._publishers.get(leaf.publisher, [])
        if not rows or (rows[-1].version, rows[-1].sha256) != (leaf.old.version, leaf.old.sha256):
            raise LogContradiction(index, f"root {leaf.old.version} is not the newest of {leaf.publisher}")
        self._resets[leaf.publisher] = (leaf, ResetNotice(log=index, leaf=entry.decode()))
        return set()

    def _tuf_root(self, index: int, leaf: TufRootLeaf) -> set[str]:
        if self.tuf_root is not None and leaf.version != self.tuf_root[0] + 1:
            raise LogContradiction(index, f"TUF root {leaf.version} follows TUF root {self.tuf_root[0]}")
        self.tuf_root = (leaf.version, leaf.sha256)
        return set()

    # Packs

    def _publish(self, index: int, leaf: PublishLeaf, documents: Documents) -> set[str]:
        pack = self._packs.get(leaf.pack) or Pack(leaf.pack)
        if leaf.statement in pack.releases:
            raise LogContradiction(index, "its statement was published before")
        payload = payload_of(index, "statement", leaf.statement, documents, leaf.pack)
        if payload is None:
            pack.releases[leaf.statement] = None
            self._packs[leaf.pack] = pack
            return set()
        statement = read_statement(payload)
        check_statement(index, leaf, statement, pack)
        release = Release(row_of(index, leaf, statement, lowest_safety(index, leaf, documents)))
        # One (pack, version) means one digest, for ever.
        pack.versions[statement.version] = leaf.statement
        pack.releases[leaf.statement] = release
        pack.name, pack.salt = statement.pack, pack.salt or statement.salt
        self._packs[leaf.pack] = pack
        return {site.pack_target(leaf.pack)}

    def _find(self, index: int, leaf: DeprecateLeaf | YankLeaf | RecallLeaf | RestoreLeaf) -> Release | None:
        pack = self._packs.get(leaf.pack)
        if pack is None or leaf.statement not in pack.releases:
            raise LogContradiction(index, "the release it is about was not published")
        release = pack.releases[leaf.statement]
        if release is not None and leaf.version not in (None, release.base.version):
            raise LogContradiction(
                index, f"its statement is that of version {release.base.version}, not {leaf.version}"
            )
        return release

    def _changed(self, pack: LoggedPack, release: Release | None) -> set[str]:
        return {site.pack_target(pack)} if release is not None else set()

    def _hide(self, index: int, leaf: DeprecateLeaf | YankLeaf) -> set[str]:
        release = self._find(index, leaf)
        if release is None:
            return set()
        if isinstance(leaf, YankLeaf):
            release.yanked, release.restored = leaf, None
        elif leaf.reason == "none":
            release.deprecated = None
        else:
            release.deprecated = leaf
        return self._changed(leaf.pack, release)

    def _recall(self, index: int, leaf: RecallLeaf) -> set[str]:
        release = self._find(index, leaf)
        self._recalls.append(
            RecalledRelease(
                pack=leaf.pack,
                version=leaf.version,
                statement=leaf.statement,
                action=leaf.action,
                reason=leaf.reason,
                replacement=leaf.replacement,
                at=leaf.at,
                log=index,
            )
        )
        if release is not None:
            release.recalled = leaf
        return {site.RECALLS_TARGET} | self._changed(leaf.pack, release)

    def _restore(self, index: int, leaf: RestoreLeaf, documents: Documents) -> set[str]:
        release = self._find(index, leaf)
        payload = payload_of(index, "restore document", leaf.document, documents, leaf.pack)
        if payload is not None:
            restore = read_restore(payload)
            if (restore.statement, restore.restores) != (leaf.statement, leaf.restores):
                raise LogContradiction(index, "its restore document is about something else")
            if restore.at < self._told_at(leaf, release):
                raise LogContradiction(index, f"its restore document was made before the {leaf.restores} that it lifts")
        if leaf.restores == "recall":
            return self._lift_recall(index, leaf, release)
        if release is None:
            return set()
        if release.yanked is None:
            raise LogContradiction(index, "it lifts a yank that is not there")
        release.yanked, release.restored = None, (leaf.document, index)
        return self._changed(leaf.pack, release)

    def _told_at(self, leaf: RestoreLeaf, release: Release | None) -> int:
        """When the yank, or the last recall, that a restore lifts was logged: seconds, UTC; 0 if there is none."""
        if leaf.restores == "recall":
            return max((self._recalls[row].at for row in self._open_recalls(leaf)), default=0)
        return release.yanked.at if release is not None and release.yanked is not None else 0

    def _open_recalls(self, leaf: RestoreLeaf) -> list[int]:
        return [
            at
            for at, row in enumerate(self._recalls)
            if (row.pack, row.statement) == (leaf.pack, leaf.statement) and row.restored is None
        ]

    def _lift_recall(self, index: int, leaf: RestoreLeaf, release: Release | None) -> set[str]:
        open_rows = self._open_recalls(leaf)
        if not open_rows:
            raise LogContradiction(index, "it lifts a recall that is not there")
        for at in open_rows:
            self._recalls[at] = replace(self._recalls[at], restored=leaf.document, restored_log=index)
        if release is not None:
            release.recalled = None
        return {site.RECALLS_TARGET} | self._changed(leaf.pack, release)


def replay(entries: Iterable[bytes], documents: Documents) -> dict[str, bytes]:
    """All targets that a log makes: the entries from the first on, each as it was logged. Raises what `State.apply` raises."""
    state = State()
    for index, entry in enumerate(entries):
        state.apply(index, entry, documents)
    return state.targets()
