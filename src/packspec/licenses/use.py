"""`may_use`: whether a license lets a machine use a release now. The same on client, on registry, and offline."""

from enum import StrEnum
from typing import Protocol

import msgspec
from msgspec import Struct

from packspec.domains import Domain
from packspec.facts import Facts
from packspec.licenses.plans import EARLY_ACCESS, Plan
from packspec.licenses.status import LicenseFacts, Status, status_of
from packspec.names import PackName
from packspec.ranges import Range
from packspec.versions import Version


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """Which releases a license is for. Made of a plan, or of the claims of a token."""

    pack: PackName | None = None
    covers: tuple[str, ...] = ()
    versions: Range | None = None
    updates_until: int | None = None
    """Releases published up to this second are covered, later ones never."""
    features: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, starts_at: int) -> "Right":
        """The right that a plan gives from `starts_at` on."""
        return cls(
            pack=plan.pack,
            covers=plan.covers,
            versions=plan.versions,
            updates_until=None if plan.updates_s is None else starts_at + plan.updates_s,
            features=plan.features,
            domains=plan.domains,
        )


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """What of a release decides about its use. `at` is when the index lists it from, seconds; `early_access` as in its facts."""

    pack: PackName
    version: Version
    at: int
    early_access: int | None = None
    category: str = ""

    @classmethod
    def of(cls, pack: PackName, version: Version, at: int, facts: Facts) -> "Release":
        """A release by what its publisher signed of it, listed from `at` on."""
        return cls(pack=pack, version=version, at=at, early_access=facts.early_access, category=facts.category or "")


class Held(Protocol):
    """A machine's or run's place in a license, as far as it decides."""

    @property
    def expires_at(self) -> int:
        """The end of its lease."""
        ...

    @property
    def ended_at(self) -> int | None:
        """When the place was given back, if it was."""
        ...


class Refused(StrEnum):
    """Why a release may not be used. Each is the code `licensing.` and this word."""

    REVOKED = "revoked"
    SUSPENDED = "suspended"
    PENDING = "pending"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NOT_COVERED = "not-covered"
    """Another pack."""
    VERSION_NOT_COVERED = "version-not-covered"
    """A version outside of the plan's range."""
    TOO_NEW = "too-new"
    """Published after the license's updates, or after it ended."""
    EARLY_ACCESS = "early-access"
    """For now only for holders of early access."""
    NOT_ACTIVATED = "not-activated"
    LEASE_ENDED = "lease-ended"

    @property
    def code(self) -> str:
        """The error code."""
        return f"licensing.{self.value}"

    @classmethod
    def by_code(cls, code: str) -> "Refused":
        """The word of an error code that a registry gave; a code that no word has takes the place away: `NOT_ACTIVATED`."""
        return next((one for one in cls if one.code == code), cls.NOT_ACTIVATED)


class Use(Struct, frozen=True):
    """The answer: allowed or why not, under which status, and whether an end is near."""

    status: Status
    refused: Refused | None = None
    warns: bool = False

    @property
    def allowed(self) -> bool:
        """Whether the release may be used."""
        return self.refused is None


BY_STATUS = {
    Status.REVOKED: Refused.REVOKED,
    Status.SUSPENDED: Refused.SUSPENDED,
    Status.PENDING: Refused.PENDING,
    Status.CANCELLED: Refused.CANCELLED,
    Status.EXPIRED: Refused.EXPIRED,
}
"""What refuses every release of a license in such a status."""


def may_use(right: Right, facts: LicenseFacts, held: Held | None, release: Release, now: int) -> Use:
    """Whether `release` may be used now. `held` is the place of the machine that asks; None: it has none."""
    status = status_of(facts, now)
    refused = BY_STATUS.get(status) or _reason(right, facts, release, now)
    if refused is None:
        refused = _without_place(held, now)
    newer_while_unpaid = facts.past_due_since is not None and release.at >= facts.past_due_since
    warns = status is Status.GRACE or (status is Status.PAST_DUE and newer_while_unpaid)
    return Use(status, refused, warns)


def _reason(right: Right, facts: LicenseFacts, release: Release, now: int) -> Refused | None:
    if not covers(right, release.pack, release.category):
        return Refused.NOT_COVERED
    if right.versions is not None and not right.versions.allows(release.version, include_prereleases=True):
        return Refused.VERSION_NOT_COVERED
    if right.updates_until is not None and release.at > right.updates_until:
        return Refused.TOO_NEW
    if facts.ends_at is not None and facts.ends_at <= release.at:
        return Refused.TOO_NEW
    if is_early(release, now) and EARLY_ACCESS not in right.features:
        return Refused.EARLY_ACCESS
    return None


def _without_place(held: Held | None, now: int) -> Refused | None:
    if held is None or (held.ended_at is not None and held.ended_at <= now):
        return Refused.NOT_ACTIVATED
    return Refused.LEASE_ENDED if held.expires_at <= now else None


def is_early(release: Release, now: int) -> bool:
    """Whether only holders of early access get the release now."""
    return release.early_access is not None and now < release.at + release.early_access


def covers(right: Right, pack: PackName, category: str | None) -> bool:
    """Whether the right is for this pack, of which the release in question has this category; without one, the newest."""
    if right.pack is not None:
        return right.pack == pack
    return any(_covers(entry, pack, category) for entry in right.covers)


def _covers(entry: str, pack: PackName, category: str | None) -> bool:
    if entry == "premium":
        return True
    if entry.startswith("category:"):
        return bool(category) and entry == f"category:{category}"
    return entry in (str(pack), f"{pack.publisher}/*")


def domain_allowed(domains: tuple[str, ...], domain: str) -> bool:
    """Whether a plan with these domains lets itself be used at `domain`; no domains: anywhere.

    `*.example.org` is every name below example.org, at any depth, and not example.org itself.
    """
    return not domains or any(Domain(one).allows(domain) for one in domains)
