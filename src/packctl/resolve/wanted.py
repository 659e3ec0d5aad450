"""What is asked of the resolver: wishes, lock, overrides and rules; and what it asks the indexes for (docs/spec/resolver.md)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, Self

from msgspec import Struct, field

from packctl.resolve.constraint import Constraint, Limit
from packspec.facts import DependencyKind, Facts
from packspec.hosts import Host
from packspec.names import PackName
from packspec.policy import NO_POLICY, Policy
from packspec.project import Project
from packspec.project import Wish as ProjectWish
from packspec.ranges import Range
from packspec.versions import Version

if TYPE_CHECKING:  # it loads cryptography, and a resolution needs none
    from packspec.index import IndexedRelease


class Candidate(Struct, frozen=True):
    """One release of a pack, with all that the resolver asks about it."""

    version: Version
    facts: Facts
    state: str = "published"
    """`published`, `deprecated`, `yanked` or `recalled`."""
    reason: str = ""
    """Of the state."""
    only_warns: bool = False
    """A recall that asks for a warning only: treated as yanked."""
    at: int = 0
    """When it was published: seconds since the epoch, UTC."""
    license: str = ""
    safety: str = "none"
    paid: bool = False
    """Whether a license must be held for it."""

    @classmethod
    def of(cls, release: "IndexedRelease", only_warns: bool = False) -> Self:
        """From a pack's signed index; `only_warns` is told by the recalls."""
        return cls(
            version=release.version,
            facts=release.facts,
            state=release.state,
            reason=release.reason or "",
            only_warns=only_warns,
            at=release.at,
            license=release.license,
            safety=release.safety,
            paid=release.paid,
        )


ASKER = "you"
"""The file of a wish that stands in no file: somebody asks what keeps it out."""

JUST_ADDED = "just added"
"""The origin of a wish that the command has just written."""


class Indexes(Protocol):
    """The packs' indexes, asked for one by one and at most once each in a resolution."""

    def candidates(self, pack: PackName) -> Sequence[Candidate] | None:
        """Every release of a pack, in any order, each version once; None if there is no such pack."""
        ...


class Wish(Struct, frozen=True):
    """One line of a project: a pack and its range."""

    pack: PackName
    range: Range
    kind: DependencyKind = "requires"
    optional: bool = False
    origin: str = ""
    """Where it stands, for texts: `line 9`, `just added`."""
    file: str = "pack.toml"
    group: str = ""
    """The group of the file that it stands in; empty for its dependencies."""


class Wanted(Struct, frozen=True):
    """Everything that decides a resolution besides the indexes: the same `Wanted` and indexes give the same resolution."""

    wishes: tuple[Wish, ...]
    locked: Mapping[PackName, Version] = field(default_factory=dict)
    """Versions to keep while they fit. A yanked release, or a prerelease that no range names, is used only if it stands here."""
    overrides: Mapping[PackName, Range] = field(default_factory=dict)
    """Ranges that replace every other range of a pack."""
    host: Host = field(default_factory=Host)
    policy: Policy = NO_POLICY
    now: int = 0
    """Seconds since the epoch, UTC; what ages of releases are counted to."""
    as_of: int | None = None
    """Releases published later are not seen."""
    prereleases: bool = False
    """Prereleases count although no range names them."""
    lowest: bool = False
    """The lowest version instead of the newest, to test the lower ends of ranges."""
    has_early: Callable[[PackName, Candidate], bool] = lambda pack, release: False
    """Whether a release may be used in its early access; asked of those that are in it."""
    constraints: tuple[Constraint, ...] = ()
    """What else forbids releases, one by one: a license, an age. Beside those that are built in (`rules`)."""
    limits: tuple[Limit, ...] = ()
    """What forbids releases together: room, seats."""
    file: str = "pack.toml"


def wishes_of(project: Project, added: frozenset[PackName] = frozenset(), file: str = "pack.toml") -> tuple[Wish, ...]:
    """The wishes of a project, all groups included, because one lock holds for all.

    `added`: packs that this command has just added to `file`.
    """
    return tuple(_wish_of(wish, wish.pack in added and wish.file == file) for wish in project.wishes())


def _wish_of(wish: ProjectWish, just_added: bool) -> Wish:
    if just_added:
        origin = JUST_ADDED
    else:
        origin = f"line {wish.line}" if wish.line else ""
    dependency = wish.dependency
    return Wish(wish.pack, dependency.version, dependency.kind, dependency.optional, origin, wish.file, wish.group)
