"""Whether a license on this machine has ended, or is about to. Pure (docs/spec/audit.md)."""

from collections.abc import Iterable

from packctl.licenses.cover import Holding
from packctl.licenses.faults import NearEnd, StaleStatus
from packctl.licenses.state import near_end, refused_by
from packctl.ui.table import many
from packspec import limits
from packspec.errors import PackError
from packspec.licenses.refusals import PlaceEnded
from packspec.licenses.status import status_of
from packspec.moments import day

SOON_SECONDS = 14 * limits.DAY_SECONDS
"""What ends within this long is about to end."""


def ending(holdings: Iterable[Holding], now: int) -> PackError | None:
    """What is to be said of these licenses, which all cover one pack; None if one of them goes on. The one that can be used is told of.

    Leases and status lists that the next install renews are no end.
    """
    said = [_said(one, now) for one in holdings]
    if None in said:
        return None
    return next((one for one in said if isinstance(one, NearEnd)), next(iter(said), None))


def _said(holding: Holding, now: int) -> PackError | None:
    lic, license = holding.token.lic, holding.token.sub
    status = status_of(lic.facts(holding.revoked_at), now)
    refused = refused_by(holding, status, now)
    if isinstance(refused, PlaceEnded) and not holding.place.is_offline:
        return None
    if refused is not None and not isinstance(refused, StaleStatus):
        return refused
    if words := near_end(holding, status, now):
        return NearEnd(lic.called, words, license)
    ends = [("it ends", lic.ends)]
    ends += [("its license file ends", holding.token.exp)] if holding.place.is_offline else []
    for what, at in ends:
        if at is not None and at - now <= SOON_SECONDS:
            return NearEnd(
                lic.called, f"{what} on {day(at)}, in {many((at - now) // limits.DAY_SECONDS, 'day')}", license
            )
    return None
