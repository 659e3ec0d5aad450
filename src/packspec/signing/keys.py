"""Public and private keys, and one signature over one message (docs/spec/keys.md).

P-256 (ECDSA with SHA-256, DER) for publishers, reviewers and TUF roles; Ed25519 for the log and its witnesses. Thresholds are not decided
here (`dsse`, `publisher`, `approval`), and keys at rest are `keyfile`'s.
"""

import binascii
import hashlib
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, Self, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.signing.edwards import check_point
from packspec.signing.encoding import from_base64, to_base64
from packspec.wire import checked

KeyKind: TypeAlias = Literal["p256", "ed25519"]

SEED_BYTES = 48
"""Fewest random bytes for a new key: 128 bits more than the scalar has, so that reducing them leaves no bias (FIPS 186-5, A.2.1)."""
SPKI_BYTES = 2 * 1024
"""Longest public key that is handed to the library: long enough to say of others what they are. P-256 has 91 bytes, Ed25519 44."""
PKCS8_BYTES = 16 * 1024
"""Longest private key that is handed to the library."""

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points the group of P-256 has: r and s of a signature are below it."""
_P256_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
"""What stands before the point in the DER of a P-256 key."""
_SIGN = ECDSA(hashes.SHA256(), deterministic_signing=True)
_VERIFY = ECDSA(hashes.SHA256())


class BadKey(Untrusted, ValueError):
    """A key is of a kind, curve or form that we do not use."""

    reason: str

    code = "trust.bad-key"

    def what(self) -> str:
        return f"a key cannot be used: {self.reason}"

    def why(self) -> str:
        return "keys are P-256 for people and Ed25519 for logs, each in one spelling, so that one key has one key id"

    def fix(self) -> list[str]:
        return ["copy the whole line that this prints: packctl key export KEY"]


@checked
@dataclass(frozen=True, eq=False, repr=False)
class PublicKey:
    """A public key. Equal and hashed by its DER; `str(key)` is the base64 text that documents hold."""

    kind: KeyKind
    der: bytes
    """DER SubjectPublicKeyInfo in its one spelling, 91 (P-256) or 44 (Ed25519) bytes."""
    key_id: Digest
    """SHA-256 of `der`."""
    _loaded: EllipticCurvePublicKey | Ed25519PublicKey

    PATTERN: ClassVar[str] = "^[A-Za-z0-9+/]+={0,2}$"

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """Reads a DER SubjectPublicKeyInfo. Raises BadKey for any other kind, curve or spelling, and for a point that is none."""
        if len(der) > SPKI_BYTES:
            raise BadKey(f"longer than {SPKI_BYTES} bytes")
        try:
            loaded = serialization.load_der_public_key(der)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise BadKey("not a P-256 or Ed25519 public key in DER") from error
        return cls._of(loaded, der)

    @classmethod
    def from_ed25519(cls, raw: bytes) -> Self:
        """The Ed25519 key of 32 bytes (RFC 8032), as verifier keys of signed notes hold it. Raises BadKey."""
        if len(raw) != 32:
            raise BadKey("an Ed25519 key has 32 bytes")
        return cls._of(Ed25519PublicKey.from_public_bytes(raw))

    @classmethod
    def from_p256(cls, point: bytes) -> Self:
        """The P-256 key of an uncompressed point, 65 bytes (SEC 1, 2.3.3). Raises BadKey."""
        if len(point) != 65:
            raise BadKey("an uncompressed point of P-256 has 65 bytes")
        return cls.from_der(_P256_SPKI + point)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the base64 of a DER SubjectPublicKeyInfo: standard alphabet, padded, no blanks. Raises BadKey."""
        try:
            return cls.from_der(from_base64(text))
        except binascii.Error as error:
            raise BadKey("not padded standard base64") from error

    @classmethod
    def _of(cls, loaded: object, der: bytes | None = None) -> Self:
        kind: KeyKind
        if isinstance(loaded, EllipticCurvePublicKey) and isinstance(loaded.curve, SECP256R1):
            kind = "p256"
        elif isinstance(loaded, Ed25519PublicKey):
            kind = "ed25519"
            # The library takes any 32 bytes; for a key of small order anybody can make signatures.
            if reason := check_point(loaded.public_bytes_raw()):
                raise BadKey(reason)
        else:
            curve = f", curve {loaded.curve.name}" if isinstance(loaded, EllipticCurvePublicKey) else ""
            raise BadKey(f"neither P-256 nor Ed25519: {type(loaded).__name__}{curve}")
        own = loaded.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        # The library also loads compressed and hybrid points, whose DER, and so key id, is another one for the same key.
        if der is not None and own != der:
            raise BadKey("encoding it again gives other bytes (a compressed or hybrid point, or other parameters)")
        return cls(kind, own, Digest.of(own), loaded)

    @property
    def base64(self) -> str:
        """The DER in padded standard base64."""
        return to_base64(self.der)

    @property
    def raw(self) -> bytes:
        """The point alone: 32 bytes for Ed25519, 65 bytes (uncompressed) for P-256."""
        return self.der[-32:] if self.kind == "ed25519" else self.der[-65:]

    @property
    def fingerprint(self) -> str:
        """The first 16 digits of the key id for people to read: `9f3c 51a0 77de 02e0`. Comparisons use the whole `key_id`."""
        return " ".join(self.key_id[at : at + 4] for at in range(0, 16, 4))

    def __str__(self) -> str:
        return self.base64

    def __repr__(self) -> str:
        return f"PublicKey({self.kind}, {self.fingerprint})"

    def __eq__(self, other: object) -> bool:
        return self.der == other.der if isinstance(other, PublicKey) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.der)


class Signer(Protocol):
    """What can sign: a private key in memory, a key in an agent, a device or a service."""

    @property
    def public(self) -> PublicKey:
        """The key that verifies what `sign` makes."""
        ...

    def sign(self, message: bytes) -> bytes:
        """A signature over `message`, in the form that `verify` reads."""
        ...


@dataclass(frozen=True, eq=False, repr=False)
class PrivateKey:
    """A private key in memory; a `Signer`. Its repr shows the public half only."""

    public: PublicKey
    _loaded: EllipticCurvePrivateKey | Ed25519PrivateKey

    @classmethod
    def from_seed(cls, kind: KeyKind, seed: bytes) -> Self:
        """The key that belongs to `seed`, at least 48 bytes that the caller drew at random. Raises BadKey for a shorter seed.

        P-256: the seed as a big-endian number, modulo n - 1, plus 1. Ed25519: SHA-256 of the seed is the private key of RFC 8032.
        """
        if len(seed) < SEED_BYTES:
            raise BadKey(f"a seed has at least {SEED_BYTES} bytes, not {len(seed)}")
        if kind == "p256":
            return cls._of(derive_private_key(int.from_bytes(seed, "big") % (ORDER - 1) + 1, SECP256R1()))
        return cls._of(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed).digest()))

    @classmethod
    def from_pkcs8(cls, der: bytes) -> Self:
        """Reads an unencrypted DER PrivateKeyInfo, as `openssl pkcs8 -topk8 -nocrypt -outform DER` writes it. Raises BadKey."""
        if len(der) > PKCS8_BYTES:
            raise BadKey(f"longer than {PKCS8_BYTES} bytes")
        try:
            loaded = serialization.load_der_private_key(der, password=None)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise BadKey("not an unencrypted PKCS#8 private key in DER") from error
        except TypeError as error:
            raise BadKey("this PKCS#8 is encrypted; decrypt it first") from error
        return cls._of(loaded)

    @classmethod
    def _of(cls, loaded: object) -> Self:
        if not isinstance(loaded, EllipticCurvePrivateKey | Ed25519PrivateKey):
            raise BadKey(f"neither P-256 nor Ed25519: {type(loaded).__name__}")
        return cls(PublicKey._of(loaded.public_key()), loaded)

    @property
    def pkcs8(self) -> bytes:
        """The private key as DER PrivateKeyInfo, unencrypted. Only `keyfile` should need it."""
        return self._loaded.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`: for P-256 with the nonce of RFC 6979 and low S, in DER; for Ed25519 64 bytes."""
        if isinstance(self._loaded, Ed25519PrivateKey):
            return self._loaded.sign(message)
        r, s = decode_dss_signature(self._loaded.sign(message, _SIGN))
        return encode_dss_signature(r, min(s, ORDER - s))

    def __repr__(self) -> str:
        return f"PrivateKey({self.public.kind}, {self.public.fingerprint})"


def spki_of_pem(text: str) -> bytes:
    """The DER of a public key of any kind in PEM, in one spelling: two texts of one key give equal bytes. Raises BadKey.

    For telling keys apart in documents of other formats (TUF), whose kinds and spellings are not ours to choose.
    """
    if len(text) > PKCS8_BYTES:
        raise BadKey(f"longer than {PKCS8_BYTES} characters")
    try:
        loaded = serialization.load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKey("not a public key in PEM") from error
    return loaded.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def verify(public_key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` is by `public_key`. False for anything wrong with the signature's bytes; never raises.

    P-256 signatures are strict DER of r and s, both in 1 .. n - 1. A high S is accepted: (r, n - s) is as valid as (r, s), so nothing may
    be keyed, cached or counted by signature bytes.
    """
    loaded = public_key._loaded
    try:
        if isinstance(loaded, Ed25519PublicKey):
            loaded.verify(signature, message)
            return True
        r, s = decode_dss_signature(signature)
        # Said here rather than left to the library of the day: one DER spelling, both numbers in range.
        if encode_dss_signature(r, s) != signature or not (0 < r < ORDER and 0 < s < ORDER):
            return False
        loaded.verify(signature, message, _VERIFY)
    except (InvalidSignature, ValueError):
        return False
    return True
