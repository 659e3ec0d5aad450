"""From the name of a pack to releases that are proven as an install proves them (docs/spec/install.md, I1 to I8), and their documents."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from packctl.install.store import Store
from packctl.outcome import Notice
from packctl.registry.choose import choose_registry
from packctl.registry.open import open_transfers
from packctl.registry.transfer import Wanted
from packctl.session import Session
from packctl.trust.freshness import Purpose
from packctl.trust.proofs import Claim, Proven
from packctl.trust.registry import TrustedRegistry
from packspec import limits, site
from packspec.digests import Digest
from packspec.index.missing import NoSuchRelease
from packspec.manifest import Manifest, parse_manifest
from packspec.names import PackName
from packspec.signing.statement import Statement
from packspec.tree import Tree, check_digests
from packspec.verdict import ReleaseRecalled
from packspec.versions import Version


class Release(Struct, frozen=True):
    """A proven release. `packproof` is the file that was judged; `addresses` are its registry's own, then those of its mirrors."""

    statement: Statement
    packproof: bytes
    addresses: tuple[str, ...]
    root_version: int
    """Of the publisher's root that was in force."""
    licensed: Callable[[], tuple[str, str]] | None = None
    """Of a paid release: where archive and tree can be fetched, for who holds a license."""

    def __str__(self) -> str:
        return f"{self.statement.pack} {self.statement.version}"

    def wanted(self, digest: Digest, name: str, ceiling_bytes: int, size_bytes: int | None = None) -> Wanted:
        """A blob of this release, as transfers want it."""
        url, *mirrors = [f"{address}/{site.blob(digest)}" for address in self.addresses]
        return Wanted(url, digest, name, ceiling_bytes, size_bytes, mirrors=tuple(mirrors))

    def reachable(self, wanted: Wanted) -> Wanted:
        """The same blob, where it can be had now. Raises what refuses whoever holds no license, and what asking raises."""
        paid = (self.statement.archive.sha256, self.statement.tree.sha256)
        if self.licensed is None or wanted.sha256 not in paid:
            return wanted
        return replace(wanted, url=self.licensed()[paid.index(wanted.sha256)], mirrors=())


class Source:
    """The registry of one pack, brought up to date. Raises NoSuchPack, and what opening and refreshing a registry raises."""

    def __init__(self, session: Session, pack: PackName) -> None:
        chosen = choose_registry(session, pack.publisher)
        self._session = session
        self._pack = pack
        self.registry = TrustedRegistry.open(session, chosen.alias, chosen.address)
        # Nothing is chosen for a project here, and what was recalled is told; so what has ended may be looked at, with a warning.
        self.registry.refresh(Purpose.LOCKED)
        self.index = self.registry.index(pack)
        self._addresses = (self.registry.opened.address, *session.rules.mirrors_of(chosen.alias))

    def newest(self) -> Version:
        """The newest release that anybody may choose; where every one was taken back, the newest of all."""
        newest = self.index.newest
        return newest.version if newest else self.index.releases[0].version

    def offered(self) -> list[Version]:
        """All releases, the newest that anybody may choose first, then from the highest on."""
        newest = self.newest()
        return [newest, *(row.version for row in self.index.releases if row.version != newest)]

    def prove(self, versions: Sequence[Version], *, reads_only: bool) -> list[Release]:
        """R1 to R9 for these versions. Who only reads is warned of a recall, everybody else is refused.

        Raises NoSuchRelease, and the first fault of a release.
        """
        for version in versions:
            if self.index.find(version.without_build()) is None:
                newest = self.index.newest
                raise NoSuchRelease(str(self._pack), str(version), str(newest.version) if newest else "")
        proven = self.registry.prove([Claim(self._pack, version) for version in versions])
        return [self._accepted(one, reads_only) for one in proven]

    def _accepted(self, one: Proven, reads_only: bool) -> Release:
        for fault in one.verdict.faults:
            if not (reads_only and isinstance(fault, ReleaseRecalled)):
                raise fault
            self._session.warn(Notice(fault.code, fault.what(), fault.facts()))
        for notice in _notices(one):
            self._session.warn(notice)
        verdict = one.verdict
        assert verdict.statement and verdict.root and one.packproof  # without a fault of these there is no missing part
        licensed = licensed_by(self._session, self.registry, one)
        return Release(verdict.statement, one.packproof, self._addresses, verdict.root.root.version, licensed)


def licensed_by(session: Session, registry: TrustedRegistry, one: Proven) -> Callable[[], tuple[str, str]] | None:
    """Where archive and tree of a paid release can be fetched, asked for when it is called; None for a free one."""
    said, listed = one.verdict.statement, one.listed
    if said is None or listed is None or not said.paid:
        return None

    def ask() -> tuple[str, str]:
        from packctl.licenses.admission import admit
        from packspec.licenses.use import Release as Sought

        sought = Sought.of(said.pack, said.version, listed.at, said.facts)
        return admit(session, [(registry, [sought])])[said.pack]()

    return cache(ask)


def _notices(one: Proven) -> Iterator[Notice]:
    row = one.listed
    if row is None or row.state not in ("yanked", "deprecated"):
        return
    code = "policy.release-yanked" if row.state == "yanked" else "catalog.release-deprecated"
    facts = {"reason": row.because}
    if row.use:
        facts["use instead"] = str(row.use)
    said = "was yanked" if row.state == "yanked" else "is deprecated"
    yield Notice(code, f"{one.claim.pack} {one.claim.version} {said}", facts)


class Documents(Struct, frozen=True):
    """What a release says of its content: its tree and its pack.toml, both of the digests that its statement names."""

    tree: Tree
    manifest: Manifest


def documents_of(session: Session, releases: Sequence[Release]) -> list[Documents]:
    """Trees and manifests, out of the store or fetched into it; no archive is touched.

    Raises ArchiveChanged for other bytes than were signed, `archive.tree` and `archive.path` for a tree that breaks a rule, ManifestFaults,
    and what a transfer raises.
    """
    wishes = {wish.sha256: (release, wish) for release in releases for wish in _wishes(release)}
    wanted = [wish for _, wish in wishes.values()]
    with Store.open(session.places.store) as store:
        found = {one.sha256: store.read(one.sha256, one.ceiling_bytes) for one in wanted}
        missing = [release.reachable(one) for release, one in wishes.values() if found[one.sha256] is None]
        fetched = session.once(open_transfers).read_all(missing) if missing else {}
        for one in missing:
            data = found[one.sha256] = fetched[one.sha256]
            store.put(one.sha256, len(data), [data], one.name)
    return [
        _documents(release, {digest: data for digest, data in found.items() if data is not None})
        for release in releases
    ]


def _wishes(release: Release) -> Iterator[Wanted]:
    said = release.statement
    yield release.wanted(said.tree.sha256, f"the tree of {release}", limits.TREE_BYTES, said.tree.size)
    yield release.wanted(said.manifest, f"pack.toml of {release}", limits.MANIFEST_BYTES)


def _documents(release: Release, found: dict[Digest, bytes]) -> Documents:
    said = release.statement
    tree = Tree.parse(found[said.tree.sha256])
    check_digests(tree, said.tree.sha256, said.content)
    return Documents(tree, parse_manifest(found[said.manifest], strict=False))
