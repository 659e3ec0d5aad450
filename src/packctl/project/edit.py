"""Changes to a person's pack.toml that keep their comments, order and spacing. Bytes in, bytes out; writing them is the caller's.

The wall of tomlkit. After every change the text is read again as a project: what is returned is a pack.toml that packctl accepts.
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

import tomlkit
from msgspec import Struct
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable

from packctl.project.missing import NotADependency
from packspec.facts import DependencyKind
from packspec.labels import Label
from packspec.manifest import Fault, ManifestFaults
from packspec.names import PackName
from packspec.project import parse_project
from packspec.ranges import Range
from packspec.registries import Registry


class Wanted(Struct, frozen=True):
    """A dependency to write."""

    pack: PackName
    range: Range
    group: Label | None = None
    """None: `[dependencies]`."""
    kind: DependencyKind | None = None
    """None: as it is, `requires` for a new one."""
    optional: bool | None = None
    """None: as it is, false for a new one."""


def add_dependencies(data: bytes, wanted: Iterable[Wanted]) -> bytes:
    """pack.toml with these dependencies; one that is there already stays where it is, and a new one goes to the end of its table.

    Raises ManifestFaults.
    """

    def change(document: tomlkit.TOMLDocument) -> None:
        for wish in wanted:
            table = _dependencies(document, wish.group)
            _put(table, wish)
            if wish.group is not None and isinstance(table, InlineTable):
                # tomlkit drops the blanks inside of the braces.
                document["groups"][wish.group] = _braced({key: item.as_string() for key, item in table.items()})

    return _edited(data, change)


def remove_dependencies(data: bytes, packs: Iterable[PackName], group: Label | None = None) -> bytes:
    """pack.toml without these dependencies, their comments on the same line included. Raises NotADependency, ManifestFaults."""
    place = "[dependencies]" if group is None else f"[groups] {group}"

    def change(document: tomlkit.TOMLDocument) -> None:
        table = _find(document, ("dependencies",) if group is None else ("groups", group))
        for pack in packs:
            if table is None or pack not in table:
                raise NotADependency(pack, place, _groups_with(document, pack) if group is None else ())
            del table[pack]

    return _edited(data, change)


def set_install(data: bytes, *, features: Iterable[Label] | None = None, essential: bool | None = None) -> bytes:
    """pack.toml with `[install] features` or `essential` set; None leaves a key as it is. Raises ManifestFaults."""

    def change(document: tomlkit.TOMLDocument) -> None:
        table = _table(document, "install")
        if features is not None:
            table["features"] = [str(feature) for feature in features]
        if essential is not None:
            table["essential"] = essential

    return _edited(data, change)


def unset_install(data: bytes) -> bytes:
    """pack.toml without `[install] features` and `essential`: whole packs again. Raises ManifestFaults."""

    def change(document: tomlkit.TOMLDocument) -> None:
        table = _find(document, ("install",)) or {}
        for key in ("features", "essential"):
            table.pop(key, None)
        if "install" in document and not document["install"].as_string().strip():
            del document["install"]

    return _edited(data, change)


def add_registry(data: bytes, alias: Label, registry: Registry) -> bytes:
    """pack.toml with this registry; one of that alias is replaced. Raises ManifestFaults."""

    def change(document: tomlkit.TOMLDocument) -> None:
        said = {"url": str(registry.url)}
        if registry.root is not None:
            said["root"] = registry.root.labelled
        lists = {"publishers": registry.publishers, "mirrors": registry.mirrors}
        more = {key: [str(one) for one in value] for key, value in lists.items() if value}
        _table(document, "registries")[str(alias)] = (
            _inline({**said, **more}) if len(said) + len(more) > 1 else said["url"]
        )

    return _edited(data, change)


def with_ignored(text: str, folder: str) -> str:
    """A .gitignore with a line for the install `folder`; unchanged if it has one already."""
    line = f"/{folder}/"
    if any(known.strip().strip("/") == folder for known in text.splitlines()):
        return text
    return f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{line}\n"


def _edited(data: bytes, change: Callable[[tomlkit.TOMLDocument], None]) -> bytes:
    """The wall: reads, changes, writes, and reads the result as every other reader will."""
    parse_project(data)  # bounds and faults first: tomlkit has no limits
    try:
        document = tomlkit.parse(data)
        change(document)
        made = tomlkit.dumps(document).encode("utf-8")
    except (TOMLKitError, RecursionError) as error:
        raise ManifestFaults((Fault("", f"cannot be changed by packctl, please edit it by hand ({error})"),)) from error
    if 0 < data.count(b"\n") == data.count(b"\r\n"):  # a file of Windows stays one
        made = made.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    parse_project(made)
    return made


def _find(document: MutableMapping[str, Any], path: tuple[str, ...]) -> MutableMapping[str, Any] | None:
    """The table at `path`. Any: tomlkit's items have no useful common type."""
    table: MutableMapping[str, Any] = document
    for key in path:
        if key not in table:
            return None
        table = table[key]
    return table


def _groups_with(document: tomlkit.TOMLDocument, pack: PackName) -> tuple[str, ...]:
    groups = _find(document, ("groups",)) or {}
    return tuple(str(name) for name, wishes in groups.items() if pack in wishes)


def _table(document: tomlkit.TOMLDocument, name: str) -> MutableMapping[str, Any]:
    """The table `name` at the top, made at the end of the file if it is missing."""
    if name not in document:
        if document:
            document.add(tomlkit.nl())
        document[name] = tomlkit.table()
    table: MutableMapping[str, Any] = document[name]
    return table


def _dependencies(document: tomlkit.TOMLDocument, group: Label | None) -> MutableMapping[str, Any]:
    if group is None:
        return _table(document, "dependencies")
    groups = _table(document, "groups")
    if group not in groups:
        groups[str(group)] = tomlkit.value("{}")
    table: MutableMapping[str, Any] = groups[group]
    return table


def _put(table: MutableMapping[str, Any], wish: Wanted) -> None:
    options: dict[str, str | bool] = {}
    if wish.kind is not None:
        options["kind"] = wish.kind
    if wish.optional is not None:
        options["optional"] = wish.optional
    there = table.get(wish.pack)
    if isinstance(there, MutableMapping):
        there.update({"version": str(wish.range), **options})
    else:
        options = {key: value for key, value in options.items() if value not in ("requires", False)}
        table[str(wish.pack)] = _inline({"version": str(wish.range), **options}) if options else str(wish.range)


def _inline(values: Mapping[str, str | bool | list[str]]) -> Any:
    """An inline table as people write it. tomlkit's own has no blanks inside of the braces."""
    return _braced({key: tomlkit.item(value).as_string() for key, value in values.items()})


def _braced(texts: Mapping[str, str]) -> Any:
    """An inline table of values as they are written."""
    rows = (f"{tomlkit.key(str(key)).as_string()} = {text.strip()}" for key, text in texts.items())
    return tomlkit.value("{ " + ", ".join(rows) + " }")
