"""Problem: a refusal on the wire (RFC 9457), and how a client raises what a server refused (docs/spec/errors.md)."""

import msgspec

from packspec.errors import (
    AgainstPolicy,
    Anonymous,
    Bug,
    Busy,
    Conflict,
    Damaged,
    Denied,
    Invalid,
    Kind,
    NotFound,
    PackError,
    Stale,
    Unavailable,
    Unlicensed,
    Untrusted,
)


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A refusal on the wire: application/problem+json (RFC 9457) with our members.

    `type` is the page of the code, `title` is `what`, `status` the HTTP status. Readers ignore unknown members.
    """

    type: str
    title: str
    status: int
    kind: str
    code: str
    facts: dict[str, str] = {}
    why: str = ""
    fix: list[str] = []
    because: list[str] = []
    request_id: str = ""


def problem_of(error: PackError, request_id: str = "") -> Problem:
    """The wire form of `error`."""
    return Problem(
        type=f"/errors/{error.code}",
        title=error.what(),
        status=error.kind.http_status,
        kind=error.kind.value,
        code=error.code,
        facts=error.facts(),
        why=error.why(),
        fix=error.fix(),
        because=error.because(),
        request_id=request_id,
    )


class Relayed(PackError):
    """A server's refusal on the client, with the server's own texts. Made by `relayed`; also an instance of its kind's class."""

    # It has no fields of its own, so there is nothing to make of it.
    _is_made = True

    def __init__(self, problem: Problem, kind: Kind) -> None:
        # Not `super()`: an error of its kind may have become a dataclass meanwhile.
        Exception.__init__(self, problem.title)
        self.problem = problem
        self.code = problem.code
        self.kind = kind

    def what(self) -> str:
        return self.problem.title

    def facts(self) -> dict[str, str]:
        return self.problem.facts

    def why(self) -> str:
        return self.problem.why

    def fix(self) -> list[str]:
        return self.problem.fix

    def because(self) -> list[str]:
        return self.problem.because


_BASES: tuple[type[PackError], ...] = (
    Invalid, NotFound, Anonymous, Denied, Conflict, Untrusted, Unlicensed, Unavailable, Busy, Stale, AgainstPolicy, Damaged, Bug,
)  # fmt: skip
_RELAYED = {
    base.kind: type(f"Relayed{base.__name__}", (Relayed, base), {"__doc__": base.__doc__, "_is_made": True})
    for base in _BASES
}


def relayed(problem: Problem) -> Relayed:
    """The error that `problem` tells of. A kind that this version does not know becomes the kind of its HTTP status."""
    try:
        kind = Kind(problem.kind)
    except ValueError:
        kind = kind_of_status(problem.status)
    error: Relayed = _RELAYED[kind](problem, kind)
    return error


def kind_of_status(status: int) -> Kind:
    """The kind that stands nearest to an HTTP status, for answers that are not problems of ours."""
    known = {
        kind.http_status: kind for kind in reversed(Kind) if kind not in (Kind.STALE, Kind.DAMAGED, Kind.UNTRUSTED)
    }
    if status in known:
        return known[status]
    return Kind.UNAVAILABLE if status >= 500 else Kind.INVALID
