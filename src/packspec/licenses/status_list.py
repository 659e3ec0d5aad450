"""The status list: one bit for each license, set when it was revoked; signed, and small (docs/spec/licenses.md).

Its form is that of the IETF draft on token status lists: `statuslist+jwt`, bit 0 of byte 0 first, zlib at its highest level. The bit of a
license has a random place, so the list tells nothing about who holds what. A million licenses with 2,000 revoked take 7,000 bytes.
"""

import zlib
from collections.abc import Iterable
from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta

from packspec.licenses import jose
from packspec.licenses.jose import MalformedText
from packspec.licenses.jwk import Jwk, KeySet
from packspec.moments import Moment
from packspec.signing.encoding import from_base64url, to_base64url
from packspec.signing.keys import Signer

KIND: jose.Kind = "statuslist+jwt"
LIST_BITS = 1 << 20
"""Places in one list. Its size never changes, so it does not tell how many licenses there are."""
LIST_BYTES = 2 * 1024 * 1024
"""Largest list that is unpacked, bytes."""


class Bits(msgspec.Struct, frozen=True):
    """`status_list`: one bit a license, `lst` the compressed bytes in base64url."""

    bits: Literal[1]
    lst: str


class ListClaims(msgspec.Struct, frozen=True):
    """The claims of a status list. `sub` is its own path, `ttl` how many seconds one need not ask again."""

    iss: Annotated[str, Meta(max_length=200)]
    sub: Annotated[str, Meta(max_length=200)]
    iat: Moment
    ttl: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    status_list: Bits


class StatusList:
    """Which licenses are revoked, as the registry said it at `at`."""

    def __init__(self, issuer: str, path: str, at: int, ttl: int, bits: bytes) -> None:
        self.issuer, self.path, self.at, self.ttl = issuer, path, at, ttl
        self._bits = bits

    @classmethod
    def of(cls, issuer: str, path: str, at: int, ttl: int, revoked: Iterable[int], size: int = LIST_BITS) -> Self:
        """The list in which the places `revoked` are set. `size` is a multiple of 8."""
        bits = bytearray(size // 8)
        for index in revoked:
            bits[index >> 3] |= 1 << (index & 7)
        return cls(issuer, path, at, ttl, bytes(bits))

    def sign(self, signer: Signer) -> str:
        """The list as text, signed by a license key of the registry."""
        packed = Bits(1, to_base64url(zlib.compress(self._bits, 9)))
        claims = ListClaims(self.issuer, self.path, self.at, self.ttl, packed)
        return jose.sign(KIND, claims, signer, Jwk.of(signer.public).thumbprint)

    @classmethod
    def read(cls, text: str, keys: KeySet) -> Self:
        """The list, if one of `keys` signed it. Raises MalformedText, WrongAlgorithm, WrongType, UnknownKey, Forged."""
        document = jose.WHAT[KIND]
        claims = jose.decode(jose.read(text, KIND).by(keys), ListClaims, document)
        try:
            bits = _unpack(from_base64url(claims.status_list.lst))
        except ValueError as error:  # binascii.Error is one
            raise MalformedText(document, str(error)) from error
        return cls(claims.iss, claims.sub, claims.iat, claims.ttl, bits)

    def says_the_same(self, other: "StatusList") -> bool:
        """Whether both tell the same of every license, whenever each was signed."""
        return (self.issuer, self.path, self.ttl, self._bits) == (other.issuer, other.path, other.ttl, other._bits)

    def is_revoked(self, index: int) -> bool:
        """Whether the license at this place is revoked. Raises MalformedText for a place that the list does not have."""
        if not 0 <= index < len(self._bits) * 8:
            raise MalformedText(jose.WHAT[KIND], f"it has no place {index}")
        return bool(self._bits[index >> 3] >> (index & 7) & 1)


def _unpack(data: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        bits = unpacking.decompress(data, LIST_BYTES)
    except zlib.error as error:
        raise ValueError("its bits cannot be unpacked") from error
    if unpacking.unconsumed_tail or not unpacking.eof or unpacking.unused_data:
        raise ValueError(f"its bits are cut, or more than {LIST_BYTES} bytes")
    return bits
