"""Licenses as files, for machines without network: request, license file, receipt, pool of a closed network (docs/spec/licenses.md).

Request and receipt are signed by a device, the pool by the registry. A license file carries a token, which is signed and bound to the
device already, so the file itself needs no signature and is worth nothing on another machine. None of them holds a license key.
"""

from typing import Annotated, Literal, Self, TypeAlias

import msgspec
from msgspec import Meta

from packspec import wire
from packspec.errors import Unlicensed
from packspec.licenses import jose
from packspec.licenses.jose import MalformedText
from packspec.licenses.jwk import Jwk, KeySet
from packspec.licenses.token import Sold, StatusRef
from packspec.moments import Moment, day
from packspec.names import PackName
from packspec.signing.keys import Signer

REQUEST: jose.Kind = "packctl-license-request+jwt"
RECEIPT: jose.Kind = "packctl-license-receipt+jwt"
POOL: jose.Kind = "packctl-license-pool+jwt"
FILE_BYTES = 256 * 1024
"""Largest license file: a token and a status list."""
REQUEST_SECONDS = 30 * 86_400
"""How long a request may be answered."""

_Id: TypeAlias = Annotated[str, Meta(max_length=64, pattern=r"^[ -~]*\Z")]
_Name: TypeAlias = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\Z")]


class RequestTooOld(Unlicensed):
    """A request file was made too long ago, or comes from the future."""

    made: str

    code = "licensing.request-too-old"

    def what(self) -> str:
        return f"the license request of {self.made} is not answered any more"

    def why(self) -> str:
        return "a request counts for 30 days, so that one that was lost is of no use to whoever finds it"

    def fix(self) -> list[str]:
        return ["packctl license request NAME -o FILE"]


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A device asks for a license file. `id` is random: a request is answered by one activation, however often it is handed in."""

    id: Annotated[_Id, Meta(min_length=1)]
    iss: _Name
    """The registry it is meant for, by the origin of its log."""
    iat: Moment
    pack: PackName
    license: _Id = ""
    """Which license, if the person knew it; else the one that the signer chooses."""
    label: _Name = ""
    host_hash: _Id = ""
    domain: Annotated[str, Meta(max_length=253)] = ""

    def sign(self, device: Signer) -> str:
        """The request as a text of one line."""
        return jose.sign_as_device(REQUEST, self, device)

    @classmethod
    def read(cls, text: str) -> tuple[Self, Jwk]:
        """The request and the key that signed it. Raises MalformedText, WrongAlgorithm, WrongType, Forged."""
        payload, device = jose.read(text.strip(), REQUEST).by_device()
        return jose.decode(payload, cls, jose.WHAT[REQUEST]), device

    def check_age(self, now: int) -> None:
        """Raises RequestTooOld."""
        if not -86_400 <= now - self.iat <= REQUEST_SECONDS:
            raise RequestTooOld(day(self.iat))


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """A device gives an activation back. The slot is free when the registry sees it, or when the lease ends."""

    iss: _Name
    sub: _Id
    """The license."""
    jti: _Id
    """The activation."""
    iat: Moment

    def sign(self, device: Signer) -> str:
        """The receipt as a text of one line."""
        return jose.sign_as_device(RECEIPT, self, device)

    @classmethod
    def read(cls, text: str) -> tuple[Self, Jwk]:
        """The receipt and the key that signed it. Raises MalformedText, WrongAlgorithm, WrongType, Forged."""
        payload, device = jose.read(text.strip(), RECEIPT).by_device()
        return jose.decode(payload, cls, jose.WHAT[RECEIPT]), device


class LicenseFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What answers a request: a token, and the status list of that day."""

    packctl_license: Literal[1]
    token: str
    status_list: str = ""

    def encode(self) -> bytes:
        """The bytes of the file: JSON, one line."""
        return wire.encode(self) + b"\n"

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Raises MalformedText. The token in it is verified by `LicenseToken.read`."""
        if len(data) > FILE_BYTES:
            raise MalformedText("license file", f"longer than {FILE_BYTES} bytes")
        try:
            return wire.decode(data, cls)
        except msgspec.DecodeError as error:
            raise MalformedText("license file", str(error)) from error


class PoolSlot(msgspec.Struct, frozen=True):
    """A slot that a pool hands out: its number, and the activation that it is at the registry outside."""

    slot: Annotated[int, Meta(ge=0)]
    activation: _Id


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """Slots that a registry reserved for a closed network, to be handed out by the registry inside until `exp`."""

    iss: _Name
    sub: _Id
    """The license."""
    jti: _Id
    """The pool."""
    iat: Moment
    exp: Moment
    aud: _Name
    """The registry inside."""
    cnf: Annotated[str, Meta(max_length=64)] = ""
    """The thumbprint of the license key of the registry inside; empty where any may."""
    slots: tuple[PoolSlot, ...]
    status: StatusRef
    lic: Sold

    def sign(self, signer: Signer) -> str:
        """The pool as a text of one line, signed by a license key of the registry."""
        return jose.sign(POOL, self, signer, Jwk.of(signer.public).thumbprint)

    @classmethod
    def read(cls, text: str, keys: KeySet) -> Self:
        """The pool, if one of `keys` signed it. Raises MalformedText, WrongAlgorithm, WrongType, UnknownKey, Forged."""
        return jose.decode(jose.read(text.strip(), POOL).by(keys), cls, jose.WHAT[POOL])
