"""Calls of the protocol's rows: what is sent, what comes back, what is repeated, and where tokens go."""

import gzip
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from packctl.registry.api import Api
from packctl.registry.client import ANSWER_BYTES, RegistryClient
from packctl.registry.failures import BadAnswer, Redirected, TokenNeedsTls, TooManyRequests, TooSlow, Unreachable
from packctl.registry.http import Http
from packctl.registry.network import Network, Origin, Pace
from packspec import wire
from packspec.digests import Digest
from packspec.errors import Conflict, Denied, Invalid, PackError, Unavailable
from packspec.names import PackName
from packspec.problems import Problem, Relayed
from packspec.protocol.endpoint import Body, Effect, Endpoint
from packspec.versions import Version
from packspec.wire import Answer, Message
from tests.support.invariants import clean_refusal
from tests.support.liar import Asked, Liar, answer, cut

SECRET = "pkt_aSECRETSECRETSECRETSECRETSECRETSECRETSECRETSECRETSECR"


class Ask(Message, frozen=True):
    publisher: str
    name: str
    version: Version | None = None
    tags: tuple[str, ...] = ()
    pre: bool = False
    page: int = 1


class Told(Answer, frozen=True):
    pack: PackName
    count: int = 0


READ = Endpoint("GET", "/api/v1/packs/{publisher}/{name}", Ask, Told, Effect.READ, "x", body=Body.QUERY)
WRITE = Endpoint("POST", "/api/v1/packs/{publisher}/{name}", Ask, Told, Effect.WRITE, "x", status=201)
SEND = Endpoint("PUT", "/api/v1/packs/{publisher}/{name}", Ask, Told, Effect.NONE, "x", body=Body.BYTES)
ASK = Ask(publisher="acme", name="icons")
GOOD = b'{"pack":"acme/icons","count":3,"later":"unknown fields are ignored"}'


class Rig:
    carrier: type[Api] | type[Http] = Api

    def __init__(self, liar: Liar, token: str | None = None, timeout: float = 5.0) -> None:
        self.pauses: list[float] = []
        self.transport = Rig.carrier(Network(timeout_seconds=timeout), time.monotonic)
        pace = Pace(time.monotonic, self.pauses.append, lambda: 0.5)
        self.client = RegistryClient(f"{liar.url}/base/", self.transport, pace, lambda origin: token)


@pytest.fixture(autouse=True, params=[Api, Http])
def carrier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test holds for both transports."""
    monkeypatch.setattr(Rig, "carrier", request.param)


def problem(status: int, kind: str, code: str, why: str = "") -> bytes:
    body = wire.encode(Problem(f"/errors/{code}", "what is so", status, kind, code, why=why))
    return answer(status, body, Content_Type="application/problem+json; charset=utf-8")


@pytest.fixture
def told() -> list[bytes]:
    """The answers, in order; the last one goes on."""
    return [answer(200, GOOD, Content_Type="application/json")]


@pytest.fixture
def liar(told: list[bytes]) -> Iterator[Liar]:
    with Liar(lambda asked: [told[min(asked.number, len(told) - 1)]]) as liar:
        yield liar


def test_fields_fill_path_and_query_and_the_answer_is_typed(liar: Liar) -> None:
    ask = Ask(
        publisher="acme", name="icons", version=Version.parse("1.2.0-rc.1"), tags=("a b", "c&d"), pre=True, page=2
    )
    assert Rig(liar).client.call(READ, ask) == Told(pack=PackName("acme/icons"), count=3)
    [asked] = liar.asked
    assert (asked.method, asked.target, asked.body) == (
        "GET",
        "/base/api/v1/packs/acme/icons?version=1.2.0-rc.1&tags=a+b&tags=c%26d&pre=true&page=2",
        b"",
    )
    assert asked.headers["accept-encoding"] == "gzip"
    assert "authorization" not in asked.headers


def test_a_body_is_json_without_the_fields_of_the_path(liar: Liar, told: list[bytes]) -> None:
    told[0] = answer(201, GOOD)
    Rig(liar).client.call(WRITE, Ask(publisher="acme", name="icons", page=7))
    [asked] = liar.asked
    assert (asked.target, asked.body) == ("/base/api/v1/packs/acme/icons", b'{"page":7}')
    assert asked.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("name", "part"),
    [("a/b", "a%2Fb"), ("..", "%2E%2E"), (".", "%2E"), ("a?b#c", "a%3Fb%23c"), ("ü", "%C3%BC"), ("a\r\nb", "a%0D%0Ab")],
)
def test_R11_odd_text_in_a_path_stays_one_part(liar: Liar, name: str, part: str) -> None:
    Rig(liar).client.call(READ, Ask(publisher="acme", name=name))
    assert liar.asked[0].target == f"/base/api/v1/packs/acme/{part}"


@pytest.mark.parametrize(
    ("told", "kind", "exit_code"),
    [
        ([problem(409, "conflict", "publishing.version-exists")], Conflict, 5),
        ([problem(403, "denied", "access.role-missing")], Denied, 4),
        ([problem(422, "a-kind-of-the-future", "x.y")], Invalid, 2),
        ([problem(500, "bug", "registry.failed")], PackError, 70),
    ],
)
def test_a_refusal_arrives_as_its_kind_with_the_server_s_texts(
    liar: Liar, kind: type[PackError], exit_code: int
) -> None:
    with pytest.raises(kind) as refused:
        Rig(liar).client.call(READ, ASK)
    assert isinstance(refused.value, Relayed)
    assert refused.value.what() == "what is so"
    assert refused.value.kind.exit_code == exit_code


def test_C20_a_lying_server_cannot_fill_the_screen(liar: Liar, told: list[bytes]) -> None:
    told[0] = problem(422, "invalid", "x.y", why="w" * 50_000)
    with pytest.raises(Relayed) as refused:
        Rig(liar).client.call(READ, ASK)
    assert len(refused.value.why()) == 1000


@pytest.mark.parametrize(
    "code", ["", "x", "x.", ".y", "x." + "y" * 61, "X.y", "x.y]: type your password [", "x.y\n", "x.\u0443", "x.y.z"]
)
def test_C20_a_code_that_is_none_is_not_shown_as_one(liar: Liar, told: list[bytes], code: str) -> None:
    told[0] = problem(422, "invalid", code)
    with pytest.raises(BadAnswer) as refused:
        Rig(liar).client.call(READ, ASK)
    assert refused.value.facts()["reason"] == "status 422 with a problem whose code is none"


@pytest.mark.parametrize(
    "told",
    [
        [answer(200, b"<html>Log in to the network</html>", Content_Type="text/html")],
        [answer(200, b'{"pack":"not a name","count":3}')],
        [answer(200, b'{"pack":"acme/icons","count":"3"}')],
        [answer(200, b"[" * 100_000)],
        [answer(200, b'{"pack":"\xff"}')],
        [answer(204, b"")],
        [answer(404, b"<html>not found</html>", Content_Type="text/html")],
        [answer(418, b"{}", Content_Type="application/json")],
        [answer(422, b'{"title":1}', Content_Type="application/problem+json")],
        [answer(200, b"", Content_Length=str(10**12))],
    ],
)
def test_C21_what_is_no_answer_of_a_registry_is_told_as_that(liar: Liar) -> None:
    with pytest.raises(BadAnswer) as refused:
        Rig(liar).client.call(READ, ASK)
    clean_refusal(refused.value)
    assert len(liar.asked) == 1


def test_an_endless_answer_is_given_up_at_its_ceiling() -> None:
    def endless(asked: Asked) -> Iterable[bytes]:
        yield answer(200, b"", Content_Length="")
        while True:
            yield b" " * 1_000_000

    with Liar(endless) as liar, pytest.raises(BadAnswer):
        Rig(liar).client.call(READ, ASK)


def test_an_answer_may_be_packed_with_gzip_and_its_ceiling_is_that_of_what_it_holds(
    liar: Liar, told: list[bytes]
) -> None:
    told[0] = answer(200, gzip.compress(GOOD), Content_Encoding="gzip")
    assert Rig(liar).client.call(READ, ASK).count == 3
    told[0] = answer(200, gzip.compress(b" " * (ANSWER_BYTES + 1)), Content_Encoding="gzip")
    with pytest.raises(BadAnswer) as refused:
        Rig(liar).client.call(READ, ASK)
    assert refused.value.facts()["reason"] == "more than 16777216 bytes"


def cutting(times: int, then: bytes) -> Callable[[Asked], Iterable[bytes]]:
    return lambda asked: cut(then, 12) if asked.number < times else [then]


def test_a_read_is_repeated_after_lost_answers_with_growing_pauses() -> None:
    with Liar(cutting(3, answer(200, GOOD))) as liar:
        rig = Rig(liar)
        assert rig.client.call(READ, ASK).count == 3
    assert rig.pauses == [0.125, 0.25, 0.5]


def test_after_four_lost_answers_the_registry_is_unreachable() -> None:
    with Liar(cutting(9, answer(200, GOOD))) as liar, pytest.raises(Unreachable) as refused:
        Rig(liar).client.call(READ, ASK)
    assert len(liar.asked) == 4
    clean_refusal(refused.value)


def test_a_write_whose_answer_was_lost_is_not_sent_again() -> None:
    with Liar(cutting(1, answer(201, GOOD))) as liar, pytest.raises(Unreachable):
        Rig(liar).client.call(WRITE, ASK)
    assert len(liar.asked) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_write_that_the_server_did_not_take_is_sent_again_after_the_pause_it_wants(status: int) -> None:
    told = [answer(status, Retry_After="2"), problem(status, "busy", "registry.busy"), answer(201, GOOD)]
    with Liar(lambda asked: [told[asked.number]]) as liar:
        rig = Rig(liar)
        assert rig.client.call(WRITE, ASK).count == 3
    assert rig.pauses == [2.0, 0.25]


@pytest.mark.parametrize("wait", ["3600", "Fri, 31 Dec 1999 23:59:59 GMT", "-1", "²"])
def test_odd_or_long_waits_do_not_make_us_sleep_long(wait: str) -> None:
    with Liar(lambda asked: [answer(429, Retry_After=wait)]) as liar:
        rig = Rig(liar)
        with pytest.raises(TooManyRequests) as refused:
            rig.client.call(READ, ASK)
    clean_refusal(refused.value)
    assert sum(rig.pauses) < 1


def test_C10_an_answer_that_does_not_come_is_given_up() -> None:
    def stall(asked: Asked) -> Iterable[bytes]:
        threading.Event().wait(2)
        yield b""

    with Liar(stall) as liar, pytest.raises(TooSlow) as refused:
        Rig(liar, timeout=0.2).client.call(READ, ASK)
    clean_refusal(refused.value)


def test_nobody_listening_is_unreachable() -> None:
    with Liar(lambda asked: []) as liar:
        pass
    with pytest.raises(Unreachable) as refused:
        Rig(liar).client.call(READ, ASK)
    clean_refusal(refused.value)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_C15_a_redirect_is_refused_and_the_token_stays_here(status: int) -> None:
    with Liar(lambda asked: [answer(200, GOOD)]) as thief:
        there = f"{thief.url}/api/v1/packs/acme/icons"
        with Liar(lambda asked: [answer(status, Location=there)]) as liar, pytest.raises(Redirected) as refused:
            Rig(liar, SECRET).client.call(READ, ASK)
    assert thief.asked == []
    clean_refusal(refused.value)


def test_a_token_is_sent_as_bearer(liar: Liar) -> None:
    Rig(liar, SECRET).client.call(READ, ASK)
    assert liar.asked[0].headers["authorization"] == f"Bearer {SECRET}"


def test_R05_a_token_is_never_sent_over_plain_http_to_another_machine() -> None:
    transport = Rig.carrier(Network(), time.monotonic)
    client = RegistryClient(
        "http://registry.example", transport, Pace(time.monotonic, time.sleep, lambda: 0.5), lambda _: SECRET
    )
    with pytest.raises(TokenNeedsTls) as refused:
        client.call(READ, ASK)
    clean_refusal(refused.value)
    assert SECRET not in str(refused.value.facts())


def test_C18_netrc_and_environment_secrets_are_never_sent(
    liar: Liar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("PACKCTL_TOKEN", SECRET)
    Rig(liar).client.call(READ, ASK)
    assert "authorization" not in liar.asked[0].headers


def test_bytes_are_sent_with_their_length_and_again_when_the_answer_was_lost() -> None:
    with Liar(cutting(1, answer(200, GOOD))) as liar:
        assert Rig(liar).client.send_bytes(SEND, ASK, lambda: iter([b"ab", b"cde"]), 5).count == 3
    assert [asked.body for asked in liar.asked] == [b"abcde", b"abcde"]
    assert liar.asked[0].headers["content-length"] == "5"
    assert "transfer-encoding" not in liar.asked[0].headers


def test_connections_are_kept_and_a_closed_one_is_replaced_without_a_word() -> None:
    def close_after(asked: Asked) -> Iterable[bytes]:
        yield answer(200, GOOD, Connection="close" if asked.number == 1 else "keep-alive")

    with Liar(close_after) as liar:
        rig = Rig(liar)
        for _ in range(4):
            rig.client.call(READ, ASK)
    assert liar.connections == 2
    assert rig.pauses == []


def test_C30_offline_opens_no_socket() -> None:
    transport = Rig.carrier(Network(is_offline=True), time.monotonic)
    client = RegistryClient(
        "https://registry.example", transport, Pace(time.monotonic, time.sleep, lambda: 0.5), lambda _: None
    )
    with pytest.raises(Unavailable) as refused:
        client.call(WRITE, ASK)
    assert "--offline" in str(refused.value.facts())


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Registry.Example:443/a/b?c", "https://registry.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://[::1]:8443/", "https://[::1]:8443"),
        ("http://localhost:80", "http://localhost"),
    ],
)
def test_an_origin_has_one_spelling(address: str, origin: str) -> None:
    assert Origin.parse(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x", "file:///etc/passwd", "https://", "https://user:secret@host", "https://user@host", "https://ho st", "https://host:99999",
        "https://host:x", "//host", "host", "", "https://host\r\nX: y", "https://ho\u202est", "https://[::1", "https://a_b..c/ü", "https://%00",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_registry_is_refused_without_showing_passwords(address: str) -> None:
    with pytest.raises(ValueError) as refused:
        Origin.parse(address)
    assert isinstance(refused.value, PackError)
    clean_refusal(refused.value)
    assert "secret" not in refused.value.what()


def test_digests_in_answers_are_checked_types(liar: Liar, told: list[bytes]) -> None:
    class WithDigest(Answer, frozen=True):
        digest: Digest

    told[0] = answer(200, b'{"digest":"ABC"}')
    row = Endpoint("GET", "/api/v1/x", Ask, WithDigest, Effect.READ, "x", body=Body.QUERY)
    with pytest.raises(BadAnswer):
        Rig(liar).client.call(row, ASK)
