"""A workspace: several projects below one folder that share its lock (docs/spec/workspace.md).

The root's pack.toml names its members. A member says what it wants and may demand more; everything that there can be only once in a lock
(registries, host, overrides, which part of packs, where they go) stands in the root's file alone and is refused in a member's.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from packspec.globs import Pattern, matches_any
from packspec.manifest import ManifestFaults, read_toml
from packspec.project import Project, parse_project
from packspec.toml import Faults

FILE = "pack.toml"
ROOT_ONLY = ("registries", "host", "overrides", "install", "workspace", "audit")
"""Tables of which a workspace has one."""


def with_members(root: Project, members: Mapping[str, bytes]) -> Project:
    """`root` with its members: the bytes of their pack.toml by folder, relative and with slashes.

    Raises ManifestFaults and LoosensTrust with the member's own file and line.
    """
    if not members:
        return root
    return replace(root, members={folder: _member(members[folder], file_of(folder)) for folder in sorted(members)})


def file_of(folder: str) -> str:
    """The pack.toml of a member, or of the root for an empty `folder`."""
    return f"{folder}/{FILE}" if folder else FILE


def is_member(folder: str, tables: Mapping[str, Any]) -> bool:
    """Whether a pack.toml with these tables names `folder`, relative to it. Tables that make no sense name nothing. Any: it is TOML."""
    return matches_any(folder, patterns_of(tables))


def patterns_of(tables: Mapping[str, Any]) -> tuple[Pattern, ...]:
    """The patterns of `[workspace] members`, of tables that were not judged yet; those that are none are left out."""
    workspace = tables.get("workspace")
    members = workspace.get("members") if isinstance(workspace, dict) else None
    return tuple(_patterns(members if isinstance(members, list) else []))


def _patterns(texts: Iterable[object]) -> Iterable[Pattern]:
    for text in texts:
        try:
            yield Pattern.parse(str(text))
        except ValueError:
            continue


def _member(data: bytes, file: str) -> Project:
    text = read_toml(data, file)
    faults = Faults()
    for table in ROOT_ONLY:
        if table in text.values:
            faults.add((table,), "belongs into the pack.toml of the workspace: all members share it")
    if faults:
        raise ManifestFaults(faults.listed(text.lines), file)
    return parse_project(data, file)
