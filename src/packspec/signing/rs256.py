"""RS256 (RSASSA-PKCS1-v1_5 with SHA-256, RFC 7518, 3.3), to check what issuers of identities sign. Nothing of ours signs with RSA."""

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from packspec.signing.keys import BadKey

BITS_LEAST, BITS_MOST = 2048, 8192
"""Smaller keys prove too little (RFC 7518, 3.3); checking larger ones is work that somebody else would make us do."""
_EXPONENT_MOST = 2**32


def public_key(modulus: bytes, exponent: bytes) -> RSAPublicKey:
    """The RSA key with these numbers, big-endian. Raises BadKey."""
    n, e = int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")
    if not BITS_LEAST <= n.bit_length() <= BITS_MOST:
        raise BadKey(f"an RSA key has {BITS_LEAST} to {BITS_MOST} bits, not {n.bit_length()}")
    if not 3 <= e < _EXPONENT_MOST or not e & 1:
        raise BadKey("the exponent of an RSA key is odd, at least 3, and has 32 bits at most")
    try:
        return RSAPublicNumbers(e, n).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKey("these numbers are no RSA key") from error


def is_signed(key: RSAPublicKey, message: bytes, signature: bytes) -> bool:
    """Whether this is a signature over `message` by `key`. Never raises."""
    try:
        key.verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
