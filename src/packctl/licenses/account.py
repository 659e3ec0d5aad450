"""What the licenses of one's account say about a pack that no license of this machine covers: free machines, free seats, or none.

They are no right to anything: a place for this machine is, and the registry gives that. They tell how to come by one.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from packctl.licenses.desk import Desk
from packctl.licenses.faults import Elsewhere
from packctl.registry.network import Origin
from packctl.registry.open import open_client, tokens_of
from packctl.ui.table import many
from packspec.errors import PackError
from packspec.licenses.refusals import NotCovered
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


def of_account(found: Entitlements, release: Release) -> Elsewhere | None:
    """What whoever has an account with these licenses is told of a release; None if none of them is for it."""
    fitting = [one for one in found.entitlements if _is_for(one, release)]
    told = min((_told(one, release.pack, found.account) for one in fitting), default=None)
    return None if told is None else Elsewhere(str(release.pack), told.license, told.said, told.fix)


def explained(
    desk: Desk, missing: Mapping[PackName, PackError], releases: Iterable[Release]
) -> dict[PackName, PackError]:
    """The same refusals; where no license of this machine is for a pack, what those of the account have left."""
    lacking = [one for one in releases if isinstance(missing.get(one.pack), NotCovered)]
    found = entitlements(desk.session, desk.counter.address) if lacking and desk.is_online else None
    if found is None:
        return dict(missing)
    return {**missing, **{one.pack: told for one in lacking if (told := of_account(found, one)) is not None}}


def _is_for(one: Entitlement, release: Release) -> bool:
    pack = None if one.covers else PackName.parse(one.pack)
    if not covers(Right(pack=pack, covers=tuple(one.covers)), release.pack, release.category):
        return False
    if one.versions and not Range.parse(one.versions).allows(release.version, include_prereleases=True):
        return False
    ends = (end for end in (one.updates_until, one.ends_at) if end is not None)
    return all(release.at <= end for end in ends)


class _Told(NamedTuple):
    """How far away it is, the nearest first, and what is said."""

    distance: int
    license: str
    said: str
    fix: str


def _told(one: Entitlement, pack: PackName, account: str) -> _Told:
    its, named = f"license {one.license} of your account", one.license if one.covers else str(pack)
    if one.status not in (Status.ACTIVE, Status.TRIALING):
        said = f"{its} is {one.status.replace('_', ' ')}"
        return _Told(3, one.license, said, "packctl license list --remote")
    if not one.has_seat:
        free = one.persons_free or 0
        if free:
            said = f"you have no seat of {its}; {free} of {many(one.persons or 0, 'seat')} {'is' if free == 1 else 'are'} free"
            return _Told(1, one.license, said, f"packctl license seat add {named} {account}")
        return _Told(2, one.license, f"all seats of {its} are taken", f"packctl license seat list {named}")
    if not one.machines_free:
        return _Told(2, one.license, f"all machines of {its} are in use", f"packctl license use {named}")
    said = f"{its} has {many(one.machines_free, 'machine')} free"
    return _Told(0, one.license, said, f"packctl license activate {named}")
