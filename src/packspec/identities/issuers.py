"""Issuers: who may say which run is asking. The registry's operator lists them; nothing in a token adds one.

`github`, `gitlab`, or `KIND=ADDRESS;alg=ES256;keys=FILE`: the kind says which claims name repository, ref and run, the address is what
stands in the token as `iss`, letter by letter. `alg` is the one algorithm that counts (RS256 unless it is given). `keys` is a file with the
issuer's keys, for networks in which nobody can be asked; without it they are fetched from where the issuer says.
"""

from functools import lru_cache
from ipaddress import ip_address
from typing import Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from msgspec import Struct

Kind: TypeAlias = Literal["github", "gitlab", "other"]
Algorithm: TypeAlias = Literal["RS256", "ES256"]
PUBLIC: dict[str, str] = {"github": "https://token.actions.githubusercontent.com", "gitlab": "https://gitlab.com"}
"""The address of a kind that is named without one."""
ISSUERS_MOST = 32
_ADDRESS_CHARACTERS = 200


class Issuer(Struct, frozen=True):
    """One issuer. `keys_file` empty: its keys are fetched."""

    kind: Kind
    address: str
    algorithm: Algorithm = "RS256"
    keys_file: str = ""

    @classmethod
    def parse(cls, text: str) -> "Issuer":
        """Reads one word of the list. Raises ValueError."""
        head, *options = text.split(";")
        kind, given, address = head.partition("=")
        if kind not in get_args(Kind):
            raise ValueError(f"{kind[:40]!r} is none of {', '.join(get_args(Kind))}")
        if not given:
            address = PUBLIC.get(kind, "")
        check_address(address)
        algorithm, keys_file = "RS256", ""
        for option in options:
            name, _, value = option.partition("=")
            if name == "alg" and value in get_args(Algorithm):
                algorithm = value
            elif name == "keys" and value:
                keys_file = value
            else:
                raise ValueError(f"{option[:60]!r} is neither alg=RS256, alg=ES256 nor keys=FILE")
        return cls(kind, address, algorithm, keys_file)  # type: ignore[arg-type]  # both were looked up among their words


@lru_cache(maxsize=16)
def parse_issuers(text: str) -> tuple[Issuer, ...]:
    """The issuers of a list with blanks between. Raises ValueError; each address stands there once."""
    found = tuple(Issuer.parse(word) for word in text.split())
    if len({one.address for one in found}) != len(found):
        raise ValueError("an issuer stands there twice")
    if len(found) > ISSUERS_MOST:
        raise ValueError(f"more than {ISSUERS_MOST} issuers")
    return found


def check_address(address: str) -> None:
    """Raises ValueError for an address that keys must not be fetched from: https alone, but for this very machine."""
    if len(address) > _ADDRESS_CHARACTERS or not address.isascii() or not address.isprintable() or " " in address:
        raise ValueError(f"not an address of {_ADDRESS_CHARACTERS} characters at most: {address[:60]!r}")
    parts = urlsplit(address)
    _ = parts.port  # raises for one that is no number
    if not parts.hostname or parts.username is not None or parts.query or parts.fragment or "?" in address:
        raise ValueError(f"not an address of a host, without query: {address[:60]!r}")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname)):
        raise ValueError(f"not https: {address[:60]!r}")


def origin_of(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
