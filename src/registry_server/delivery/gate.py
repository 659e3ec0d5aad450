"""Who may have the archive of a paid release: token, proof of the device, and signed status list decide."""

import re

from packspec import site
from packspec.digests import Digest
from packspec.index.documents import IndexedRelease
from packspec.index.missing import NoSuchPack, NoSuchRelease
from packspec.licenses.proof import NO_BODY, Proof
from packspec.licenses.refusals import refusal
from packspec.licenses.status_list import StatusList
from packspec.licenses.token import LicenseToken
from packspec.licenses.use import Refused, Release, may_use
from packspec.moments import day
from packspec.names import PackName
from packspec.packproof import Packproof
from packspec.signing.statement import Statement, read_statement
from packspec.verdict.faults import ReleaseRecalled
from packspec.versions import Version
from registry_server.call import Call, Shown
from registry_server.catalog.rules import State, latest_of
from registry_server.delivery.rules import NothingShown, StatusListMissing
from registry_server.index.readable import Readable, readable
from registry_server.index.repository import MetadataDamaged
from registry_server.world import World

_LIST = re.compile(r"license-status/(?:0|[1-9][0-9]{0,8})")


def find_latest(seen: Readable, pack: PackName) -> IndexedRelease:
    """The release that is fetched where none is named; the highest if none may be chosen. Raises NoSuchPack, ReleaseRecalled."""
    releases = seen.releases(pack)
    if not releases:
        raise NoSuchPack(pack)
    latest = latest_of({one.version: State(one.state) for one in releases})
    return find_release(seen, pack, latest or releases[0].version)


def find_release(seen: Readable, pack: PackName, version: Version) -> IndexedRelease:
    """A release that may be fetched. Raises NoSuchRelease, ReleaseRecalled."""
    found = seen.release(pack, version)
    if found is None:
        raise NoSuchRelease(pack, str(version.without_build()), "")
    if found.state == "recalled":
        recall = seen.recall(pack, found.version)
        if recall is not None and recall.action == "stop":
            replacement = f"{pack} {recall.replacement}" if recall.replacement else ""
            raise ReleaseRecalled(f"{pack} {found.version}", recall.reason, replacement, recall.day)
    return found


def admit(call: Call, pack: PackName, release: IndexedRelease) -> LicenseToken:
    """The token by which a paid release may be fetched. Raises what is wrong with token, proof or license, StatusListMissing."""
    seen = readable(call.world)
    token = _bound_token(call.shown, seen, call.now, f"{pack} {release.version}")
    revoked_at = call.now if _is_revoked(call.world, seen, token) else None
    wanted = Release.of(pack, release.version, release.at, release.facts)
    use = may_use(token.lic.right, token.lic.facts(revoked_at), token, wanted, call.now)
    if use.refused is not None:
        raise refusal(use.refused, str(pack), token.sub, _day_of(use.refused, token, wanted))
    return token


def _bound_token(shown: Shown, seen: Readable, now: int, release: str) -> LicenseToken:
    if not shown.license or not shown.proof:
        raise NothingShown(release)
    token = LicenseToken.read(shown.license, seen.license_keys)
    proof = Proof.read(shown.proof)
    token.check(seen.origin, proof.device, now)
    proof.check(shown.method, shown.path, Digest.of(shown.body) if shown.body else NO_BODY, now)
    return token


def _is_revoked(world: World, seen: Readable, token: LicenseToken) -> bool:
    entry = token.status.status_list
    data = world.public.read(entry.uri) if _LIST.fullmatch(entry.uri) else None
    if data is None:
        raise StatusListMissing(entry.uri)
    return StatusList.read(data.decode("ascii"), seen.license_keys).is_revoked(entry.idx)


def statement_of(world: World, pack: PackName, version: Version) -> Statement:
    """What the publisher signed about a release. Raises MetadataDamaged."""
    proof = world.public.read(site.packproof(pack, version))
    if proof is None:
        raise MetadataDamaged(site.packproof(pack, version), "it is missing")
    return read_statement(Packproof.parse(proof).statement.payload)


def _day_of(refused: Refused, token: LicenseToken, wanted: Release) -> str:
    match refused:
        case Refused.LEASE_ENDED:
            return day(token.exp)
        case Refused.EARLY_ACCESS:
            return day(wanted.at + (wanted.early_access or 0))
        case Refused.TOO_NEW if token.lic.updates_until is not None:
            return day(token.lic.updates_until)
        case Refused.EXPIRED | Refused.CANCELLED if token.lic.ends is not None:
            return day(token.lic.ends)
        case _:
            return ""
