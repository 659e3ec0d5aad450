"""`Idempotency-Key`: a change that is asked for again, because its answer was lost, happens once.

The key is the client's, for one change of one member; the answer is kept for a day, in the transaction of the change. A refused change
leaves nothing behind, so it may be asked for again with the same key. Writers take turns, those of other processes as well, so of two
requests with one key at the same instant the second finds the answer of the first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from packspec import wire
from packspec.digests import Digest
from packspec.errors import Conflict
from packspec.limits import DAY_SECONDS
from packspec.protocol.endpoint import Endpoint, GivenOnce
from registry_server.call import Call
from registry_server.http.problems import BadHttp
from registry_server.http.tables import repeated_call

KEPT_SECONDS = DAY_SECONDS
_KEY = re.compile(r"[!-~]{16,100}")
_FIND = sa.select(repeated_call).where(repeated_call.c.key_digest == sa.bindparam("wanted"))


class KeyUsedOtherwise(Conflict):
    """One key came with two different requests."""

    code = "registry.key-used-otherwise"

    def what(self) -> str:
        return "this Idempotency-Key came with another request before"

    def why(self) -> str:
        return "a key stands for one change, so that asking again changes nothing twice"

    def fix(self) -> list[str]:
        return ["send a new key with a new request"]


class AnsweredBefore(Conflict):
    """A change happened, and its answer, which held a secret, cannot be given again."""

    action: str
    made_id: str
    ways: tuple[str, ...]

    code = "registry.answered-before"

    def what(self) -> str:
        return "this was done when it was asked for before, and its answer is not kept"

    def facts(self) -> dict[str, str]:
        return {"action": self.action} | ({"made": self.made_id} if self.made_id else {})

    def why(self) -> str:
        return "the answer held a secret, which the registry shows once and does not keep"

    def fix(self) -> list[str]:
        return [one.format(made=self.made_id or "ID") for one in self.ways]


@dataclass(frozen=True)
class Repeatable:
    """A request that names a key: digests of key and request."""

    key: str
    request: str


def find_key(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The `Idempotency-Key` of a request; empty without one. Raises BadHttp for one that is too easily another's, or for two."""
    found = [value for name, value in headers if name == b"idempotency-key"]
    if not found:
        return ""
    key = found[0].decode("latin-1")
    if len(found) > 1 or not _KEY.fullmatch(key):
        raise BadHttp("one Idempotency-Key has 16 to 100 visible ASCII characters")
    return key


def repeatable(
    call: Call, endpoint: Endpoint[object, object], key: str, path: dict[str, str], body: bytes
) -> Repeatable | None:
    """What to look for before the change, if it may be asked for again by its key."""
    if not key or not endpoint.takes_key or call.actor.is_visitor:
        return None
    named = "\n".join(f"{name}={value}" for name, value in sorted(path.items()))
    return Repeatable(
        str(Digest.of("\n".join((call.actor.subject, endpoint.name, key)).encode())),
        str(Digest.of(named.encode() + b"\n\n" + body)),
    )


def answer_of(db: Connection, asked: Repeatable, endpoint: Endpoint[object, object]) -> str | None:
    """The answer that was given before; None for a change that did not happen yet. Raises KeyUsedOtherwise, AnsweredBefore."""
    row = db.execute(_FIND, {"wanted": asked.key}).one_or_none()
    if row is None:
        return None
    if row.request_digest != asked.request:
        raise KeyUsedOtherwise()
    if issubclass(endpoint.reply, GivenOnce):
        raise AnsweredBefore(endpoint.action, row.reply or "", endpoint.if_lost)
    return str(row.reply)


def keep(call: Call, asked: Repeatable, reply: object) -> None:
    """Keeps the answer of a change, in its transaction; of one with a secret only the id of what was made."""
    kept = reply.made if isinstance(reply, GivenOnce) else wire.encode(reply).decode()
    values = {"key_digest": asked.key, "request_digest": asked.request, "reply": kept, "at": call.now}
    call.db.execute(repeated_call.insert().values(**values))


def forget(db: Connection, now: int) -> int:
    """Removes answers that are older than a day; how many."""
    return db.execute(repeated_call.delete().where(repeated_call.c.at < now - KEPT_SECONDS)).rowcount
