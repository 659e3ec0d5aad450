"""Rows of uploads: bytes on their way into private staging, by digest, in as many pieces as it takes.

START says what comes; APPEND sends bytes from an offset, which is always where the last one ended; FINISH has all of them hashed. A broken
connection keeps what arrived: STATUS says how much. An upload belongs to the member who started it and to nobody else.
"""

from typing import Annotated

import msgspec

from packspec import limits
from packspec.digests import Digest
from packspec.protocol.endpoint import Body, Effect, Endpoint
from packspec.wire import Answer, Message

Size = Annotated[int, msgspec.Meta(ge=1, le=limits.ARCHIVE_BYTES)]


class StartUpload(Message, frozen=True):
    """Announces `size` bytes with `digest`. Announcing them again gives the upload as it stands."""

    digest: Digest
    size: Size


class AskUpload(Message, frozen=True):
    """Which upload, by the digest of its bytes."""

    digest: Digest


class AppendBytes(Message, frozen=True):
    """The body continues the upload at `offset`, which equals what was received. It may be as long as one likes."""

    digest: Digest
    offset: Annotated[int, msgspec.Meta(ge=0, le=limits.ARCHIVE_BYTES)]


class UploadState(Answer, frozen=True):
    """How far an upload is."""

    digest: Digest
    size: int
    received: int
    """Bytes that arrived: where the next piece begins."""
    complete: bool
    """Whether all bytes are there and have the digest."""
    expires_at: int
    """Without progress it is removed then, seconds since the epoch, UTC; 0 once it is complete."""


_UPLOAD = "/api/v1/uploads/{digest}"

START = Endpoint(
    "POST", "/api/v1/uploads", StartUpload, UploadState, Effect.NONE,
    action="upload.send", scope="publish", summary="Announce bytes to upload",
)  # fmt: skip
STATUS = Endpoint(
    "GET", _UPLOAD, AskUpload, UploadState, Effect.NONE,
    action="upload.send", scope="publish", body=Body.QUERY, summary="How far an upload is",
)  # fmt: skip
APPEND = Endpoint(
    "PUT", _UPLOAD, AppendBytes, UploadState, Effect.NONE,
    action="upload.send", scope="publish", body=Body.BYTES, summary="Send bytes from an offset",
)  # fmt: skip
FINISH = Endpoint(
    "POST", f"{_UPLOAD}/finish", AskUpload, UploadState, Effect.NONE,
    action="upload.send", scope="publish", summary="Have all bytes checked and kept",
)  # fmt: skip
