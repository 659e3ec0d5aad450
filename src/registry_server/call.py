"""Call: what a handler may touch. It sees no request, so tests, timers and commands make the same calls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from packspec.errors import Bug
from registry_server.actor import Actor
from registry_server.memory import Memory
from registry_server.staging import Upload
from registry_server.world import World


class NoTransaction(Bug):
    """A handler without a transaction asked for one."""

    code = "registry.no-transaction"

    def what(self) -> str:
        return "this call has no transaction; it opens reading() or writing() itself"


@dataclass
class After:
    """What the door does when the transaction is committed."""

    log_grew: bool = False
    status_changed: bool = False


@dataclass(frozen=True)
class Shown:
    """What a device showed beside a login: its proof of one request, a license token, and the request that the proof must be for."""

    proof: str = ""
    license: str = ""
    method: str = ""
    path: str = ""
    """As it was sent, without its query."""
    body: bytes = b""


NOTHING_SHOWN = Shown()

Recheck = Callable[[Connection, int], Actor]
"""Who is asking, asked again inside a transaction of that time: a token or role may have gone since the request began."""


@dataclass(frozen=True)
class Call:
    """One call of one action by one actor, at one time."""

    world: World
    actor: Actor
    now: int
    """Seconds since the epoch, UTC: when the transaction began, by the database's clock where several machines share it."""
    request_id: str = ""
    upload: Upload | None = None
    after: After = field(default_factory=After)
    transaction: Connection | None = None
    recheck: Recheck | None = None
    shown: Shown = NOTHING_SHOWN
    of_log: Memory = field(default_factory=Memory)
    """What rooms remember of the log inside this transaction. `log.append` empties it, and nobody else adds to the log meanwhile."""

    @property
    def db(self) -> Connection:
        """The transaction's connection. Raises NoTransaction for a call that has none."""
        if self.transaction is None:
            raise NoTransaction()
        return self.transaction

    @contextmanager
    def reading(self) -> Iterator["Call"]:
        """This call inside a read-only snapshot."""
        with self.world.database.reading() as connection:
            yield self.inside(connection)

    @contextmanager
    def writing(self) -> Iterator["Call"]:
        """This call inside a write transaction, with the actor as they are now. Nothing slow or foreign belongs in it."""
        with self.world.database.writing() as connection:
            inside = self.inside(connection)
            yield inside if self.recheck is None else replace(inside, actor=self.recheck(connection, inside.now))

    def inside(self, connection: Connection) -> "Call":
        """This call inside a transaction that has just begun."""
        return replace(self, transaction=connection, now=self.world.time_in(connection), of_log=Memory())

    def status_changed(self) -> None:
        """Says that a license was revoked or suspended, or goes on: after the commit, and before the answer, the status lists follow."""
        self.after.status_changed = True

    def log_grew(self) -> None:
        """Says that the log has a new leaf: after the commit, and before the answer, the static side follows."""
        self.after.log_grew = True

    def log_shown(self) -> None:
        """Says that the static side has followed already."""
        self.after.log_grew = False


def call_of(world: World, actor: Actor) -> Call:
    """A call outside any request: of a timer, a command, a test."""
    return Call(world=world, actor=actor, now=world.now())
