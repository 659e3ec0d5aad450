"""Which kinds of files a pack may hold: by the ending of the name, and whether the first bytes agree (docs/spec/assets.md).

One table. What is not in it is refused, so that a pack of pictures cannot carry programs; code is for packs of kind module and tool. The
bytes are compared because viewers and browsers trust them more than the name.
"""

import codecs
import re
from collections.abc import Callable
from typing import Literal, TypeAlias

from msgspec import Struct

from packspec.facts import PackKind
from packspec.patterns import pattern

AssetType: TypeAlias = Literal["sticker", "background", "character", "prop", "sound", "video", "text", "code", "data"]
"""What an asset is for. A picture without an entry in `[[assets]]` is a `prop`."""

FIRST_BYTES = 4096
"""How many bytes of a file `magic_fault` wants to see (all, if the file is shorter)."""


class MediaType(Struct, frozen=True):
    """One row of the table."""

    name: str
    """As in HTTP: `image/png`."""
    endings: tuple[str, ...]
    asset_type: AssetType
    begins: Callable[[bytes], bool]
    kinds: tuple[PackKind, ...] = ("content", "module", "tool")


def _png(first: bytes) -> bool:
    return first.startswith(b"\x89PNG\r\n\x1a\n")


def _jpeg(first: bytes) -> bool:
    return first.startswith(b"\xff\xd8\xff")


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda first: first.startswith(b"RIFF") and first[8:12] == form


_COMMENTS = rb"(?:(?><!--.*?-->)\s*+)*+"
_SVG = pattern(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?"
    + _COMMENTS
    + rb"(?:<!DOCTYPE\s+svg[^>\[]*+>\s*+)?"
    + _COMMENTS
    + rb"<svg[\s>]",
    re.DOTALL,
)
"""Possessive throughout: a million comments must not make it slow."""


def _svg(first: bytes) -> bool:
    """Root element `svg`; an internal subset of the DOCTYPE, in which entities are declared, is not accepted."""
    return _SVG.match(first) is not None and _text(first)


_OTHER_BRANDS = (b"qt  ", b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"jp2 ", b"crx ")
"""Still pictures and QuickTime share the container of MP4."""


def _mp4(first: bytes) -> bool:
    return first[4:8] == b"ftyp" and len(first) >= 12 and first[8:12] not in _OTHER_BRANDS


def _webm(first: bytes) -> bool:
    return first.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in first[:64]


def _aac(first: bytes) -> bool:
    """An ADTS stream, perhaps behind an ID3 tag: twelve sync bits, layer 0."""
    return first.startswith(b"ID3") or (len(first) >= 2 and first[0] == 0xFF and first[1] & 0xF6 == 0xF0)


def _ogg(first: bytes) -> bool:
    return first.startswith(b"OggS")


def _wasm(first: bytes) -> bool:
    return first.startswith(b"\x00asm")


def _text(first: bytes) -> bool:
    """UTF-8 without NUL. The last character may be cut off where `first` ends."""
    if b"\x00" in first:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(first)
    except UnicodeDecodeError:
        return False
    return True


_CODE: tuple[PackKind, ...] = ("module", "tool")

MEDIA_TYPES = (
    MediaType("image/webp", (".webp",), "prop", _riff(b"WEBP")),
    MediaType("image/png", (".png",), "prop", _png),
    MediaType("image/svg+xml", (".svg",), "prop", _svg),
    MediaType("image/jpeg", (".jpg", ".jpeg"), "prop", _jpeg),
    MediaType("video/mp4", (".mp4", ".m4v"), "video", _mp4),
    MediaType("video/webm", (".webm",), "video", _webm),
    MediaType("audio/aac", (".aac",), "sound", _aac),
    MediaType("audio/mp4", (".m4a",), "sound", _mp4),
    MediaType("audio/ogg", (".ogg", ".oga", ".opus"), "sound", _ogg),
    MediaType("audio/wav", (".wav",), "sound", _riff(b"WAVE")),
    MediaType("text/plain", (".txt",), "text", _text),
    MediaType("text/markdown", (".md",), "text", _text),
    MediaType("text/vtt", (".vtt",), "text", _text),
    MediaType("application/json", (".json",), "data", _text),
    MediaType("application/toml", (".toml",), "data", _text),
    MediaType("application/yaml", (".yaml", ".yml"), "data", _text),
    MediaType("text/csv", (".csv",), "data", _text),
    MediaType("text/tab-separated-values", (".tsv",), "data", _text),
    MediaType("text/x-python", (".py", ".pyi"), "code", _text, _CODE),
    MediaType("text/javascript", (".js", ".mjs"), "code", _text, _CODE),
    MediaType("text/css", (".css",), "code", _text, _CODE),
    MediaType("text/html", (".html",), "code", _text, _CODE),
    MediaType("application/xml", (".xml",), "code", _text, _CODE),
    MediaType("text/x-gettext-translation", (".po", ".pot"), "code", _text, _CODE),
    MediaType("application/wasm", (".wasm",), "code", _wasm, _CODE),
)
"""Every kind of file that a pack may hold."""

_BY_ENDING = {ending: row for row in MEDIA_TYPES for ending in row.endings}
_TEXT_NAMES = frozenset({"AUTHORS", "COPYING", "EULA", "LICENSE", "NOTICE", "README"})
"""Names without an ending that are plain text by custom."""


def media_type(path: str) -> MediaType | None:
    """The row of the file at `path`, by the ending of its name, whatever its capitals; None for what a pack may not hold."""
    name = path.rpartition("/")[2]
    if name in _TEXT_NAMES:
        return _BY_ENDING[".txt"]
    stem, dot, ending = name.rpartition(".")
    return _BY_ENDING.get(f".{ending.lower()}") if dot and stem else None


def kind_fault(path: str, kind: PackKind) -> str | None:
    """Why a pack of `kind` may not hold a file of this name; None if it may."""
    row = media_type(path)
    if row is None:
        return "its ending is not among those that a pack may hold"
    if kind not in row.kinds:
        return f"{row.name} is code, which only packs of kind {' and '.join(row.kinds)} may hold"
    return None


def magic_fault(path: str, first_bytes: bytes) -> str | None:
    """Why the first bytes are not those of the file's ending; None if they agree.

    `first_bytes` are the first `FIRST_BYTES` bytes, or the whole file if it is shorter. An empty file fits a text ending only. Names that a
    pack may not hold at all are the matter of `kind_fault` and give None here.
    """
    row = media_type(path)
    if row is None or row.begins(first_bytes):
        return None
    if row.begins is _text:
        return f"its name says {row.name}, but it is not text in UTF-8"
    found = next(
        (other.name for other in MEDIA_TYPES if other.begins is not _text and other.begins(first_bytes)),
        "something else",
    )
    return f"its name says {row.name}, but its first bytes are those of {found}"
