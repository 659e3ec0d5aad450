"""What a pack of the demo is: a description and assets that are drawn when asked for. A release is its files in one version.

A description knows its whole history: an asset says from which version on it is there, and until which. So two releases of a pack differ
as real ones do, and the one function `manifest` writes pack.toml for all of them.
"""

import json
from collections.abc import Callable, Mapping
from functools import cached_property

from msgspec import Struct, field

from packspec.versions import Version


class Asset(Struct, frozen=True):
    """One file and what is said about it. `since` is the first release that has it, `until` the first one that does not any more."""

    path: str
    title: str
    make: Callable[[], bytes]
    type: str = "sticker"
    tags: tuple[str, ...] = ()
    teaches: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    order: int | None = None
    highlight: bool = False
    essential: bool = False
    low: str = ""
    """The path of its small variant."""
    since: str = "0"
    until: str = ""


class Needs(Struct, frozen=True):
    """A dependency: on which pack, in which range, of which kind, from which release on and until which."""

    pack: str
    range: str
    kind: str = "requires"
    optional: bool = False
    assets: Mapping[str, str] = field(default_factory=dict)
    """Kind `enhances`: which file of ours goes with which of theirs."""
    since: str = "0"
    until: str = ""


class Release(Struct, frozen=True):
    """One release: its files by path, pack.toml included."""

    name: str
    version: str
    files: Mapping[str, bytes]

    @property
    def folder(self) -> str:
        """A name for its folder: `acme-farm-animals-2.1.0`."""
        return f"{self.name.replace('/', '-')}-{self.version}"


class Education(Struct, frozen=True):
    """What a child learns with it, in the words of pack.toml."""

    focus: tuple[str, ...]
    objectives: tuple[str, ...]
    subjects: tuple[str, ...]
    grades: tuple[str, ...] = ("PRE_K", "K_2")
    modalities: tuple[str, ...] = ("GAME",)


class Pack(Struct, frozen=True, dict=True):
    """A pack with all its releases: `changes` has a row for each, oldest first."""

    name: str
    title: str
    summary: str
    about: str
    """One or two sentences for the readme."""
    category: str
    tags: tuple[str, ...]
    assets: tuple[Asset, ...]
    changes: Mapping[str, tuple[str, ...]]
    subcategory: str = ""
    license: str = "CC-BY-4.0"
    ages: tuple[int, int] = (3, 8)
    features: tuple[str, ...] = ("sticker_book", "ai_story")
    education: Education | None = None
    needs: tuple[Needs, ...] = ()
    price: str = ""
    """An amount in euros; empty: free."""
    own_terms: str = ""
    """The text of terms that are not in the list of SPDX; it becomes EULA.md."""

    @property
    def versions(self) -> tuple[str, ...]:
        """All releases, oldest first."""
        return tuple(self.changes)

    @cached_property
    def newest(self) -> Release:
        """The last release."""
        return self.release(self.versions[-1])

    def release(self, version: str) -> Release:
        """The files of one release, drawn now."""
        texts = {
            "pack.toml": manifest(self, version),
            "README.md": self._readme(version),
            "CHANGELOG.md": self._changelog(version),
        }
        if self.own_terms:
            texts["EULA.md"] = self.own_terms
        files = {path: text.encode() for path, text in texts.items()}
        return Release(self.name, version, files | {asset.path: asset.make() for asset in self.assets_of(version)})

    def assets_of(self, version: str) -> tuple[Asset, ...]:
        """The assets that a release has."""
        return tuple(asset for asset in self.assets if _is_in(version, asset.since, asset.until))

    def needs_of(self, version: str) -> tuple[Needs, ...]:
        """The dependencies that a release has."""
        return tuple(needs for needs in self.needs if _is_in(version, needs.since, needs.until))

    def _readme(self, version: str) -> str:
        rows = [f"- {asset.title} (`{asset.path}`)" for asset in self.assets_of(version)]
        return "\n".join(
            [f"# {self.title}", "", self.about, "", "## What is in it", "", *rows, "", f"Terms: {self.license}.", ""]
        )

    def _changelog(self, version: str) -> str:
        told = [known for known in self.versions if not _is_before(version, known)]
        parts = ["# Changelog", ""]
        for known in reversed(told):
            parts += [f"## {known}", "", *(f"- {change}" for change in self.changes[known]), ""]
        return "\n".join(parts)


def manifest(pack: Pack, version: str) -> str:
    """The pack.toml of a release, as a person would write it."""
    assets = pack.assets_of(version)
    lines = ["[pack]", *_keys(_about(pack, version))]
    if pack.education:
        taught = pack.education
        rows = {key: getattr(taught, key) for key in ("focus", "objectives", "subjects", "grades", "modalities")}
        lines += ["", "[pack.education]", *_keys(rows)]
    needs = pack.needs_of(version)
    if needs:
        lines += ["", "[dependencies]", *(f"{_text(one.pack)} = {_wish(one)}" for one in needs)]
    for asset in assets:
        lines += ["", "[[assets]]", *_keys(_said(asset))]
    return "\n".join(lines) + "\n"


def _about(pack: Pack, version: str) -> dict[str, object]:
    preview = [asset.path for asset in pack.assets_of(version) if asset.highlight][:3]
    said: dict[str, object] = {
        "name": pack.name,
        "version": version,
        "kind": "content",
        "title": pack.title,
        "summary": pack.summary,
        "readme": "README.md",
        "changelog": "CHANGELOG.md",
        "license": pack.license,
        "license-file": "EULA.md" if pack.own_terms else "",
        "category": pack.category,
        "subcategory": pack.subcategory,
        "tags": pack.tags,
        "languages": ("en",),
        "ages": {"min": pack.ages[0], "max": pack.ages[1]},
        "features": pack.features,
        "preview": preview,
    }
    if pack.price:
        said["price"] = {"amount": pack.price, "currency": "EUR", "machines": 1}
    return said


def _said(asset: Asset) -> dict[str, object]:
    keys = ("path", "title", "type", "tags", "teaches", "features", "order", "highlight", "essential")
    said: dict[str, object] = {key: getattr(asset, key) for key in keys}
    if asset.low:
        said["variants"] = {"low": asset.low}
    return said


def _wish(needs: Needs) -> str:
    if needs.kind == "requires" and not needs.optional:
        return _text(needs.range)
    table: dict[str, object] = {
        "version": needs.range,
        "kind": needs.kind,
        "optional": needs.optional,
        "assets": dict(needs.assets),
    }
    return _value({key: value for key, value in table.items() if value})


def _keys(said: Mapping[str, object]) -> list[str]:
    """Lines of keys; what says nothing is left out."""
    return [f"{key} = {_value(value)}" for key, value in said.items() if value not in ("", (), [], None, False)]


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Mapping():
            pairs = (f"{key if key.isalpha() else _text(key)} = {_value(inner)}" for key, inner in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case tuple() | list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    """A basic string of TOML: the escapes of JSON are among its own."""
    return json.dumps(text, ensure_ascii=False)


def _is_in(version: str, since: str, until: str) -> bool:
    return (since == "0" or not _is_before(version, since)) and (not until or _is_before(version, until))


def _is_before(version: str, other: str) -> bool:
    return Version.parse(version) < Version.parse(other)
