"""The door to the API: what is refused, how, and in which form."""

import json
import threading
from collections.abc import Iterator

import httpx
import pytest

from packspec import wire
from packspec.problems import Problem
from packspec.protocol import access
from packspec.protocol.access import CreateToken
from packspec.protocol.accounts import WHOAMI
from packspec.protocol.endpoint import Nothing
from packspec.protocol.publishing import HAND_IN, HandIn, SubmissionView
from registry_server.app import HOOKS
from registry_server.call import Call, NoTransaction
from registry_server.db.engine import Database
from registry_server.db.sqlite import sqlite_url
from registry_server.http.bind import Door, Incoming, bind
from registry_server.http.problems import is_ours
from registry_server.http.server import make_pool
from registry_server.settings import DatabaseSettings, Settings
from tests.support.registry import Registry

JSON = {"content-type": "application/json"}


@pytest.fixture
def mine(registry: Registry) -> dict[str, str]:
    return {"authorization": f"Bearer {registry.account('mia')}"}


def post(registry: Registry, mine: dict[str, str], body: bytes | str, **headers: str) -> httpx.Response:
    return registry.client.post("/api/v1/tokens", content=body, headers={**mine, **JSON, **headers})


def problem(answer: httpx.Response) -> Problem:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    found = wire.decode(answer.content, Problem)
    assert (found.status, found.type) == (answer.status_code, f"/errors/{found.code}")
    assert found.request_id == answer.headers["x-request-id"]
    assert found.fix or found.kind == "bug"
    return found


def test_every_answer_has_a_request_id_and_tells_browsers_to_trust_nothing(registry: Registry) -> None:
    for path in ("/healthz", "/api/v1/whoami", "/tuf/timestamp.json", "/nothing", "/api/v1/openapi.json"):
        headers = registry.client.get(path).headers
        assert len(headers["x-request-id"]) == 16
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
        assert headers["server"] == "registry-server"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("abc-DEF_1.2", True), ("short", False), ("x" * 65, False), ("has blank", False), ("quote'\"here", False)],
)
def test_V24_a_client_s_request_id_is_kept_only_if_it_is_a_plain_word(
    registry: Registry, sent: str, kept: bool
) -> None:
    answer = registry.client.get("/healthz", headers={"x-request-id": sent})
    assert (answer.headers["x-request-id"] == sent) is kept


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param('{"scopes": ["read"], "role": "admin"}', "all of it", id="unknown field"),
        pytest.param('{"scopes": ["read"], "id": "T-1"}', "all of it", id="a field of the answer"),
        pytest.param('{"scopes": "read"}', "scopes", id="text for a list"),
        pytest.param('{"scopes": [7]}', "scopes[0]", id="number for a text"),
        pytest.param('{"label": "x"}', "all of it", id="missing field"),
        pytest.param(
            '{"scopes": ["read"], "expires_in_seconds": true}', "expires_in_seconds", id="boolean for a number"
        ),
        pytest.param('{"scopes": ["read"], "expires_in_seconds": "60"}', "expires_in_seconds", id="text for a number"),
        pytest.param(
            '{"scopes": ["read"], "expires_in_seconds": 60.0}', "expires_in_seconds", id="fraction for a number"
        ),
        pytest.param('{"scopes": ["read"], "expires_in_seconds": 59}', "expires_in_seconds", id="below its bound"),
        pytest.param(
            '{"scopes": ["read"], "expires_in_seconds": 9007199254740993}', "$.expires_in_seconds", id="beyond 2^53"
        ),
        pytest.param('{"scopes": ["read"], "expires_in_seconds": ' + "9" * 5000 + "}", "all of it", id="5,000 digits"),
        pytest.param('{"scopes": ["read"], "expires_in_seconds": NaN}', "all of it", id="NaN"),
        pytest.param('{"scopes": ["read"], "expires_in_seconds": 1e999}', "all of it", id="infinity"),
        pytest.param('{"scopes": ["read"], "scopes": ["admin"]}', "all of it", id="field twice"),
        pytest.param('{"scopes": ["read"], "label": "a\\u0000b"}', "$.label", id="NUL"),
        pytest.param('{"scopes": ["read"], "label": "\\ud800"}', "all of it", id="lone surrogate"),
        pytest.param(b'{"scopes": ["read"], "label": "\xff"}', "all of it", id="not UTF-8"),
        pytest.param(b'\xef\xbb\xbf{"scopes": ["read"]}', "all of it", id="byte order mark"),
        pytest.param("[" * 100_000, "all of it", id="100,000 brackets"),
        pytest.param('{"label":' * 2000 + "1" + "}" * 2000, "all of it", id="2,000 objects"),
        pytest.param('["read"]', "all of it", id="a list"),
        pytest.param("null", "all of it", id="null"),
        pytest.param("{", "all of it", id="cut"),
        pytest.param("{} {}", "all of it", id="two documents"),
        pytest.param("", "all of it", id="nothing"),
    ],
)
def test_R04_a_body_that_makes_no_sense_is_refused_with_its_field(
    registry: Registry, mine: dict[str, str], body: str | bytes, field: str
) -> None:
    answer = post(registry, mine, body)
    assert answer.status_code == 422, answer.text
    found = problem(answer)
    assert found.code == "registry.bad-request"
    if field != "all of it":
        assert found.facts["field"] == field


def test_R04_a_field_of_the_path_in_the_body_is_refused(registry: Registry, mine: dict[str, str]) -> None:
    digest = "a" * 64
    answer = registry.client.post(
        f"/api/v1/uploads/{digest}/finish", content=json.dumps({"digest": "b" * 64}), headers={**mine, **JSON}
    )
    assert answer.status_code == 422
    assert problem(answer).facts["reason"] == "this field is part of the path"


@pytest.mark.parametrize(
    "query",
    [
        "id=T-2",
        "limit=1&limit=2",
        "limit=%FF",
        "limit=1&" * 40,
        "limit",
        "ended=maybe",
        "cursor=a%00b",
        "limit=1;ended=true",
    ],
)
def test_R04_a_query_that_makes_no_sense_is_refused(registry: Registry, mine: dict[str, str], query: str) -> None:
    assert registry.client.get(f"/api/v1/tokens?{query}", headers=mine).status_code == 422


def test_R04_a_call_with_a_body_takes_no_query(registry: Registry, mine: dict[str, str]) -> None:
    answer = registry.client.post("/api/v1/tokens?admin=1", content='{"scopes": ["read"]}', headers={**mine, **JSON})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/jsonp",
        "application/problem+json",
        "application/json, text/html",
    ],
)
def test_R35_a_body_of_another_type_is_refused(registry: Registry, mine: dict[str, str], kind: str) -> None:
    answer = post(registry, mine, '{"scopes": ["read"]}', **{"content-type": kind})
    assert (answer.status_code, problem(answer).code) == (415, "registry.media-type")


@pytest.mark.parametrize(
    "kind",
    ["application/json", "APPLICATION/JSON", 'application/json; charset="UTF-8"', "application/json;charset=utf-8"],
)
def test_R35_json_may_say_its_charset(registry: Registry, mine: dict[str, str], kind: str) -> None:
    assert post(registry, mine, '{"scopes": ["read"]}', **{"content-type": kind}).status_code == 201


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip"])
def test_R17_an_encoded_body_is_refused_unopened(registry: Registry, mine: dict[str, str], encoding: str) -> None:
    answer = post(registry, mine, b"\x1f\x8b" + b"\0" * 100, **{"content-encoding": encoding})
    assert (answer.status_code, problem(answer).code) == (415, "registry.media-type")


def test_R15_a_body_above_its_ceiling_is_refused_whether_announced_or_not(
    registry: Registry, mine: dict[str, str]
) -> None:
    ceiling = registry.world.settings.http.request_bytes

    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b" " * (ceiling // 32)

    announced = post(registry, mine, b" " * (ceiling + 1))
    assert (announced.status_code, problem(announced).code) == (413, "registry.body-too-large")
    streamed = registry.client.post("/api/v1/tokens", content=endless(), headers={**mine, **JSON})
    assert streamed.status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_R34_a_wrong_method_is_told_which_there_are(registry: Registry, method: str) -> None:
    answer = registry.client.request(method, "/api/v1/uploads")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_R34_several_methods_of_a_path_are_all_named(registry: Registry) -> None:
    answer = registry.client.request("PATCH", "/api/v1/tokens")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert problem(answer).code == "registry.wrong-method"


def test_R34_a_method_in_the_query_or_a_header_changes_nothing(registry: Registry, mine: dict[str, str]) -> None:
    answer = registry.client.get("/api/v1/tokens?_method=DELETE", headers={**mine, "x-http-method-override": "DELETE"})
    assert answer.status_code == 422
    assert (
        registry.client.get("/api/v1/whoami", headers={**mine, "x-http-method-override": "DELETE"}).status_code == 200
    )


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/uploads/%2e%2e%2f%2e%2e%2fetc",
        "/api/v1/uploads/%252e%252e",
        "/api/v1/uploads/..%5c",
        "/api/v1/uploads/a%00b",
        "/api/v1/uploads/..;/whoami",
        "/api/v1//whoami",
        "//api/v1/whoami",
        "/api/v1/uploads/%c0%ae%c0%ae",
        "/api/v1/uploads/%0d%0aSet-Cookie:x=1",
        "/blobs/sha256/ba/..%2f..%2f..%2fregistry.sqlite3",
        "/blobs/%2e%2e/registry.sqlite3",
        "/tuf/../registry.sqlite3",
        "/tuf/./timestamp.json",
        "/tuf/",
        "/tuf",
        "/blobs/.new-1",
    ],
)
def test_R11_odd_spellings_of_a_path_lead_nowhere(registry: Registry, mine: dict[str, str], path: str) -> None:
    import socket

    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {mine['authorization']}\r\nConnection: close\r\n\r\n"
    host, port = registry.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(request.encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.split(b" ")[1] in (b"400", b"404", b"422"), answer
    assert b"set-cookie" not in answer.partition(b"\r\n\r\n")[0].lower()


@pytest.mark.parametrize("value", ["a\rb", "a\nb", "é" * 200, "<script>", "a\x7fb"])
def test_R14_a_client_s_text_reaches_no_header(registry: Registry, mine: dict[str, str], value: str) -> None:
    answer = post(registry, mine, json.dumps({"scopes": ["read"], "label": value[:100]}))
    assert answer.status_code == 201
    assert value[:3] not in str(answer.headers)


def test_R37_our_own_fault_is_told_by_nothing_but_its_request_id(registry: Registry, mine: dict[str, str]) -> None:
    def broken() -> int:
        raise RuntimeError("secret detail in /srv/packs/registry.sqlite3: SELECT 1")

    registry.world.now = broken
    answer = registry.client.get("/api/v1/whoami", headers=mine)
    assert answer.status_code == 500
    found = problem(answer)
    assert (found.code, found.facts, found.because) == ("registry.failed", {}, [])
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_R37_the_log_knows_our_fault_under_its_request_id(registry: Registry, mine: dict[str, str]) -> None:
    def broken(length: int) -> bytes:
        raise RuntimeError("the random numbers ran out")

    working, registry.world.randomness = registry.world.randomness, broken
    answer = post(registry, mine, '{"scopes": ["read"]}', **{"x-request-id": "my-request-1"})
    registry.world.randomness = working
    assert answer.status_code == 500
    [line] = [json.loads(line) for line in registry.log.getvalue().splitlines() if "fault" in line]
    assert (line["request_id"], line["path"]) == ("my-request-1", "/api/v1/tokens")
    assert "the random numbers ran out" in line["error"]
    assert "in broken" in line["trace"]


def test_V04_a_database_held_by_another_process_is_a_503_that_says_when_to_try_again(
    registry: Registry, mine: dict[str, str]
) -> None:
    path = registry.world.folder.database
    registry.world.database = Database(sqlite_url(path), DatabaseSettings(wait_seconds=1))
    other = Database(sqlite_url(path), DatabaseSettings())
    with other.writing():
        answer = post(registry, mine, '{"scopes": ["read"]}')
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert problem(answer).because == []
        assert registry.client.get("/api/v1/whoami", headers=mine).status_code == 200
    assert post(registry, mine, '{"scopes": ["read"]}').status_code == 201
    other.close()


def test_R06_a_token_revoked_while_a_write_waits_for_its_turn_does_not_count(
    registry: Registry, mine: dict[str, str]
) -> None:
    from packspec.protocol.access import RevokeToken

    answers: list[httpx.Response] = []
    with registry.world.database.writing() as db:
        waiting = threading.Thread(target=lambda: answers.append(post(registry, mine, '{"scopes": ["read"]}')))
        waiting.start()
        waiting.join(0.3)
        db.exec_driver_sql("UPDATE token SET revoked_at = 1790000000")
    waiting.join()
    assert answers[0].json()["code"] == "access.token-rejected"
    assert registry.ask(access.REVOKE, RevokeToken(id="T-1"), mine["authorization"][7:]).status_code == 401


def test_V24_the_log_is_lines_of_json_without_secrets_whatever_a_client_sends(
    registry: Registry, mine: dict[str, str]
) -> None:
    registry.world.settings = Settings()
    registry.client.get("/api/v1/%1b[31mred%E2%80%AE", headers=mine)
    registry.client.get("/api/v1/" + "x" * 5000)
    registry.client.get("/pkt_aSECRETSECRETSECRET")
    lines = registry.log.getvalue().splitlines()
    found = [json.loads(line) for line in lines]
    assert [line["event"] for line in found] == ["request"] * 3
    assert all(line.isascii() and line.isprintable() for line in lines)
    assert max(len(line) for line in lines) < 3000
    assert "SECRET" not in registry.log.getvalue()
    assert mine["authorization"][7:] not in registry.log.getvalue()


def test_R37_a_handler_that_changes_something_outside_a_transaction_is_our_own_fault(
    registry: Registry, mine: dict[str, str]
) -> None:
    def forgetful(call: Call, ask: HandIn) -> SubmissionView:
        call.db.exec_driver_sql("DELETE FROM submission")
        raise AssertionError("it reached the database")

    incoming = Incoming("", mine["authorization"][7:], {"id": "S-1"}, b"", b'{"statement": "{}"}')
    with make_pool(registry.world.settings.http) as pool, pytest.raises(NoTransaction) as caught:
        Door(lambda: registry.world, HOOKS, pool).perform(registry.world, bind(HAND_IN, forgetful), incoming)
    assert is_ours(caught.value)


def test_a_reply_is_what_its_row_says(registry: Registry, mine: dict[str, str]) -> None:
    token = mine["authorization"][7:]
    assert registry.call(WHOAMI, Nothing(), token).account == "mia"
    answer = registry.ask(access.CREATE, CreateToken(scopes=["read"]), token)
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
