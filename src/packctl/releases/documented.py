"""A pack as its registry's catalog tells of it, from signed documents that are on this machine: index, pack.toml and tree.

For `show --offline`. The texts are those of the release that was asked for. What no document says is left empty: whether the publisher was
verified, and how many files the other releases have.
"""

from collections.abc import Iterator, Sequence

from packctl.install.store import Store
from packctl.registry.failures import Unreachable
from packctl.registry.network import Origin
from packctl.releases.described import Described
from packctl.releases.proven import Documents, Release, Source, documents_of
from packctl.session import Session
from packspec import limits
from packspec.assets import resolve_assets
from packspec.catalog import listing_of
from packspec.licenses.listed import plans_of
from packspec.protocol.catalog import AssetView, PackView, ReleaseView
from packspec.signing.statement import Statement
from packspec.versions import Version

_README_BYTES = 4 * limits.DESCRIPTION_CHARACTERS


def by_documents(session: Session, source: Source, asked: Version | None) -> Described:
    """Raises NoSuchRelease, the first fault of the release, Unreachable for what is not here, and what reading its documents raises."""
    release, documents = _found(session, source, [asked] if asked else source.offered())
    said, manifest = release.statement, documents.manifest
    assets = resolve_assets(manifest, documents.tree.files)
    view = _view(source, said, documents, len(assets), _readme(session, documents))
    origin = Origin.parse(source.registry.opened.address)
    return Described(origin, view, said.version, [AssetView.of(one) for one in assets], plans_of(manifest))


def _found(session: Session, source: Source, versions: Sequence[Version]) -> tuple[Release, Documents]:
    """The first of `versions` that is on this machine: a carry file brings some of many. Raises Unreachable for the first where none is."""
    missing: Unreachable | None = None
    for version in versions:
        try:
            (release,) = source.prove([version], reads_only=True)
            (documents,) = documents_of(session, [release])
        except Unreachable as error:
            missing = missing or error
            continue
        return release, documents
    assert missing is not None  # a pack has releases
    raise missing


def _view(source: Source, said: Statement, documents: Documents, assets: int, readme: str) -> PackView:
    return PackView.of(
        listing_of(documents.manifest, assets),
        name=said.pack,
        kind=said.facts.kind,
        description=readme,
        license=said.license,
        paid=said.paid,
        verified=False,
        publisher=said.publisher,
        publisher_display_name="",
        latest=source.newest(),
        releases=list(_releases(source, said)),
        size=said.archive.size,
    )


def _releases(source: Source, said: Statement) -> Iterator[ReleaseView]:
    for row in source.index.releases:
        recalls = source.registry.current(row.statement, said.pack).recalls
        recall = recalls[-1] if recalls else None
        yield ReleaseView(
            version=row.version,
            state=row.state,
            published_at=row.at,
            size=row.archive.size,
            unpacked=row.unpacked,
            files=said.files if row.version == said.version else 0,
            archive=row.archive.sha256,
            statement=row.statement,
            is_latest=row.version == source.newest(),
            is_prerelease=row.version.is_prerelease,
            license=row.license,
            paid=row.paid,
            reason=row.reason or "",
            note=row.note or "",
            use=str(row.use or ""),
            action=recall.action if recall else "",
            replacement=str(recall.replacement or "") if recall else "",
        )


def _readme(session: Session, documents: Documents) -> str:
    """The readme, as far as a catalog shows one; empty where the store does not hold it."""
    path = documents.manifest.pack.readme
    entry = documents.tree.find(str(path)) if path else None
    if entry is None:
        return ""
    with Store.open(session.places.store) as store:
        data = store.read(entry.sha256, entry.size) if entry.size <= _README_BYTES else None
    return (data or b"").decode("utf-8", "ignore")[: limits.DESCRIPTION_CHARACTERS]
