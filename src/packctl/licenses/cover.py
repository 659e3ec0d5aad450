"""Which license covers which release, and what is missing. Pure (docs/spec/licenses.md, Use).

A release is covered by a place of this machine whose token allows it now, with a status list that is new enough where its plan asks for
that. Of several, one without a warning is taken. What is not covered is refused in the words of the license that came nearest.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from packctl.licenses.faults import StaleStatus
from packctl.licenses.wallet import Place
from packctl.ui.moments import duration
from packspec import limits
from packspec.errors import PackError
from packspec.licenses.refusals import refusal
from packspec.licenses.status import Status
from packspec.licenses.token import LicenseToken
from packspec.licenses.use import Refused, Release, Use, covers, may_use
from packspec.moments import day
from packspec.names import PackName

ONLINE_SECONDS = limits.DAY_SECONDS
"""Oldest status list that a plan with freshness `online` accepts."""
_NEAREST = (
    Refused.LEASE_ENDED, Refused.VERSION_NOT_COVERED, Refused.TOO_NEW, Refused.EARLY_ACCESS, Refused.EXPIRED, Refused.CANCELLED,
    Refused.SUSPENDED, Refused.PENDING, Refused.REVOKED, Refused.NOT_ACTIVATED, Refused.NOT_COVERED,
)  # fmt: skip
"""Which refusal is told where several licenses refuse: the one that is put right most easily comes first."""


class Holding(Struct, frozen=True):
    """A place whose token is verified, and what the status list says of its license."""

    place: Place
    token: LicenseToken
    revoked_at: int | None = None
    """The time of the list that says so."""
    list_at: int | None = None
    """When the newest list of it was signed; None: there is none."""

    def use(self, release: Release, now: int) -> Use:
        """Whether the license lets this release be used now. What the registry has said since the token was made counts as well."""
        use = may_use(self.token.lic.right, self.token.lic.facts(self.revoked_at), self.token, release, now)
        return Use(use.status, Refused.by_code(self.place.refused)) if self.place.refused else use

    def stale(self, now: int) -> StaleStatus | None:
        """The refusal of a plan that asks for a new status list, if there is none."""
        if self.token.lic.freshness != "online":
            return None
        age = None if self.list_at is None else max(0, now - self.list_at)
        if age is not None and age <= ONLINE_SECONDS:
            return None
        return StaleStatus(self.token.lic.called, "no list" if age is None else f"{duration(age)} old", "1 d old")


class Cover(Struct, frozen=True):
    """A release and the license that covers it."""

    release: Release
    by: Holding
    use: Use


class Covered(Struct, frozen=True):
    """What a set of releases comes to."""

    covers: tuple[Cover, ...]
    missing: Mapping[PackName, PackError]
    """The refusal of each pack that nothing covers."""


def cover(releases: Iterable[Release], holdings: Sequence[Holding], now: int) -> Covered:
    """The license of each release, and what refuses those without one."""
    found: list[Cover] = []
    missing: dict[PackName, PackError] = {}
    for release in releases:
        one = cover_one(release, holdings, now)
        if isinstance(one, Cover):
            found.append(one)
        else:
            missing[release.pack] = one
    return Covered(tuple(found), missing)


def cover_one(release: Release, holdings: Sequence[Holding], now: int) -> Cover | PackError:
    """The license of one release, or what refuses it."""
    refused: list[tuple[Refused, Holding]] = []
    stale: StaleStatus | None = None
    good: list[Cover] = []
    for holding in holdings:
        if not covers(holding.token.lic.right, release.pack, release.category):
            continue
        use = holding.use(release, now)
        if use.refused is not None:
            refused.append((use.refused, holding))
        elif (old := holding.stale(now)) is not None:
            stale = stale or old
        else:
            good.append(Cover(release, holding, use))
    if good:
        return min(good, key=lambda one: one.use.warns)
    if stale is not None:
        return stale
    if not refused:
        return refusal(Refused.NOT_COVERED, str(release.pack))
    word, holding = min(refused, key=lambda one: _NEAREST.index(one[0]))
    return refusal(word, str(release.pack), holding.token.sub, until(word, holding, release))


def until(word: Refused, holding: Holding, release: Release) -> str:
    """The day that explains a refusal; empty if none does."""
    lic = holding.token.lic
    match word:
        case Refused.LEASE_ENDED:
            at: int | None = holding.token.exp
        case Refused.EXPIRED | Refused.CANCELLED:
            at = lic.ends
        case Refused.TOO_NEW:
            at = lic.ends if lic.updates_until is None else lic.updates_until
        case Refused.EARLY_ACCESS:
            at = release.at + (release.early_access or 0)
        case Refused.REVOKED:
            at = holding.revoked_at
        case _:
            at = None
    return "" if at is None else day(at)


def days_left(holding: Holding, now: int) -> int | None:
    """Days until the license stops to be usable; None: it does not end."""
    last = holding.token.lic.facts(holding.revoked_at).usable_until
    return None if last is None else max(0, last - now) // limits.DAY_SECONDS


def warning(one: Cover, now: int) -> str:
    """What is said of a license that still covers and soon will not; empty if there is nothing to say."""
    if not one.use.warns:
        return ""
    called, left = one.by.token.lic.called, days_left(one.by, now)
    if one.use.status is Status.PAST_DUE:
        return f"a payment for the license of {called} failed; it still runs"
    return f"the license for {called} is over; {left} days of grace are left"
