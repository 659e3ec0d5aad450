"""What releases need, and how it comes into the store: trees first, then archives or pieces of them (docs/spec/install.md, I11 to I14).

Nothing of a project is touched. What enters the store is verified by its digest, so a failure may leave some right files there and nothing
else; what was downloaded is removed once it has been read.
"""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from packctl.install.bring import Job, bring
from packctl.install.plan import Need, Way, need_of
from packctl.install.readin import fill_empty
from packctl.install.store import Store
from packctl.registry.transfer import Transfers
from packctl.registry.wanted import Piece, Wanted
from packctl.ui.progress import Progress
from packspec import limits, site
from packspec.assets import resolve_assets
from packspec.digests import Digest
from packspec.manifest import parse_manifest
from packspec.names import PackName
from packspec.signing.documents import BlobRef
from packspec.tree import Tree, check_digests
from packspec.versions import Version


class Release(Struct, frozen=True):
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


class Part(Struct, frozen=True):
    """Which part of packs is wanted: assets for these features (None: all), and whether essential assets alone."""

    features: tuple[str, ...] | None = None
    essential: bool = False

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.features is None and not self.essential


class _Promised(Struct):
    """Digests that the store has, or that are on their way into it."""

    store: Store
    more: set[Digest] = field(default_factory=set)

    def __contains__(self, digest: object) -> bool:
        return digest in self.more or digest in self.store


class Supply(Struct):
    """The releases that come in, and what is fetched of them. `transfers` is called when the first byte is needed."""

    store: Store
    releases: Sequence[Release]
    transfers: Callable[[], Transfers]
    progress: Callable[[int, int], Progress]
    """Made for a number of archives and their bytes."""
    before: Mapping[PackName, Mapping[str, Digest]] = field(default_factory=dict)
    """What was installed of packs that change: path to digest, as it was signed."""
    addresses: Callable[[PackName], tuple[str, str] | None] = lambda pack: None
    """Where archive and tree of a pack that must be paid can be fetched: asked when the first byte is needed. None: as of all others."""
    trees: dict[PackName, Tree] = field(default_factory=dict)
    left_out: dict[PackName, frozenset[str]] = field(default_factory=dict)
    """Paths that a part install does not want."""
    features: set[str] = field(default_factory=set)
    """Every feature that an asset of these releases is for, where that was looked at."""
    lacking: dict[PackName, Need] = field(default_factory=dict)
    """What was lacking when the trees had been read."""
    bytes_fetched: dict[PackName, int] = field(default_factory=dict)
    _whole: set[PackName] = field(default_factory=set)
    """Packs whose ranges were no use."""
    _has_fetched: bool = False

    def read_trees(self, known: Mapping[PackName, Tree], part: Part) -> None:
        """I11: the signed tree of each release, from what is installed, the store or its registry; for a part install its pack.toml, too.

        Raises ArchiveChanged for other bytes than were signed, `archive.tree` and `archive.path` for a tree that breaks a rule.
        """
        new = [release for release in self.releases if not self._knows(release, known)]
        found = self._documents({release: self._tree_of(release) for release in new})
        for release, data in found.items():
            tree = Tree.parse(data)
            check_digests(tree, release.tree.sha256, release.content)
            self.trees[release.pack] = tree
        if not part.is_all:
            self._leave_out(part)
        self.lacking = self.needs()

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
            self.features.update(feature for asset in assets for feature in asset.features)
            unwanted = (asset.path for asset in assets if not asset.is_for(part.features, part.essential))
            self.left_out[release.pack] = frozenset(unwanted)

    def needs(self) -> dict[PackName, Need]:
        """I12: what each release lacks in the store now; what several lack is counted for the first."""
        found, promised = {}, _Promised(self.store)
        for release in self.releases:
            pack = release.pack
            left_out, is_whole = self.left_out.get(pack, ()), pack in self._whole
            found[pack] = need_of(self.trees[pack], release.archive.size, promised, left_out, whole=is_whole)
            promised.more.update(file.sha256 for file in found[pack].missing)
        return found

    def set_aside_damaged(self) -> None:
        """Reads what the store has of the releases, so that what is damaged there counts as lacking."""
        for release in self.releases:
            left_out = self.left_out.get(release.pack, ())
            self.store.set_aside_damaged(file for file in self.trees[release.pack].files if file.path not in left_out)

    def fetch(self) -> None:
        """I12 to I14: fetches what the store lacks and reads it in.

        Where a server serves no ranges, or others than were signed, the whole archive is fetched after all. Raises ArchiveChanged,
        `archive.*`, DiskFailed, and what a transfer raises.
        """
        # What was found when the trees had been read holds once; a later call is there because something was lost since.
        jobs = self._jobs(self.needs() if self._has_fetched else self.lacking)
        self._has_fetched = True
        while jobs:
            refused = bring(jobs, self.store, self.transfers(), self.progress, self.bytes_fetched)
            if not refused:
                return
            self._whole |= refused
            jobs = self._jobs(self.needs())

    def _jobs(self, needs: Mapping[PackName, Need]) -> list[Job]:
        jobs = []
        for release in self.releases:
            need, tree = needs[release.pack], self.trees[release.pack]
            if need.way is Way.WHOLE:
                jobs.append(Job(release.pack, self._archive_of(release), tree))
            elif need.way is Way.RANGES:
                fill_empty(self.store, need.missing)
                archive = self._archive_of(release)
                jobs += [Job(release.pack, Piece(archive, span.start, span.end), tree, span) for span in need.spans]
        return jobs

    def _archive_of(self, release: Release) -> Wanted:
        wanted, own = _archive_of(release), self.addresses(release.pack)
        return wanted if own is None else replace(wanted, url=own[0], mirrors=())

    def _tree_of(self, release: Release) -> Wanted:
        wanted = _tree_of(release)
        own = None if self.store.read(wanted.sha256, wanted.ceiling_bytes) else self.addresses(release.pack)
        return wanted if own is None else replace(wanted, url=own[1], mirrors=())


def _manifest_of(release: Release) -> Wanted:
    return _blob(release, release.manifest, f"pack.toml of {release}", limits.MANIFEST_BYTES)


def _tree_of(release: Release) -> Wanted:
    return _blob(release, release.tree.sha256, f"the tree of {release}", limits.TREE_BYTES, release.tree.size)


def _archive_of(release: Release) -> Wanted:
    return _blob(release, release.archive.sha256, str(release), release.archive.size, release.archive.size)


def _blob(release: Release, digest: Digest, name: str, ceiling: int, size: int | None = None) -> Wanted:
    url, *mirrors = [f"{address}/{site.blob(digest)}" for address in release.addresses]
    return Wanted(url, digest, name, ceiling, size, mirrors=tuple(mirrors))
