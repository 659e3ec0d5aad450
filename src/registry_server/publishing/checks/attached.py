"""What the statement says is attached was uploaded too, with the size that it says; and provenance is that of this archive."""

from collections.abc import Iterable

from packspec import limits
from packspec.checks import Finding, Level
from packspec.provenance import SLSA, BadProvenance, provenance_of
from packspec.signing.statement import Attached
from registry_server.publishing.checks.seen import SeenPack


def check(pack: SeenPack) -> Iterable[Finding]:
    """An error for each attachment that is not there as it was signed: once the release is in the log, it must be."""
    for attached in pack.statement.attached:
        found, name = (
            pack.known.uploaded_bytes(attached.sha256),
            f"the attached {attached.type} {attached.sha256.short}",
        )
        if found == attached.size:
            yield from _provenance(pack, attached)
            continue
        fault = "was not uploaded" if found is None else f"has {found} bytes; the statement says {attached.size}"
        yield Finding(code="publish.attachment-missing", level=Level.ERROR, text=f"{name} {fault}")


def _provenance(pack: SeenPack, attached: Attached) -> Iterable[Finding]:
    """An error for SLSA provenance that has not its shape, or is about something else. Its signature is its readers' to check."""
    if attached.type != SLSA:
        return
    try:
        if attached.size > limits.REQUEST_BYTES:
            raise BadProvenance(f"it is longer than {limits.REQUEST_BYTES} bytes")
        provenance_of(pack.known.read_uploaded(attached.sha256), pack.statement.archive.sha256)
    except BadProvenance as error:
        yield Finding(code="publish.provenance", level=Level.ERROR, text=error.what()[:1_000])
