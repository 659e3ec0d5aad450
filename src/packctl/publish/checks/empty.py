"""Whether the pack holds anything, and not too much of it."""

from collections.abc import Iterator

from packctl.publish.checks.subject import Subject
from packspec import limits
from packspec.checks import Finding, Level
from packspec.manifest import is_describing


def check(subject: Subject) -> Iterator[Finding]:
    """A warning for a pack of nothing but its description; errors for too many files and too many bytes."""
    collected = subject.collected
    if all(is_describing(path, subject.manifest) for path in collected.paths):
        text = "no file but those that describe the pack goes in; look at include and exclude"
        yield Finding(code="publish.empty", level=Level.WARNING, text=text)
    if len(collected.files) > limits.FILES:
        text = f"{len(collected.files)} files; a pack may have {limits.FILES}"
        yield Finding(code="publish.too-large", level=Level.ERROR, text=text)
    if collected.size > limits.UNPACKED_BYTES:
        text = f"all files together have {collected.size} bytes; a pack may have {limits.UNPACKED_BYTES}"
        yield Finding(code="publish.too-large", level=Level.ERROR, text=text)
