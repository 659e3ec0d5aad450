"""The public keys of an issuer, as it publishes them: a JWK set (RFC 7517) with RSA and P-256 keys."""

import binascii
from collections.abc import Callable
from functools import partial
from typing import Any, Self

import msgspec
from msgspec import Struct

from packspec.identities.issuers import Algorithm
from packspec.signing import es256, rs256
from packspec.signing.encoding import from_base64url
from packspec.signing.keys import BadKey

SET_BYTES = 256 * 1024
KEYS_MOST = 100


class IssuerKey(Struct, frozen=True):
    """One key: its name, the one algorithm it is for, and whether it signed a message."""

    name: str
    algorithm: Algorithm
    signed: Callable[[bytes, bytes], bool]


class IssuerKeys(Struct, frozen=True):
    """The keys of an issuer that this version can use."""

    keys: tuple[IssuerKey, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Reads a set. Raises ValueError for what is none, or has no usable key.

        Keys of other kinds, for other uses, without a name, or too weak to count are passed over: sets hold them beside good ones.
        """
        if len(data) > SET_BYTES:
            raise ValueError(f"the key set has more than {SET_BYTES} bytes")
        try:
            plain = msgspec.json.decode(data)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise ValueError("the key set is not JSON") from error
        rows = plain.get("keys") if isinstance(plain, dict) else None
        if not isinstance(rows, list) or len(rows) > KEYS_MOST:
            raise ValueError(f"the key set is not an object with a list of {KEYS_MOST} keys at most")
        found = tuple(key for row in rows if isinstance(row, dict) and (key := _key(row)) is not None)
        if not found:
            raise ValueError("the key set holds no RSA or P-256 key that can be used")
        return cls(found)

    def find(self, name: str, algorithm: Algorithm) -> IssuerKey | None:
        """The key of that name for that algorithm."""
        return next((one for one in self.keys if (one.name, one.algorithm) == (name, algorithm)), None)


def _key(row: dict[str, Any]) -> IssuerKey | None:
    name, kind, stated = row.get("kid"), row.get("kty"), row.get("alg")
    if not isinstance(name, str) or not name or row.get("use", "sig") != "sig":
        return None
    try:
        if kind == "RSA" and stated in (None, "RS256"):
            rsa = rs256.public_key(_bytes(row, "n"), _bytes(row, "e"))
            return IssuerKey(name, "RS256", partial(rs256.is_signed, rsa))
        if kind == "EC" and row.get("crv") == "P-256" and stated in (None, "ES256"):
            p256 = es256.public_key(_bytes(row, "x"), _bytes(row, "y"))
            return IssuerKey(name, "ES256", partial(es256.is_signed, p256))
    except (BadKey, binascii.Error):
        return None
    return None


def _bytes(row: dict[str, Any], name: str) -> bytes:
    value = row.get(name)
    if not isinstance(value, str):
        raise BadKey(f"{name} is missing")
    return from_base64url(value)
