"""A registry that was named with `--registry` goes into pack.toml with the packs that came from it (docs/spec/project.md).

Nothing else changes its registry by that: only in a project that has none and asks for nothing yet it becomes the default one. Elsewhere
the publishers of the packs are bound to it.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from packctl.project.edit import add_registry
from packctl.registry.choose import Chosen, NoRegistry, choose_registry, default_registry
from packctl.registry.failures import BadAddress
from packspec.labels import Label
from packspec.links import RegistryAddress
from packspec.names import PublisherName
from packspec.project import Project, parse_project
from packspec.registries import DEFAULT, Registry

if TYPE_CHECKING:
    from packctl.session import Session


class Recording(Struct, frozen=True):
    """How `--registry` is recorded. `default` is the address of the registry that is the default one without it; empty: there is none."""

    chosen: Chosen
    default: str
    publishers: tuple[PublisherName, ...]

    def apply(self, data: bytes) -> bytes:
        """pack.toml with the registry. Raises BadAddress, ManifestFaults."""
        project = parse_project(data)
        alias = self.alias(project)
        there = project.registries.get(alias) or Registry(url=_address(self.chosen.address))
        if alias != DEFAULT:
            there = replace(there, publishers=tuple(dict.fromkeys((*there.publishers, *self.publishers))))
        return data if project.registries.get(alias) == there else add_registry(data, alias, there)

    def alias(self, project: Project) -> Label:
        """The alias that the registry has in this project, or gets."""
        for alias, registry in project.registries.items():
            if str(registry.url).rstrip("/") == self.chosen.address:
                return alias
        is_free = self.default in ("", self.chosen.address) or not (project.registries or project.wishes())
        if is_free:
            return DEFAULT
        made = re.sub(r"[^a-z0-9]+", "-", self.chosen.name.lower()).strip("-")[:64].strip("-")
        return Label(self.chosen.alias) if self.chosen.alias else Label.parse(made or "other")


def recording(session: "Session", publishers: Sequence[PublisherName]) -> Recording | None:
    """How the registry of `--registry` is recorded for packs of these publishers; None without that option."""
    if not session.globals.registry:
        return None
    try:
        default = default_registry(session).address
    except NoRegistry:
        default = ""
    return Recording(choose_registry(session), default, tuple(publishers))


def _address(address: str) -> RegistryAddress:
    try:
        return RegistryAddress.parse(address)
    except ValueError as error:
        raise BadAddress(address, "only this machine is reached over plain http") from error
