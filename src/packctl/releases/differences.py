"""What changed between two releases, as signed: files by their digests, the words of pack.toml, what they need. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from packspec.assets import resolve_assets
from packspec.manifest import Manifest
from packspec.tree import Tree, TreeEntry

_OF_EVERY_RELEASE = ("name", "version")
_OF_THE_FILE = ("path", "size", "sha256", "media")


class SizedFile(msgspec.Struct, frozen=True):
    """A file that is in one of the releases only: path and bytes, unpacked."""

    path: str
    bytes: int


class ChangedFile(msgspec.Struct, frozen=True):
    """A file with another content: its bytes before and after."""

    path: str
    before: int
    after: int


class MovedFile(msgspec.Struct, frozen=True):
    """A file whose content lies under another path now."""

    path: str
    to: str
    bytes: int


class ChangedWord(msgspec.Struct, frozen=True):
    """A key of `[pack]` with another value, `links.homepage` for one inside a table. Empty: it was not, or is no longer, there."""

    key: str
    before: str
    after: str


class ChangedNeed(msgspec.Struct, frozen=True):
    """A dependency with another range, or kind. Empty: it was not, or is no longer, needed."""

    pack: str
    before: str
    after: str


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that differs. `described` are files that stayed the same while what pack.toml says about them changed.

    `fetch_bytes` is what somebody who has the first release needs of the second: packed bytes of contents that it does not have.
    """

    added: list[SizedFile]
    removed: list[SizedFile]
    changed: list[ChangedFile]
    moved: list[MovedFile]
    described: list[str]
    unchanged: int
    words: list[ChangedWord]
    needs: list[ChangedNeed]
    fetch_bytes: int


def differences(before: Tree, after: Tree, old: Manifest, new: Manifest) -> Differences:
    """From one release to the next; every list by path, key or pack."""
    left, right = before.by_path, after.by_path
    gone, come = left.keys() - right.keys(), right.keys() - left.keys()
    moved = list(_moved(left, right, gone, come))
    gone -= {one.path for one in moved}
    come -= {one.to for one in moved}
    both = sorted(left.keys() & right.keys())
    changed = [path for path in both if left[path].sha256 != right[path].sha256]
    had = {file.sha256 for file in before.files}
    fresh = {file.sha256: file.packed for file in after.files if file.sha256 not in had}
    return Differences(
        added=[SizedFile(path, right[path].size) for path in sorted(come)],
        removed=[SizedFile(path, left[path].size) for path in sorted(gone)],
        changed=[ChangedFile(path, left[path].size, right[path].size) for path in changed],
        moved=moved,
        described=list(_described(before, after, old, new, set(both) - set(changed))),
        unchanged=len(both) - len(changed),
        words=list(_words(old, new)),
        needs=list(_needs(old, new)),
        fetch_bytes=sum(fresh.values()),
    )


def _moved(
    left: Mapping[str, TreeEntry], right: Mapping[str, TreeEntry], gone: set[str], come: set[str]
) -> Iterator[MovedFile]:
    """Pairs of paths with one content, the first with the first. Empty files are all alike, so they do not move."""
    waiting: dict[str, list[str]] = {}
    for path in sorted(come, reverse=True):
        waiting.setdefault(right[path].sha256, []).append(path)
    for path in sorted(gone):
        entry = left[path]
        if entry.size and waiting.get(entry.sha256):
            yield MovedFile(path, waiting[entry.sha256].pop(), entry.size)


def _described(before: Tree, after: Tree, old: Manifest, new: Manifest, same: set[str]) -> Iterator[str]:
    left, right = _said(old, before), _said(new, after)
    yield from (path for path in sorted(same) if left.get(path) != right.get(path))


def _said(manifest: Manifest, tree: Tree) -> dict[str, dict[str, Any]]:
    """What is said of each asset, without what follows from the file itself. Any: values of many types, only compared."""
    return {
        asset.path: {key: getattr(asset, key) for key in asset.__struct_fields__ if key not in _OF_THE_FILE}
        for asset in resolve_assets(manifest, tree.files)
    }


def _words(old: Manifest, new: Manifest) -> Iterator[ChangedWord]:
    left, right = _flat(old), _flat(new)
    for key in [*left, *(key for key in right if key not in left)]:
        before, after = left.get(key, ""), right.get(key, "")
        if before != after:
            yield ChangedWord(key, before, after)


def _flat(manifest: Manifest) -> dict[str, str]:
    """`[pack]` as keys and texts, tables inside it unfolded; keys as they are written in the file."""
    found: dict[str, str] = {}

    def unfold(prefix: str, value: object) -> None:
        match value:
            case None | () | [] | "":
                return
            case msgspec.Struct():
                for field in value.__struct_fields__:
                    if prefix or field not in _OF_EVERY_RELEASE:
                        unfold(f"{prefix}{field.replace('_', '-')}.", getattr(value, field))
            case dict():
                for key, inner in value.items():
                    unfold(f"{prefix}{key}.", inner)
            case tuple() | list():
                found[prefix.rstrip(".")] = ", ".join(map(str, value))
            case bool():
                found[prefix.rstrip(".")] = "yes" if value else "no"
            case _:
                found[prefix.rstrip(".")] = str(value)

    unfold("", manifest.pack)
    if manifest.plans:
        found["plans"] = f"{len(manifest.plans)} plans" if len(manifest.plans) > 1 else "1 plan"
    return found


def _needs(old: Manifest, new: Manifest) -> Iterator[ChangedNeed]:
    left, right = _wishes(old), _wishes(new)
    for pack in sorted(left.keys() | right.keys()):
        before, after = left.get(pack, ""), right.get(pack, "")
        if before != after:
            yield ChangedNeed(pack, before, after)


def _wishes(manifest: Manifest) -> dict[str, str]:
    found = {}
    for pack, wish in manifest.dependencies.items():
        kind = "" if wish.kind == "requires" else f" ({wish.kind})"
        found[str(pack)] = f"{wish.version}{kind}{' (optional)' if wish.optional else ''}"
    return found
