"""Fetches the keys of an issuer: its description, then the set it names. Bounded in time and size as a whole, redirected nowhere.

Whoever answers may be broken or hostile: httpx bounds a single read, and an answer in drops would hold a thread for hours. So the socket
below has one deadline for everything.
"""

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import msgspec

from packspec.identities.issuers import Issuer, check_address, origin_of
from packspec.identities.keyset import SET_BYTES, IssuerKeys

DESCRIPTION = "/.well-known/openid-configuration"


class NoKeys(Exception):
    """The keys cannot be had; the text says why, to the operator."""


def fetch(issuer: Issuer, seconds: float) -> IssuerKeys:
    """The keys that an issuer publishes now. Raises NoKeys."""
    ends = time.monotonic() + seconds
    try:
        described = _json(_get(issuer.address.rstrip("/") + DESCRIPTION, ends))
        if described.get("issuer") != issuer.address:
            raise NoKeys("its description is of another issuer")
        address = described.get("jwks_uri")
        if not isinstance(address, str):
            raise NoKeys("its description names no key set")
        check_address(address)
        if origin_of(address) != origin_of(issuer.address):
            raise NoKeys("its key set lies on another host; if that is right, keep it in a file (keys=FILE)")
        return IssuerKeys.parse(_get(address, ends))
    except ValueError as error:
        raise NoKeys(str(error)[:300]) from error


def _json(data: bytes) -> dict[str, Any]:
    try:
        plain = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NoKeys("its description is not JSON") from error
    if not isinstance(plain, dict):
        raise NoKeys("its description is not a JSON object")
    return plain


def _get(address: str, ends: float) -> bytes:
    headers = [("Accept", "application/json"), ("Accept-Encoding", "identity"), ("User-Agent", "registry-server")]
    sockets = _Sockets(ends)
    left = max(0.0, ends - time.monotonic())
    waits = dict.fromkeys(("connect", "read", "write", "pool"), left)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=ssl.create_default_context(), network_backend=sockets) as pool,
            pool.stream("GET", address, headers=headers, extensions={"timeout": waits}) as response,
        ):
            if response.status != 200:
                raise NoKeys(f"it answers {response.status}")
            if any(name.lower() == b"content-encoding" and value != b"identity" for name, value in response.headers):
                raise NoKeys("it answers packed, which was not asked for")
            found = b""
            for chunk in response.iter_stream():
                found += chunk
                if len(found) > SET_BYTES:
                    raise NoKeys(f"it answers with more than {SET_BYTES} bytes")
            return found
    except httpcore.TimeoutException as error:
        raise NoKeys("it did not answer in time") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise NoKeys(str(error)[:300] or type(error).__name__) from error


class _Sockets(httpcore.NetworkBackend):
    """Opens sockets that end at a moment."""

    def __init__(self, ends: float) -> None:
        self._ends = ends
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        return _Until(self._ends, self._backend.connect_tcp(host, port, timeout, local_address, socket_options))


class _Until(httpcore.NetworkStream):
    """A connection that reads up to a moment, and not a byte longer."""

    def __init__(self, ends: float, stream: httpcore.NetworkStream) -> None:
        self._ends = ends
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = max(0.001, self._ends - time.monotonic())
        return _Until(self._ends, self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
