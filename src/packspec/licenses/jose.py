"""Signed texts of licenses: JWS in compact form, signed with ES256 and nothing else (docs/spec/licenses.md, RFC 7515).

The algorithm is not read from the header but pinned, and so is the type: a text of one type is never taken for one of another. A header
has two fields and a third: the id of a key that the reader knows, or, where a device speaks for itself, the key.
"""

import binascii
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from packspec import wire
from packspec.errors import Unlicensed
from packspec.licenses.jwk import Jwk, KeySet
from packspec.signing import es256
from packspec.signing.encoding import from_base64url, to_base64url
from packspec.signing.keys import Signer

ALGORITHM = "ES256"
TEXT_BYTES = 64 * 1024
"""Longest signed text but a pool. A token has about 900 bytes, a status list of a million licenses 10,000."""
POOL_BYTES = 1024 * 1024
"""Longest pool: 64 bytes for each of 10,000 machines, in base64url."""

Kind: TypeAlias = Literal[
    "packctl-license+jwt",
    "statuslist+jwt",
    "packctl-proof+jwt",
    "packctl-license-request+jwt",
    "packctl-license-receipt+jwt",
    "packctl-license-pool+jwt",
    "packctl-entitlements+jwt",
]
"""`typ` of the signed texts."""

FILES: tuple[Kind, ...] = ("packctl-license-request+jwt", "packctl-license-receipt+jwt", "packctl-license-pool+jwt")
"""Those that people carry as files."""
WHAT: dict[str, str] = {
    "packctl-license+jwt": "license token",
    "statuslist+jwt": "status list",
    "packctl-proof+jwt": "proof of the device",
    "packctl-license-request+jwt": "license request",
    "packctl-license-receipt+jwt": "receipt",
    "packctl-license-pool+jwt": "pool file",
    "packctl-entitlements+jwt": "list of entitlements",
}
"""What people call them."""


class MalformedText(Unlicensed):
    """A text is not a signed one of this type: cut, damaged, or something else."""

    document: str
    reason: str

    code = "licensing.malformed"

    def what(self) -> str:
        return f"this is not a {self.document}: {self.reason}"

    def why(self) -> str:
        return "it was cut or changed on the way, or other software made it"

    def fix(self) -> list[str]:
        is_file = self.document in ("license file", *(WHAT[kind] for kind in FILES))
        return ["copy the file again, or ask for a new one"] if is_file else ["packctl license refresh"]


class WrongAlgorithm(Unlicensed):
    """A text names another algorithm than the one that counts."""

    document: str
    found: str

    code = "licensing.wrong-algorithm"

    def what(self) -> str:
        return f"the {self.document} is signed in a way that does not count: {self.found[:40]!r}"

    def facts(self) -> dict[str, str]:
        return {"expected": ALGORITHM, "found": self.found[:40]}

    def why(self) -> str:
        return "whoever may choose the algorithm may choose one that proves nothing"

    def fix(self) -> list[str]:
        return ["packctl license refresh"]


class WrongType(Unlicensed):
    """A text of another type, perhaps with a good signature, was given for this one."""

    document: str
    found: str

    code = "licensing.wrong-type"

    def what(self) -> str:
        return f"this is a {WHAT.get(self.found, 'signed text of another type')}, not a {self.document}"

    def facts(self) -> dict[str, str]:
        return {"found": self.found[:80]}

    def why(self) -> str:
        return "a signature over one type of text says nothing about another"

    def fix(self) -> list[str]:
        return [f"give the file with the {self.document}"]


class Forged(Unlicensed):
    """The signature is not by the key that it names."""

    document: str
    key: str

    code = "licensing.forged"

    def what(self) -> str:
        return f"the {self.document} was changed, or never signed"

    def facts(self) -> dict[str, str]:
        return {"key": self.key}

    def why(self) -> str:
        return "its signature does not fit its text"

    def fix(self) -> list[str]:
        return ["packctl license refresh"]


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The header of a signed text. Other fields (`crit`, `jku`, `x5c` ...) are refused: each of them is another way to bring a key."""

    alg: str
    typ: str
    kid: str | None = None
    jwk: Jwk | None = None


class SignedText(Struct, frozen=True):
    """A signed text of the right type and algorithm, taken apart and not verified."""

    document: str
    header: Header
    payload: bytes
    signed: bytes
    signature: bytes

    def by(self, keys: KeySet) -> bytes:
        """The payload, if the key that the header names is one of `keys` and signed it. Raises MalformedText, UnknownKey, Forged."""
        if self.header.kid is None or self.header.jwk is not None:
            raise MalformedText(self.document, "its header must name a key and bring none")
        return self._payload(keys.find(self.header.kid, self.document), self.header.kid)

    def by_device(self) -> tuple[bytes, Jwk]:
        """The payload and the key that the header brings, if that key signed it. Whose key it is, the caller asks.

        Raises MalformedText, Forged.
        """
        if self.header.jwk is None or self.header.kid is not None:
            raise MalformedText(self.document, "its header must bring the key of the device")
        return self._payload(self.header.jwk, self.header.jwk.thumbprint), self.header.jwk

    def _payload(self, key: Jwk, name: str) -> bytes:
        if not es256.is_signed(key.public, self.signed, self.signature):
            raise Forged(self.document, name)
        return self.payload


def sign(kind: Kind, payload: msgspec.Struct, signer: Signer, key_id: str) -> str:
    """`payload` signed by a key that readers know as `key_id`."""
    return _compact(Header(ALGORITHM, kind, kid=key_id), payload, signer)


def sign_as_device(kind: Kind, payload: msgspec.Struct, signer: Signer) -> str:
    """`payload` signed by a device, whose key goes with it."""
    return _compact(Header(ALGORITHM, kind, jwk=Jwk.of(signer.public)), payload, signer)


def read(text: str, kind: Kind) -> SignedText:
    """Takes a signed text apart. Raises MalformedText, WrongAlgorithm, WrongType."""
    document = WHAT[kind]
    longest = POOL_BYTES if kind == "packctl-license-pool+jwt" else TEXT_BYTES
    if len(text) > longest:
        raise MalformedText(document, f"longer than {longest} characters")
    parts = text.split(".")
    if len(parts) != 3:
        raise MalformedText(document, "it does not have three parts")
    try:
        head, payload, signature = map(from_base64url, parts)
    except binascii.Error as error:
        raise MalformedText(document, "a part is not base64url without padding") from error
    return SignedText(document, _header(head, kind), payload, f"{parts[0]}.{parts[1]}".encode(), signature)


T = TypeVar("T")


def decode(payload: bytes, wanted: type[T], document: str) -> T:
    """The claims in a verified payload. Raises MalformedText. Claims that this version does not know are passed over."""
    try:
        return wire.decode(payload, wanted)
    except msgspec.DecodeError as error:
        raise MalformedText(document, str(error)) from error


def _header(data: bytes, kind: Kind) -> Header:
    document = WHAT[kind]
    try:
        plain = wire.decode(data, dict[str, Any])
    except msgspec.DecodeError as error:
        raise MalformedText(document, "its header is not a JSON object") from error
    algorithm, type_ = plain.get("alg"), plain.get("typ")
    if algorithm != ALGORITHM:
        raise WrongAlgorithm(document, algorithm if isinstance(algorithm, str) else "none named")
    if type_ != kind:
        raise WrongType(document, type_ if isinstance(type_, str) else "none named")
    try:
        return wire.convert(plain, Header)
    except msgspec.ValidationError as error:
        raise MalformedText(document, f"its header: {error}") from error


def _compact(header: Header, payload: msgspec.Struct, signer: Signer) -> str:
    signed = f"{to_base64url(wire.encode(header))}.{to_base64url(wire.encode(payload))}"
    return f"{signed}.{to_base64url(es256.sign(signer, signed.encode()))}"
