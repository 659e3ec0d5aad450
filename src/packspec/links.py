"""Link and RegistryAddress: the two kinds of addresses that pack.toml may hold. Neither may carry credentials."""

import ipaddress
from typing import ClassVar, Self
from urllib.parse import SplitResult, urlsplit

from packspec.patterns import pattern

_LENGTH = 2_000
_WRITABLE = pattern(r"[!-~]+")


class Link(str):
    """A page on the web that a pack's page links to: https, a host, no user or password, printable ASCII, at most 2,000 characters."""

    __slots__ = ()
    PATTERN: ClassVar[str] = "^https://"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a link. Raises ValueError."""
        if _split(text).scheme != "https":
            raise ValueError(f"not a link: {text[:80]!r} begins with another scheme than https")
        return cls(text)


class RegistryAddress(str):
    """Where a registry or mirror answers: https, or http on this machine; host, perhaps a port and a path, no query, no slash at the end.

    Plain http elsewhere is refused although every file is signed: it would show to bystanders what one installs.
    """

    __slots__ = ()
    PATTERN: ClassVar[str] = "^https?://"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads an address; a slash at its end is dropped. Raises ValueError."""
        parts = _split(text)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname or "")):
            raise ValueError(f"not a registry's address: {text[:80]!r} (https, or http on this machine)")
        if "?" in text or "#" in text:
            raise ValueError(f"not a registry's address: {text[:80]!r} has a query or fragment")
        return cls(text.rstrip("/"))


def _split(text: str) -> SplitResult:
    """The parts of an absolute address with a host. Raises ValueError, which never repeats a password."""
    if len(text) > _LENGTH or not _WRITABLE.fullmatch(text):
        raise ValueError(f"not an address: blanks, characters outside ASCII, or longer than {_LENGTH}")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("not an address: host or port cannot be read") from error
    if "@" in parts.netloc:
        raise ValueError("an address must not hold a user or password")
    if not host or not parts.scheme:
        raise ValueError(f"not an address: {text[:80]!r} (such as https://acme.example)")
    return parts


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
