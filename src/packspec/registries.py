"""`[registries]`: which registries there are, and which publisher comes from which; one name, one registry (docs/spec/project.md)."""

from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from packspec.digests import Digest
from packspec.labels import Label
from packspec.links import RegistryAddress
from packspec.names import PublisherName
from packspec.policy import LoosensTrust
from packspec.toml import Faults, Path, Table

DEFAULT = Label("default")
"""The registry of every publisher that no other one lists."""


class Registry(Table, frozen=True, kw_only=True):
    """A registry; a bare string is its address."""

    SHORT: ClassVar[str] = "url"

    url: RegistryAddress
    root: Digest | None = None
    """The TUF root that is trusted at first contact; `sha256:` in front in the file."""
    publishers: Annotated[tuple[PublisherName, ...], Meta(max_length=1_000)] = ()
    """They come from this registry only, in the whole graph."""
    mirrors: Annotated[tuple[RegistryAddress, ...], Meta(max_length=20)] = ()
    """They serve the same registry: same root, same digests."""


def registry_of(registries: Mapping[Label, Registry], publisher: PublisherName) -> Label:
    """The alias of the registry that `publisher` comes from. Nothing falls back to another one."""
    return next((alias for alias, registry in registries.items() if publisher in registry.publishers), DEFAULT)


def registry_faults(registries: Mapping[Label, Registry], path: Path, faults: Faults) -> None:
    """Adds a fault for every publisher that two registries list, and for every mirror that is another registry."""
    homes = {_plain(registry.url): str(alias) for alias, registry in registries.items()}
    seen: dict[str, str] = {}
    for alias, registry in registries.items():
        for place, publisher in enumerate(registry.publishers):
            if publisher in seen:
                faults.add(
                    (*path, str(alias), "publishers", place), f"{publisher} comes from {seen[publisher]} already"
                )
            seen.setdefault(publisher, alias)
        for place, mirror in enumerate(registry.mirrors):
            # It would be asked for names that are bound to this one: a company's, of a public registry.
            if homes.get(_plain(mirror), str(alias)) != str(alias):
                faults.add((*path, str(alias), "mirrors", place), f"is the registry {homes[_plain(mirror)]}, no mirror")


def combine_registries(
    users: Mapping[Label, Registry],
    projects: Mapping[Label, Registry],
    line_of: Callable[[str], int] = lambda alias: 0,
) -> dict[Label, Registry]:
    """The registries that hold in a project: its own, and the user's.

    Where both know an alias, the project's address is used and the user's root stays pinned. Raises LoosensTrust if the project gives
    another root than the user has pinned, or binds a publisher to another registry than the user did; `line_of` gives an alias its line.
    """
    bound = {publisher: alias for alias, registry in users.items() for publisher in registry.publishers}
    combined = dict(users)
    for alias, registry in projects.items():
        own = users.get(alias)
        if own is not None and own.root is not None and registry.root not in (None, own.root):
            other = registry.root.labelled if registry.root else ""
            raise LoosensTrust(f"registries.{alias}.root", own.root.labelled, other, line=line_of(alias))
        for publisher in registry.publishers:
            if bound.get(publisher, alias) != alias:
                mine, theirs = f"{publisher} from {bound[publisher]}", f"{publisher} from {alias}"
                raise LoosensTrust(f"registries.{alias}.publishers", mine, theirs, line=line_of(alias))
        combined[alias] = registry if own is None else _both(own, registry)
    return combined


def _both(users: Registry, projects: Registry) -> Registry:
    return msgspec.structs.replace(
        projects,
        root=users.root or projects.root,
        publishers=tuple(dict.fromkeys((*projects.publishers, *users.publishers))),
        mirrors=tuple(dict.fromkeys((*projects.mirrors, *users.mirrors))),
    )


def _plain(address: RegistryAddress) -> str:
    return str(address).rstrip("/").lower()
