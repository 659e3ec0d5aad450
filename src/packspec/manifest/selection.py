"""Which files of a folder go into the pack: `include`, `exclude`, and what is always in (docs/spec/manifest.md, files)."""

from packspec.globs import matches_any
from packspec.manifest.listing import listing_language
from packspec.manifest.parse import Manifest

MANIFEST = "pack.toml"
_NEVER_MEANT = (".pack", ".statement")


def describing_files(manifest: Manifest) -> frozenset[str]:
    """pack.toml, readme, changelog and license file: they describe the pack and are always in it."""
    pack = manifest.pack
    named = (pack.readme, pack.changelog, pack.license_file)
    return frozenset((MANIFEST, *(str(path) for path in named if path is not None)))


def is_describing(path: str, manifest: Manifest) -> bool:
    """Whether the file describes the pack and so is no asset: those of `describing_files`, and listings."""
    return path in describing_files(manifest) or listing_language(path) is not None


def goes_in(path: str, manifest: Manifest, install_folder: str = "packs") -> bool:
    """Whether the file at `path`, relative to the folder of pack.toml, goes into the pack. `install_folder` is that of `[install] dir`."""
    return not reason_against(path, manifest, install_folder)


def reason_against(path: str, manifest: Manifest, install_folder: str = "packs") -> str:
    """Why the file at `path` stays out of the pack, in a few words for its publisher; empty if it goes in."""
    if is_describing(path, manifest) or path in manifest.pack.preview:
        return ""
    if path == "pack.lock" or path.endswith(_NEVER_MEANT):
        return "packctl made it"
    if path.startswith(f"{install_folder}/"):
        return "installed packs"
    if matches_any(path, manifest.pack.exclude):
        return "exclude"
    include = manifest.pack.include
    if is_hidden(path):
        # `**` is written by somebody who thinks of pictures, not of .git and .env.
        named = include is not None and matches_any(path, filter(is_hidden, include))
        return "" if named else "a name begins with a dot"
    return "" if include is None or matches_any(path, include) else "not in include"


def is_hidden(path: str) -> bool:
    """Whether a part of a path, or of a pattern, begins with a dot."""
    return any(part.startswith(".") for part in path.split("/"))
