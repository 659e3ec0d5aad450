"""What installed packs ask of the Python that runs them, which a lock leaves open (docs/spec/hosts.md): for `doctor`, who may look at it.

Packages that `[host]` of the project names were compared when versions were chosen. One that it does not name is looked for here, in the
Python that runs packctl.
"""

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from msgspec import Struct

from packctl.places import PACK_TOML
from packctl.project.find import Place
from packctl.project.state import InstallState
from packspec import limits
from packspec.errors import PackError
from packspec.hosts import ExternalPackage, HostVersion
from packspec.manifest import parse_manifest


class Unmet(Struct, frozen=True):
    """A Python package that a pack asks for and that is not there as it asks. `found` says so: `not installed`, `9.5 is installed`."""

    pack: str
    wanted: str
    found: str


def unmet_packages(project: Path, version_of: Callable[[str], str | None]) -> tuple[list[Unmet], int]:
    """What is not met in the project in this folder, by pack, and how many packages its packs ask for.

    `version_of` gives the installed version of a package by its normalized name. Raises as reading a project and its state does; a pack
    whose own file cannot be read asks for nothing, and `verify` tells of it.
    """
    place = Place(project)
    wants = place.read_project()
    packs = place.folder / str(wants.install.dir)
    compared = set(wants.host.packages or {})
    unmet, asked = [], set()
    for pack in sorted(InstallState.load(packs).receipts):
        for package in _asked(packs / pack / PACK_TOML):
            asked.add(package.name)
            found = None if package.name in compared else _misfit(package, version_of(package.name))
            if found:
                unmet.append(Unmet(str(pack), str(package), found))
    return unmet, len(asked)


def packages_of_python(name: str) -> str | None:
    """The version of a package in the Python that runs this; None where it is not there."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _misfit(package: ExternalPackage, version: str | None) -> str:
    if version is None:
        return "not installed"
    try:
        is_right = package.allows(HostVersion.parse(version))
    except ValueError:
        is_right = False
    return "" if is_right else f"{version} is installed"


def _asked(path: Path) -> tuple[ExternalPackage, ...]:
    try:
        with path.open("rb") as file:
            return parse_manifest(file.read(limits.MANIFEST_BYTES + 1), strict=False).pack.packages
    except (OSError, PackError):
        return ()
