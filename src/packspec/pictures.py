"""How many pixels a picture has, from its first bytes alone; nothing is decoded (docs/spec/assets.md, dimensions).

Only numbers are read, at places the formats fix. A picture that is broken further in still has a size here: decoding is not the business
of a registry's process (a small file can claim 65,535 by 65,535 pixels).
"""

from typing import NamedTuple

from packspec.patterns import pattern

FIRST_BYTES = 65_536
"""How many bytes `pixel_size` wants to see: a JPEG's size stands behind its metadata."""

_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers that begin a frame and so tell its size; the three others between them are tables."""
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_SVG_ROOT = pattern(rb"<svg(\s[^>]*+)>?")
_SVG_NUMBER = rb"([0-9]{1,6})(?:\.[0-9]{0,9})?"
_SVG_LENGTH = pattern(rb"""\s(width|height)\s{0,9}=\s{0,9}["']\s{0,9}""" + _SVG_NUMBER + rb"""(?:px)?\s{0,9}["']""")
_SVG_VIEW = pattern(
    rb"""\sviewBox\s{0,9}=\s{0,9}["']\s{0,9}[-0-9.]{1,20}[\s,]{1,9}[-0-9.]{1,20}[\s,]{1,9}"""
    + _SVG_NUMBER + rb"[\s,]{1,9}" + _SVG_NUMBER + rb"""\s{0,9}["']"""
)  # fmt: skip


class PixelSize(NamedTuple):
    """Width and height in pixels. `str` gives `512x512`."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


def pixel_size(media: str, first_bytes: bytes) -> PixelSize | None:
    """The size of a picture of media type `media`, from its first `FIRST_BYTES` bytes; None if they do not tell it."""
    match media:
        case "image/png":
            size = _png(first_bytes)
        case "image/webp":
            size = _webp(first_bytes)
        case "image/jpeg":
            size = _jpeg(first_bytes)
        case "image/svg+xml":
            size = _svg(first_bytes)
        case _:
            size = None
    return size if size is not None and size.width and size.height else None


def _png(data: bytes) -> PixelSize | None:
    if data[12:16] != b"IHDR" or len(data) < 24:
        return None
    return PixelSize(int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"))


def _webp(data: bytes) -> PixelSize | None:
    if len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8X":  # 24-bit numbers, one less than the size
            return PixelSize(int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1)
        case b"VP8L" if data[20] == 0x2F:  # 14 bits each, one less than the size
            bits = int.from_bytes(data[21:25], "little")
            return PixelSize((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8 " if data[23:26] == b"\x9d\x01\x2a":  # 14 bits each, the upper two are for scaling
            return PixelSize(
                int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
            )
        case _:
            return None


def _jpeg(data: bytes) -> PixelSize | None:
    """Walks from marker to marker; each but a few carries its length."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _JPEG_ALONE:
            at += 1 if marker == 0xFF else 2
        elif marker in _JPEG_SIZES:
            return PixelSize(int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big"))
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def _svg(data: bytes) -> PixelSize | None:
    """`width` and `height` in plain numbers or px; else the view box, which is the drawing's own measure."""
    root = _SVG_ROOT.search(data)
    if root is None:
        return None
    lengths = {name: int(number) for name, number in _SVG_LENGTH.findall(root[1])}
    if len(lengths) == 2:
        return PixelSize(lengths[b"width"], lengths[b"height"])
    view = _SVG_VIEW.search(root[1])
    return PixelSize(int(view[1]), int(view[2])) if view else None
