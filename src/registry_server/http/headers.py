"""Headers that every request and answer has: the request id, and what tells browsers to trust nothing."""

import re
from collections.abc import Callable, Iterable

from registry_server.http.problems import BadHttp, Headers, NoSuchPath

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_ODD = re.compile(rb"%(?:2f|5c|00|2e|25|0[0-9a-f]|1[0-9a-f]|7f)|//|\\|/\.{1,2}(?:/|$)|;", re.IGNORECASE)

SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"referrer-policy", b"no-referrer"),
    (b"server", b"registry-server"),
]


def find_request_id(headers: Iterable[tuple[bytes, bytes]], randomness: Callable[[int], bytes]) -> str:
    """The client's X-Request-Id where it is a plain word, else a new one."""
    for name, value in headers:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return value.decode("ascii")
    return randomness(8).hex()


def check_request(raw_path: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Refuses what two readers could read in two ways: hosts other than one, and paths with more than one spelling.

    Raises BadHttp or NoSuchPath. A path segment never holds a slash, a dot segment, a control character or a percent sign, however it is
    written, so an encoded one is an attempt to be read differently further in.
    """
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) != 1 or not hosts[0]:
        raise BadHttp("exactly one Host header is needed")
    if _ODD.search(raw_path):
        raise NoSuchPath(raw_path.decode("latin-1"))


def has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request says that something follows its headers."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0")) for name, value in headers
    )


def with_close(headers: Headers) -> Headers:
    """`headers` of an answer after which the connection ends, because nobody reads the rest of the request.

    Unsaid, a client takes the connection for its next request and finds it closed (RFC 9112, 9.6).
    """
    return [*(pair for pair in headers if pair[0].lower() != b"connection"), (b"connection", b"close")]


def with_security(headers: Headers, request_id: str) -> Headers:
    """`headers` and those of every answer; one that is set already stays."""
    names = {name.lower() for name, _ in headers}
    return [*headers, *(pair for pair in SECURITY if pair[0] not in names), (b"x-request-id", request_id.encode())]
