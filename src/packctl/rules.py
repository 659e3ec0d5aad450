"""`Rules`: the registries and the policy that hold in a project, made from the system's, the user's and the project's files together.

The user's own files may say what they want, the user's being stronger than the system's; but both policies hold. A project's file is
written by strangers and may only tighten: what would loosen is refused with file and line, never ignored (docs/spec/policy.md).
"""

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct

from packctl.config_file import ConfigFile
from packctl.members import member_bytes
from packctl.settings import Layer
from packspec.labels import Label
from packspec.policy import NO_POLICY, Policy
from packspec.project import Install, Project, parse_project, read_user_tables
from packspec.registries import Registry, combine_registries
from packspec.tightening import refuse_loosening, tighter
from packspec.toml import Lines
from packspec.workspace import with_members


class Rules(Struct, frozen=True):
    """What holds for one command: registries by alias, the tightest policy, and the part and place of an install."""

    registries: Mapping[Label, Registry]
    policy: Policy
    install: Install

    def mirrors_of(self, alias: str) -> tuple[str, ...]:
        """Other addresses of a registry, without a slash at the end; none for one that has no alias."""
        known = self.registries.get(Label(alias)) if alias else None
        return tuple(str(mirror).rstrip("/") for mirror in known.mirrors) if known else ()


def rules_in_force(files: Sequence[tuple[Layer, ConfigFile]], project: Project | None = None) -> Rules:
    """The rules that `files` (strongest first) give together.

    `project` is the project's file as it was parsed, if the caller has done so; else it is parsed here when `files` hold it. Raises
    ManifestFaults and LoosensTrust.
    """
    registries: dict[Label, Registry] = {}
    policy = NO_POLICY
    install = Install()
    for layer, file in reversed(files):
        if layer is Layer.PROJECT:
            project = project or _workspace(file)
            continue
        tables = read_user_tables(file.toml, str(file.path))
        registries |= tables.registries
        policy = tighter(policy, tables.policy)
        install = tables.install if "install" in file.tables else install
    if project is None:
        return Rules(registries, policy, install)
    users = policy
    for one in project.files:
        refuse_loosening(users, one.policy, partial(_line_of, one.lines, "policy"), one.file)
        policy = tighter(policy, one.policy)
    return Rules(
        combine_registries(registries, project.registries, partial(_line_of, project.lines, "registries")),
        policy,
        project.install,
    )


def _line_of(lines: Lines, table: str, key: str) -> int:
    return lines.of((table, key))


def _workspace(file: ConfigFile) -> Project:
    """The project of a pack.toml, with the members of its workspace."""
    root = parse_project(file.data)
    return with_members(root, member_bytes(file.path.parent, root))
