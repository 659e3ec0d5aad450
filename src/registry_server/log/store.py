"""Questions of the log to the database."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from packspec.digests import Digest
from registry_server.log.rules import End
from registry_server.log.tables import log_document, log_entry, log_root

# Built once: every change asks these, and building a statement costs more than running it.
_END = sa.select(log_entry.c.number, log_entry.c.at).order_by(log_entry.c.number.desc()).limit(1)
_ENTRIES = (
    sa.select(log_entry.c.entry)
    .where(log_entry.c.number >= sa.bindparam("start"), log_entry.c.number < sa.bindparam("end"))
    .order_by(log_entry.c.number)
)
_ROOT = sa.select(log_root.c.root).where(log_root.c.size == sa.bindparam("size"))
_DOCUMENTS = sa.select(log_document).where(log_document.c.digest.in_(sa.bindparam("digests", expanding=True)))
_FORGET = log_document.delete().where(log_document.c.digest.in_(sa.bindparam("digests", expanding=True)))


def end(db: Connection) -> End:
    """Where the log ends."""
    row = db.execute(_END).one_or_none()
    return End(0, 0) if row is None else End(row.number + 1, row.at)


def append(db: Connection, index: int, at: int, entry: bytes) -> None:
    """Adds an entry. A second writer of the same index fails on the primary key."""
    db.execute(log_entry.insert(), {"number": index, "at": at, "entry": entry.decode()})


def entries(db: Connection, start: int, end: int) -> list[bytes]:
    """The entries [start, end), in order."""
    return [entry.encode() for entry in db.scalars(_ENTRIES, {"start": start, "end": end})]


def root(db: Connection, size: int) -> bytes | None:
    """The root that was settled for `size`."""
    found = db.scalar(_ROOT, {"size": size})
    return None if found is None else bytes.fromhex(found)


def settle_root(db: Connection, size: int, found: bytes) -> None:
    """Keeps the root for `size`. A second one fails on the primary key."""
    db.execute(log_root.insert(), {"size": size, "root": found.hex()})


def keep_documents(db: Connection, envelopes: dict[Digest, bytes]) -> None:
    """Keeps envelopes by the digest of their payload, or puts them in the place of earlier ones: an envelope may gain signatures."""
    if envelopes:
        db.execute(_FORGET, {"digests": [str(digest) for digest in envelopes]})
        rows = [{"digest": str(digest), "envelope": envelope.decode()} for digest, envelope in envelopes.items()]
        db.execute(log_document.insert(), rows)


def documents(db: Connection, digests: Sequence[Digest]) -> dict[Digest, bytes]:
    """The envelopes with these payload digests, as far as they are kept."""
    if not digests:
        return {}
    rows = db.execute(_DOCUMENTS, {"digests": [str(digest) for digest in digests]})
    return {Digest(row.digest): row.envelope.encode() for row in rows}
