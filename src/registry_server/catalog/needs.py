"""Which releases need a pack: the other end of every dependency."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from packspec.names import PackName
from packspec.ranges import Range
from packspec.versions import Version
from registry_server.catalog.rules import Pack, State
from registry_server.catalog.tables import pack, release, release_need


@dataclass(frozen=True)
class Dependent:
    """A release that may be chosen anew and needs a pack, in this range."""

    pack: PackName
    version: Version
    wanted: Range


def keep(db: Connection, of: Pack, version: Version, needs: Iterable[str]) -> None:
    """Keeps what a release needs, each as `publisher/name range`."""
    rows = [
        {"pack_id": of.id, "version": str(version), "needs": name, "range": wanted}
        for name, _, wanted in (need.partition(" ") for need in needs)
    ]
    if rows:
        db.execute(release_need.insert(), rows)


def dependents(db: Connection, name: PackName) -> list[Dependent]:
    """Every release that may be chosen anew and needs `name`, in any range; by pack, the highest version first."""
    wanted = (
        sa.select(pack.c.name, release_need.c.version, release_need.c.range)
        .join(pack, release_need.c.pack_id == pack.c.id)
        .join(
            release,
            (release.c.pack_id == release_need.c.pack_id) & (release.c.version == release_need.c.version),
        )
        .where(release_need.c.needs == str(name))
        .where(release.c.state.in_([State.PUBLISHED.value, State.DEPRECATED.value]))
    )
    found = [
        Dependent(PackName(row.name), Version.parse(row.version), Range.parse(row.range)) for row in db.execute(wanted)
    ]
    return sorted(sorted(found, key=lambda one: one.version, reverse=True), key=lambda one: one.pack)
