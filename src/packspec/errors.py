"""PackError: the one tree of refusals, and its kinds with HTTP status and exit code.

A class per fact stands beside the rule that raises it. Its base class is its kind, and the kind alone decides HTTP status and exit code.
Errors carry typed fields and build their texts from them; they never print, log or exit. Chapter: docs/spec/errors.md.
"""

import re
from _thread import RLock
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self, dataclass_transform

import msgspec


class Kind(StrEnum):
    """What sort of refusal it is. The value is the word on the wire."""

    INVALID = "invalid"
    NOT_FOUND = "not-found"
    ANONYMOUS = "anonymous"
    DENIED = "denied"
    CONFLICT = "conflict"
    UNTRUSTED = "untrusted"
    UNLICENSED = "unlicensed"
    UNAVAILABLE = "unavailable"
    BUSY = "busy"
    STALE = "stale"
    AGAINST_POLICY = "against-policy"
    DAMAGED = "damaged"
    BUG = "bug"

    @property
    def http_status(self) -> int:
        """The HTTP status code of this kind. `STALE` and `DAMAGED` are facts of a client's disk; a server that has one is at fault: 500."""
        return _STATUS_AND_EXIT[self][0]

    @property
    def exit_code(self) -> int:
        """The exit status of a command that fails with this kind."""
        return _STATUS_AND_EXIT[self][1]


_STATUS_AND_EXIT = {
    Kind.INVALID: (422, 2),
    Kind.NOT_FOUND: (404, 3),
    Kind.ANONYMOUS: (401, 4),
    Kind.DENIED: (403, 4),
    Kind.CONFLICT: (409, 5),
    Kind.UNTRUSTED: (422, 6),
    Kind.UNLICENSED: (402, 7),
    Kind.UNAVAILABLE: (503, 8),
    Kind.BUSY: (429, 8),
    Kind.STALE: (500, 9),
    Kind.AGAINST_POLICY: (403, 10),
    Kind.DAMAGED: (500, 1),
    Kind.BUG: (500, 70),
}

EXIT_PRECEDENCE = (70, 6, 10, 7, 5, 9, 3, 4, 8, 2, 1)
"""When several things went wrong, the first of these exit codes that occurs wins."""


class Where(msgspec.Struct, frozen=True):
    """A place in a file that the person can open: path as the person knows it, line from 1 (0: the whole file)."""

    file: str
    line: int = 0


@dataclass_transform(eq_default=False)
class PackError(Exception):
    """A refusal with a stable code. Subclasses are dataclasses without a decorator: typed fields, a `code`, and the texts below.

    A class becomes one when it is first raised. Of some three hundred a command raises none, mostly, and making them all took a tenth of
    what it imports. They compare by identity: a frozen dataclass breaks when it crosses a context manager, and one that compares by
    value is no exception that Python can put into a set.
    """

    code: str = ""
    kind: Kind = Kind.BUG
    _is_made: ClassVar[bool]

    def __new__(cls, *values: object, **named: object) -> Self:
        complete(cls)
        return super().__new__(cls, *values)

    def what(self) -> str:
        """What is so, in one line: names and numbers, lower case after the code, no full stop."""
        raise NotImplementedError(type(self))

    def facts(self) -> dict[str, str]:
        """Short labels and values, in the order of reading, expected before found."""
        return {}

    def operator_facts(self) -> dict[str, str]:
        """Facts for whoever runs the machine where it happened: shown at that machine's terminal, never sent over the wire."""
        return {}

    def why(self) -> str:
        """The cause in the reader's words; empty where `what` says it all."""
        return ""

    def fix(self) -> list[str]:
        """Commands to paste, or a sentence where there is no command. Empty only for our own faults."""
        return []

    def where(self) -> Where | None:
        """The line of a file that is at fault, if one is."""
        return None

    def because(self) -> list[str]:
        """The causes of this error, nearest first, one line each."""
        return [str(cause) or type(cause).__name__ for cause in causes(self)]

    def __str__(self) -> str:
        return self.what()


_MAKING = RLock()
"""Two threads may raise the first error of a class at once, and a class that is half made takes no fields."""


def complete(error: type[PackError]) -> None:
    """Makes a class of the tree, and those above it, the dataclasses that they are written as. Done already is fine."""
    if "_is_made" in error.__dict__:
        return
    with _MAKING:
        for one in reversed(error.__mro__):
            if issubclass(one, PackError) and one is not PackError and "__dataclass_fields__" not in one.__dict__:
                dataclass(eq=False)(one)
        error._is_made = True


def causes(error: BaseException) -> Iterator[BaseException]:
    """The causes of `error`, nearest first, each once: Python lets an exception be its own cause, over others or directly."""
    seen, cause = {id(error)}, error.__cause__
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__


class Invalid(PackError):
    """What was asked, or a file given, makes no sense."""

    kind = Kind.INVALID


class NotFound(PackError):
    """Nothing of that name is visible to you."""

    kind = Kind.NOT_FOUND


class Anonymous(PackError):
    """We do not know who you are."""

    kind = Kind.ANONYMOUS


class Denied(PackError):
    """We know who you are, and you may not."""

    kind = Kind.DENIED


class Conflict(PackError):
    """Wishes contradict each other or what is there."""

    kind = Kind.CONFLICT


class Untrusted(PackError):
    """A signature, digest, chain, freshness or archive is wrong."""

    kind = Kind.UNTRUSTED


class Unlicensed(PackError):
    """No valid license covers this, or all its activations, seats or leases are taken."""

    kind = Kind.UNLICENSED


class Unavailable(PackError):
    """Network, registry or provider cannot be reached; trying again makes sense."""

    kind = Kind.UNAVAILABLE


class Busy(PackError):
    """Too many requests; trying again later makes sense."""

    kind = Kind.BUSY


class Stale(PackError):
    """`pack.lock` is broken, or missing or out of date where it may not change."""

    kind = Kind.STALE


class AgainstPolicy(PackError):
    """A rule says no to everybody: yanked, recalled, terms not allowed, client too old."""

    kind = Kind.AGAINST_POLICY


class Damaged(PackError):
    """Local files are broken, or a failure of no other kind."""

    kind = Kind.DAMAGED


class Bug(PackError):
    """Our fault."""

    kind = Kind.BUG


_SECRET = re.compile(
    r"pkt_[A-Za-z0-9]{8,}|(?<=://)[^/@\s]+:[^/@\s]*@"
    r"|eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){1,2}"
    r"|(?<![0-9A-Za-z])(?:[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{5}-){5}[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{5}(?![0-9A-Za-z])"
)
"""A token, a name and password in an address, a signed text such as the identity of a run, a license key."""


def redact(text: str) -> str:
    """`text` without tokens, signed texts, license keys and credentials in URLs. Called where an error is made, not where it is printed."""
    return _SECRET.sub("[removed]", text)
