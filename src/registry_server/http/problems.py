"""Refusals on the wire: application/problem+json for every error, ours, Litestar's and the unexpected.

A refusal's kind decides its status, but for those of HTTP itself, which have the statuses HTTP gives them. What is our fault is answered
without any detail but the request id; the log has the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec

from packspec import wire
from packspec.errors import Bug, Invalid, Kind, NotFound, PackError, causes, redact
from packspec.problems import Problem, problem_of
from registry_server.logs import is_ours

Headers = list[tuple[bytes, bytes]]
MEDIA_TYPE = b"application/problem+json"


class NoSuchPath(NotFound):
    """Nothing is served there."""

    path: str

    code = "registry.no-such-path"

    def what(self) -> str:
        return f"nothing is at {self.path[:200]!r}"

    def fix(self) -> list[str]:
        return ["check the address of the registry, and that packctl is not older or newer than it by much"]


class HttpRefusal(Invalid):
    """A request that HTTP itself refuses."""

    http_status: ClassVar[int] = 400

    def fix(self) -> list[str]:
        return ["send a request as docs/reference/endpoints.md describes it"]


class WrongMethod(HttpRefusal):
    """The path exists, but not for this method."""

    method: str
    allowed: Sequence[str]

    http_status: ClassVar[int] = 405
    code = "registry.wrong-method"

    def what(self) -> str:
        return f"{self.method[:20]} is not possible here"

    def facts(self) -> dict[str, str]:
        return {"possible": ", ".join(self.allowed)}


class BadHttp(HttpRefusal):
    """Headers or address make no sense, or could be read in two ways."""

    reason: str

    code = "registry.bad-http"

    def what(self) -> str:
        return f"not a proper HTTP request: {self.reason}"


class BodyTooLarge(HttpRefusal):
    """A body above its ceiling."""

    ceiling_bytes: int

    http_status: ClassVar[int] = 413
    code = "registry.body-too-large"

    def what(self) -> str:
        return f"the request's body has more than {self.ceiling_bytes} bytes"


class LengthMissing(HttpRefusal):
    """A body of bytes came without Content-Length, so its end could not be told from a broken connection."""

    http_status: ClassVar[int] = 411
    code = "registry.length-missing"

    def what(self) -> str:
        return "the request does not say how long its body is"


class WrongMediaType(HttpRefusal):
    """A body of another type, charset or encoding than this call takes."""

    found: str
    expected: str

    http_status: ClassVar[int] = 415
    code = "registry.media-type"

    def what(self) -> str:
        return "the request's body is of another type than this call takes"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found[:200] or "none"}


class BodyTooSlow(HttpRefusal):
    """A body came slower than the server waits."""

    http_status: ClassVar[int] = 408
    code = "registry.body-too-slow"

    def what(self) -> str:
        return "the request's body came too slowly"

    def fix(self) -> list[str]:
        return ["try again; an upload goes on where it stopped"]


class BodyCut(HttpRefusal):
    """The connection ended inside a body."""

    code = "registry.body-cut"

    def what(self) -> str:
        return "the connection ended before the body did"

    def fix(self) -> list[str]:
        return ["try again; an upload goes on where it stopped"]


class BadRequest(Invalid):
    """The fields of a request make no sense."""

    field: str
    reason: str

    code = "registry.bad-request"

    def what(self) -> str:
        return f"the request makes no sense at {self.field}" if self.field else "the request makes no sense"

    def facts(self) -> dict[str, str]:
        return {"field": self.field or "all of it", "reason": self.reason[:300]}

    def fix(self) -> list[str]:
        return ["packctl may be older or newer than the registry: packctl --version"]


class Failed(Bug):
    """Our fault; the log knows more under the request's id."""

    code = "registry.failed"

    def what(self) -> str:
        return "the registry failed; nothing is known to be changed"

    def why(self) -> str:
        return "this is a mistake of the registry, not yours; its log has the details under the request's id"


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Headers
    body: bytes


def answer_to(error: BaseException, request_id: str) -> Answer:
    """The answer to a request that `error` ended."""
    said = Failed() if is_ours(error) or not isinstance(error, PackError) else error
    status = getattr(said, "http_status", said.kind.http_status)
    problem = msgspec.structs.replace(problem_of(said, request_id), status=status, because=_because(said))
    body = wire.encode(_redacted(problem))
    headers = [
        (b"content-type", MEDIA_TYPE),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    return Answer(status, headers + _headers_of(said), body)


def _headers_of(error: PackError) -> Headers:
    if isinstance(error, WrongMethod):
        return [(b"allow", ", ".join(error.allowed).encode())]
    if isinstance(error, BadHttp):
        return [(b"connection", b"close")]  # what follows on this connection cannot be trusted to be a request
    if error.kind is Kind.ANONYMOUS:
        return [(b"www-authenticate", b'Bearer realm="registry"')]
    if seconds := getattr(error, "retry_after_seconds", 0):
        return [(b"retry-after", str(seconds).encode())]
    return []


def _because(error: PackError) -> list[str]:
    """Only causes that are ours: a driver's or system's text may hold statements and paths."""
    return [str(cause) for cause in causes(error) if isinstance(cause, PackError)]


def _redacted(problem: Problem) -> Problem:
    return msgspec.structs.replace(
        problem,
        title=redact(problem.title),
        facts={label: redact(fact) for label, fact in problem.facts.items()},
        why=redact(problem.why),
        because=[redact(cause) for cause in problem.because],
    )
