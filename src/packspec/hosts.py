"""Versions that are not of packs: host applications, Python, Python packages. PEP 440 and 508, through `packaging` (docs/spec/hosts.md).

The one wall around `packaging`. The running Python is never asked: a pack is compared with the `[host]` of a project, so that the same
project resolves alike on every machine. What `[host]` does not name is not checked.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from packspec.errors import Invalid
from packspec.limits import RANGE_CHARACTERS

if TYPE_CHECKING:
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet


class BadRequirement(Invalid, ValueError):
    """A text is not a range of host versions or Python versions, a version of those, or a Python package with its range."""

    text: str
    wanted: str
    reason: str
    example: str

    code = "project.bad-requirement"

    def what(self) -> str:
        return f"not {self.wanted}: {self.text[:80]!r} ({self.reason})"

    def why(self) -> str:
        return "hosts, Python and Python packages are written as Python writes them (PEP 440 and 508), with commas"

    def fix(self) -> list[str]:
        return [f'write it as "{self.example}"']


class HostVersion(str):
    """A version of a host application, of Python or of a Python package: PEP 440, as in `[host]` of a project."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a PEP 440 version, at most 256 characters, ASCII, without blanks around it. Raises BadRequirement."""
        from packaging.version import InvalidVersion, Version

        _check_text(text, "a version", "2.1.0")
        try:
            Version(text)
        except InvalidVersion as error:
            raise BadRequirement(text, "a version", "not PEP 440", "2.1.0") from error
        return cls(text)


class HostRange(str):
    """Which versions of a host application a pack works with: PEP 440, `>=1.4,<3`."""

    __slots__ = ()
    WANTED = "a range of host versions"
    EXAMPLE = ">=1.4,<3"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a PEP 440 specifier set, at most 256 characters, not empty, without `===`. Raises BadRequirement."""
        _check_text(text, cls.WANTED, cls.EXAMPLE)
        if "===" in text:
            raise BadRequirement(text, cls.WANTED, "=== compares spellings, not versions", cls.EXAMPLE)
        from packaging.specifiers import InvalidSpecifier

        try:
            conditions = len(_specifiers(text))
        except InvalidSpecifier as error:
            raise BadRequirement(text, cls.WANTED, "not PEP 440", cls.EXAMPLE) from error
        if conditions == 0:
            raise BadRequirement(text, cls.WANTED, "it says nothing", ">=0")
        return cls(text)

    def allows(self, version: HostVersion) -> bool:
        """Whether `version` lies in the range. A prerelease of a host is what is there, not a candidate: it counts like any version."""
        return _specifiers(self).contains(version, prereleases=True)


class PythonRange(HostRange):
    """Which versions of Python a module works with: PEP 440, `>=3.11`."""

    __slots__ = ()
    WANTED = "a range of Python versions"
    EXAMPLE = ">=3.11"


class ExternalPackage(str):
    """A Python package that must be there, with its versions: PEP 508 without address and without marker, `pillow>=10`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a name, extras and versions, at most 256 characters. Raises BadRequirement.

        An address is refused because packs do not say where Python packages come from; a marker because it asks about the machine.
        """
        from packaging.requirements import InvalidRequirement

        wanted, example = "a Python package", "pillow>=10"
        _check_text(text, wanted, example)
        if "===" in text:
            raise BadRequirement(text, wanted, "=== compares spellings, not versions", example)
        if ";" in text:  # before it is parsed: markers nest, and their parser is recursive
            raise BadRequirement(text, wanted, "a marker is not allowed", example)
        try:
            requirement = _requirement(text)
        except InvalidRequirement as error:
            raise BadRequirement(text, wanted, "not PEP 508", example) from error
        if requirement.url is not None:
            raise BadRequirement(text, wanted, "an address is not allowed", example)
        return cls(text)

    @property
    def name(self) -> str:
        """The package's name, normalized as Python's index does: lower case, hyphens."""
        return normal_name(_requirement(self).name)

    def allows(self, version: HostVersion) -> bool:
        """Whether `version` of the package fits. Extras are not checked."""
        return _requirement(self).specifier.contains(version, prereleases=True)


def normal_name(name: str) -> str:
    """A Python package's name in the one spelling that is compared: `Pillow_SIMD` gives `pillow-simd`."""
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)


class Host(Struct, frozen=True):
    """What the packs of a project will run in: its `[host]` table. None or an absent name: not checked."""

    apps: Mapping[str, HostVersion] | None = None
    python: HostVersion | None = None
    features: frozenset[str] | None = None
    packages: Mapping[str, HostVersion] | None = None
    """By normalized name."""


class Needs(Struct, frozen=True):
    """What a release says about its surroundings, from its facts."""

    hosts: Mapping[str, HostRange]
    python: PythonRange | None
    packages: Sequence[ExternalPackage]
    features: Sequence[str]

    @classmethod
    def parse(
        cls, hosts: Mapping[str, str], python: str | None, packages: Iterable[str], features: Iterable[str]
    ) -> Self:
        """Reads the texts of facts. Raises BadRequirement."""
        return cls(
            {name: HostRange.parse(text) for name, text in hosts.items()},
            None if python is None else PythonRange.parse(python),
            tuple(ExternalPackage.parse(text) for text in packages),
            tuple(features),
        )


class Misfit(Struct, frozen=True):
    """Why a release does not fit a host: what it needs and what is there, each as a phrase for a sentence."""

    needs: str
    there: str


def fits(needs: Needs, host: Host) -> Misfit | None:
    """The first thing that keeps a release from running in `host`, in the order hosts, Python, features, packages; None if it fits.

    A release that names hosts fits if one of them is there at a version in its range, one that names features if one of them is there.
    """
    if needs.hosts and host.apps is not None and not _any_host_fits(needs.hosts, host.apps):
        wanted = " or ".join(f"{name} {allowed}" for name, allowed in sorted(needs.hosts.items()))
        return Misfit(wanted, _listed(f"{name} {host.apps[name]}" for name in sorted(needs.hosts) if name in host.apps))
    if needs.python is not None and host.python is not None and not needs.python.allows(host.python):
        return Misfit(f"Python {needs.python}", f"Python {host.python}")
    if needs.features and host.features is not None and host.features.isdisjoint(needs.features):
        what = "feature" if len(needs.features) == 1 else "one of the features"
        return Misfit(f"{what} {', '.join(needs.features)}", _listed(sorted(host.features)))
    for package in needs.packages:
        there = (host.packages or {}).get(package.name)
        if there is not None and not package.allows(there):
            return Misfit(f"the Python package {package}", f"{package.name} {there}")
    return None


def _any_host_fits(hosts: Mapping[str, HostRange], apps: Mapping[str, HostVersion]) -> bool:
    return any(name in apps and allowed.allows(apps[name]) for name, allowed in hosts.items())


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts) or "none of them"


def _check_text(text: str, wanted: str, example: str) -> None:
    if len(text) > RANGE_CHARACTERS:
        raise BadRequirement(text, wanted, f"longer than {RANGE_CHARACTERS} characters", example)
    if not text.isascii() or not text.isprintable():
        raise BadRequirement(text, wanted, "only printable ASCII characters are allowed", example)
    if text != text.strip():
        raise BadRequirement(text, wanted, "blanks around it", example)
    if not text:
        raise BadRequirement(text, wanted, "it is empty", example)


# `packaging` is imported where it is used: it takes 39 ms, as long as Python itself, and most commands never ask about hosts.
@lru_cache(maxsize=1024)
def _specifiers(text: str) -> "SpecifierSet":
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(text)


@lru_cache(maxsize=1024)
def _requirement(text: str) -> "Requirement":
    from packaging.requirements import Requirement

    return Requirement(text)
