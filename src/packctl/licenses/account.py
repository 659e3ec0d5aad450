"""What the licenses of one's account say about a pack that no license of this machine covers: free machines, free seats, or none.

They are no right to anything: a place for this machine is, and the registry gives that. They tell how to come by one.
"""

from typing import TYPE_CHECKING

from packctl.registry.network import Origin
from packctl.registry.open import open_client, tokens_of
from packctl.ui.table import many
from packspec.errors import PackError
from packspec.licenses.status import Status
from packspec.licenses.use import Release, Right, covers
from packspec.names import PackName
from packspec.protocol.endpoint import Nothing
from packspec.protocol.seats import ENTITLEMENTS, Entitlement, Entitlements
from packspec.ranges import Range

if TYPE_CHECKING:
    from packctl.session import Session


def entitlements(session: "Session", address: str) -> Entitlements | None:
    """What the account that is logged in at a registry may use; None without one, and where the registry does not say."""
    try:
        if not tokens_of(session)(Origin.parse(address)):
            return None
        return open_client(session, address).call(ENTITLEMENTS, Nothing())
    except PackError:  # the answer stands without it
        return None


def of_account(found: Entitlements, release: Release) -> str | None:
    """What keeps a release from whoever has an account with these licenses, as `reasons.reason`; None if none of them is for it."""
    fitting = [one for one in found.entitlements if _is_for(one, release)]
    return min((_told(one, release.pack, found.account) for one in fitting), default=(0, None))[1]


def _is_for(one: Entitlement, release: Release) -> bool:
    pack = None if one.covers else PackName.parse(one.pack)
    if not covers(Right(pack=pack, covers=tuple(one.covers)), release.pack, release.category):
        return False
    if one.versions and not Range.parse(one.versions).allows(release.version, include_prereleases=True):
        return False
    ends = (end for end in (one.updates_until, one.ends_at) if end is not None)
    return all(release.at <= end for end in ends)


def _told(one: Entitlement, pack: PackName, account: str) -> tuple[int, str]:
    """How far away it is, the nearest first, and what is said."""
    its = f"license {one.license} of your account"
    if one.status not in (Status.ACTIVE, Status.TRIALING):
        return 3, f"must be paid, and {its} is {one.status.replace('_', ' ')}"
    if not one.has_seat:
        free = one.persons_free or 0
        if free:
            told = f"{free} of {many(one.persons or 0, 'seat')} {'is' if free == 1 else 'are'} free"
            return 1, f"must be paid, and you have no seat of {its} ({told}: packctl license seat add {pack} {account})"
        return 2, f"must be paid, and all seats of {its} are taken (packctl license seat list {pack})"
    if not one.machines_free:
        return 2, f"must be paid, and all machines of {its} are in use (packctl license use {pack})"
    free_machines = many(one.machines_free, "machine")
    return 0, f"must be paid, and {its} has {free_machines} free (packctl license activate {pack})"
