"""Signed documents to and from their payload bytes, and the fields that several of them share (docs/spec/canonical.md)."""

from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from packspec import canonical, limits
from packspec.canonical import Malformed
from packspec.digests import Digest
from packspec.errors import causes
from packspec.signing.keys import BadKey
from packspec.wire import SignedDocument

Format: TypeAlias = Literal[1]
"""`v` of every document. It has no default, because what has its default value is not written."""
Count: TypeAlias = Annotated[int, Meta(ge=0, le=limits.INTEGER_MAX)]
_DATE = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
# Alone, $ also matches before a newline at the end.
Created: TypeAlias = Annotated[str, Meta(pattern=rf"^{_DATE}T{_TIME}Z$(?!\n)")]
"""A moment: RFC 3339, UTC, whole seconds, `Z`."""
Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARACTERS)]


class BlobRef(SignedDocument, frozen=True, kw_only=True):
    """Bytes by digest and size."""

    sha256: Digest
    size: Count


D = TypeVar("D", bound=msgspec.Struct)


def write(document: D, name: str) -> bytes:
    """The payload of `document`, to be signed. Raises what `read` would raise, so that nobody signs what nobody may read."""
    payload = canonical.encode(document)
    read(payload, type(document), name)
    return payload


def read(payload: bytes, wanted: type[D], name: str) -> D:
    """The document in `payload`, whose signature or digest was verified; `name` is what errors call it.

    Raises Malformed, NotCanonical, ClientTooOld, and BadKey for a key in it that cannot be used.
    """
    refuse_oversize(payload, name)
    try:
        return canonical.decode(payload, wanted, name)
    except Malformed as error:
        found = _bad_key(error)
        if found is None:
            raise
        raise found from found.__cause__  # not from `error`, which it caused: their chain would have no end


def refuse_oversize(payload: bytes, name: str) -> None:
    """Refuses more bytes than a document may have. Raises Malformed."""
    if len(payload) > limits.DOCUMENT_BYTES:
        raise Malformed(name, f"more than {limits.DOCUMENT_BYTES} bytes")


def _bad_key(error: Malformed) -> BadKey | None:
    """The refused key that a conversion error stems from, if one is."""
    return next((cause for cause in causes(error) if isinstance(cause, BadKey)), None)
