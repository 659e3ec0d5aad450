"""TLS, proxies and the environment: who is believed, what goes through whom, and that passwords stay unseen."""

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from packctl.registry.failures import BadAddress, TlsFailed, Unreachable
from packctl.registry.http import Http, Request
from packctl.registry.network import Network, Origin, network_from, pause_seconds
from tests.support.invariants import clean_refusal
from tests.support.liar import Asked, Liar, answer

NOW = datetime.datetime.now(datetime.UTC)


def get(url: str, network: Network) -> bytes:
    with Http(network, time.monotonic) as http, http.send(Request("GET", url)) as exchange:
        return exchange.read(1000)


class Authority:
    """A test CA that writes certificates for a server on loopback."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        certificate = self._sign(
            self.key.public_key(), self.name, NOW + datetime.timedelta(days=1), [], is_authority=True
        )
        self.file = folder / "authority.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, host: str = "127.0.0.1", ends_in_days: int = 1) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        try:
            names: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(host))]
        except ValueError:
            names = [x509.DNSName(host)]
        certificate = self._sign(key.public_key(), name, NOW + datetime.timedelta(days=ends_in_days), names)
        pem = self.folder / "server.pem"
        pem.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    def _sign(
        self,
        public: ec.EllipticCurvePublicKey,
        subject: x509.Name,
        ends: datetime.datetime,
        names: list[x509.GeneralName],
        *,
        is_authority: bool = False,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(days=9))
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256())


def hello(asked: Asked) -> Iterable[bytes]:
    return [answer(200, b"hello")]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_C16_a_private_authority_counts_when_it_is_named(authority: Authority) -> None:
    with Liar(hello, authority.server()) as liar:
        assert get(liar.url, Network(ca_file=authority.file)) == b"hello"


@pytest.mark.parametrize(
    ("host", "days", "known"), [("127.0.0.1", 1, False), ("other.example", 1, True), ("127.0.0.1", -1, True)]
)
def test_C16_unknown_authority_wrong_host_and_ended_certificate_are_refused(
    authority: Authority, host: str, days: int, known: bool
) -> None:
    network = Network(ca_file=authority.file) if known else Network()
    with Liar(hello, authority.server(host, days)) as liar, pytest.raises(TlsFailed) as refused:
        get(liar.url, network)
    clean_refusal(refused.value)
    assert liar.asked == []


def test_C16_plain_http_behind_an_https_address_is_refused() -> None:
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


def test_C17_plain_requests_go_through_the_proxy_with_its_password() -> None:
    with Liar(hello) as proxy:
        network = Network(http_proxy=proxy.url.replace("://", "://me:se%20cret@"))
        assert get("http://registry.test:81/a?b", network) == b"hello"
    [asked] = proxy.asked
    assert asked.target == "http://registry.test:81/a?b"
    assert asked.headers["proxy-authorization"] == "Basic bWU6c2UgY3JldA=="
    assert asked.headers["host"] == "registry.test:81"
    assert "se%20cret" not in repr(network)


def test_C17_tls_goes_through_a_tunnel_and_the_proxy_sees_no_path() -> None:
    with Liar(lambda asked: [answer(502)]) as proxy, pytest.raises(Unreachable):
        get("https://registry.test/secret-path", Network(https_proxy=proxy.url.replace("://", "://me:secret@")))
    [asked] = proxy.asked
    assert (asked.method, asked.target) == ("CONNECT", "registry.test:443")
    assert asked.headers["proxy-authorization"] == "Basic bWU6c2VjcmV0"


def test_C17_a_proxy_that_wants_a_login_is_told_without_the_password() -> None:
    with Liar(lambda asked: [answer(407)]) as proxy, pytest.raises(Unreachable) as refused:
        get("https://registry.test/", Network(https_proxy=proxy.url.replace("://", "://me:topsecret@")))
    clean_refusal(refused.value)
    assert "topsecret" not in str(refused.value.facts())
    assert "407" in refused.value.facts()["reason"]


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "https://127.0.0.1:9", "http://"])
def test_C17_a_kind_of_proxy_that_we_cannot_use_is_refused(proxy: str) -> None:
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


def test_a_refusal_that_comes_while_we_still_send_is_read() -> None:
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
    with Http(Network(), time.monotonic) as http, http.send(Request("PUT", url, {}, body, 65_536 * 200)) as exchange:
        assert (exchange.status, exchange.read(100)) == (413, b"too much")
    server.close()
