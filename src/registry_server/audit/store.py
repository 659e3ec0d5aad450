"""Questions of the trail to the database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from packspec import wire
from packspec.digests import Digest
from registry_server.audit.rules import GENESIS, Entry, Head
from registry_server.audit.tables import audit_entry, audit_stream
from registry_server.db.prepared import Prepared

_SEARCHED = ("stream", "number", "at", "actor", "action", "about")
"""What an entry is found by; its document has it all."""
_HEAD = Prepared(sa.select(audit_stream).where(audit_stream.c.name == sa.bindparam("wanted")).with_for_update())
_APPEND = Prepared(audit_entry.insert(), [*_SEARCHED, "document", "digest"])
_MOVE = Prepared(
    audit_stream.update()
    .where(audit_stream.c.name == sa.bindparam("wanted"))
    .values(length=sa.bindparam("new_length"), head=sa.bindparam("new_head"))
)


def lock_head(db: Connection, stream: str) -> Head:
    """The end of `stream`, which nobody else moves until this transaction ends. An unknown stream is empty."""
    row = _HEAD.one(db, {"wanted": stream})
    return Head(stream, 0, GENESIS) if row is None else Head(stream, row.length, Digest(row.head))


def append(db: Connection, entry: Entry) -> None:
    """Adds `entry` and moves its stream's head. A second writer of the same number fails on the constraint."""
    document, digest = entry.document.decode(), str(entry.digest)
    values = {name: getattr(entry, name) for name in _SEARCHED}
    _APPEND.do(db, {**values, "document": document, "digest": digest})
    if entry.number == 1:
        db.execute(audit_stream.insert().values(name=entry.stream, length=1, head=digest))
    else:
        _MOVE.do(db, {"wanted": entry.stream, "new_length": entry.number, "new_head": digest})


def heads(db: Connection) -> list[Head]:
    """The ends of all streams, in order of name."""
    rows = db.execute(sa.select(audit_stream).order_by(audit_stream.c.name))
    return [Head(row.name, row.length, Digest(row.head)) for row in rows]


def documents(db: Connection, stream: str) -> Iterator[tuple[bytes, str]]:
    """The kept bytes and digest of every entry of `stream`, in order."""
    wanted = sa.select(audit_entry.c.document, audit_entry.c.digest)
    for row in db.execute(wanted.where(audit_entry.c.stream == stream).order_by(audit_entry.c.number)):
        yield row.document.encode(), row.digest


def in_order(db: Connection) -> Iterator[Entry]:
    """Every entry of every stream, in the order in which they were written: there is one writer at a time, so ids ascend with it."""
    wanted = sa.select(audit_entry.c.document).order_by(audit_entry.c.id)
    for document in db.scalars(wanted.execution_options(yield_per=500)):
        yield wire.decode(document, Entry)


def entries(db: Connection, about: str = "", actor: str = "", limit: int = 100) -> list[Entry]:
    """The newest entries about a thing, by an actor, or both, newest first."""
    wanted = sa.select(audit_entry.c.document)
    if about:
        wanted = wanted.where(audit_entry.c.about == about)
    if actor:
        wanted = wanted.where(audit_entry.c.actor == actor)
    rows = db.scalars(wanted.order_by(audit_entry.c.id.desc()).limit(limit))
    return [wire.decode(document, Entry) for document in rows]
