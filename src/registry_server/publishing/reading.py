"""Reading what was handed in: the archive once and strictly, all of the statement made anew from it, and every check. No transaction.

Step 2 of docs/spec/publishing.md. What is found goes into the report; what the catalog shows is taken from the same reading.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from packspec import limits
from packspec.archive.layout import Entry
from packspec.archive.read import Archive, Sink, read_archive
from packspec.archive.rules import ArchiveLimits
from packspec.assets import resolve_assets
from packspec.catalog import listing_of
from packspec.checkreport import CheckReport
from packspec.checks import FileLook, Finding, Level
from packspec.digests import Digest
from packspec.facts import PackKind
from packspec.manifest import describing_files, listing_language, parse_manifest
from packspec.manifest.selection import MANIFEST
from packspec.pictures import PixelSize
from packspec.signing.claim import check_claim
from packspec.signing.statement import Statement
from packspec.tree import TreeEntry
from registry_server.catalog.assets import encode_pixels
from registry_server.catalog.rules import Texts, changelog_of
from registry_server.publishing.checks import CHECKS, limited
from registry_server.publishing.checks.seen import Known, SeenPack
from registry_server.publishing.refusals import ChecksFailed
from registry_server.publishing.scanning import Scanned, scan
from registry_server.settings import PublishLimits
from registry_server.world import World

TEXT_BYTES = 4 * limits.DESCRIPTION_CHARACTERS
"""So much of a readme, changelog or listing is kept while reading: what is shown of it has no more bytes."""


@dataclass(frozen=True)
class Checked:
    """An archive that may become a release, and what is kept of it besides."""

    report: CheckReport
    texts: Texts


@dataclass(frozen=True)
class HandedIn:
    """What is read: the archive's bytes by digest, and the statement, which at least one key of the publisher signed."""

    archive: Digest
    size: int
    statement: Statement


def check(world: World, handed_in: HandedIn, known: Known) -> Checked:
    """Reads, compares and checks; keeps tree, manifest and sizes of pictures as blobs.

    Raises what `read_archive` raises, StatementMismatch, ChecksFailed, BlobMissing.
    """
    statement = handed_in.statement
    source = world.blobs.open(handed_in.archive)
    looking = _Looking(statement.facts.kind)
    try:
        archive = read_archive(source, archive_limits(world.settings.publish), looking.begin, on_done=looking.end)
        check_claim(statement, archive, handed_in.archive, source.size)
    finally:
        source.close()
    seen = SeenPack(archive, statement, known, looking.texts)
    findings = [*looking.found, *(finding for check_ in CHECKS for finding in check_(seen))]
    findings += _scanned(world, handed_in)
    if any(finding.level is Level.ERROR for finding in findings):
        raise ChecksFailed(limited(findings))
    report = CheckReport(v=1, archive=handed_in.archive, findings=limited(findings))
    return Checked(report, _texts(archive, looking, _keep_blobs(world, archive, looking.pixels)))


def _scanned(world: World, handed_in: HandedIn) -> list[Finding]:
    """What the registry's own scanner finds, of an archive that was read and is what was signed."""
    said = handed_in.statement
    what = Scanned(said.pack, said.version, said.facts.kind, handed_in.archive, handed_in.size)
    return scan(world.settings.publish, world.blobs, what)


def archive_limits(settings: PublishLimits) -> ArchiveLimits:
    """The ceilings of this registry."""
    return ArchiveLimits(
        archive_bytes=settings.archive_bytes,
        file_bytes=settings.file_bytes,
        unpacked_bytes=settings.unpacked_bytes,
        files=settings.files,
        ratio=settings.ratio,
    )


@dataclass
class _Looking:
    """Looks at file after file while the archive is read; holds the bytes of one at a time, and the texts that describe the pack."""

    kind: PackKind
    found: list[Finding] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)
    pixels: dict[str, PixelSize] = field(default_factory=dict)
    _describing: frozenset[str] = frozenset((MANIFEST,))
    _look: FileLook | None = None
    _text: bytearray | None = None

    def begin(self, entry: Entry) -> Sink:
        """Where the bytes of the next file go."""
        look = self._look = FileLook(entry.path, self.kind)
        self._text = None
        if entry.path not in self._describing and listing_language(entry.path) is None:
            return look.feed
        text = self._text = bytearray()
        return _both(look.feed, lambda piece: text.extend(piece[: TEXT_BYTES - len(text)]))

    def end(self, file: TreeEntry) -> None:
        """The file is whole, and is what the directory says. The first one, pack.toml, tells which others describe the pack."""
        assert self._look is not None
        self.found += self._look.done()
        if size := self._look.pixels:
            self.pixels[file.path] = size
        if self._text is not None:
            self.texts[file.path] = bytes(self._text)
        if file.path == MANIFEST:
            self._describing = describing_files(parse_manifest(self.texts[MANIFEST], strict=False))


def _both(first: Callable[[bytes], object], second: Callable[[bytes], object]) -> Sink:
    def take(piece: bytes) -> None:
        first(piece)
        second(piece)

    return take


def _keep_blobs(world: World, archive: Archive, pixels: dict[str, PixelSize]) -> Digest:
    """Keeps what an index or page asks for by digest, and gives the digest of the sizes of pictures."""
    tree, ceiling = archive.tree.encode(), limits.TREE_BYTES
    world.blobs.put([tree], ceiling, archive.tree.digest)
    world.blobs.put([archive.manifest_bytes], ceiling, Digest.of(archive.manifest_bytes))
    return world.blobs.put([encode_pixels(pixels)], ceiling)


def _texts(archive: Archive, looking: _Looking, pictures: Digest) -> Texts:
    manifest, pack = archive.manifest, archive.manifest.pack
    assets = resolve_assets(manifest, archive.tree.files)
    return Texts(
        listing=listing_of(manifest, len(assets)),
        description=_text(looking.texts, pack.readme)[: limits.DESCRIPTION_CHARACTERS],
        changelog=changelog_of(_text(looking.texts, pack.changelog), pack.version),
        pictures=pictures,
    )


def _text(texts: dict[str, bytes], path: str | None) -> str:
    """A text that was read; its last character may have been cut."""
    return texts.get(str(path), b"").decode("utf-8", "ignore")
