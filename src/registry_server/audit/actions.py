"""Writing and checking the trail, inside the caller's transaction."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from registry_server.audit import rules, store
from registry_server.audit.rules import REGISTRY, Entry, Head
from registry_server.call import Call


def record(
    call: Call,
    action: str,
    about: str,
    facts: Mapping[str, str] | None = None,
    *,
    reason: str = "",
    stream: str = REGISTRY,
) -> Entry:
    """Writes one entry of what `call`'s actor does now. `about` names a thing (`token:12`, `pack:acme/icons`), never a person's name."""
    head = store.lock_head(call.db, stream)
    entry = Entry(
        stream=stream,
        number=head.length + 1,
        previous=str(head.digest),
        at=call.now,
        actor=call.actor.subject,
        action=action,
        about=about,
        reason=reason,
        request_id=call.request_id,
        facts=dict(facts or {}),
    )
    store.append(call.db, entry)
    return entry


def heads(db: Connection) -> list[Head]:
    """The ends of all streams, in order of name: what the daily anchor is made from."""
    return store.heads(db)


def entries(db: Connection, about: str = "", actor: str = "", limit: int = 100) -> list[Entry]:
    """The newest entries about a thing, by an actor, or both, newest first."""
    return store.entries(db, about, actor, limit)


def in_order(db: Connection) -> Iterator[Entry]:
    """Every entry of every stream, in the order in which they were written."""
    return store.in_order(db)


def verify_chain(db: Connection) -> list[Head]:
    """Follows every stream from its first entry, and gives their ends. Raises ChainBroken at the first fault."""
    ends = store.heads(db)
    for head in ends:
        rules.check_chain(head, store.documents(db, head.stream))
    return ends
