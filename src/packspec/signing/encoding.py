"""Base64 as signed documents hold it: standard alphabet, padded, no blanks, one spelling per value (RFC 4648, section 4)."""

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
