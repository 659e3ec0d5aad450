"""A registry that was named with `--registry` goes into pack.toml with the packs that came from it (docs/spec/project.md)."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from packctl.install.order import Edit, Versions
from packctl.project.edit import add_registry
from packctl.registry.choose import choose_registry
from packctl.registry.failures import BadAddress
from packspec.labels import Label
from packspec.links import RegistryAddress
from packspec.names import PackName
from packspec.project import parse_project
from packspec.registries import DEFAULT, Registry

if TYPE_CHECKING:
    from packctl.session import Session


def recording(session: "Session", packs: Sequence[PackName]) -> list[Edit]:
    """The edit that records the registry of `--registry`; none without that option.

    In a project without a registry it becomes the default one. Else the publishers of `packs` are bound to it, under the alias that it has
    or one made from its host, because one name comes from one registry.
    """
    if not session.globals.registry:
        return []
    chosen = choose_registry(session)

    def edit(data: bytes, versions: Versions) -> bytes:
        known = parse_project(data).registries
        alias = Label(chosen.alias) if chosen.alias else _alias(known, chosen.address, chosen.name)
        there = known.get(alias) or Registry(url=_address(chosen.address))
        if alias != DEFAULT:
            bound = (*there.publishers, *(pack.publisher for pack in packs))
            there = replace(there, publishers=tuple(dict.fromkeys(bound)))
        return data if known.get(alias) == there else add_registry(data, alias, there)

    return [edit]


def _address(address: str) -> RegistryAddress:
    try:
        return RegistryAddress.parse(address)
    except ValueError as error:
        raise BadAddress(address, "only this machine is reached over plain http") from error


def _alias(known: dict[Label, Registry], address: str, host: str) -> Label:
    for alias, registry in known.items():
        if str(registry.url).rstrip("/") == address:
            return alias
    if DEFAULT not in known:
        return DEFAULT
    return Label.parse(re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-") or "other")
