"""Facts: what a resolver reads of a release; one object, the same bytes in the signed statement and in the index (docs/spec/facts.md).

Texts stand as in pack.toml and are not interpreted here: host and Python ranges (PEP 440) and packages (PEP 508) belong to `hosts`.
"""

from itertools import pairwise
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from packspec.labels import Label
from packspec.names import PackName
from packspec.ranges import Range
from packspec.wire import SignedDocument

PackKind: TypeAlias = Literal["content", "module", "tool"]
DependencyKind: TypeAlias = Literal["requires", "enhances", "compatible"]
Age: TypeAlias = Annotated[int, Meta(ge=0, le=18)]


class Dependency(SignedDocument, frozen=True, kw_only=True):
    """A pack that this one asks for. `optional` may be true for kind `requires` only."""

    pack: PackName
    range: Range
    kind: DependencyKind
    optional: bool

    def __post_init__(self) -> None:
        if self.optional and self.kind != "requires":
            raise ValueError(f"{self.pack}: only a dependency of kind requires can be optional")


class ConflictWith(SignedDocument, frozen=True, kw_only=True):
    """A pack that cannot be used beside this one, in these versions."""

    pack: PackName
    range: Range


class Ages(SignedDocument, frozen=True, kw_only=True):
    """For whom it is made: whole years, `min` <= `max`, both included."""

    min: Age
    max: Age

    def __post_init__(self) -> None:
        if self.min > self.max:
            raise ValueError(f"ages from {self.min} to {self.max}")


class Facts(SignedDocument, frozen=True, kw_only=True):
    """What policy, resolver and storage rules ask about a release before anything else of it is fetched.

    Lists and `hosts` always stand, even empty. Dependencies and conflicts ascend by pack and name no pack twice; packages and features
    keep the order of pack.toml. Making one that breaks these rules raises ValueError, reading one `trust.malformed`.
    """

    kind: PackKind
    dependencies: tuple[Dependency, ...]
    conflicts: tuple[ConflictWith, ...]
    hosts: dict[str, str]
    """Host application to its PEP 440 range; any one that fits is enough. Empty: needs none."""
    packages: tuple[str, ...]
    """External Python packages, PEP 508."""
    features: tuple[str, ...]
    """Parts of the host that it works with. Empty: all."""
    python: str | None = None
    """PEP 440 range; modules only."""
    ages: Ages | None = None
    early_access: Annotated[int, Meta(ge=1)] | None = None
    """Seconds after `at` of the index for which only holders of the feature `early-access` get it."""
    category: Label | None = None
    """Its category, where a license may decide: it must be paid, or is in early access at first. Licenses for a category go by it."""

    def __post_init__(self) -> None:
        _check_ascending("dependencies", [dependency.pack for dependency in self.dependencies])
        _check_ascending("conflicts", [conflict.pack for conflict in self.conflicts])


def _check_ascending(field: str, packs: list[PackName]) -> None:
    for before, after in pairwise(packs):
        if before >= after:
            raise ValueError(f"{field}: {after} after {before}; each pack once, in ascending order")
