"""Why a license rules a release out, as what follows the release's name in a sentence of the resolver."""

from collections.abc import Sequence

from packctl.licenses.cover import Cover, Holding, cover_one
from packspec.licenses.plans import EARLY_ACCESS
from packspec.licenses.refusals import (
    EarlyAccessOnly,
    LicenseCancelled,
    LicenseExpired,
    LicensePending,
    LicenseRevoked,
    LicenseSuspended,
    NotUsable,
    PlaceEnded,
    TooNew,
    VersionNotCovered,
)
from packspec.licenses.use import Release, covers

_OF_THE_RELEASE: dict[type[NotUsable], str] = {
    VersionNotCovered: "is outside of the versions that {license} covers",
    TooNew: "was published after the updates that {license} covers{until}",
    EarlyAccessOnly: "is in early access{until}, which {license} does not cover",
}
"""What is wrong with one release, while others of the same pack may be had."""

_OF_THE_LICENSE: dict[type[NotUsable], str] = {
    LicenseRevoked: "must be paid, and {license} was revoked",
    LicenseSuspended: "must be paid, and {license} is suspended",
    LicensePending: "must be paid, and {license} does not run yet",
    LicenseCancelled: "must be paid, and {license} was cancelled",
    LicenseExpired: "must be paid, and {license} expired",
    PlaceEnded: "must be paid, and the lease of {license} on this machine ended",
}


def reason(release: Release, holdings: Sequence[Holding], now: int, *, told_all: bool) -> str | None:
    """Why a release cannot be used; None if it can. Without `told_all` only what its license says of this release by itself."""
    found = cover_one(release, holdings, now)
    if isinstance(found, Cover):
        return None
    if not isinstance(found, NotUsable):  # the status list is too old, which a newer one puts right
        return f"must be paid: {found.what()}" if told_all else None
    kind, license = type(found), f"license {found.license}" if found.license else "the license"
    until = f" (until {found.until})" if found.until else ""
    if kind in _OF_THE_RELEASE:
        return _OF_THE_RELEASE[kind].format(license=license, until=until)
    if not told_all:
        return None
    return _OF_THE_LICENSE.get(kind, "must be paid, and no license on this machine covers it").format(license=license)


def gives_early(release: Release, holdings: Sequence[Holding], now: int) -> bool:
    """Whether a license that can be used gives a release in its early access."""
    return any(
        covers(one.token.lic.right, release.pack, release.category)
        and EARLY_ACCESS in one.token.lic.features
        and now < one.token.exp
        for one in holdings
        if one.revoked_at is None and not one.place.refused
    )
