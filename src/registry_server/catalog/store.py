"""Questions of the catalog to the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import Connection, Row

from packspec import wire
from packspec.catalog import Listing
from packspec.digests import Digest
from packspec.names import PackName, PublisherName
from packspec.protocol.catalog import PackHit, SearchPacks
from packspec.versions import Version
from registry_server.catalog import fulltext, marks, needs
from registry_server.catalog.rules import Mark, NewRelease, Pack, Release, State, Texts
from registry_server.catalog.tables import pack, pack_label, release

_HEAVY = ("description", "listing")
_LIGHT = [column for column in release.c if column.name not in _HEAVY]

# Built once: every step of a submission asks these, and building a statement costs more than running it.
_BY_NAME = sa.select(pack).where(pack.c.name == sa.bindparam("wanted")).with_for_update()
_FOREIGN = sa.select(pack.c.name).where(pack.c.publisher != sa.bindparam("publisher"))
_SHOW = pack.update().where(pack.c.id == sa.bindparam("pack_id"))
_FORGET_LABELS = pack_label.delete().where(pack_label.c.pack_id == sa.bindparam("of"))
_RELEASES = sa.select(*_LIGHT).where(release.c.pack_id == sa.bindparam("pack_id"))
_STATES = sa.select(release.c.version, release.c.state).where(release.c.pack_id == sa.bindparam("pack_id"))
_OF_NAME = release.c.pack_id == sa.select(pack.c.id).where(pack.c.name == sa.bindparam("name")).scalar_subquery()
_PUBLISHED_AT = sa.select(release.c.published_at).where(_OF_NAME, release.c.version == sa.bindparam("version"))
_NEWEST = sa.select(release.c.version).where(_OF_NAME).order_by(release.c.log_number.desc()).limit(1)
_NEWEST_BEFORE = _NEWEST.where(release.c.log_number < sa.bindparam("before"))
_SHOWN = sa.select(release).where(
    release.c.pack_id == sa.bindparam("pack_id"), release.c.version == sa.bindparam("version")
)


def find_pack(db: Connection, name: PackName) -> Pack | None:
    """The pack called `name`. In a write transaction nobody else changes it until the end."""
    row = db.execute(_BY_NAME, {"wanted": str(name)}).one_or_none()
    if row is None:
        return None
    latest = None if row.latest is None else Version.parse(row.latest)
    return Pack(id=row.id, name=PackName(row.name), kind=row.kind, created_at=row.created_at, latest=latest)


def foreign_names(db: Connection, publisher: PublisherName) -> list[PackName]:
    """The names of all packs of other publishers."""
    return [PackName(name) for name in db.scalars(_FOREIGN, {"publisher": str(publisher)})]


def add_pack(db: Connection, name: PackName, kind: str, now: int) -> Pack:
    """Keeps a new pack without releases. A taken name fails on the constraint."""
    values = {
        "name": str(name), "publisher": str(name.publisher), "kind": kind, "created_at": now, "title": "", "summary": "", "license": "",
        "paid": False, "category": "", "subcategory": "", "price_minor": 0, "deprecated": False, "published_at": 0,
    }  # fmt: skip
    pack_id = db.execute(pack.insert().values(**values).returning(pack.c.id)).scalar_one()
    return Pack(id=int(pack_id), name=name, kind=kind, created_at=now, latest=None)  # type: ignore[arg-type]  # the constraint says so


def add_release(db: Connection, of: Pack, new: NewRelease) -> None:
    """Keeps a release. A version that is there fails on the primary key."""
    statement, texts = new.statement, new.texts
    assert texts.pictures is not None  # publishing reads every archive before it gets here
    values = {
        "pack_id": of.id, "version": str(statement.version), "state": State.PUBLISHED.value, "log_number": new.log_number,
        "published_at": new.at, "statement": str(new.digest), "archive": str(statement.archive.sha256), "size": statement.archive.size,
        "tree": str(statement.tree.sha256), "manifest": str(statement.manifest), "pictures": str(texts.pictures),
        "unpacked": statement.unpacked, "files": statement.files, "license": statement.license, "paid": statement.paid,
        "description": texts.description, "changelog": texts.changelog, "listing": msgspec.to_builtins(texts.listing),
    }  # fmt: skip
    db.execute(release.insert(), values)
    needs.keep(db, of, statement.version, texts.listing.needs)


def releases(db: Connection, of: Pack) -> list[Release]:
    """All releases of a pack, highest version first, with what was said about them."""
    said = marks.of_pack(db, of)
    rows = db.execute(_RELEASES, {"pack_id": of.id})
    found = [_release(of.name, row, said.get(row.version, ())) for row in rows]
    return sorted(found, key=lambda one: one.version, reverse=True)


def states(db: Connection, of: Pack) -> dict[Version, State]:
    """The states of all releases of a pack, by version."""
    return {Version.parse(row.version): State(row.state) for row in db.execute(_STATES, {"pack_id": of.id})}


def published_at(db: Connection, name: PackName, version: Version) -> int | None:
    """When a release was logged; None for one that is not there."""
    return db.scalar(_PUBLISHED_AT, {"name": str(name), "version": str(version.without_build())})


def versions(db: Connection, name: PackName) -> list[Version]:
    """The versions of the pack called `name` that may be chosen anew, highest first; empty for one that is not there."""
    wanted = sa.select(release.c.version).join(pack, release.c.pack_id == pack.c.id).where(pack.c.name == name)
    chosen = wanted.where(release.c.state.in_([State.PUBLISHED.value, State.DEPRECATED.value]))
    return sorted(map(Version.parse, db.scalars(chosen)), reverse=True)


def newest_before(db: Connection, name: PackName, log_number: int | None) -> Version | None:
    """The release of a pack that was logged last before `log_number`; None means now."""
    if log_number is None:
        found = db.scalar(_NEWEST, {"name": str(name)})
    else:
        found = db.scalar(_NEWEST_BEFORE, {"name": str(name), "before": log_number})
    return None if found is None else Version.parse(found)


def texts(db: Connection, of: Pack, version: Version) -> Texts:
    """The texts of a release that is there."""
    mine = (release.c.pack_id == of.id) & (release.c.version == str(version))
    row = db.execute(sa.select(release.c.description, release.c.changelog, release.c.listing).where(mine)).one()
    return Texts(listing=wire.convert(row.listing, Listing), description=row.description, changelog=row.changelog)


def set_state(db: Connection, of: Pack, version: Version, state: State) -> None:
    """Moves a release to `state`."""
    mine = (release.c.pack_id == of.id) & (release.c.version == str(version))
    db.execute(release.update().where(mine).values(state=state.value))


# The latest release, as search sees it


def show_latest(db: Connection, of: Pack, version: Version, publisher: str) -> None:
    """Makes the release `version` what search and pages show of the pack; `publisher` is the publisher's name for display."""
    latest = db.execute(_SHOWN, {"pack_id": of.id, "version": str(version)}).one()
    listing = wire.convert(latest.listing, Listing)
    ages = listing.ages or (None, None)
    shown = {
        "latest": latest.version, "title": listing.title, "summary": listing.summary, "license": latest.license, "paid": latest.paid,
        "category": listing.category, "subcategory": listing.subcategory, "age_min": ages[0], "age_max": ages[1],
        "price_minor": listing.price_minor, "deprecated": latest.state == State.DEPRECATED.value, "published_at": latest.published_at,
    }  # fmt: skip
    db.execute(_SHOW, {"pack_id": of.id, **shown})
    _keep_labels(db, of, listing)
    said = {
        "name": str(of.name),
        "title": listing.title,
        "tags": " ".join((*listing.tags, listing.category, listing.subcategory)),
        "publisher": publisher,
        "summary": listing.summary,
        "description": latest.description,
    }
    fulltext.of(db).keep(db, of.id, said)


def hide(db: Connection, of: Pack) -> None:
    """Takes a pack out of search: it has no release that may be chosen anew."""
    db.execute(pack.update().where(pack.c.id == of.id).values(latest=None))
    fulltext.of(db).forget(db, of.id)


def _keep_labels(db: Connection, of: Pack, listing: Listing) -> None:
    db.execute(_FORGET_LABELS, {"of": of.id})
    rows = [
        {"pack_id": of.id, "kind": kind, "value": value} for kind, values in listing.labels.items() for value in values
    ]
    if rows:
        db.execute(pack_label.insert(), rows)


# Search


@dataclass(frozen=True)
class Found:
    """One page of a search, and how many there are in all. `verified` is left to the caller."""

    hits: list[PackHit]
    total: int


def search(db: Connection, ask: SearchPacks, verified: Iterable[str]) -> Found:
    """The packs that `ask` wants; `verified` are the publishers that count as such."""
    wanted = sa.select(pack.c.id).where(pack.c.latest.is_not(None))
    by_rank: list[sa.ColumnElement[object]] = []
    if ask.q.strip():
        found = fulltext.of(db).matching(ask.q)
        if found is None:
            return Found([], 0)
        wanted = wanted.join(found, found.c.pack_id == pack.c.id)
        by_rank = [found.c.rank]
    trusted = set(verified)
    for condition in _conditions(ask, trusted):
        wanted = wanted.where(condition)
    total = db.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    page = wanted.order_by(*_order(ask.sort, by_rank), pack.c.id.desc())
    ids = list(db.scalars(page.limit(ask.limit).offset((ask.page - 1) * ask.limit)))
    hits = _hits(db, ids, trusted)
    if ask.why:
        matched = fulltext.of(db).matched(db, ask.q, ids)
        hits = [replace(hit, matched=matched.get(pack_id, [])) for pack_id, hit in zip(ids, hits, strict=True)]
    return Found(hits, total)


_LABELS = {"tag": "tag", "feature": "feature", "subject": "subject", "grade": "grade", "modality": "modality"}
_COLUMNS = ("category", "subcategory", "kind", "license", "publisher")


def _conditions(ask: SearchPacks, verified: set[str]) -> Iterable[sa.ColumnElement[bool]]:
    for name in _COLUMNS:
        if value := getattr(ask, name):
            yield pack.c[name] == value
    for name, kind in _LABELS.items():
        if value := getattr(ask, name):
            mine = (pack_label.c.pack_id == pack.c.id) & (pack_label.c.kind == kind) & (pack_label.c.value == value)
            yield sa.exists().where(mine)
    if ask.free:
        yield pack.c.paid == sa.literal(False, pack.c.paid.type)
    if ask.verified:
        yield pack.c.publisher.in_(sorted(verified))
    if ask.age is not None:
        yield (pack.c.age_min <= ask.age) & (pack.c.age_max >= ask.age)
    if ask.max_price_minor is not None:
        free = pack.c.paid == sa.literal(False, pack.c.paid.type)
        yield free | ((pack.c.price_minor > 0) & (pack.c.price_minor <= ask.max_price_minor))


def _order(sort: str, by_rank: Sequence[sa.ColumnElement[object]]) -> list[sa.ColumnElement[object]]:
    newest = pack.c.published_at.desc()
    match sort:
        case "relevance":
            return [*by_rank, newest]
        case "price_low":
            return [pack.c.price_minor, newest]
        case "price_high":
            return [pack.c.price_minor.desc(), newest]
        case _:
            return [newest]


def _hits(db: Connection, ids: Sequence[int], verified: set[str]) -> list[PackHit]:
    latest = (release.c.pack_id == pack.c.id) & (release.c.version == pack.c.latest)
    wanted = sa.select(pack, release.c.listing).join(release, latest).where(pack.c.id.in_(ids))
    hits = {row.id: _hit(row, verified) for row in db.execute(wanted)}
    return [hits[pack_id] for pack_id in ids]


def _hit(row: Row[tuple[object, ...]], verified: set[str]) -> PackHit:
    listing = wire.convert(row.listing, Listing)
    return PackHit(
        name=PackName(row.name),
        version=Version.parse(row.latest),
        kind=row.kind,
        title=row.title,
        summary=row.summary,
        license=row.license,
        paid=row.paid,
        category=row.category,
        verified=row.publisher in verified,
        price_minor=row.price_minor,
        currency=listing.currency,
        deprecated=row.deprecated,
        ages=listing.ages,
        tags=list(listing.tags),
        published_at=row.published_at,
    )


def _release(name: PackName, row: Row[tuple[object, ...]], said: tuple[Mark, ...]) -> Release:
    return Release(
        pack=name,
        version=Version.parse(row.version),
        state=State(row.state),
        log_number=row.log_number,
        published_at=row.published_at,
        statement=Digest(row.statement),
        archive=Digest(row.archive),
        size=row.size,
        tree=Digest(row.tree),
        manifest=Digest(row.manifest),
        pictures=Digest(row.pictures),
        unpacked=row.unpacked,
        files=row.files,
        license=row.license,
        paid=row.paid,
        changelog=row.changelog,
        marks=said,
    )
