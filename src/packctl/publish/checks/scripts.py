"""Titles whose words mix scripts: `Fаrm` with a Cyrillic letter reads like another word (reliability M12)."""

from collections.abc import Iterator

from packctl.publish.checks.subject import MANIFEST, Subject
from packspec.checks import Finding, Level
from packspec.scripts import mixed_words


def check(subject: Subject) -> Iterator[Finding]:
    """A warning for each such word in the title or summary; the registry marks it too."""
    manifest = subject.manifest
    for key, text in (("title", manifest.pack.title or ""), ("summary", manifest.pack.summary)):
        for word in mixed_words(text):
            told = f"{key}: {ascii(word)[1:-1]} mixes letters of several scripts"
            line = manifest.lines.of(("pack", key))
            yield Finding(code="publish.mixed-scripts", level=Level.WARNING, text=told, path=MANIFEST, line=line)
