"""What pack.toml says about files that do not go into the pack."""

from collections.abc import Iterator

from packctl.publish.checks.subject import Subject, finding_of
from packspec.assets import asset_faults
from packspec.checks import Finding


def check(subject: Subject) -> Iterator[Finding]:
    """An error for each: readme, changelog, license file, previews, entries of `[[assets]]`, and `assets` of dependencies."""
    return (finding_of(fault) for fault in asset_faults(subject.manifest, subject.collected.paths))
