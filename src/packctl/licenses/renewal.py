"""Leases and status lists that are due are renewed while the registry answers. One that does not answer is no failure."""

from collections.abc import Callable

import msgspec

from packctl.licenses.desk import Desk
from packctl.licenses.wallet import Place
from packctl.outcome import Notice
from packspec import limits
from packspec.errors import Busy, PackError, Unavailable, Unlicensed
from packspec.licenses.jose import TEXT_BYTES
from packspec.licenses.proof import ProofRefused
from packspec.licenses.token import OtherDevice, OtherRegistry
from packspec.problems import Relayed
from packspec.protocol.activations import REFRESH, Refresh

RENEW_SECONDS = limits.DAY_SECONDS
"""A lease is renewed by the first install that uses it on a new day."""


def renew(
    desk: Desk,
    *,
    older_than: int = RENEW_SECONDS,
    asks_for_lists: bool = True,
    wanted: Callable[[Place], bool] = lambda place: True,
) -> list[tuple[Place, PackError]]:
    """Renews the leases that are older, and the lists of revoked licenses, 7,000 bytes each: whoever gets new files asks for them anew,
    others when their time is over. A place whose token does not count is renewed, too. What the registry refused is given back; what it
    says of the license is remembered.

    Raises Unavailable and Busy; what is held counts until its own end.
    """
    if not desk.is_online or not desk.places:
        return []
    clock = desk.session.clock()
    set_back = desk.was_set_back
    oldest = 0 if set_back else older_than  # what is signed anew tells what time it is
    try:
        refused = _renew_all(desk, lambda: _due(desk, clock, oldest, wanted))
        for path in sorted({one.token.status.status_list.uri for one in desk.holdings()}):
            _fetch_list(desk, path, clock, forced=asks_for_lists)
        refused += _renew_all(desk, lambda: _listed(desk, wanted))
        if set_back:
            desk.remember()
    finally:
        desk.__dict__.pop("now", None)  # what was signed just now may be later than all before
    return refused


def ask_now(desk: Desk, wanted: Callable[[Place], bool] = lambda place: True) -> None:
    """Asks how every place stands. What the registry says of a license is seen there; other failures are told here.

    Raises Unreachable where nobody may be asked, Unavailable, Busy.
    """
    from packctl.registry.failures import Unreachable

    if not desk.is_online:
        raise Unreachable(desk.counter.address, "--offline")
    _tell(desk, renew(desk, older_than=0, wanted=wanted))
    desk.remember()


def keep_up(desk: Desk, *, asks_for_lists: bool = True, wanted: Callable[[Place], bool] = lambda place: True) -> None:
    """Renews what is due on the way to something else. What the registry says of a license is seen there; other failures are told here."""
    try:
        failed = renew(desk, asks_for_lists=asks_for_lists, wanted=wanted)
    except (Unavailable, Busy) as error:
        said = f"{error.what()}; the licenses of this machine were not renewed"
        desk.session.warn(Notice(error.code, said, error.facts(), error.fix()))
        return
    _tell(desk, failed)


def _tell(desk: Desk, failed: list[tuple[Place, PackError]]) -> None:
    for _, failure in failed:
        if not _is_of_license(failure):
            desk.warn(failure)


def _due(desk: Desk, clock: int, older_than: int, wanted: Callable[[Place], bool]) -> list[Place]:
    """The places whose token is older, or does not count. The registry's clock may be ahead of this one."""
    good, bad = desk.checked()
    due = [one.place for one in good if max(0, clock - one.token.iat) >= older_than or one.place.refused]
    due += [place for place, error in bad if not isinstance(error, OtherDevice | OtherRegistry)]
    return [place for place in due if not place.is_offline and wanted(place)]


def _listed(desk: Desk, wanted: Callable[[Place], bool]) -> list[Place]:
    """The places of licenses that a list tells of. It does not say why: revoked, or suspended for a while."""
    held = [one for one in desk.holdings() if one.revoked_at is not None]
    return [one.place for one in held if not one.place.refused and wanted(one.place)]


def _renew_all(desk: Desk, due: Callable[[], list[Place]]) -> list[tuple[Place, PackError]]:
    if not due():
        return []
    with desk.turn():  # another packctl may have renewed them while this one waited
        return [one for place in due() for one in _renew_one(desk, place)]


def _renew_one(desk: Desk, place: Place) -> list[tuple[Place, PackError]]:
    try:
        got = desk.client.call(REFRESH, Refresh(id=place.activation), prove=desk.proving(place))
        renewed = desk.place(got, place.label)
        holding = desk.holding(renewed)  # what does not count takes the place of nothing
    except (Unavailable, Busy):
        raise
    except PackError as error:
        if _is_of_license(error):
            code = error.code
            desk.keep(lambda book: book.with_place(msgspec.structs.replace(place, refused=code)))
        return [(place, error)]
    if renewed.token != place.token:
        desk.met(holding.token.iat)
    desk.keep(lambda book: book.with_place(renewed))
    return []


def _is_of_license(error: PackError) -> bool:
    """Whether the registry says that a license or place is not what it was; other refusals are of this request alone."""
    return isinstance(error, Unlicensed) and isinstance(error, Relayed) and error.code != ProofRefused.code


def _fetch_list(desk: Desk, path: str, clock: int, *, forced: bool) -> None:
    kept, known = desk.book.list_of(desk.name, path), desk.known_list(path)
    if kept is not None and known is not None and not forced and clock - kept.fetched_at < known.ttl:
        return
    source = desk.counter.source
    data = source.read(path, TEXT_BYTES) if source else None
    if data is None:
        return
    try:
        desk.take_list(data.decode("ascii", "replace").strip(), path)
    except Unlicensed as error:  # whatever stands between may serve anything; what is known stays
        desk.warn(error)
