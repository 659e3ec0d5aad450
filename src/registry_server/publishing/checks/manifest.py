"""pack.toml and listings: strictly read, and about files that are there."""

from collections.abc import Iterable

from packspec.assets import asset_faults
from packspec.checks import Finding, Level
from packspec.manifest import ManifestFaults, listing_language, parse_listing, parse_manifest
from packspec.toml import Fault
from registry_server.publishing.checks.seen import SeenPack

_FILE = "pack.toml"


def check(pack: SeenPack) -> Iterable[Finding]:
    """An error for each fault: unknown keys, values that do not fit, files that are not there."""
    try:
        parse_manifest(pack.archive.manifest_bytes, strict=True)
    except ManifestFaults as error:
        yield from (_found(fault, _FILE) for fault in error.faults)
    paths = [file.path for file in pack.archive.tree.files]
    yield from (_found(fault, _FILE) for fault in asset_faults(pack.archive.manifest, paths))
    for path, text in pack.texts.items():
        if listing_language(path) is not None:
            yield from _listing(path, text)


def _listing(path: str, text: bytes) -> Iterable[Finding]:
    try:
        parse_listing(text, path, strict=True)
    except ManifestFaults as error:
        yield from (_found(fault, path) for fault in error.faults)


def _found(fault: Fault, file: str) -> Finding:
    text = f"{fault.path} {fault.text}".strip()
    return Finding(code="project.manifest", level=Level.ERROR, text=text[:1_000], path=file, line=fault.line)
