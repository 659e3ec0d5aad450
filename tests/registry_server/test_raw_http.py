"""What no proper client sends: bytes on a raw socket."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from registry_server.settings import Settings
from tests.support.registry import Registry, registry_at

HOST = "Host: x\r\n"


def ask(registry: Registry, request: bytes | str) -> bytes:
    host, port = registry.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(request.encode("latin-1") if isinstance(request, str) else request)
        answer = b""
        try:
            while chunk := raw.recv(65536):
                answer += chunk
                raw.settimeout(1)
        except TimeoutError:
            pass  # the connection stays open for another request
    return answer


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param("Host: x\r\nHost: y\r\n", id="two hosts"),
        pytest.param("", id="no host"),
        pytest.param("Host:\r\n", id="empty host"),
        pytest.param("Host: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n", id="two lengths"),
        pytest.param("Host: x\r\nContent-Length: +5\r\n", id="signed length"),
        pytest.param("Host: x\r\nContent-Length: 0x5\r\n", id="hexadecimal length"),
        pytest.param("Host: x\r\nTransfer-Encoding: chunked, gzip\r\n", id="unknown coding"),
        pytest.param("Host: x\r\nX: a\r\n b\r\n", id="folded line"),
        pytest.param("Host : x\r\n", id="blank before the colon"),
        pytest.param("Host: x\r\nX\0: a\r\n", id="NUL in a name"),
        pytest.param("Host: x\r\nX: a\0b\r\n", id="NUL in a value"),
    ],
)
def test_R13_a_request_that_can_be_read_in_two_ways_is_refused(registry: Registry, headers: str) -> None:
    answer = ask(registry, f"GET /healthz HTTP/1.1\r\n{headers}\r\n")
    assert statuses(answer)[:1] == [400]
    assert b"connection: close" in answer.lower()


def test_R13_of_two_tokens_none_counts(registry: Registry) -> None:
    mia = f"Authorization: Bearer {registry.account('mia')}\r\n"
    answer = ask(registry, f"GET /api/v1/whoami HTTP/1.1\r\n{HOST}{mia}{mia}Connection: close\r\n\r\n")
    assert statuses(answer) == [400]
    assert b'"code":"registry.bad-http"' in answer
    assert b"two Authorization headers" in answer


def test_R13_length_and_chunks_together_end_the_connection_after_one_answer(registry: Registry) -> None:
    smuggled = b"0\r\n\r\nGET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    request = f"POST /api/v1/tokens HTTP/1.1\r\n{HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = ask(registry, request.encode() + smuggled)
    assert len(statuses(answer)) == 1
    assert b"connection: close" in answer.lower()
    assert b"openapi" not in answer


def test_R13_chunk_extensions_and_bare_line_feeds_do_not_split_a_request(registry: Registry) -> None:
    request = (
        f"POST /api/v1/tokens HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
    )
    answer = ask(registry, request.encode() + b'2;x="\nGET /healthz HTTP/1.1"\r\n{}\r\n0\r\n\r\n')
    assert len(statuses(answer)) == 1
    assert statuses(answer)[0] in (400, 401)


@pytest.mark.parametrize(
    ("request_line", "headers", "expected"),
    [
        pytest.param("/" + "a" * 1_000_000, HOST, (400, 414, 431), id="1 MB address"),
        pytest.param("/healthz", HOST + "X: " + "a" * 1_000_000 + "\r\n", (400, 431), id="1 MB header"),
        pytest.param("/healthz", HOST + "".join(f"X{n}: a\r\n" for n in range(5000)), (400, 431), id="5,000 headers"),
    ],
)
def test_R15_too_much_before_the_body_is_refused(
    registry: Registry, request_line: str, headers: str, expected: tuple[int, ...]
) -> None:
    try:
        answer = ask(registry, f"GET {request_line} HTTP/1.1\r\n{headers}\r\n")
    except (ConnectionResetError, BrokenPipeError):
        return  # refused before we had sent all of it
    assert statuses(answer)[0] in expected
    assert registry.client.get("/healthz").status_code == 200


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Registry]:
    """A registry that gives a request's headers one second."""
    usual = Settings.for_testing(str(tmp_path / "registry"))
    hasty = msgspec.structs.replace(usual, http=msgspec.structs.replace(usual.http, header_seconds=1))
    with registry_at(tmp_path, settings=hasty) as opened:
        yield opened


def test_R16_half_sent_headers_are_ended_and_others_served_meanwhile(hasty: Registry) -> None:
    host, port = hasty.url.removeprefix("http://").split(":")
    held = [socket.create_connection((host, int(port)), timeout=10) for _ in range(100)]
    for connection in held:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    assert httpx.get(f"{hasty.url}/healthz", trust_env=False, timeout=60).status_code == 200
    for connection in held:
        connection.settimeout(60)
        while connection.recv(4096):
            pass  # until the server ends it; a server that never does fails the test here
        connection.close()


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTQ/1.1"])
def test_another_version_of_http_does_no_harm(registry: Registry, version: str) -> None:
    answer = ask(registry, f"GET /healthz {version}\r\n{HOST}\r\n")
    assert not answer or int(answer.split(b" ")[1][:3]) in (200, 400, 505)


def test_an_absolute_address_is_served_as_its_path(registry: Registry) -> None:
    assert statuses(ask(registry, f"GET http://evil.test/healthz HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n")) == [200]
