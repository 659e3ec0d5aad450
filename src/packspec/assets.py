"""What is known of each asset of a pack: `[[assets]]` of pack.toml laid over the files of its tree (docs/spec/assets.md).

Pure and the same on every side: `build` and the registry show it, an install of a part chooses by it. Files that describe the pack
(pack.toml, readme, changelog, license file, listings) are no assets.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Protocol

from packspec.digests import Digest
from packspec.labels import Label, Language
from packspec.manifest import AssetEntry, Fault, Manifest, describing_files, listing_language
from packspec.media import AssetType, media_type
from packspec.pictures import PixelSize
from packspec.toml import Faults
from packspec.wire import Answer


class TreeFile(Protocol):
    """A file of a pack, as a tree has it."""

    @property
    def path(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> Digest: ...


class Asset(Answer, frozen=True, kw_only=True):
    """One asset: the file, and what its publisher says about it."""

    path: str
    size: int
    """Bytes, unpacked."""
    sha256: Digest
    media: str
    """Media type, such as `image/png`; empty for an ending that is not in our table."""
    type: AssetType
    title: str = ""
    tags: tuple[Label, ...] = ()
    teaches: tuple[str, ...] = ()
    features: tuple[Label, ...] = ()
    """Parts of the host it is for. Empty: all."""
    order: int | None = None
    highlight: bool = False
    essential: bool = False
    language: Language | None = None
    """None: any."""
    variants: dict[str, str] = {}
    """Name of a variant, such as `low`, to its path."""
    variant_of: str = ""
    """The path of the asset that this file is a variant of; what is said about that one holds for this one too."""
    pixels: str = ""
    """`512x512`, where the file's first bytes tell it."""

    def is_for(self, features: Collection[str] | None, essential: bool = False) -> bool:
        """Whether an install of a part wants it: `features` None means all, `essential` only what is marked so."""
        if essential and not self.essential:
            return False
        return features is None or not self.features or any(feature in features for feature in self.features)


def resolve_assets(
    manifest: Manifest,
    files: Iterable[TreeFile],
    pixels: dict[str, PixelSize] | None = None,
) -> tuple[Asset, ...]:
    """The assets of a pack in the order that its publisher gave: by `order`, then by path.

    For each key the last entry that names the file wins. A file without an entry has its type from its ending; one that nothing tells of
    is `data`. `pixels` are sizes that were read from the files, by path. Never fails: what does not fit together is told by `asset_faults`.
    """
    said = _Said(manifest)
    sizes = pixels or {}
    return tuple(
        sorted(
            (said.asset(file, sizes.get(file.path)) for file in files if not said.is_describing(file.path)),
            key=lambda asset: (asset.order is None, asset.order or 0, asset.path),
        )
    )


class _Said:
    """`[[assets]]`, arranged so that a file asks only the entries that can name it."""

    def __init__(self, manifest: Manifest) -> None:
        self.describing = describing_files(manifest)
        self.by_path: dict[str, list[tuple[int, AssetEntry]]] = {}
        self.patterns: list[tuple[int, AssetEntry]] = []
        self.variant_of: dict[str, str] = {}
        self._mains: dict[str, dict[str, Any]] = {}
        for position, entry in enumerate(manifest.assets):
            if entry.path.is_path:
                self.by_path.setdefault(str(entry.path), []).append((position, entry))
            else:
                self.patterns.append((position, entry))
            for variant in (entry.variants or {}).values():
                self.variant_of[str(variant)] = str(entry.path)

    def is_describing(self, path: str) -> bool:
        return path in self.describing or listing_language(path) is not None

    def entries(self, path: str) -> Iterator[AssetEntry]:
        """The entries that name `path`, in the order of the file."""
        found = [*self.by_path.get(path, ()), *((at, entry) for at, entry in self.patterns if entry.path.matches(path))]
        return (entry for _at, entry in sorted(found, key=lambda pair: pair[0]))

    def _keys(self, path: str) -> dict[str, Any]:
        """What is said about `path`, the last word on each key. Any: the values have the types of Asset's fields, key by key."""
        keys: dict[str, Any] = {}
        for entry in self.entries(path):
            keys |= {key: value for key in _KEYS if (value := getattr(entry, key)) is not None}
        return keys

    def _main(self, path: str) -> dict[str, Any]:
        # Many files may be variants of one that many entries name: what these say is put together once.
        if path not in self._mains:
            self._mains[path] = self._keys(path)
        return self._mains[path]

    def asset(self, file: TreeFile, pixels: PixelSize | None) -> Asset:
        main = self.variant_of.get(file.path, "")
        keys = {**(self._main(main) if main else {}), **self._keys(file.path)}
        if main:
            keys.pop("variants", None)
        row = media_type(file.path)
        keys.setdefault("type", row.asset_type if row else "data")
        return Asset(
            path=file.path,
            size=file.size,
            sha256=file.sha256,
            media=row.name if row else "",
            variant_of=main,
            pixels=str(pixels) if pixels else "",
            **keys,
        )


_KEYS = ("title", "type", "tags", "teaches", "features", "order", "highlight", "essential", "language", "variants")


def asset_faults(manifest: Manifest, paths: Collection[str]) -> tuple[Fault, ...]:
    """What pack.toml says about files that are not there; `paths` are the files that go into the pack.

    Looks at readme, changelog, license file, previews, entries and variants of `[[assets]]`, and at `assets` of dependencies. A pattern
    that fits nothing is a fault too: it is a slip more often than not.
    """
    there, faults = frozenset(paths), Faults()
    pack = manifest.pack
    for key, path in (("readme", pack.readme), ("changelog", pack.changelog), ("license-file", pack.license_file)):
        if path is not None and path not in there:
            faults.add(("pack", key), f"names {path}, which is not in the pack")
    for place, preview in enumerate(pack.preview):
        if preview not in there:
            faults.add(("pack", "preview", place), f"names {preview}, which is not in the pack")
    for place, entry in enumerate(manifest.assets):
        if entry.path.is_path and entry.path not in there:
            faults.add(("assets", place, "path"), f"names {entry.path}, which is not in the pack")
        elif not entry.path.is_path and not any(entry.path.matches(path) for path in there):
            faults.add(("assets", place, "path"), f"{entry.path} fits no file of the pack")
        for name, variant in (entry.variants or {}).items():
            if variant not in there:
                faults.add(("assets", place, "variants", str(name)), f"names {variant}, which is not in the pack")
    for pack_name, wish in manifest.dependencies.items():
        for ours in wish.assets:
            if ours not in there:
                faults.add(("dependencies", str(pack_name), "assets", str(ours)), "is not in the pack")
    return faults.listed(manifest.lines)
