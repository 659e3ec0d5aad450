"""Names that no registry takes, told before anything is built and signed (docs/spec/checks.md)."""

from collections.abc import Iterator

from packctl.publish.checks.subject import MANIFEST, Subject
from packspec.checks import Finding, Level


def check(subject: Subject) -> Iterator[Finding]:
    """An error for a reserved publisher, and for the name of a device: a pack's folder has its name."""
    name = subject.manifest.pack.name
    if name.is_reserved:
        line = subject.manifest.lines.of(("pack", "name"))
        if name.publisher.is_reserved:
            text = f"nobody can publish {name}: the publisher's name {name.publisher} is reserved"
        else:
            text = (
                f"nobody can publish {name}: on Windows {name.name} is a device, so the pack's folder could not be made"
            )
        yield Finding(code="publish.name-reserved", level=Level.ERROR, text=text, path=MANIFEST, line=line)
