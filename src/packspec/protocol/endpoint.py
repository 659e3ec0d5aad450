"""`Endpoint`: one row of the protocol table. The server binds a function to it, the client calls it; the type checker refuses drift."""

from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

from packspec.digests import Digest
from packspec.wire import Answer, Message

Ask = TypeVar("Ask")
Reply = TypeVar("Reply")


class Effect(StrEnum):
    """What a call may change, and so which transaction the server's door opens for it."""

    READ = "read"
    """A read-only snapshot."""
    WRITE = "write"
    """One write transaction around the whole handler; the trail entry is written in it."""
    NONE = "none"
    """No transaction: the handler has slow work first and opens `writing()` itself, last."""
    FILES = "files"
    """No database at all, so it is answered while that is away: what the request shows and the registry's files decide. For everybody."""


class Body(StrEnum):
    """Where the fields of the ask come from that the path does not name."""

    QUERY = "query"
    JSON = "json"
    BYTES = "bytes"
    """The body is a stream of bytes, stored and hashed before the handler starts; other fields come from the query."""


class Again(StrEnum):
    """What comes of a POST that is asked for again with the same `Idempotency-Key` (docs/spec/idempotency.md)."""

    SAME = "same"
    """The answer of the first time; a refusal where that is `GivenOnce`."""
    BY_ITSELF = "by-itself"
    """The call gives the same by itself, key or not."""


class Endpoint(Struct, Generic[Ask, Reply], frozen=True):
    """One call of the registry's API.

    `path` begins with /api/v1; `{name}` in it fills the field of that name (percent-decoded, without a slash). `scope` is the token scope
    that the call needs: None for everybody, "" for any valid token. `action` is its row in the table of roles and actions.
    """

    method: str
    path: str
    ask: type[Ask]
    reply: type[Reply]
    effect: Effect
    action: str
    scope: str | None = None
    body: Body = Body.JSON
    status: int = 200
    summary: str = ""
    external: bool = False
    """No command of ours calls it; it is there for other software."""
    again: Again = Again.SAME
    if_lost: tuple[str, ...] = ()
    """What helps whoever lost an answer that is not given again; `{made}` is the id of what was made."""
    known_status: int | None = None
    """The status of an answer whose `is_new` is false: what was asked for was there already."""

    @property
    def name(self) -> str:
        """A stable identifier for API descriptions and logs: `GET /api/v1/packs`."""
        return f"{self.method} {self.path}"

    @property
    def is_same_again(self) -> bool:
        """Whether asking twice does what asking once does, without a key."""
        return self.method != "POST" or self.effect is Effect.READ or self.again is Again.BY_ITSELF

    @property
    def takes_key(self) -> bool:
        """Whether an `Idempotency-Key` counts (docs/spec/idempotency.md)."""
        return self.effect is Effect.WRITE and not self.is_same_again


class GivenOnce(Answer, frozen=True):
    """An answer that holds a secret, so it is not kept and not given again. Kept of it is only what was made."""

    @property
    def made(self) -> str:
        """The id of what was made."""
        raise NotImplementedError


class FileBytes(Answer, frozen=True):
    """An answer whose body is not JSON but the bytes with this digest.

    The digest is the entity tag; conditions and one range work as on the static side. Only the one who asked may keep them.
    """

    digest: Digest


class Nothing(Message, frozen=True):
    """An ask or an answer without fields."""
