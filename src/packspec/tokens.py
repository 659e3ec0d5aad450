"""The text of a token: `pkt_`, a letter for its kind, 32 secret bytes in base62, and a checksum (docs/spec/tokens.md).

Scanners find it by its beginning, and a typing error is told without asking a registry. The registry keeps only the SHA-256 of the text.
"""

import zlib
from enum import StrEnum
from typing import ClassVar, Self

from packspec.digests import Digest
from packspec.errors import Invalid

PREFIX = "pkt_"
SECRET_BYTES = 32
_SECRET_DIGITS = 43
_CHECK_DIGITS = 6
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
LENGTH = len(PREFIX) + 1 + _SECRET_DIGITS + _CHECK_DIGITS
"""Characters of every token: 54."""


class TokenKind(StrEnum):
    """What a token is for: the letter after `pkt_`."""

    API = "a"


class BadToken(Invalid, ValueError):
    """A text that is no token. It is not shown: most of it may be right."""

    reason: str

    code = "access.malformed-token"

    def what(self) -> str:
        return f"this is not a token: {self.reason}"

    def why(self) -> str:
        return f"a token is {LENGTH} characters that begin with {PREFIX}, and its last {_CHECK_DIGITS} are a checksum of the others"

    def fix(self) -> list[str]:
        return ["copy the whole token again"]


class Token(str):
    """The text of a token. It is a secret: `repr` hides it."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^{PREFIX}[a-z][0-9A-Za-z]{{{_SECRET_DIGITS + _CHECK_DIGITS}}}$"

    @classmethod
    def make(cls, kind: TokenKind, secret: bytes) -> Self:
        """The token over 32 unpredictable bytes. Raises ValueError for another number of bytes."""
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"a token's secret has {SECRET_BYTES} bytes, not {len(secret)}")
        body = PREFIX + kind.value + _base62(int.from_bytes(secret, "big"), _SECRET_DIGITS)
        return cls(body + _checksum(body))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a token. Raises BadToken, which says what is wrong without repeating the text.

        Kinds that this version does not know pass, so a newer registry's tokens can be used.
        """
        if not text.startswith(PREFIX):
            raise BadToken(f"it does not begin with {PREFIX}")
        if len(text) != LENGTH:
            raise BadToken(f"it has {len(text)} characters instead of {LENGTH}")
        if not ("a" <= text[len(PREFIX)] <= "z") or any(digit not in _VALUES for digit in text[len(PREFIX) + 1 :]):
            raise BadToken("it has a character that no token has")
        body, check = text[:-_CHECK_DIGITS], text[-_CHECK_DIGITS:]
        if _number(body[len(PREFIX) + 1 :]) >= 256**SECRET_BYTES:
            raise BadToken("its digits say more than 32 bytes")
        if _checksum(body) != check:
            raise BadToken("its checksum is wrong")
        return cls(text)

    @property
    def digest(self) -> Digest:
        """What the registry keeps: SHA-256 over the ASCII text."""
        return Digest.of(self.encode("ascii"))

    def __repr__(self) -> str:
        return f"Token({PREFIX}{self[len(PREFIX)]}...)"


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode("ascii")), _CHECK_DIGITS)


def _base62(number: int, digits: int) -> str:
    text = ""
    for _ in range(digits):
        number, value = divmod(number, 62)
        text = _DIGITS[value] + text
    return text


def _number(text: str) -> int:
    number = 0
    for digit in text:
        number = number * 62 + _VALUES[digit]
    return number
