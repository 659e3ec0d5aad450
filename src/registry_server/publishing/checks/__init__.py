"""Checks of the whole of what was handed in, with what the registry knows of others: one file each, and the table of them all.

Single files are looked at by `packspec.checks`, by the same code as on the publisher's machine. Errors keep a release out; the rest is for
the reviewer. Whether the archive is legal and equals the statement is no check: that is decided before (`reading`).
"""

from collections.abc import Callable, Iterable

from packspec.checks import Finding, Level
from registry_server.publishing.checks import attached, dependencies, manifest, names
from registry_server.publishing.checks.seen import SeenPack

CHECKS: tuple[Callable[[SeenPack], Iterable[Finding]], ...] = (
    manifest.check,
    names.check,
    dependencies.check,
    attached.check,
)
"""All checks of the whole, in the order of the report."""

MOST_FINDINGS = 200
"""More are counted, not told: nobody reads them, and the report stays small."""


def limited(found: list[Finding]) -> tuple[Finding, ...]:
    """The findings; of too many the first, errors before others, and one that counts the rest."""
    if len(found) <= MOST_FINDINGS:
        return tuple(found)
    errors_first = sorted(found, key=lambda finding: finding.level is not Level.ERROR)[:MOST_FINDINGS]
    return (*errors_first, Finding(code="publish.more", level=Level.NOTE, text=f"{len(found) - MOST_FINDINGS} more"))
