"""Rows of the room `licensing` about machines and CI runs, and the downloads that they may make."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from packspec import limits
from packspec.moments import Moment
from packspec.names import PackName
from packspec.protocol.catalog import AskPack
from packspec.protocol.endpoint import Again, Body, Effect, Endpoint
from packspec.protocol.licenses import (
    ActivationId,
    ActivationView,
    Domain,
    KeyText,
    LicenseId,
    LicenseView,
    Line,
    SignedText,
)
from packspec.versions import Version
from packspec.wire import Answer, Message

Coordinate: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]


class DeviceKey(Message, frozen=True):
    """The public P-256 key of a device, as JWK (RFC 7517) without further members. Its thumbprint names the device."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinate
    y: Coordinate


class Activate(Message, frozen=True):
    """Takes a place for a device. The same device again gets the same place. `key` unless one is logged in as its holder."""

    id: LicenseId
    device: DeviceKey
    key: KeyText = ""
    label: Line = ""
    host_hash: Annotated[str, msgspec.Meta(max_length=64)] = ""
    """An HMAC of the host's name, made by the client."""
    domain: Domain = ""


class Activated(Answer, frozen=True):
    """The place of a device, with the token that proves it until its lease ends."""

    activation: ActivationView
    token: SignedText
    nonce: str
    """What the next proof of this device must name."""
    license: LicenseView
    is_new: bool = True
    """False: the device had this place already."""


class Refresh(Message, frozen=True):
    """A new token for an activation: by the proof of its device, or logged in as its holder."""

    id: ActivationId


class Deactivate(Message, frozen=True):
    """Gives a place back: by the proof of its device, or logged in as its holder."""

    id: ActivationId


class Deactivated(Answer, frozen=True):
    """A place that is free again."""

    activation: ActivationView
    license: LicenseId
    is_new: bool = True
    """False: it was free already."""


class SignRequest(Message, frozen=True):
    """Answers the request file of an offline machine."""

    id: LicenseId
    request: SignedText


class LicenseFile(Answer, frozen=True):
    """What to carry back to the machine."""

    file: str
    activation: ActivationView
    is_new: bool = True
    """False: this request was answered before, and gets the same place."""


class HandInReceipt(Message, frozen=True):
    """A receipt of a machine that gave its place back without network."""

    receipt: SignedText


class MakePool(Message, frozen=True):
    """Places for the machines of a closed network."""

    id: LicenseId
    machines: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    until: Moment
    label: Line = ""


class PoolFile(Answer, frozen=True):
    """The signed pool for the registry inside."""

    file: str
    places: list[ActivationView]


class LeaseCi(Message, frozen=True):
    """A lease for one CI run: by the key of a license, or by the identity that the CI gave the run. Exactly one of the two."""

    device: DeviceKey
    key: KeyText = ""
    identity: Annotated[str, msgspec.Meta(max_length=16 * limits.KIB)] = ""
    """A token of the CI's issuer (docs/spec/identities.md). Never written anywhere; it wants `pack`, and names the run itself."""
    pack: PackName | None = None
    run: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """What names the run, the same for all its steps; empty: the device."""


class CiLeases(Answer, frozen=True):
    """The leases of a run."""

    leases: list[Activated]


class AskDownload(AskPack, frozen=True):
    """The archive of a release that must be paid, for a device: license token and proof come as headers."""

    version: Version


class Download(Answer, frozen=True):
    """Where the archive can be fetched, ranges included, and its tree, until `expires_at`. Both are addresses, or paths of the registry."""

    url: str
    tree: str
    expires_at: int
    version: Version
    """Of which release."""


_ONE = "/api/v1/licenses/{id}"

ACTIVATE = Endpoint(
    "POST", f"{_ONE}/activations", Activate, Activated, Effect.NONE,
    action="license.activate", status=201, known_status=200,
    summary="Take a place of a license for a device, or get the same one again", again=Again.BY_ITSELF,
)  # fmt: skip
REFRESH = Endpoint(
    "POST", "/api/v1/activations/{id}/refresh", Refresh, Activated, Effect.NONE,
    action="license.activate", summary="A new token for an activation", again=Again.BY_ITSELF,
)  # fmt: skip
DEACTIVATE = Endpoint(
    "DELETE", "/api/v1/activations/{id}", Deactivate, Deactivated, Effect.WRITE,
    action="license.activate", body=Body.QUERY, summary="Give a place back",
)  # fmt: skip
SIGN_FILE = Endpoint(
    "POST", f"{_ONE}/files", SignRequest, LicenseFile, Effect.NONE,
    action="license.use", scope="license", summary="Answer the request file of a machine without network", again=Again.BY_ITSELF,
)  # fmt: skip
HAND_IN_RECEIPT = Endpoint(
    "POST", "/api/v1/licenses/receipts", HandInReceipt, Deactivated, Effect.WRITE,
    action="license.activate", summary="Hand in the receipt of a machine that gave its place back without network", again=Again.BY_ITSELF,
)  # fmt: skip
MAKE_POOL = Endpoint(
    "POST", f"{_ONE}/pools", MakePool, PoolFile, Effect.NONE,
    action="license.use", scope="license", summary="Places for the machines of a closed network", again=Again.BY_ITSELF,
)  # fmt: skip
LEASE_CI = Endpoint(
    "POST", "/api/v1/ci/leases", LeaseCi, CiLeases, Effect.NONE,
    action="license.activate", summary="A lease for one CI run", again=Again.BY_ITSELF,
)  # fmt: skip
DOWNLOAD = Endpoint(
    "GET", "/api/v1/packs/{publisher}/{name}/releases/{version}/download", AskDownload, Download, Effect.FILES,
    action="license.activate", body=Body.QUERY, status=302, summary="Where the archive of a paid release lies, for who may use it",
)  # fmt: skip
DOWNLOAD_LATEST = Endpoint(
    "GET", "/api/v1/packs/{publisher}/{name}/download", AskPack, Download, Effect.FILES,
    action="license.activate", body=Body.QUERY, status=302, summary="Where the archive of the latest release lies, for who may use it",
)  # fmt: skip
