"""Base64 in one spelling per value: as signed documents hold it (RFC 4648, section 4), and as JOSE does (section 5, not padded)."""

import base64
import binascii


def to_base64(data: bytes) -> str:
    """`data` in padded standard base64."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes of padded standard base64. Raises binascii.Error for another alphabet, blanks, wrong padding or loose bits."""
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except UnicodeEncodeError as error:
        raise binascii.Error("not ASCII") from error
    # Strict mode overlooks bits that stand after the last byte, which would be a second spelling.
    if to_base64(data) != text:
        raise binascii.Error("not the one spelling of its bytes")
    return data


def to_base64url(data: bytes) -> str:
    """`data` in base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """The bytes of base64url without padding. Raises binascii.Error for another alphabet, blanks, padding or loose bits."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise binascii.Error("not base64url") from error
    if to_base64url(data) != text:  # the library passes over characters of no alphabet, and over loose bits
        raise binascii.Error("not the one spelling of its bytes")
    return data
