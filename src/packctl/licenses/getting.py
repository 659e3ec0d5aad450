"""How this machine comes by a place in a license, and gives it back: at the registry, by a file, or for one run in CI."""

from collections.abc import Iterable, Mapping

import msgspec

from packctl.licenses.cover import Cover, Holding
from packctl.licenses.desk import Desk, device_key
from packctl.licenses.device import Device, passing_device
from packctl.licenses.wallet import Place
from packctl.registry.failures import TokenNeedsTls
from packspec.errors import PackError, Unlicensed
from packspec.licenses.files import LicenseFile
from packspec.licenses.keys import LicenseKey
from packspec.licenses.token import LicenseToken
from packspec.licenses.use import Refused, Release
from packspec.names import PackName
from packspec.protocol.activations import (
    ACTIVATE,
    DEACTIVATE,
    DOWNLOAD,
    LEASE_CI,
    Activate,
    Activated,
    AskDownload,
    Deactivate,
    Deactivated,
    LeaseCi,
)

_RUNS = (
    ("GITHUB_RUN_ID", ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")),
    ("CI_PIPELINE_ID", ("CI_SERVER_URL", "CI_PROJECT_PATH", "CI_PIPELINE_ID")),
    ("BUILD_TAG", ("JENKINS_URL", "BUILD_TAG")),
    ("BUILD_ID", ("BUILD_ID",)),
)
"""How runs are named: by the first variable that is set, with those that make it one of its kind. GitHub, GitLab, Jenkins, others."""


def activate(
    desk: Desk, license: str, key: LicenseKey | None, *, label: str = "", domain: str = "", host: str = ""
) -> tuple[Activated, Holding]:
    """Takes a place for this machine, or gets the one it has. Raises the registry's refusals."""
    ask = Activate(
        id=license,
        device=device_key(desk.device),
        key=str(key) if key else "",
        label=label,
        domain=domain,
        host_hash=desk.device.host_hash(host) if host else "",
    )
    with desk.turn():
        held = next((one for one in desk.places if one.license == license), None)
        got = desk.client.call(ACTIVATE, ask, prove=desk.proving(held))
        holding = _taken(desk, desk.place(got, label))
    desk.met(holding.token.iat)
    return got, holding


def take_file(desk: Desk, file: LicenseFile) -> tuple[Holding, bool]:
    """A license file that answers a request of this machine, and whether it brought anything: what is newer and lasts as long stays.

    Raises what is wrong with its token, OtherDevice first of all.
    """
    token = LicenseToken.read(file.token, desk.keys)
    token.check(desk.name, desk.device.name, desk.now)
    if file.status_list:
        desk.take_list(file.status_list, token.status.status_list.uri)
    for one in desk.holdings():
        if one.token.sub == token.sub and one.token.iat >= token.iat and one.token.exp >= token.exp:
            return one, False
    place = Place(
        registry=desk.name,
        address=desk.counter.address,
        license=token.sub,
        activation=token.jti,
        pack=token.lic.called,
        token=file.token,
        is_offline=True,
    )
    desk.met(token.iat)
    return _taken(desk, place), True


def _taken(desk: Desk, place: Place) -> Holding:
    holding = desk.holding(place)
    desk.keep(lambda book: book.with_place(place))
    return holding


def give_back(desk: Desk, place: Place) -> Deactivated:
    """Gives a place back at the registry, and forgets it here. Raises the registry's refusals.

    It counts no more from before the request on, so that nobody who ends this process has both: the next renewal asks how it went.
    """
    leaving = msgspec.structs.replace(place, refused=Refused.NOT_ACTIVATED.code)
    desk.keep(lambda book: book.with_place(leaving))
    try:
        done = desk.client.call(DEACTIVATE, Deactivate(id=place.activation), prove=desk.proving(place))
    except PackError:
        desk.keep(lambda book: book.with_place(place))
        raise
    forget(desk, place)
    return done


def forget(desk: Desk, place: Place) -> None:
    """Forgets a place on this machine."""
    desk.keep(lambda book: book.without(place.activation, place.registry))


def lease(
    desk: Desk, releases: Iterable[Release], key: LicenseKey | None = None, identity: str = ""
) -> dict[PackName, PackError]:
    """Leases for this run in CI by its key or identity, one for each pack, kept nowhere; and what refuses the packs that it gets none for.

    Each may be of another license, so one that is refused keeps no other from being asked for. Raises what is wrong with key or identity.
    """
    refused: dict[PackName, PackError] = {}
    for release in releases:
        try:
            _lease(desk, release, "" if key is None else str(key), identity)
        except Unlicensed as error:
            refused[release.pack] = error
    return refused


def _lease(desk: Desk, release: Release, key: str, identity: str) -> None:
    if not desk.client.origin.keeps_secrets:
        raise TokenNeedsTls(desk.client.origin)
    device = passing_device(desk.session.random_bytes)
    run = "" if identity else run_of(desk.session.environ) or device.name
    ask = LeaseCi(device=device_key(device), key=key, identity=identity, pack=release.pack, run=run)
    for got in desk.client.call(LEASE_CI, ask, prove=desk.proving(device=device)).leases:
        desk.in_run.append((desk.holding(desk.place(got), device), device))


def run_of(environ: Mapping[str, str]) -> str:
    """What names this run in CI, the same for all its steps; empty where nothing does."""
    for decides, names in _RUNS:
        if environ.get(decides):
            return " ".join(environ[name] for name in names if environ.get(name))[:200]
    return ""


def addresses_of(desk: Desk, one: Cover) -> tuple[str, str]:
    """Where archive and tree of a covered release can be fetched, for an hour. Raises the registry's refusals, Unreachable and its kin."""
    pack = one.release.pack
    ask = AskDownload(publisher=pack.publisher, name=pack.partition("/")[2], version=one.release.version)
    prove = desk.proving(one.by.place, token=one.by.place.token, device=_device_of(desk, one.by))
    got = desk.client.call(DOWNLOAD, ask, prove=prove)
    archive, tree = (url if "://" in url else f"{desk.client.address}/{url.lstrip('/')}" for url in (got.url, got.tree))
    return archive, tree


def _device_of(desk: Desk, holding: Holding) -> Device:
    for one, device in desk.in_run:
        if one is holding:
            return device
    return desk.device
