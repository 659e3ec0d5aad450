"""The registries of one run, each opened once, when its first pack is asked for: one name, one registry (docs/spec/project.md).

A publisher that a registry lists comes from it alone; all others come from the default one. Nothing falls back.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from packctl.install.begin import Work
from packctl.install.mend import other_side
from packctl.outcome import Notice
from packctl.registry.choose import NoRegistry, choose_registry, default_registry
from packctl.resolve.wanted import Candidate
from packctl.trust.freshness import Purpose
from packctl.trust.opening import Opened
from packctl.trust.registry import TrustedRegistry
from packspec.errors import NotFound, Unavailable
from packspec.index import IndexedRelease
from packspec.index.missing import NoSuchPack
from packspec.labels import Label
from packspec.lockfile import LockedRegistry
from packspec.moments import moment
from packspec.names import PackName, PublisherName
from packspec.registries import DEFAULT, registry_of
from packspec.versions import Version

if TYPE_CHECKING:
    from packctl.session import Session


class NoRelease(NotFound):
    """A pack has no release that may be chosen."""

    pack: str

    code = "catalog.no-release"

    def what(self) -> str:
        return f"{self.pack} has no release that may be chosen"

    def why(self) -> str:
        return "every release of it was yanked or recalled"

    def fix(self) -> list[str]:
        return [f"packctl show {self.pack} --versions"]


class Registries:
    """Every registry that a run needs. An `Indexes` of the resolver."""

    def __init__(self, session: "Session", work: Work, purpose: Purpose | None = None) -> None:
        """`purpose` is what the metadata is wanted for, where the order does not tell: who only looks may look at what has ended."""
        self._session = session
        self._work = work
        self._purpose = purpose or (Purpose.LOCKED if work.takes_lock else Purpose.CHOOSE)
        self.opened: dict[Label, TrustedRegistry] = {}

    def refresh(self) -> None:
        """I2 to I5 for the registries that are needed for certain. Raises what docs/spec/install.md lists there."""
        work = self._work
        packs = [wish.pack for wish in work.project.wishes()] + list(work.order.named)
        if work.lock:
            packs += [pack.name for pack in work.lock.packs]
        for alias in sorted({self.alias_of(pack.publisher) for pack in packs}):
            self.named(alias)

    def alias_of(self, publisher: PublisherName) -> Label:
        """Where a publisher comes from: its alias, as pack.lock has it."""
        return registry_of(self._work.rules.registries, publisher)

    def of(self, pack: PackName) -> TrustedRegistry:
        """The registry of a pack."""
        return self.named(self.alias_of(pack.publisher))

    def addresses_of(self, pack: PackName) -> tuple[str, ...]:
        """Where the bytes of a pack lie: its registry, then that one's mirrors."""
        alias = self.alias_of(pack.publisher)
        return (self.named(alias).opened.address, *self._work.rules.mirrors_of(alias))

    def named(self, alias: Label) -> TrustedRegistry:
        """A registry, brought up to date when it is first asked for. Raises NoRegistry, and as `refresh`."""
        if alias not in self.opened:
            address = self._address(alias)
            for locked in self._locked(alias):
                registry = self._refreshed(alias, address, locked)
            self.opened[alias] = registry
        return self.opened[alias]

    def _refreshed(self, alias: Label, address: str, locked: LockedRegistry | None) -> TrustedRegistry:
        registry = TrustedRegistry.open(self._session, str(alias), address, locked=locked)
        try:
            registry.refresh(self._purpose)
        except Unavailable as error:
            here = self._known_here(registry.opened, locked)
            if here is None:
                raise
            as_of = {"index as of": moment(here.freshness.signed_at)}
            self._session.warn(Notice(error.code, f"{error.what()}; what it said before still counts", as_of))
            return here
        return registry

    def _known_here(self, opened: Opened, locked: LockedRegistry | None) -> TrustedRegistry | None:
        """What this machine knows of a registry that does not answer: enough where everything is chosen and nothing has expired."""
        if self._purpose is Purpose.CHOOSE or opened.source is None:
            return None
        registry = TrustedRegistry(replace(opened, source=None), self._session, locked)
        try:
            registry.refresh(self._purpose)
        except Unavailable:
            return None
        return None if registry.freshness.is_expired(self._session.clock()) else registry

    def _address(self, alias: Label) -> str:
        if alias == DEFAULT:
            record = self._work.order.record
            # Where --registry is recorded for some publishers alone, all others stay with their registry.
            is_bound = record is not None and record.alias(self._work.project) != DEFAULT
            return (default_registry if is_bound else choose_registry)(self._session).address
        found = self._work.rules.registries.get(alias)
        if found is None:
            raise NoRegistry(alias)
        return str(found.url)

    def _locked(self, alias: Label) -> Sequence[LockedRegistry | None]:
        """What the lock knows of a registry; of a lock with two sides first what the other side knows, so that it is compared too."""
        work = self._work
        known = work.lock.registry(alias) if work.lock else None
        other = other_side(work.lock_bytes) if work.order.mends_lock and work.lock_bytes else None
        beside = other.registry(alias) if other else None
        return [beside, known] if beside is not None else [known]

    # Indexes

    def candidates(self, pack: PackName) -> list[Candidate] | None:
        """I6: every release of a pack; None if its registry has no such pack."""
        registry = self.of(pack)
        try:
            index = registry.index(pack)
        except NoSuchPack:
            return None
        return [Candidate.of(release, _only_warns(registry, release)) for release in index.releases]

    def newest(self, pack: PackName) -> Version:
        """The newest release that anybody may choose: a prerelease only where there is nothing else. Raises NoSuchPack, NoRelease."""
        newest = self.newest_or_none(pack)
        if newest is None:
            raise NoRelease(pack)
        return newest

    def newest_or_none(self, pack: PackName) -> Version | None:
        """The same; None where every release was yanked or recalled. Raises NoSuchPack."""
        newest = self.of(pack).index(pack).newest
        return newest.version if newest else None


def _only_warns(registry: TrustedRegistry, release: IndexedRelease) -> bool:
    """Whether all recalls of a release ask for a warning only."""
    rows = [row for row in registry.recalls.of(release.statement) if row.restored is None]
    return bool(rows) and all(row.action == "warn" for row in rows)
