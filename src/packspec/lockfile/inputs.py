"""The digest of everything in pack.toml that a resolution depends on: is a lock stale, without resolving."""

from collections.abc import Mapping
from typing import Any

import msgspec

from packspec import canonical
from packspec.digests import Digest
from packspec.durations import Duration
from packspec.lockfile.entries import Lock
from packspec.lockfile.faults import LockStale
from packspec.manifest import Dependency
from packspec.names import PackName
from packspec.policy import AgesWithin, MaxPrice, Policy
from packspec.project import Project
from packspec.tightening import tighter


def inputs_digest(project: Project, members: Mapping[str, Project] | None = None) -> Digest:
    """The digest of all that a resolution depends on; equal digests mean that the lock is not stale.

    `members` are the projects of a workspace by folder, relative and with slashes; by default those of `project`. Addresses of registries
    are left out, so that a new mirror makes nothing stale; order, comments and the spelling of durations do not count either.
    """
    document = _inputs(project)
    document["registries"] = {
        str(alias): _without_none({"root": registry.root, "publishers": sorted(registry.publishers)})
        for alias, registry in project.registries.items()
    }
    of = project.members if members is None else members
    document["members"] = {folder: _inputs(member) for folder, member in of.items()}
    return Digest.of(canonical.encode(document))


def check_current(lock: Lock, project: Project, members: Mapping[str, Project] | None = None) -> None:
    """Raises LockStale if the lock was made for other inputs."""
    expected = inputs_digest(project, members)
    if lock.inputs != expected:
        raise LockStale(expected, lock.inputs)


def _inputs(project: Project) -> dict[str, Any]:
    """What one pack.toml adds; Any, because it is JSON of several shapes."""
    host = project.host
    return {
        "dependencies": _wished(project.dependencies),
        "groups": {str(group): _wished(wishes) for group, wishes in project.groups.items()},
        "overrides": {str(pack): str(range) for pack, range in project.overrides.items()},
        "host": _without_none(
            {
                "apps": None if host.apps is None else {str(name): str(version) for name, version in host.apps.items()},
                "python": None if host.python is None else str(host.python),
                "features": None if host.features is None else sorted(host.features),
                "packages": None
                if host.packages is None
                else {str(name): str(version) for name, version in host.packages.items()},
            }
        ),
        "policy": _demanded(project.policy),
        "install": _without_none(
            {
                "features": None if project.install.features is None else sorted(project.install.features),
                "essential": project.install.essential,
            }
        ),
    }


def _wished(dependencies: Mapping[PackName, Dependency]) -> dict[str, Any]:
    return {
        str(pack): {"range": str(wish.version), "kind": wish.kind, "optional": wish.optional}
        for pack, wish in dependencies.items()
    }


def _demanded(policy: Policy) -> dict[str, Any]:
    """A policy in the one form that `tighter` gives it."""
    made: dict[str, Any] = {}
    for key, value in msgspec.structs.asdict(tighter(policy, policy)).items():
        match value:
            case None:
                continue
            case Duration():
                made[key] = value.seconds
            case MaxPrice():
                made[key] = {"minor": value.money.minor, "currency": str(value.currency)}
            case AgesWithin():
                made[key] = {"min": value.min, "max": value.max}
            case tuple():
                made[key] = [str(one) for one in value]
            case _:
                made[key] = value
    return made


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
