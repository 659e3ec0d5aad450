"""`Order`: what a command asks of the flow. `install`, `add`, `remove`, `update`, `ci` and `lock` differ in nothing else."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeAlias

from msgspec import Struct

from packctl.install.link import Link

if TYPE_CHECKING:
    from packctl.install.record import Recording
    from packspec.digests import Digest
    from packspec.names import PackName
    from packspec.versions import Version


class Versions(Protocol):
    """What an edit of pack.toml may ask for: what was chosen, and what there is."""

    @property
    def is_final(self) -> bool:
        """Whether a solution was found; before that nothing is chosen."""
        ...

    def chosen(self, pack: "PackName") -> "Version | None":
        """The version in the solution; None before there is one, and for a pack that is not in it."""
        ...

    def newest(self, pack: "PackName") -> "Version":
        """The newest release that anybody may choose. Raises NoSuchPack, NoRelease."""
        ...


Edit: TypeAlias = Callable[[bytes, Versions], bytes]
"""Gives pack.toml as it shall be. Called twice with the file as it is: before the resolution, when nothing is chosen, and after it."""


INSTALLING = "installing packs"


class Order(Struct, frozen=True, kw_only=True):
    """One order. The defaults are a plain `install`."""

    doing: str = INSTALLING
    """For the journal, in -ing."""
    edit: Edit | None = None
    """How pack.toml changes; None: not at all."""
    record: "Recording | None" = None
    """A registry that pack.toml shall name from now on."""
    named: frozenset["PackName"] = frozenset()
    """Packs that the command names."""
    locked: bool = False
    """The lock may not change."""
    may_be_locked: bool = False
    """A plain install: in CI it acts as locked where there is a lock."""
    upgrade: frozenset["PackName"] | None = frozenset()
    """Packs that shall not keep their locked version; None: all."""
    prereleases: bool = False
    lowest: bool = False
    as_of: int | None = None
    """Releases after this time (seconds since the epoch, UTC) are not seen."""
    groups: tuple[str, ...] = ()
    """Groups to install from now on, besides those that are."""
    no_groups: tuple[str, ...] = ()
    clean: bool = False
    """Take out what belongs to no pack, put anew what is not as it was installed; only groups of `groups` count."""
    again: frozenset["PackName"] = frozenset()
    """Packs that are put there anew."""
    everything_again: bool = False
    features: tuple[str, ...] = ()
    """Features that the command names: an asset must be for each."""
    only: frozenset["PackName"] | None = None
    """The packs that may be touched; None: all."""
    link: Link = Link.AUTO
    target: str = ""
    """A folder instead of that of `[install] dir`."""
    dry_run: bool = False
    installs: bool = True
    """False: write pack.toml and pack.lock only."""
    mends_lock: bool = False
    """A lock with the marks of a merge is read side by side."""
    moves: bool = False
    """It is an update: its edits change ranges where they stand."""
    tells_held_back: bool = False
    """Look for releases that the project's own ranges leave out."""
    accepted: Mapping[str, "Digest"] | None = None
    """Publisher roots that the person named after a reset or a downgrade, by publisher."""

    @property
    def chooses(self) -> bool:
        """Whether it asks for a resolution even where the lock is current."""
        return bool(
            self.edit
            or self.upgrade is None
            or self.upgrade
            or self.prereleases
            or self.lowest
            or self.as_of is not None
        )
