"""Brings releases into the store: trees, then archives through the strict reader (docs/spec/install.md, I11 to I14).

Nothing of a project is touched. What enters the store is verified by its digest, so a failure may leave some right files there and nothing
else; archives are removed once they have been read.
"""

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from packctl.durable import DiskFailed
from packctl.install.incoming import Incoming
from packctl.install.plan import Need, Way, need_of
from packctl.install.store import Store
from packctl.registry.transfer import Transfers, Wanted
from packctl.ui.progress import Item, Progress
from packspec import limits, site
from packspec.archive import ByteSource
from packspec.archive.layout import Entry
from packspec.archive.read import read_files, read_layout
from packspec.assets import resolve_assets
from packspec.digests import Digest
from packspec.manifest import parse_manifest
from packspec.names import PackName
from packspec.signing.documents import BlobRef
from packspec.tree import Tree, TreeEntry, check_digests
from packspec.versions import Version


@dataclass(frozen=True)
class Release:
    """A proven release as it is fetched: what its statement says of its bytes, and where its registry and mirrors are."""

    pack: PackName
    version: Version
    addresses: tuple[str, ...]
    """The registry's own, then its mirrors'."""
    archive: BlobRef
    tree: BlobRef
    content: Digest
    manifest: Digest

    def __str__(self) -> str:
        return f"{self.pack} {self.version}"


@dataclass(frozen=True)
class Part:
    """Which part of packs is wanted: assets for these features (None: all), and whether essential assets alone."""

    features: tuple[str, ...] | None = None
    essential: bool = False

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.features is None and not self.essential


@dataclass
class Supply:
    """The releases that come in, and what is fetched of them. `transfers` is called when the first byte is needed."""

    store: Store
    releases: Sequence[Release]
    transfers: Callable[[], Transfers]
    progress: Callable[[int, int], Progress]
    """Made for a number of archives and their bytes."""
    trees: dict[PackName, Tree] = field(default_factory=dict)
    left_out: dict[PackName, frozenset[str]] = field(default_factory=dict)
    """Paths that a part install does not want."""
    bytes_fetched: dict[PackName, int] = field(default_factory=dict)

    def read_trees(self, known: Mapping[PackName, Tree], part: Part) -> None:
        """I11: the signed tree of each release, from what is installed, the store or its registry; for a part install its pack.toml, too.

        Raises ArchiveChanged for other bytes than were signed, `archive.tree` and `archive.path` for a tree that breaks a rule.
        """
        new = [release for release in self.releases if not self._knows(release, known)]
        found = self._documents({release: _tree_of(release) for release in new})
        for release, data in found.items():
            tree = Tree.parse(data)
            check_digests(tree, release.tree.sha256, release.content)
            self.trees[release.pack] = tree
        if not part.is_all:
            self._leave_out(part)

    def _knows(self, release: Release, known: Mapping[PackName, Tree]) -> bool:
        tree = known.get(release.pack)
        if tree is None or not tree.digest.same(release.tree.sha256):
            return False
        self.trees[release.pack] = tree
        return True

    def _documents(self, wanted: Mapping[Release, Wanted]) -> dict[Release, bytes]:
        """Small documents of releases, by digest: out of the store, else fetched and put there, for other projects and for offline use."""
        found, missing = {}, {}
        for release, one in wanted.items():
            data = self.store.read(one.sha256, one.ceiling_bytes)
            if data is None:
                missing[release] = one
            else:
                found[release] = data
        fetched = self.transfers().read_all(missing.values()) if missing else {}
        for release, one in missing.items():
            data = found[release] = fetched[one.sha256]
            self.store.put(one.sha256, len(data), [data], one.name)
        return found

    def _leave_out(self, part: Part) -> None:
        for release, data in self._documents({release: _manifest_of(release) for release in self.releases}).items():
            manifest = parse_manifest(data, strict=False)
            assets = resolve_assets(manifest, self.trees[release.pack].files)
            unwanted = (asset.path for asset in assets if not asset.is_for(part.features, part.essential))
            self.left_out[release.pack] = frozenset(unwanted)

    def needs(self) -> dict[PackName, Need]:
        """I12: what each release lacks in the store now."""
        return {
            release.pack: need_of(
                self.trees[release.pack], release.archive.size, self.store, self.left_out.get(release.pack, ())
            )
            for release in self.releases
        }

    def fetch(self) -> None:
        """I12 to I14: fetches what the store lacks and reads it in.

        Raises ArchiveChanged, `archive.*`, DiskFailed, and what a transfer raises.
        """
        needs = self.needs()
        lacking: dict[Digest, list[Release]] = {}
        for release in self.releases:
            if needs[release.pack].way is not Way.NOTHING:
                lacking.setdefault(release.archive.sha256, []).append(release)
        if not lacking:
            return
        transfers = self.transfers()
        with self.progress(len(lacking), sum(group[0].archive.size for group in lacking.values())) as progress:
            items: dict[Digest, Item] = {}

            def on_bytes(wanted: Wanted, count: int) -> None:
                if wanted.sha256 not in items:
                    items[wanted.sha256] = progress.item(wanted.name, wanted.ceiling_bytes)
                items[wanted.sha256].advance(count)

            for wanted, name in transfers.fetch_all([_archive_of(group[0]) for group in lacking.values()], on_bytes):
                self._read_in(transfers, wanted, name, lacking[wanted.sha256])
                if wanted.sha256 in items:
                    items[wanted.sha256].done()

    def _read_in(self, transfers: Transfers, wanted: Wanted, name: str, releases: list[Release]) -> None:
        """Reads a fetched archive into the store. Another process may have read and removed the same file: then it is fetched again."""
        while True:
            try:
                source = transfers.open(name)
                break
            except DiskFailed as error:
                if error.errno != errno.ENOENT:
                    raise
                name = transfers.fetch(wanted)
        with source:
            for release in releases:
                fill_from_archive(self.store, source, self.trees[release.pack])
                self.bytes_fetched[release.pack] = release.archive.size
        transfers.remove(name)


def fill_from_archive(store: Store, source: ByteSource, tree: Tree) -> int:
    """I14: passes an archive through the strict reader; every file that the store lacks enters it. How many did.

    Raises `archive.*` for what is no archive of our layout, TreeMismatch for another content than the signed tree's, DiskFailed.
    """
    filling = _Filling(store, tree)
    try:
        # Without a look into pack.toml: what it says was judged where it was published, and a later packctl may have written it.
        read_files(source, read_layout(source), filling.sink, on_done=filling.done, signed=tree)
    finally:
        filling.drop()
    return filling.count


@dataclass
class _Filling:
    """One archive on its way in. Of several files with one content the first enters."""

    store: Store
    tree: Tree
    count: int = 0
    _current: Incoming | None = None

    def sink(self, entry: Entry) -> Callable[[bytes], None] | None:
        signed = self.tree.by_path[entry.path]
        if signed.sha256 in self.store:
            return None
        self._current = self.store.incoming(signed.sha256, signed.size, signed.path)
        return self._current.write

    def done(self, _file: TreeEntry) -> None:
        """The reader has compared the digest: the file may enter."""
        if self._current is not None:
            self._current.finish()
            self.count += 1
            self._current = None

    def drop(self) -> None:
        """Removes a file that was not read to its end."""
        if self._current is not None:
            self._current.drop()


def _manifest_of(release: Release) -> Wanted:
    return _blob(release, release.manifest, f"pack.toml of {release}", limits.MANIFEST_BYTES)


def _tree_of(release: Release) -> Wanted:
    return _blob(release, release.tree.sha256, f"the tree of {release}", limits.TREE_BYTES, release.tree.size)


def _archive_of(release: Release) -> Wanted:
    return _blob(release, release.archive.sha256, str(release), release.archive.size, release.archive.size)


def _blob(release: Release, digest: Digest, name: str, ceiling: int, size: int | None = None) -> Wanted:
    url, *mirrors = [f"{address}/{site.blob(digest)}" for address in release.addresses]
    return Wanted(url, digest, name, ceiling, size, mirrors=tuple(mirrors))
