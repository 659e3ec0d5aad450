"""Where a request may go and how: origins, proxies, certificates, and the pace of waiting. Values in, values out; no sockets.

`Network` is filled by `settings`, the only reader of the environment.
"""

import ipaddress
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from packctl.registry.failures import BadAddress, BadAuthorities
from packspec.patterns import pattern

_PORTS = {"http": 80, "https": 443}
_HOST = pattern(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\]")
_TARGET = pattern(r"[!-~]*")


class Origin(str):
    """Scheme, host and port of an address, in one spelling: `https://registry.example`, `http://127.0.0.1:8080`."""

    __slots__ = ()

    @classmethod
    def parse(cls, address: str) -> Self:
        """The origin of `address`. Raises BadAddress for what is not http(s), for a user or password, and for odd hosts."""
        parts = _split(address)
        host = _host(parts, address)
        try:
            port = parts.port
        except ValueError as error:
            raise BadAddress(address, "the port is not a number below 65536") from error
        named = "" if port is None or port == _PORTS[parts.scheme] else f":{port}"
        return cls(f"{parts.scheme}://{host}{named}")

    @property
    def scheme(self) -> str:
        return self.partition("://")[0]

    @property
    def host(self) -> str:
        """The host, an IPv6 address without brackets."""
        return urlsplit(self).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self).port or _PORTS[self.scheme]

    @property
    def is_this_machine(self) -> bool:
        """Whether it is a loopback address, where nobody can listen on the way."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def keeps_secrets(self) -> bool:
        """Whether a token may be sent there."""
        return self.scheme == "https" or self.is_this_machine


def _split(address: str) -> SplitResult:
    if not _TARGET.fullmatch(address):
        raise BadAddress(address, "it holds blanks, controls or characters beyond ASCII")
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise BadAddress(address, str(error)) from error
    if parts.scheme not in _PORTS:
        raise BadAddress(address, "it begins neither with https:// nor with http://")
    if "@" in parts.netloc:
        raise BadAddress(address, "it holds a user or password; use packctl login")
    return parts


def _host(parts: SplitResult, address: str) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(host):
        raise BadAddress(address, "it names no host")
    return host


def target_of(address: str) -> str:
    """What stands in the first line of a request: path and query of `address`."""
    parts = _split(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class Network(Struct, frozen=True):
    """How this machine reaches others. Secrets in proxy addresses are never shown."""

    timeout_seconds: float = 30.0
    """An answer begins within this time; a body brings at least 1 KiB a second over windows of it."""
    concurrency: int = 8
    """Bulk transfers at once."""
    user_agent: str = "packctl"
    http_proxy: str | None = None
    https_proxy: str | None = None
    no_proxy: tuple[str, ...] = ()
    """Hosts that are reached directly: a name with all names below it, an address, a network (10.0.0.0/8), or `*` for all."""
    ca_file: Path | None = None
    ca_folder: Path | None = None
    is_offline: bool = False
    """Refuse every request before a socket is opened."""

    __repr__ = object.__repr__

    def proxy_for(self, origin: Origin) -> str | None:
        """The proxy for `origin`, or None to go directly. This machine is always reached directly."""
        proxy = self.https_proxy if origin.scheme == "https" else self.http_proxy
        if not proxy or origin.is_this_machine or any(_matches(rule, origin) for rule in self.no_proxy):
            return None
        return proxy


def network_from(environ: Mapping[str, str], base: Network) -> Network:
    """`base` with proxies and authorities as the environment describes them. Of a variable in both cases the lower-case one counts.

    HTTP_PROXY in capitals is not read where REQUEST_METHOD is set: in a CGI program whoever asks could set it with a header.
    """

    def read(name: str) -> str | None:
        return environ.get(name.lower()) or environ.get(name) or None

    capitals = {} if "REQUEST_METHOD" in environ else environ
    file, folder = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    return replace(
        base,
        http_proxy=environ.get("http_proxy") or capitals.get("HTTP_PROXY") or None,
        https_proxy=read("HTTPS_PROXY"),
        no_proxy=tuple(rule.strip() for rule in (read("NO_PROXY") or "").split(",") if rule.strip()),
        ca_file=Path(file) if file else None,
        ca_folder=Path(folder) if folder else None,
    )


def read_proxy(address: str) -> tuple[str, int, tuple[str, str] | None]:
    """Host, port, and user and password of a proxy. Raises BadAddress for a kind of proxy that is not spoken to here."""
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.scheme != "http" or not parts.hostname:
        raise BadAddress(address, "a proxy is http://host:port")
    login = None
    if parts.username is not None:
        login = unquote(parts.username), unquote(parts.password or "")
    return parts.hostname, parts.port or 80, login


def _matches(rule: str, origin: Origin) -> bool:
    rule = rule.strip().lower()
    if rule in ("", "*"):
        return rule == "*"
    name, _, port = rule.rpartition(":") if rule.count(":") == 1 else (rule, "", "")
    if port and port != str(origin.port):
        return False
    try:
        return ipaddress.ip_address(origin.host) in ipaddress.ip_network(name.strip("[]"), strict=False)
    except ValueError:
        name = name.removeprefix("*").removeprefix(".")
        return origin.host == name or origin.host.endswith(f".{name}")


def tls_context(network: Network) -> ssl.SSLContext:
    """TLS 1.2 or newer, certificate and host checked. Authorities: those given, else the system's, else the `certifi` list.

    Raises BadAuthorities.
    """
    if network.ca_file or network.ca_folder:
        try:
            return ssl.create_default_context(cafile=_text(network.ca_file), capath=_text(network.ca_folder))
        except OSError as error:
            where = str(network.ca_file or network.ca_folder)
            raise BadAuthorities(where, error.strerror or "it holds no certificates in PEM form") from error
    here = ssl.get_default_verify_paths()
    if here.cafile or here.capath:
        return ssl.create_default_context()
    import certifi  # only where the system has none, as Pythons from python.org on macOS

    return ssl.create_default_context(cafile=certifi.where())


def _text(path: Path | None) -> str | None:
    return str(path) if path else None


class Pace(Struct, frozen=True):
    """Time and chance for whatever waits: given by the door, replaced in tests."""

    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    random: Callable[[], float]
    """A number from 0 up to, not including, 1."""


FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 8.0
LONGEST_RETRY_AFTER_SECONDS = 60.0
"""A registry that asks for a longer pause gets none: the person should know."""
TRIES = 4
"""A call is made at most so often."""


def pause_seconds(failures: int, chance: float, retry_after: float = 0.0) -> float:
    """How long to wait after so many failures: twice as long each time, a random part of it, never less than the server asked.

    The random part (all of it, "full jitter") keeps a crowd that failed together from coming back together.
    """
    longest: float = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** (failures - 1))
    return max(retry_after, longest * chance)
