"""What a pack needs can be had here."""

from collections.abc import Iterable

from packspec.checks import Finding, Level
from registry_server.publishing.checks.seen import SeenPack


def check(pack: SeenPack) -> Iterable[Finding]:
    """A warning where a pack, or a version in the range, is missing: it may come later, or from another registry."""
    for wish in pack.statement.facts.dependencies:
        versions = pack.known.versions.get(wish.pack, [])
        if not versions:
            text = f"it needs {wish.pack}, which is not published here"
        elif not any(wish.range.allows(version) for version in versions):
            text = (
                f"it needs {wish.pack} {wish.range}, and no such version is published here; the newest is {versions[0]}"
            )
        else:
            continue
        yield Finding(code="publish.dependency", level=Level.WARNING, text=text)
