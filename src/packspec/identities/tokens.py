"""Identity tokens: JWTs (RFC 7519) in compact form, signed by the issuer of a CI. Read first, then checked; nothing of one counts before.

The reader takes three things from the header: the algorithm, which must be the one that is pinned for the issuer; the name of the key,
which must be one that the issuer publishes; and the type. Whatever else a header brings (keys, addresses of keys) is not looked at.
"""

import binascii
from typing import Any, Self

import msgspec
from msgspec import Struct

from packspec.identities.claims import seconds_of, text_of
from packspec.identities.faults import (
    IdentityForged,
    IdentityMalformed,
    IdentityOutOfTime,
    WrongAudience,
    WrongIdentityAlgorithm,
)
from packspec.identities.issuers import Issuer
from packspec.identities.keyset import IssuerKey
from packspec.signing.encoding import from_base64url

TOKEN_BYTES = 16 * 1024
"""Longest token. GitHub's have about 2,000 bytes."""
LEEWAY_SECONDS = 60
"""How far the clocks of issuer and registry may be apart."""
AGE_SECONDS = 6 * 3600
"""Oldest token that counts, however long its issuer says that it lasts: as long as the longest lease of a run."""


class IdentityToken(Struct, frozen=True):
    """A token taken apart. Its claims are worth nothing before `check` and `check_signed`."""

    algorithm: str
    key: str
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """Takes a token apart. Raises IdentityMalformed."""
        if len(text) > TOKEN_BYTES:
            raise IdentityMalformed(f"longer than {TOKEN_BYTES} characters")
        parts = text.split(".")
        if len(parts) != 3:
            raise IdentityMalformed("it does not have three parts")
        try:
            head, payload, signature = map(from_base64url, parts)
        except binascii.Error as error:
            raise IdentityMalformed("a part is not base64url without padding") from error
        header, claims = _object(head, "header"), _object(payload, "payload")
        if "crit" in header:
            raise IdentityMalformed("its header wants something that this version does not know")
        if str(header.get("typ", "JWT")).upper() != "JWT":
            raise IdentityMalformed("it is a signed text of another type")
        key = header.get("kid")
        if not isinstance(key, str) or not key or len(key) > 200:
            raise IdentityMalformed("its header names no key")
        signed = f"{parts[0]}.{parts[1]}".encode()
        return cls(str(header.get("alg", "none")), key, claims, signed, signature)

    @property
    def issuer(self) -> str:
        """Who says to have issued it."""
        return text_of(self.claims, "iss")

    @property
    def audience(self) -> str:
        """Whom it is for, one only. Raises IdentityMalformed; several are shown with commas and fit nobody."""
        value = self.claims.get("aud")
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return ", ".join(value)
        return text_of(self.claims, "aud")

    def check(self, issuer: Issuer, audience: str, now: int) -> None:
        """Everything but the signature. Raises IdentityMalformed, WrongIdentityAlgorithm, WrongAudience, IdentityOutOfTime."""
        if self.algorithm != issuer.algorithm:
            raise WrongIdentityAlgorithm(self.algorithm, issuer.algorithm)
        if self.audience != audience:
            raise WrongAudience(audience, self.audience)
        self._check_time(now)

    def check_signed(self, issuer: Issuer, key: IssuerKey) -> None:
        """Raises IdentityForged unless `key`, of `issuer`, signed it."""
        if not key.signed(self.signed, self.signature):
            raise IdentityForged(issuer.address)

    def _check_time(self, now: int) -> None:
        began, ends = seconds_of(self.claims, "iat"), seconds_of(self.claims, "exp")
        counts_from = max(began, seconds_of(self.claims, "nbf") if "nbf" in self.claims else began)
        if counts_from > now + LEEWAY_SECONDS:
            raise IdentityOutOfTime(f"it begins in {counts_from - now} s")
        if ends <= now - LEEWAY_SECONDS:
            raise IdentityOutOfTime(f"it ended {now - ends} s ago")
        if began < now - AGE_SECONDS:
            raise IdentityOutOfTime(f"it is {now - began} s old, more than {AGE_SECONDS}")


def _object(data: bytes, part: str) -> dict[str, Any]:
    try:
        plain = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise IdentityMalformed(f"its {part} is not JSON") from error
    if not isinstance(plain, dict):
        raise IdentityMalformed(f"its {part} is not a JSON object")
    return plain
