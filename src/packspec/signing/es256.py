"""P-256 keys and signatures as JOSE writes them: two coordinates, and r and s of 32 bytes each (RFC 7518, 3.4 and 6.2.1).

They are the keys and signatures of `keys` in another spelling, so whatever holds there, holds here.
"""

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from packspec.signing.keys import BadKey, PublicKey, Signer, verify

COORDINATE_BYTES = 32
SIGNATURE_BYTES = 64


def public_key(x: bytes, y: bytes) -> PublicKey:
    """The P-256 key with these coordinates. Raises BadKey, also for a point that is not on the curve."""
    if len(x) != COORDINATE_BYTES or len(y) != COORDINATE_BYTES:
        raise BadKey(f"a coordinate of P-256 has {COORDINATE_BYTES} bytes")
    return PublicKey.from_p256(b"\x04" + x + y)


def coordinates(key: PublicKey) -> tuple[bytes, bytes]:
    """x and y of a P-256 key. Raises BadKey for another kind."""
    if key.kind != "p256":
        raise BadKey(f"ES256 is P-256, not {key.kind}")
    return key.raw[1:33], key.raw[33:]


def sign(signer: Signer, message: bytes) -> bytes:
    """A signature of 64 bytes. Raises BadKey if the signer's key is not P-256."""
    coordinates(signer.public)
    r, s = decode_dss_signature(signer.sign(message))
    return r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big")


def is_signed(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether these 64 bytes are a signature over `message` by `key`. Never raises."""
    if key.kind != "p256" or len(signature) != SIGNATURE_BYTES:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:COORDINATE_BYTES], signature[COORDINATE_BYTES:]))
    return verify(key, message, encode_dss_signature(r, s))
