"""What the statement says is attached was uploaded too, and has the size that it says."""

from collections.abc import Iterable

from packspec.checks import Finding, Level
from registry_server.publishing.checks.seen import SeenPack


def check(pack: SeenPack) -> Iterable[Finding]:
    """An error for each attachment that is not there as it was signed: once the release is in the log, it must be."""
    for attached in pack.statement.attached:
        found, name = (
            pack.known.uploaded_bytes(attached.sha256),
            f"the attached {attached.type} {attached.sha256.short}",
        )
        if found == attached.size:
            continue
        fault = "was not uploaded" if found is None else f"has {found} bytes; the statement says {attached.size}"
        yield Finding(code="publish.attachment-missing", level=Level.ERROR, text=f"{name} {fault}")
