"""The user's half of pack.toml: what a project wants, from where, for which host, under which policy (docs/spec/project.md).

Read by itself, because a project need not publish anything; the tables of a pack that stand in the same file are left to
`packspec.manifest`. The same Structs read the three tables that a user's config.toml has in common with it.
"""

import datetime
from collections.abc import Collection
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, Self, TypeAlias

from msgspec import Meta

from packspec import hosts
from packspec.globs import FilePath, Pattern
from packspec.hosts import HostVersion, normal_name
from packspec.labels import Label
from packspec.manifest import Dependencies, Dependency, ManifestFaults, read_toml
from packspec.manifest.checks import dependency_faults
from packspec.manifest.schema import Labels
from packspec.names import PackName, PublisherName
from packspec.patterns import pattern
from packspec.policy import NO_POLICY, LoosensTrust, Policy, policy_faults
from packspec.ranges import Range
from packspec.registries import Registry, registry_faults, registry_of
from packspec.toml import Faults, Lines, Table, TomlText, convert

INSTALL_FOLDER = FilePath("packs")
"""Where installed packs lie, below the project's folder, if `[install] dir` names no other place."""

_CODE = pattern(r"[a-z]+\.[a-z]+(?:-[a-z]+)*")
_PACKAGE = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")
_LEADS_OUT = pattern(r"[/\\~]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|$)")
_RECALLED = "policy.release-recalled"


class Code(str):
    """An error code, `room.fact`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a code. Raises ValueError; for recalls too, because nothing may hide them."""
        if not _CODE.fullmatch(text):
            raise ValueError(f"not an error code: {text[:80]!r} (such as catalog.release-deprecated)")
        if text == _RECALLED:
            raise ValueError("a recall cannot be ignored")
        return cls(text)


class Chain(str):
    """How a pack comes into a project: `acme/farm-animals > packs/base-shapes`, from a dependency of the project to the pack."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads names joined by ` > `. Raises ValueError."""
        for name in text.split(" > "):
            PackName.parse(name)
        return cls(text)


class PackageName(str):
    """The name of a Python package, in the one spelling that is compared."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a name and normalizes it: `Pillow_SIMD` gives `pillow-simd`. Raises ValueError."""
        if not _PACKAGE.fullmatch(text):
            raise ValueError(f"not the name of a Python package: {text[:80]!r}")
        return cls(normal_name(text))


class Host(Table, frozen=True, kw_only=True):
    """`[host]`: what the packs will run in. What is absent is not checked."""

    apps: Annotated[dict[Label, HostVersion], Meta(max_length=50)] | None = None
    python: HostVersion | None = None
    features: Labels | None = None
    packages: Annotated[dict[PackageName, HostVersion], Meta(max_length=1_000)] | None = None


class Install(Table, frozen=True, kw_only=True):
    """`[install]`: where packs go, and which part of them."""

    dir: FilePath = INSTALL_FOLDER
    features: Labels | None = None
    """Only assets for these features. None: all."""
    essential: bool = False
    """Only assets that are marked essential."""


class Workspace(Table, frozen=True, kw_only=True):
    """`[workspace]`: folders of further projects that share this one's lock."""

    members: Annotated[tuple[Pattern, ...], Meta(max_length=200)] = ()


class Ignore(Table, frozen=True, kw_only=True):
    """`[[audit.ignore]]`: a finding of `audit` that is accepted until a day."""

    id: Code
    path: Chain | None = None
    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    until: datetime.date


class Audit(Table, frozen=True, kw_only=True):
    """`[audit]`."""

    ignore: Annotated[tuple[Ignore, ...], Meta(max_length=1_000)] = ()


Groups: TypeAlias = Annotated[dict[Label, Dependencies], Meta(max_length=100)]
Registries: TypeAlias = Annotated[dict[Label, Registry], Meta(max_length=50)]


class ProjectFile(Table, frozen=True, kw_only=True):
    """The whole file, as a project sees it. The tables of a pack may stand beside; they are read by `packspec.manifest`."""

    dependencies: Dependencies = {}
    groups: Groups = {}
    registries: Registries = {}
    host: Host = Host()
    policy: Policy = NO_POLICY
    install: Install = Install()
    overrides: Annotated[dict[PackName, Range], Meta(max_length=1_000)] = {}
    workspace: Workspace = Workspace()
    audit: Audit = Audit()
    pack: Any = None
    plans: Any = None
    assets: Any = None
    contents: Any = None
    tool: Any = None


class Wish(NamedTuple):
    """A dependency that a project states, and where."""

    pack: PackName
    dependency: Dependency
    group: str
    """Empty for `[dependencies]`."""
    line: int
    file: str = "pack.toml"
    """The file that states it: the project's own, or a workspace member's, as a path in the workspace."""


class Project(ProjectFile, frozen=True, kw_only=True):
    """What a pack.toml says about a project, checked. Made by `parse_project`; `packspec.workspace` adds members."""

    lines: Lines = Lines()
    file: str = "pack.toml"
    """The file that says it, as a path in the workspace."""
    members: dict[str, "Project"] = {}
    """The members of a workspace by folder, ascending; none for a project of its own."""

    @property
    def files(self) -> tuple["Project", ...]:
        """The project and the members of its workspace."""
        return self, *self.members.values()

    @property
    def group_names(self) -> tuple[Label, ...]:
        """Every group that the project or a member has, ascending. Groups of one name are one group."""
        return tuple(sorted({group for one in self.files for group in one.groups}))

    def wishes(self, groups: Collection[str] | None = None) -> tuple[Wish, ...]:
        """The dependencies of the project, of its members and of `groups` (None: of all), by name of the pack, then group, then file.

        A pack can stand in several places; then all its ranges must hold together.
        """
        made = [wish for one in self.files for wish in one.own_wishes(groups)]
        return tuple(sorted(made, key=lambda wish: (wish.pack, wish.group, wish.file)))

    def own_wishes(self, groups: Collection[str] | None = None) -> tuple[Wish, ...]:
        """The dependencies that this file alone states."""
        made = [
            Wish(pack, wish, "", self.lines.of(("dependencies", pack)), self.file)
            for pack, wish in self.dependencies.items()
        ]
        for group, wishes in self.groups.items():
            if groups is None or group in groups:
                made += [
                    Wish(pack, wish, group, self.lines.of(("groups", group, pack)), self.file)
                    for pack, wish in wishes.items()
                ]
        return tuple(sorted(made, key=lambda wish: (wish.pack, wish.group)))

    def registry_of(self, publisher: PublisherName) -> Label:
        """The alias of the registry that `publisher` comes from."""
        return registry_of(self.registries, publisher)

    def surroundings(self) -> hosts.Host:
        """`[host]` as `packspec.hosts.fits` compares it."""
        host = self.host
        return hosts.Host(
            apps=None if host.apps is None else {str(name): version for name, version in host.apps.items()},
            python=host.python,
            features=None if host.features is None else frozenset(map(str, host.features)),
            packages=None if host.packages is None else {str(name): version for name, version in host.packages.items()},
        )


@lru_cache(maxsize=8)
def parse_project(data: bytes, file: str = "pack.toml") -> Project:
    """Reads a pack.toml as a project; `file` is what errors call it. An order reads the same bytes several times, so some are remembered.

    Raises ManifestFaults with every fault that can be found, and LoosensTrust for an install folder outside of the project; no other.
    Unknown keys are always faults: what a project demands must not be overlooked by an older packctl.
    """
    text = read_toml(data, file)
    _refuse_leading_out(text, file)
    faults = Faults()
    made = convert(text.values, ProjectFile, faults, strict=True)
    _check_together(made, faults)
    if faults:
        raise ManifestFaults(faults.listed(text.lines), file)
    return Project(**{field: getattr(made, field) for field in made.__struct_fields__}, lines=text.lines, file=file)


class UserTables(Table, frozen=True, kw_only=True):
    """The tables that a config.toml has in common with a project."""

    registries: Registries = {}
    policy: Policy = NO_POLICY
    install: Install = Install()


def read_user_tables(text: TomlText, file: str) -> UserTables:
    """Reads `[registries]`, `[policy]` and `[install]` of a configuration file; other tables are not looked at. Raises ManifestFaults."""
    faults = Faults()
    ours = {key: text.values[key] for key in UserTables.__struct_fields__ if key in text.values}
    made = convert(ours, UserTables, faults, strict=True)
    _check_shared(made, faults)
    if faults:
        raise ManifestFaults(faults.listed(text.lines), file)
    return made


def _check_together(file: ProjectFile, faults: Faults) -> None:
    dependency_faults(file.dependencies, ("dependencies",), faults)
    for group, wishes in file.groups.items():
        dependency_faults(wishes, ("groups", str(group)), faults)
    _check_shared(file, faults)


def _check_shared(file: ProjectFile | UserTables, faults: Faults) -> None:
    registry_faults(file.registries, ("registries",), faults)
    if not faults.at(("policy",)):
        policy_faults(file.policy, ("policy",), faults)


def _refuse_leading_out(text: TomlText, file: str) -> None:
    """A clone must not write outside of its folder. Its own code, because it is an attempt, not a slip."""
    install = text.values.get("install")
    folder = install.get("dir") if isinstance(install, dict) else None
    if isinstance(folder, str) and _LEADS_OUT.match(folder):
        line = text.lines.of(("install", "dir"))
        raise LoosensTrust("install.dir", "a folder inside the project", folder[:240], file, line)
