"""Texts in other languages: `listing.de.toml` beside pack.toml."""

from collections.abc import Iterator

from packctl.publish.checks.subject import Subject, finding_of
from packspec import limits
from packspec.checks import Finding
from packspec.manifest import ManifestFaults, listing_language, parse_listing


def check(subject: Subject) -> Iterator[Finding]:
    """An error for each fault in a listing, with its line."""
    for file in subject.collected.files:
        if listing_language(file.path) is None:
            continue
        data = bytearray()
        for piece in file.open():
            data += piece
            if len(data) > limits.MANIFEST_BYTES:
                break
        try:
            parse_listing(bytes(data), file.path, strict=True)
        except ManifestFaults as error:
            yield from (finding_of(fault, file.path) for fault in error.faults)
