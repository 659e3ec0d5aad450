"""Keys of licenses as JSON: the key of a device and its thumbprint, and the registry's set of license keys (docs/spec/licenses.md).

RFC 7517 (JWK), RFC 7518 6.2.1 (P-256) and RFC 7638 (thumbprint). The set is the TUF target `trust/license-keys.json`, so the registry's
offline keys vouch for it and a client has it without network.
"""

import binascii
import hashlib
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

import msgspec
from msgspec import Meta

from packspec import limits, wire
from packspec.canonical import Malformed
from packspec.errors import Unlicensed
from packspec.signing import es256
from packspec.signing.encoding import from_base64url, to_base64url
from packspec.signing.keys import BadKey, PublicKey

Thumbprint: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)")]
"""SHA-256 of a key (RFC 7638) in base64url: the name of a device, and of a license key."""
_Coordinate: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)")]
KEYS_MOST = 64
"""Most keys in a set."""


class UnknownKey(Unlicensed):
    """A text is signed with a key that is not among the registry's license keys."""

    document: str
    key: str

    code = "licensing.unknown-key"

    def what(self) -> str:
        return f"the {self.document} is signed with a key that this registry does not use for licenses"

    def facts(self) -> dict[str, str]:
        return {"key": self.key[:80]}

    def why(self) -> str:
        return "the registry's root vouches for its license keys, and this is none of them: it is another registry's, or was withdrawn"

    def fix(self) -> list[str]:
        return ["packctl license refresh"]


class Jwk(msgspec.Struct, frozen=True, omit_defaults=True):
    """A public P-256 key. `kid`, `alg` and `use` stand in the registry's set only."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: _Coordinate
    y: _Coordinate
    kid: str | None = None
    alg: Literal["ES256"] | None = None
    use: Literal["sig"] | None = None

    def __post_init__(self) -> None:
        try:
            _ = self.public
        except (binascii.Error, BadKey) as error:
            raise ValueError(str(error)) from error

    @classmethod
    def of(cls, key: PublicKey) -> Self:
        """The JSON form of a P-256 key, bare. Raises BadKey for another kind."""
        x, y = es256.coordinates(key)
        return cls("EC", "P-256", to_base64url(x), to_base64url(y))

    @property
    def public(self) -> PublicKey:
        """The key."""
        return es256.public_key(from_base64url(self.x), from_base64url(self.y))

    @property
    def thumbprint(self) -> str:
        """The name of the key: 43 characters (RFC 7638)."""
        required = {"crv": self.crv, "kty": self.kty, "x": self.x, "y": self.y}
        return to_base64url(hashlib.sha256(wire.encode(required)).digest())


class KeySet(msgspec.Struct, frozen=True):
    """The license keys of a registry: those that sign, and older ones whose tokens still run."""

    keys: tuple[Jwk, ...]

    NAME: ClassVar[str] = "trust/license-keys.json"

    @classmethod
    def of(cls, keys: Iterable[PublicKey]) -> Self:
        """The set of these keys, each named by its thumbprint."""
        bare = [Jwk.of(key) for key in keys]
        return cls(tuple(msgspec.structs.replace(one, kid=one.thumbprint, alg="ES256", use="sig") for one in bare))

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Reads the verified target. Keys of kinds that this version does not know are passed over (RFC 7517, 5). Raises Malformed."""
        if len(data) > limits.DOCUMENT_BYTES:
            raise Malformed(cls.NAME, f"more than {limits.DOCUMENT_BYTES} bytes")
        try:
            rows = wire.decode(data, _Rows).keys
            if len(rows) > KEYS_MOST:
                raise Malformed(cls.NAME, f"more than {KEYS_MOST} keys")
            known = [
                row
                for row in rows
                if isinstance(row, dict) and row.get("crv") == "P-256" and row.get("use", "sig") == "sig"
            ]
            found = tuple(wire.convert(row, Jwk) for row in known)
        except msgspec.DecodeError as error:
            raise Malformed(cls.NAME, str(error)) from error
        for key in found:
            if key.kid != key.thumbprint:
                raise Malformed(cls.NAME, "the `kid` of a key is not its thumbprint")
        if len({key.kid for key in found}) != len(found):
            raise Malformed(cls.NAME, "a key stands there twice")
        return cls(found)

    def encode(self) -> bytes:
        """The bytes of the target."""
        return wire.encode_sorted(self)

    def find(self, kid: str, document: str) -> Jwk:
        """The key called `kid`; `document` is what was signed with it, for the error. Raises UnknownKey."""
        for key in self.keys:
            if key.kid == kid:
                return key
        raise UnknownKey(document, kid)


class _Rows(msgspec.Struct, frozen=True):
    keys: list[Any]
