"""What both transports keep to: TLS, proxies, passwords that stay unseen, paces, ceilings, packed answers, and no cookies."""

import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from packctl.registry.api import Api
from packctl.registry.exchange import Request
from packctl.registry.failures import BadAddress, BadAnswer, BadAuthorities, TlsFailed, TooSlow, Unreachable
from packctl.registry.http import Http
from packctl.registry.network import Network, Origin, network_from, pause_seconds
from tests.support.authority import Authority
from tests.support.invariants import clean_refusal
from tests.support.liar import Asked, HangUp, Liar, answer, cut

Get = Callable[..., bytes]
Carrier = type[Api] | type[Http]


@pytest.fixture(params=[Api, Http])
def carrier(request: pytest.FixtureRequest) -> Carrier:
    """Each of the two transports."""
    chosen: Carrier = request.param
    return chosen


@pytest.fixture
def get(carrier: Carrier) -> Get:
    """Asks for an address with each of the two transports, and reads at most so many bytes of the answer."""

    def get(url: str, network: Network, ceiling_bytes: int = 1000) -> bytes:
        with carrier(network, time.monotonic) as transport, transport.send(Request("GET", url)) as exchange:
            return exchange.read(ceiling_bytes)

    return get


def hello(asked: Asked) -> Iterable[bytes]:
    return [answer(200, b"hello")]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_C16_a_private_authority_counts_when_it_is_named(get: Get, authority: Authority) -> None:
    with Liar(hello, authority.server()) as liar:
        assert get(liar.url, Network(ca_file=authority.file)) == b"hello"


@pytest.mark.parametrize(
    ("host", "days", "known"), [("127.0.0.1", 1, False), ("other.example", 1, True), ("127.0.0.1", -1, True)]
)
def test_C16_unknown_authority_wrong_host_and_ended_certificate_are_refused(
    get: Get, authority: Authority, host: str, days: int, known: bool
) -> None:
    network = Network(ca_file=authority.file) if known else Network()
    with Liar(hello, authority.server(host, days)) as liar, pytest.raises(TlsFailed) as refused:
        get(liar.url, network)
    clean_refusal(refused.value)
    assert liar.asked == []


def test_C16_plain_http_behind_an_https_address_is_refused(get: Get) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        connection, _ = server.accept()
        connection.recv(2000)
        connection.sendall(answer(400, b"speak HTTP"))
        connection.close()

    threading.Thread(target=refuse, daemon=True).start()
    with pytest.raises(TlsFailed):
        get(f"https://127.0.0.1:{server.getsockname()[1]}", Network())
    server.close()


def test_C17_plain_requests_go_through_the_proxy_with_its_password(get: Get) -> None:
    with Liar(hello) as proxy:
        network = Network(http_proxy=proxy.url.replace("://", "://me:se%20cret@"))
        assert get("http://registry.test:81/a?b", network) == b"hello"
    [asked] = proxy.asked
    assert asked.target == "http://registry.test:81/a?b"
    assert asked.headers["proxy-authorization"] == "Basic bWU6c2UgY3JldA=="
    assert asked.headers["host"] == "registry.test:81"
    assert "se%20cret" not in repr(network)


def test_C17_tls_goes_through_a_tunnel_and_the_proxy_sees_no_path(get: Get) -> None:
    with Liar(lambda asked: [answer(502)]) as proxy, pytest.raises(Unreachable):
        get("https://registry.test/secret-path", Network(https_proxy=proxy.url.replace("://", "://me:secret@")))
    [asked] = proxy.asked
    assert (asked.method, asked.target) == ("CONNECT", "registry.test:443")
    assert asked.headers["proxy-authorization"] == "Basic bWU6c2VjcmV0"


def test_C17_a_proxy_that_wants_a_login_is_told_without_the_password(get: Get) -> None:
    with Liar(lambda asked: [answer(407)]) as proxy, pytest.raises(Unreachable) as refused:
        get("https://registry.test/", Network(https_proxy=proxy.url.replace("://", "://me:topsecret@")))
    clean_refusal(refused.value)
    assert "topsecret" not in str(refused.value.facts())
    assert "407" in refused.value.facts()["reason"]


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "https://127.0.0.1:9", "http://"])
def test_C17_a_kind_of_proxy_that_we_cannot_use_is_refused(get: Get, proxy: str) -> None:
    with pytest.raises(BadAddress) as refused:
        get("http://registry.test/", Network(http_proxy=proxy))
    clean_refusal(refused.value)


@pytest.mark.parametrize(
    ("rule", "address", "direct"),
    [
        ("registry.test", "https://registry.test", True),
        ("registry.test", "https://a.registry.test", True),
        (".registry.test", "https://a.registry.test", True),
        ("*.registry.test", "https://a.registry.test", True),
        ("registry.test", "https://notregistry.test", False),
        ("registry.test:8443", "https://registry.test", False),
        ("registry.test:8443", "https://registry.test:8443", True),
        ("10.0.0.0/8", "https://10.1.2.3", True),
        ("10.0.0.0/8", "https://11.1.2.3", False),
        ("10.0.0.0/8", "https://ten.test", False),
        ("fd00::/8", "https://[fd00::1]", True),
        ("*", "https://registry.test", True),
        ("", "https://registry.test", False),
        ("other.test", "http://127.0.0.1:8080", True),
        ("other.test", "http://localhost:8080", True),
    ],
)
def test_C17_no_proxy_names_hosts_domains_ports_and_networks(rule: str, address: str, direct: bool) -> None:
    network = Network(http_proxy="http://proxy", https_proxy="http://proxy", no_proxy=(rule,))
    assert (network.proxy_for(Origin.parse(address)) is None) is direct


def test_proxies_and_authorities_come_from_the_environment() -> None:
    environ = {
        "HTTP_PROXY": "http://plain",
        "https_proxy": "http://lower",
        "HTTPS_PROXY": "http://upper",
        "NO_PROXY": "a.test, b.test,",
        "SSL_CERT_FILE": "/ca.pem",
    }
    network = network_from(environ, Network(timeout_seconds=3))
    assert (network.http_proxy, network.https_proxy) == ("http://plain", "http://lower")
    assert network.no_proxy == ("a.test", "b.test")
    assert (network.ca_file, network.timeout_seconds) == (Path("/ca.pem"), 3)


def test_in_a_cgi_program_a_header_cannot_set_the_proxy() -> None:
    assert network_from({"HTTP_PROXY": "http://evil", "REQUEST_METHOD": "GET"}, Network()).http_proxy is None


def test_pauses_double_are_random_and_never_shorter_than_asked() -> None:
    assert [pause_seconds(failures, 1.0) for failures in (1, 2, 3, 4, 9)] == [0.25, 0.5, 1.0, 2.0, 8.0]
    assert pause_seconds(3, 0.0) == 0.0
    assert pause_seconds(1, 0.5, retry_after=20) == 20


def test_a_refusal_that_comes_while_we_still_send_is_read(carrier: Carrier) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        connection, _ = server.accept()
        connection.recv(100)
        connection.sendall(answer(413, b"too much", Connection="close"))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 20):
            pass
        connection.close()

    threading.Thread(target=refuse, daemon=True).start()
    body = (b"x" * 65_536 for _ in range(200))
    url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    request = Request("PUT", url, {}, body, 65_536 * 200)
    with carrier(Network(), time.monotonic) as transport, transport.send(request) as exchange:
        assert (exchange.status, exchange.read(100)) == (413, b"too much")
    server.close()


def test_a_file_of_authorities_that_is_none_is_refused(get: Get, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate")
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(BadAuthorities) as refused:
            get("https://127.0.0.1:9", Network(ca_file=tmp_path / name))
        clean_refusal(refused.value)


def test_C10_a_head_that_drips_in_is_given_up(get: Get) -> None:
    def drip(asked: Asked) -> Iterable[bytes]:
        for letter in answer(200, b"hello", X_Long="x" * 1000).decode():
            threading.Event().wait(0.05)
            yield letter.encode()

    with Liar(drip) as liar:
        with pytest.raises(TooSlow) as refused:
            get(liar.url, Network(timeout_seconds=0.3))
        assert liar.came(1)
    clean_refusal(refused.value)


def test_C10_a_body_that_drips_in_is_given_up(get: Get) -> None:
    def drip(asked: Asked) -> Iterable[bytes]:
        yield answer(200, b"", Content_Length="1000")
        while True:
            threading.Event().wait(0.05)
            yield b"x"

    with Liar(drip) as liar, pytest.raises(TooSlow):
        get(liar.url, Network(timeout_seconds=0.3))


def test_a_body_that_is_slow_but_keeps_the_pace_is_read(get: Get) -> None:
    def steady(asked: Asked) -> Iterable[bytes]:
        yield answer(200, b"", Content_Length="6000")
        for _ in range(6):
            threading.Event().wait(0.2)
            yield b"x" * 1000

    with Liar(steady) as liar:  # longer in all than the time for one piece, which is long for a busy machine, too
        assert get(liar.url, Network(timeout_seconds=1), 6000) == b"x" * 6000


@pytest.mark.parametrize("at", [5, 20, 45, 55])
def test_a_cut_answer_is_unreachable_wherever_it_was_cut(get: Get, at: int) -> None:
    whole = answer(200, b"hello" * 10, X="y")
    with Liar(lambda asked: cut(whole, at)) as liar, pytest.raises(Unreachable) as refused:
        get(liar.url, Network())
    clean_refusal(refused.value)


@pytest.mark.parametrize(
    "told",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 twohundred OK\r\n\r\n",
    ],
)
def test_C21_what_is_no_http_is_told_as_that(get: Get, told: bytes) -> None:
    with Liar(lambda asked: [told]) as liar, pytest.raises(BadAnswer) as refused:
        get(liar.url, Network())
    clean_refusal(refused.value)


def test_C21_chunks_that_are_none_end_the_answer(get: Get) -> None:
    told = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"
    with Liar(lambda asked: [told]) as liar, pytest.raises((BadAnswer, Unreachable)) as refused:
        get(liar.url, Network())
    clean_refusal(refused.value)


def test_a_head_without_end_is_given_up(get: Get) -> None:
    def endless(asked: Asked) -> Iterable[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X-More: " + b"y" * 60_000 + b"\r\n"

    with Liar(endless) as liar, pytest.raises(BadAnswer):
        get(liar.url, Network())


def test_a_packed_answer_is_unpacked(get: Get) -> None:
    packed = answer(200, gzip.compress(b"hello" * 100), Content_Encoding="GZIP")
    with Liar(lambda asked: [packed]) as liar:
        assert get(liar.url, Network()) == b"hello" * 100


def test_a_gzip_bomb_ends_at_the_ceiling_and_not_in_memory(get: Get) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)  # 50 kB
    tracemalloc.start()
    with Liar(lambda asked: [answer(200, bomb, Content_Encoding="gzip")]) as liar, pytest.raises(BadAnswer) as refused:
        get(liar.url, Network(), 1_000_000)
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    clean_refusal(refused.value)
    assert refused.value.facts()["reason"] == "more than 1000000 bytes"
    assert highest < 8_000_000


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", b"hello", "broken gzip"),
        ("gzip", gzip.compress(b"hello")[:-6], "gzip without its end"),
        ("gzip", gzip.compress(b"hello") + b"x", "something follows its gzip"),
        ("gzip", b"", "gzip without its end"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"hello")), "packed as gzip, gzip"),
        ("br", b"hello", "packed as br"),
    ],
)
def test_a_packing_that_is_broken_or_not_known_is_refused(get: Get, encoding: str, body: bytes, reason: str) -> None:
    with (
        Liar(lambda asked: [answer(200, body, Content_Encoding=encoding)]) as liar,
        pytest.raises(BadAnswer) as refused,
    ):
        get(liar.url, Network())
    assert refused.value.facts()["reason"] == reason


def test_cookies_are_neither_kept_nor_sent(carrier: Carrier) -> None:
    with (
        Liar(lambda asked: [answer(200, b"", Set_Cookie="id=1; Path=/")]) as liar,
        carrier(Network(), time.monotonic) as transport,
    ):
        for _ in range(2):
            with transport.send(Request("GET", liar.url)) as exchange:
                exchange.read(10)
    assert liar.connections == 1
    assert [asked.headers.get("cookie") for asked in liar.asked] == [None, None]


def test_both_say_the_same_of_themselves_and_nothing_of_the_machine(carrier: Carrier) -> None:
    network = Network(user_agent="packctl/9")
    with Liar(hello) as liar, carrier(network, time.monotonic) as transport:
        request = Request("GET", liar.url, {"Accept": "application/json"})
        with transport.send(request) as exchange:
            exchange.read(10)
    headers = {name: value for name, value in liar.asked[0].headers.items() if name not in ("host", "connection")}
    assert headers == {"accept": "application/json", "accept-encoding": "identity", "user-agent": "packctl/9"}


def test_a_connection_that_was_closed_while_idle_is_replaced(carrier: Carrier) -> None:
    ended = threading.Event()

    def close_later(asked: Asked) -> Iterable[bytes]:
        yield answer(200, b"hello")
        if asked.number == 0:
            ended.set()
            raise HangUp

    with Liar(close_later) as liar, carrier(Network(), time.monotonic) as transport:
        for _ in range(2):
            with transport.send(Request("GET", liar.url)) as exchange:
                assert exchange.read(10) == b"hello"
            ended.wait(5)
            threading.Event().wait(0.05)
    assert liar.connections == 2
