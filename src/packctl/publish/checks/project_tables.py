"""Tables of a project in the pack.toml of a pack: they travel with it, and mean nothing to those who install it."""

from collections.abc import Iterator

from packctl.publish.checks.subject import MANIFEST, Subject
from packspec.checks import Finding, Level


def check(subject: Subject) -> Iterator[Finding]:
    """`[registries]` is an error: a company's addresses do not belong in a public pack. Other tables are warnings."""
    manifest = subject.manifest
    for table in manifest.project_tables:
        line = manifest.lines.of((table,))
        if table == "registries":
            text = "[registries] would publish the addresses of registries; keep them in your config.toml, or in a project around the pack"
            yield Finding(code="publish.registries", level=Level.ERROR, text=text, path=MANIFEST, line=line)
        else:
            text = f"[{table}] is for projects that use packs; in a pack it is ignored"
            yield Finding(code="publish.project-table", level=Level.WARNING, text=text, path=MANIFEST, line=line)
