"""What was said about releases, as it is kept: at most one deprecation, one yank and one recall of each, the last word of its kind."""

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from packspec.versions import Version
from registry_server.catalog.rules import Mark, MarkKind, Pack
from registry_server.catalog.tables import release_mark, release_recall

_OF_MARK = ("kind", "reason", "note", "use", "log_number")
_OF_RECALL = ("action", "reason", "note", "replacement", "by_registry", "log_number")


def of_pack(db: Connection, of: Pack) -> dict[str, tuple[Mark, ...]]:
    """The marks of every release of a pack that has one, by version."""
    found: dict[str, tuple[Mark, ...]] = {}
    for row in db.execute(sa.select(release_mark).where(release_mark.c.pack_id == of.id)):
        mark = Mark(kind=row.kind, reason=row.reason, note=row.note, use=row.use, log_number=row.log_number)
        found[row.version] = (*found.get(row.version, ()), mark)
    for row in db.execute(sa.select(release_recall).where(release_recall.c.pack_id == of.id)):
        said = {name: getattr(row, name) for name in _OF_RECALL}
        found[row.version] = (*found.get(row.version, ()), Mark(kind="recall", use="", **said))
    return found


def keep(db: Connection, of: Pack, version: Version, mark: Mark) -> None:
    """Keeps what was said about a release, in the place of an earlier word of that kind."""
    drop(db, of, version, mark.kind)
    fields = msgspec.structs.asdict(mark)
    table, columns = (release_recall, _OF_RECALL) if mark.kind == "recall" else (release_mark, _OF_MARK)
    said = {name: fields[name] for name in columns}
    db.execute(table.insert().values(pack_id=of.id, version=str(version), **said))


def drop(db: Connection, of: Pack, version: Version, kind: MarkKind) -> None:
    """Takes back what was said about a release."""
    if kind == "recall":
        mine = (release_recall.c.pack_id == of.id) & (release_recall.c.version == str(version))
        db.execute(release_recall.delete().where(mine))
        return
    mine = (release_mark.c.pack_id == of.id) & (release_mark.c.version == str(version))
    db.execute(release_mark.delete().where(mine & (release_mark.c.kind == kind)))
