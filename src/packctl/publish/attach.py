"""Documents that are given with a release besides the pack, such as SLSA provenance: which type they have, and their bytes."""

from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from packctl.durable import FileSource, open_named
from packctl.publish.build import digest_of
from packspec import limits
from packspec.media import media_type
from packspec.signing.statement import Attached

_OTHER = "application/octet-stream"


class Attachment(Struct, frozen=True):
    """A file to attach, and how the statement names it."""

    path: Path
    named: Attached


def read_attachment(path: Path) -> Attachment:
    """The file at `path`. An in-toto statement, also in an envelope, has its predicateType as type, others their media type.

    Raises DiskFailed.
    """
    with open_named(path) as source:
        named = Attached(type=_type(path, source), sha256=digest_of(source), size=source.size)
    return Attachment(path, named)


class _Envelope(msgspec.Struct):
    payload: bytes
    payloadType: str


class _InToto(msgspec.Struct):
    predicateType: str


def _type(path: Path, source: FileSource) -> str:
    row = media_type(path.name)
    plain = row.name if row else _OTHER
    if source.size > limits.REQUEST_BYTES:
        return plain
    data = source.read_at(0, source.size)
    with suppress(msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        data = msgspec.json.decode(data, type=_Envelope).payload
    try:
        return msgspec.json.decode(data, type=_InToto).predicateType[:200] or plain
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return plain
