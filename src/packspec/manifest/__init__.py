"""pack.toml of a pack that is published: TOML text to a Manifest, all faults at once, each with path and line (docs/spec/manifest.md)."""

from packspec.manifest.faults import ManifestFaults, read_toml
from packspec.manifest.listing import Listing, listing_language, parse_listing
from packspec.manifest.parse import Manifest, parse_manifest
from packspec.manifest.schema import (
    PROJECT_TABLES,
    AssetEntry,
    Content,
    Dependencies,
    Dependency,
    Education,
    Pack,
    Plan,
    Price,
    Tool,
)
from packspec.manifest.selection import describing_files, goes_in, is_describing, is_hidden, reason_against
from packspec.toml import Fault

__all__ = [
    "PROJECT_TABLES", "AssetEntry", "Content", "Dependencies", "Dependency", "Education", "Fault", "Listing", "Manifest", "ManifestFaults",
    "Pack", "Plan", "Price", "Tool", "describing_files", "goes_in", "is_describing", "is_hidden", "listing_language",
    "parse_listing", "parse_manifest", "read_toml", "reason_against",
]  # fmt: skip
