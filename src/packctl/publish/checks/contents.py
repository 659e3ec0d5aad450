"""The bytes of every file: its kind, its first bytes, programs in pictures, secrets, very large pictures."""

from collections.abc import Iterator

from packctl.publish.checks.subject import Subject
from packspec.checks import Finding, PackLook


def check(subject: Subject) -> Iterator[Finding]:
    """What `packspec.checks` finds, the same code as at the registry. Raises DiskFailed where a file cannot be read."""
    look = PackLook(subject.manifest.pack.kind)
    for file in subject.collected.files:
        look.look_at(file.path, file.open())
    yield from look.done()
