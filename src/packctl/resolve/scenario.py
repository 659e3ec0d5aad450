"""Scenario: a resolution as data, so that anybody can drive the resolver without a registry (docs/spec/resolver.md)."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, NoReturn

from msgspec import Meta

from packctl.resolve.run import Resolution
from packctl.resolve.wanted import Candidate, Wanted, Wish, wishes_of
from packspec.durations import Duration
from packspec.errors import Invalid
from packspec.facts import Ages, ConflictWith, Dependency, Facts, PackKind
from packspec.hosts import ExternalPackage, HostRange, PythonRange
from packspec.labels import Label
from packspec.manifest import Dependencies
from packspec.names import PackName
from packspec.policy import NO_POLICY, Policy, Safety
from packspec.project import Groups, Host, Project
from packspec.ranges import Range
from packspec.toml import Fault, Faults, Lines, Table, convert
from packspec.versions import Version

Seconds = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class BadScenario(Invalid):
    """A scenario is not JSON of the documented form."""

    faults: tuple[Fault, ...]

    code = "resolve.bad-scenario"

    def what(self) -> str:
        return f"the scenario has {len(self.faults)} fault{'s' if len(self.faults) > 1 else ''}"

    def facts(self) -> dict[str, str]:
        return {fault.path or "file": fault.text for fault in self.faults[:20]}

    def why(self) -> str:
        return "a scenario is JSON of the form that docs/spec/resolver.md describes"

    def fix(self) -> list[str]:
        return ["put right what is named above"]


class Asking(Table, frozen=True, kw_only=True):
    """`root`: the project. The keys that pack.toml has too mean what they mean there."""

    dependencies: Dependencies = {}
    groups: Groups = {}
    overrides: dict[PackName, Range] = {}
    host: Host = Host()
    policy: Policy = NO_POLICY
    locked: dict[PackName, Version] = {}
    pre: bool = False
    lowest: bool = False
    now: Seconds = 0
    at: Seconds | None = None
    early_access: tuple[PackName, ...] = ()


class AgesOf(Table, frozen=True, kw_only=True):
    """Whole years."""

    min: Annotated[int, Meta(ge=0, le=18)]
    max: Annotated[int, Meta(ge=0, le=18)]


class Release(Table, frozen=True, kw_only=True):
    """One version of a pack. Everything may be left out."""

    dependencies: Dependencies = {}
    conflicts: dict[PackName, Range] = {}
    yanked: bool = False
    recalled: bool = False
    deprecated: bool = False
    at: Seconds = 0
    license: str = "CC0-1.0"
    safety: Safety = Safety.CERTIFIED
    kind: PackKind = "content"
    hosts: dict[Label, HostRange] = {}
    python: PythonRange | None = None
    packages: tuple[ExternalPackage, ...] = ()
    features: tuple[Label, ...] = ()
    ages: AgesOf | None = None
    early_access: Duration | None = None

    def candidate(self, version: Version) -> Candidate:
        """As the resolver knows it."""
        states = {"recalled": self.recalled, "yanked": self.yanked, "deprecated": self.deprecated}
        state = next((state for state, holds in states.items() if holds), "published")
        return Candidate(version, self._facts(), state, at=self.at, license=self.license, safety=self.safety)

    def _facts(self) -> Facts:
        dependencies = [
            Dependency(pack=pack, range=one.version, kind=one.kind, optional=one.optional)
            for pack, one in sorted(self.dependencies.items())
        ]
        return Facts(
            kind=self.kind,
            dependencies=tuple(dependencies),
            conflicts=tuple(ConflictWith(pack=pack, range=one) for pack, one in sorted(self.conflicts.items())),
            hosts={str(name): str(one) for name, one in sorted(self.hosts.items())},
            packages=tuple(map(str, self.packages)),
            features=tuple(map(str, self.features)),
            python=None if self.python is None else str(self.python),
            ages=None if self.ages is None else Ages(min=self.ages.min, max=self.ages.max),
            early_access=None if self.early_access is None else self.early_access.seconds,
        )


class Scenario(Table, frozen=True, kw_only=True):
    """The project and every pack there is: the `Indexes` of a world without a registry."""

    root: Asking
    packs: dict[PackName, dict[Version, Release]]

    def candidates(self, pack: PackName) -> Sequence[Candidate] | None:
        """As `Indexes`."""
        releases = self.packs.get(pack)
        return None if releases is None else [release.candidate(version) for version, release in releases.items()]

    @property
    def wanted(self) -> Wanted:
        """The project in the resolver's terms."""
        root = self.root
        project = Project(dependencies=root.dependencies, groups=root.groups, host=root.host)
        return Wanted(
            wishes=tuple(_of_root(wish) for wish in wishes_of(project)),
            locked=root.locked,
            overrides=root.overrides,
            host=project.surroundings(),
            policy=root.policy,
            now=root.now,
            as_of=root.at,
            prereleases=root.pre,
            lowest=root.lowest,
            has_early=lambda pack, release: pack in root.early_access,
            file="the root",
        )


def _of_root(wish: Wish) -> Wish:
    return Wish(wish.pack, wish.range, wish.kind, wish.optional, file="the root")


def read_scenario(data: bytes) -> Scenario:
    """Reads a scenario. Raises BadScenario with every fault that can be found."""
    try:
        plain = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadScenario((Fault("", f"not JSON: {error}"),)) from error
    if not isinstance(plain, dict):
        raise BadScenario((Fault("", "not a JSON object"),))
    faults = Faults()
    scenario = convert(plain, Scenario, faults, strict=True)
    if faults:
        raise BadScenario(faults.listed(Lines()))
    for pack, releases in scenario.packs.items():
        for version, release in releases.items():
            if version.build:
                faults.add(("packs", pack, str(version)), "a release is named without build metadata")
            try:
                release.candidate(version)
            except ValueError as error:
                faults.add(("packs", pack, str(version)), str(error))
    if faults:
        raise BadScenario(faults.listed(Lines()))
    return scenario


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def answer_of(resolution: Resolution) -> Mapping[str, object]:
    """What is printed: versions by pack, how many solutions were tried, and optional dependencies that were left out, if any."""
    answer: dict[str, object] = {
        "solution": {str(pack): str(chosen.version) for pack, chosen in resolution.packs.items()},
        "attempted": resolution.attempts,
    }
    if resolution.left_out:
        answer["left_out"] = [
            {"pack": one.pack, "range": one.range.text, "by": one.by, "why": one.why} for one in resolution.left_out
        ]
    return answer
