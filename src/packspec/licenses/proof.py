"""The proof of the device: signed by its key over one request, and sent with it (docs/spec/licenses.md).

A token alone is of no use to whoever copied it: each refresh and each licensed download also shows that the key of the device is there.
The form is close to DPoP (RFC 9449), with a path instead of an address, because mirrors and proxies have other addresses.
"""

from typing import Annotated, Self

import msgspec
from msgspec import Meta

from packspec import limits
from packspec.digests import Digest
from packspec.errors import Unlicensed
from packspec.licenses import jose
from packspec.licenses.jwk import Jwk
from packspec.moments import Moment
from packspec.signing.keys import PublicKey, Signer

KIND: jose.Kind = "packctl-proof+jwt"
PROOF_HEADER = "Packctl-Proof"
LICENSE_HEADER = "Packctl-License"
"""The header with the license token, where a request needs one."""
NO_BODY = Digest.of(b"")


class ProofRefused(Unlicensed):
    """The proof of the device does not fit the request that it came with."""

    reason: str

    code = "licensing.proof-refused"

    def what(self) -> str:
        return f"the proof of this device does not fit the request: {self.reason}"

    def why(self) -> str:
        return "it was made for another request or at another time, or the clock of this machine is wrong"

    def fix(self) -> list[str]:
        return ["check the clock of this machine", "packctl license refresh"]


class Claims(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a device says of one request: method, path, digest of the body, when, and the last nonce it was given.

    The path is the one of the protocol, `/api/v1/...` without a query, whatever a proxy puts in front of it.
    """

    method: Annotated[str, Meta(max_length=10)]
    path: Annotated[str, Meta(max_length=2000)]
    body: Digest
    iat: Moment
    nonce: Annotated[str, Meta(max_length=64)] = ""


class Proof:
    """A proof whose signature is good."""

    def __init__(self, claims: Claims, device: Jwk) -> None:
        self.claims = claims
        self.key: PublicKey = device.public
        self.device = device.thumbprint
        """The thumbprint of the device's key."""

    @property
    def nonce(self) -> str:
        """The nonce that the device was given last; empty if it has none."""
        return self.claims.nonce

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises MalformedText, WrongAlgorithm, WrongType, Forged. What it says is checked by `check`."""
        payload, key = jose.read(text, KIND).by_device()
        return cls(jose.decode(payload, Claims, jose.WHAT[KIND]), key)

    def check(self, method: str, path: str, body: Digest, now: int) -> None:
        """Refuses a proof of another request, or older or newer than ten minutes. Raises ProofRefused."""
        if self.claims.method != method:
            raise ProofRefused(f"it is for {self.claims.method}")
        if self.claims.path != path:
            raise ProofRefused("it is for another path")
        if self.claims.body != body:
            raise ProofRefused("it is for another body")
        if abs(now - self.claims.iat) > limits.CLOCK_SLACK_SECONDS:
            raise ProofRefused(
                f"it was made {abs(now - self.claims.iat)} seconds {'ago' if now > self.claims.iat else 'ahead'}"
            )


def prove(signer: Signer, method: str, path: str, now: int, *, body: Digest = NO_BODY, nonce: str = "") -> str:
    """The proof for one request, for the header `Packctl-Proof`."""
    return jose.sign_as_device(KIND, Claims(method, path, body, now, nonce), signer)
