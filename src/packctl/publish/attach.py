"""Documents that are given with a release besides the pack, such as SLSA provenance: which type they have, and their bytes."""

from pathlib import Path

from msgspec import Struct

from packctl.durable import open_named
from packctl.usage import BadValue
from packspec import limits
from packspec.digests import Digest
from packspec.media import media_type
from packspec.provenance import SLSA, predicate_type, provenance_of
from packspec.signing.statement import Attached

_OTHER = "application/octet-stream"


class Attachment(Struct, frozen=True):
    """A file to attach, and how the statement names it."""

    path: Path
    named: Attached


def read_attachment(path: Path, archive: Digest) -> Attachment:
    """The file at `path`, given along with `archive`. An in-toto statement, in whatever wrapping, has its predicateType as type, others
    their media type.

    Raises BadValue for a file that no registry takes, BadProvenance for SLSA provenance that is not about this archive, DiskFailed.
    """
    with open_named(path) as source:
        if not 0 < source.size <= limits.ARCHIVE_BYTES:
            raise BadValue(
                "--attach", str(path), f"a file of 1 to {limits.ARCHIVE_BYTES} bytes, and this has {source.size}"
            )
        row = media_type(path.name)
        kind = row.name if row else _OTHER
        if source.size <= limits.REQUEST_BYTES:
            data = source.read_at(0, source.size)
            kind = predicate_type(data) or kind
            if kind == SLSA:
                provenance_of(data, archive)
        return Attachment(path, Attached(type=kind, sha256=source.digest(), size=source.size))
