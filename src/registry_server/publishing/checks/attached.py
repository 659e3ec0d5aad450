"""What the statement says is attached was uploaded too."""

from collections.abc import Iterable

from packspec.checks import Finding, Level
from registry_server.publishing.checks.seen import SeenPack


def check(pack: SeenPack) -> Iterable[Finding]:
    """An error for each attachment that is not there: it could not be shown once the release is in the log."""
    for attached in pack.statement.attached:
        if not pack.known.has_upload(attached.sha256):
            text = f"the attached {attached.type} {attached.sha256.short} was not uploaded"
            yield Finding(code="publish.attachment-missing", level=Level.ERROR, text=text)
