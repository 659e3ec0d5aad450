"""I9: every paid release that is to be installed is covered by a license, or nothing is downloaded and all that is missing is told at once.

Leases that are due are renewed first. In CI a key of the environment, or the identity of the run, gives a lease for what is not covered
otherwise.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING

from packctl.licenses.account import explained
from packctl.licenses.cover import Cover, Covered, warning
from packctl.licenses.desk import Counter, Desk
from packctl.licenses.faults import KeyForOthers, LicensesMissing
from packctl.licenses.getting import addresses_of, lease
from packctl.licenses.identity import Identity, identity_for
from packctl.licenses.keytext import given_key, variable_of_key
from packctl.licenses.renewal import keep_up
from packctl.licenses.wallet import Place
from packctl.outcome import Notice
from packspec.errors import Anonymous, PackError, Unlicensed
from packspec.identities.faults import UnknownIssuer
from packspec.licenses.keys import LicenseKey
from packspec.licenses.refusals import NotCovered
from packspec.licenses.token import LicenseToken
from packspec.licenses.use import Release, covers
from packspec.moments import moment
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
        raise _all_of(missing)


def look_up(session: "Session", wanted: Wanted) -> tuple[Addresses, dict[PackName, PackError]]:
    """The addresses of covered releases, and the refusals of the others. Leases that are due are renewed."""
    found: dict[PackName, Callable[[], tuple[str, str]]] = {}
    missing: dict[PackName, PackError] = {}
    for registry, releases in wanted:
        desk = Desk(session, Counter.of(registry))
        covered = _covered(session, desk, releases)
        missing |= explained(desk, covered.missing, releases)
        for one in covered.covers:
            found[one.release.pack] = cache(partial(addresses_of, desk, one))
            _tell(session, desk, one)
        desk.remember()
    return found, missing


def _all_of(missing: Mapping[PackName, PackError]) -> LicensesMissing:
    commands = dict.fromkeys(command for one in missing.values() for command in one.fix()[:1])
    reasons = tuple(one.what() for one in missing.values())
    return LicensesMissing(tuple(map(str, missing)), reasons, tuple(commands))


def _covered(session: "Session", desk: Desk, releases: list[Release]) -> Covered:
    keep_up(desk, wanted=lambda place: _is_for(desk, place, releases))
    covered = desk.cover(releases)
    if not covered.missing or not desk.is_online:
        return covered
    lacking = [release for release in releases if release.pack in covered.missing]
    refused: Mapping[PackName, PackError] = {}
    if (key := given_key(session)) is not None:
        refused = _by_key(desk, key, lacking)
    elif (identity := identity_for(session, desk.name)) is not None:
        refused = _by_identity(desk, identity, lacking)
    else:
        return covered
    covered = desk.cover(releases)
    return Covered(covered.covers, {pack: refused.get(pack, error) for pack, error in covered.missing.items()})


def _by_key(desk: Desk, key: LicenseKey, lacking: list[Release]) -> Mapping[PackName, PackError]:
    """What refuses the packs that this run gets no lease for. That the key is for others is said of the key, not of this machine."""
    by = variable_of_key(desk.session)
    return {
        pack: KeyForOthers(str(pack), by) if error.code == NotCovered.code else error
        for pack, error in lease(desk, lacking, key).items()
    }


def _by_identity(desk: Desk, identity: Identity, lacking: list[Release]) -> Mapping[PackName, PackError]:
    """What refuses the packs that this run gets no lease for. That a registry takes none of GitHub's identities is no fault by itself."""
    try:
        return lease(desk, lacking, identity=identity.token)
    except Anonymous as error:
        if identity.is_meant or error.code != UnknownIssuer.code:
            raise
        return {}


def _is_for(desk: Desk, place: Place, releases: list[Release]) -> bool:
    try:
        right = LicenseToken.read(place.token, desk.keys).lic.right
    except Unlicensed:  # it is to be renewed; until then only what was noted beside it tells what it is for
        return any(place.pack == release.pack for release in releases)
    return any(covers(right, release.pack, release.category) for release in releases)


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
