"""I9: every paid release that is to be installed is covered by a license, or nothing is downloaded and all that is missing is told at once.

Leases that are due are renewed first. In CI a key of the environment gives a lease for what is not covered otherwise.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING

from packctl.licenses.cover import Cover, Covered, warning
from packctl.licenses.desk import Counter, Desk
from packctl.licenses.faults import LicensesMissing
from packctl.licenses.getting import addresses_of, lease_ci
from packctl.licenses.keytext import given_key
from packctl.licenses.renewal import renew
from packctl.licenses.wallet import Place
from packctl.outcome import Notice
from packctl.ui.moments import moment
from packspec.errors import PackError
from packspec.licenses.token import LicenseToken
from packspec.licenses.use import Release, covers
from packspec.names import PackName

if TYPE_CHECKING:
    from packctl.session import Session
    from packctl.trust.registry import TrustedRegistry

Addresses = Mapping[PackName, Callable[[], tuple[str, str]]]
"""For each pack that must be paid: asks, once, where archive and tree can be fetched."""


Wanted = Iterable[tuple["TrustedRegistry", list[Release]]]
"""Paid releases, by the registry that they come from."""


def admit(session: "Session", wanted: Wanted) -> Addresses:
    """The addresses of covered releases. Raises the refusal of the one that is not covered, or LicensesMissing for several."""
    found, missing = look_up(session, wanted)
    refuse(missing)
    return found


def refuse(missing: Mapping[PackName, PackError]) -> None:
    """Raises what refuses these packs, if there are any: the one refusal, or LicensesMissing."""
    if len(missing) == 1:
        raise next(iter(missing.values()))
    if missing:
        raise _all_of(list(missing.values()))


def look_up(session: "Session", wanted: Wanted) -> tuple[Addresses, dict[PackName, PackError]]:
    """The addresses of covered releases, and the refusals of the others. Leases that are due are renewed."""
    found: dict[PackName, Callable[[], tuple[str, str]]] = {}
    missing: dict[PackName, PackError] = {}
    for registry, releases in wanted:
        desk = Desk(session, Counter.of(registry))
        covered = _covered(session, desk, releases)
        missing |= covered.missing
        for one in covered.covers:
            found[one.release.pack] = cache(partial(addresses_of, desk, one))
            _tell(session, desk, one)
        desk.remember()
    return found, missing


def _all_of(missing: list[PackError]) -> LicensesMissing:
    packs = tuple(str(getattr(one, "called", "")) for one in missing)
    commands = dict.fromkeys(command for one in missing for command in one.fix()[:1])
    return LicensesMissing(packs, tuple(one.what() for one in missing), tuple(commands))


def _covered(session: "Session", desk: Desk, releases: list[Release]) -> Covered:
    renew(desk, wanted=lambda place: _is_for(desk, place, releases))
    covered = desk.cover(releases)
    key = given_key(session) if covered.missing and desk.is_online else None
    if key is not None:
        have = {one.release.pack for one in covered.covers}
        lease_ci(desk, key, [release for release in releases if release.pack not in have])
        covered = desk.cover(releases)
    return covered


def _is_for(desk: Desk, place: Place, releases: list[Release]) -> bool:
    token = LicenseToken.read(place.token, desk.keys)
    return any(covers(token.lic.right, release.pack, release.category) for release in releases)


def _tell(session: "Session", desk: Desk, one: Cover) -> None:
    """In a log: which license is used. Everywhere: that its end is near."""
    token = one.by.token
    if session.console.progress == "plain":
        session.console.say(
            f"licensed {one.release.pack} by {token.sub} ({token.pool}, lease until {moment(token.exp)})"
        )
    if said := warning(one, desk.now):
        fix = [f"packctl license status {one.release.pack}"]
        session.warn(Notice("licensing.near-end", said, {"license": token.sub}, fix))
