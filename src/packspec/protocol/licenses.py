"""Rows of the room `licensing`: licenses, activations, seats, plans (docs/spec/licenses.md).

A license key travels in bodies only. Each refusal about a license is of kind `unlicensed`; its code says which.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec

from packspec import limits
from packspec.licenses.plans import Plan, PlanId, Pool
from packspec.names import PackName, PublisherName
from packspec.protocol.catalog import PackPart
from packspec.protocol.endpoint import Body, Effect, Endpoint, Nothing
from packspec.versions import Version
from packspec.wire import Answer, Message

LicenseId: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^L-[1-9][0-9]{0,14}\Z")]
"""`L-` and a number."""
ActivationId: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^A-[1-9][0-9]{0,14}\Z")]
"""`A-` and a number."""
Person: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?|M-[1-9][0-9]{0,14})\Z")]
"""The name of a person's account, or `M-` and the number of a member of any account."""
Account: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?\Z")]
KeyText: TypeAlias = Annotated[str, msgspec.Meta(max_length=100)]
"""A license key as it was typed. Never written anywhere."""
Line: TypeAlias = Annotated[str, msgspec.Meta(max_length=100)]
Domain: TypeAlias = Annotated[str, msgspec.Meta(max_length=253)]
Note: TypeAlias = Annotated[str, msgspec.Meta(max_length=limits.TEXT_CHARACTERS)]
SignedText: TypeAlias = Annotated[str, msgspec.Meta(max_length=64 * limits.KIB)]
"""A JWS in compact form."""
Quantity: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Moment: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]
Coordinate: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]


class DeviceKey(Message, frozen=True):
    """The public P-256 key of a device, as JWK (RFC 7517) without further members. Its thumbprint names the device."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinate
    y: Coordinate


# What is told of a license


class LicenseView(Answer, frozen=True):
    """A license as its holder sees it. `status` is as of the answer."""

    id: LicenseId
    pack: str
    """The pack, or `plan:ID` of a plan for many packs."""
    plan: Plan
    status: str
    holder: Account
    quantity: int
    key_hint: str
    """The last four characters of its key."""
    starts_at: int
    seq: int
    """Grows with every change."""
    machines: int = 0
    """Places for machines, of which `machines_used` are taken."""
    machines_used: int = 0
    ci_runs: int = 0
    ci_used: int = 0
    persons: int | None = None
    persons_used: int = 0
    issued_at: int = 0
    ends_at: int | None = None
    usable_until: int | None = None
    """When it stops to be usable if nothing happens; None: never."""
    trial_until: int | None = None
    cancel_at: int | None = None
    past_due_since: int | None = None
    awaiting: str = ""
    suspended_at: int | None = None
    revoked_at: int | None = None
    reason: str = ""
    updates_until: int | None = None


class ActivationView(Answer, frozen=True):
    """A machine or run that has, or had, a place of a license."""

    id: ActivationId
    license: LicenseId
    pool: Pool
    slot: int
    """From 1."""
    instance: str
    """The thumbprint of its device key; of a CI run, what names the run."""
    label: str
    activated_at: int
    seen_at: int
    expires_at: int
    domain: str = ""
    host_hash: str = ""
    member: str = ""
    """Who activated it, if they were logged in."""
    ended_at: int | None = None
    ended_reason: str = ""


class SeatView(Answer, frozen=True):
    """A person's seat."""

    member: Person
    slot: int
    """From 1."""
    assigned_at: int
    released_at: int | None = None


class EventView(Answer, frozen=True):
    """One change of a license."""

    seq: int
    event: str
    at: int
    actor: str
    facts: dict[str, str] = {}


class LicenseDetail(Answer, frozen=True):
    """A license with who uses it now, and what happened to it, newest first."""

    license: LicenseView
    activations: list[ActivationView] = []
    seats: list[SeatView] = []
    events: list[EventView] = []


class LicenseList(Answer, frozen=True):
    """A page of licenses, newest first."""

    licenses: list[LicenseView]
    cursor: str = ""


# Asking


class ListLicenses(Message, frozen=True):
    """One's own licenses; with `pack` also those of a pack that one publishes; an admin may ask for all with `everybody`."""

    pack: PackName | None = None
    holder: Account | None = None
    everybody: bool = False
    cursor: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=limits.PAGE_ROWS)] = 50


class AskLicense(Message, frozen=True):
    """Which license."""

    id: LicenseId


class ChangeLicense(Message, frozen=True):
    """Something happens to a license; `note` goes into its history."""

    id: LicenseId
    note: Note = ""


class RenewLicense(Message, frozen=True):
    """More time: `periods` times the plan's duration, from the old end."""

    id: LicenseId
    periods: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    note: Note = ""


class ResizeLicense(Message, frozen=True):
    """Another quantity. Lowering it ends nothing: it only keeps new ones out."""

    id: LicenseId
    quantity: Quantity
    note: Note = ""


class TransferLicense(Message, frozen=True):
    """A new holder. The key changes and all activations end."""

    id: LicenseId
    to: Account
    note: Note = ""


class IssueLicense(Message, frozen=True):
    """Sells or gives a right. Exactly one of `plan` (a plan of the pack) and `terms` (one that is made for this) is given.

    A trial that runs becomes what is issued, under the same id; a license of another plan is superseded; one that ended is renewed.
    """

    holder: Account
    pack: PackName | None = None
    plan: PlanId = "perpetual"
    terms: Plan | None = None
    quantity: Quantity = 1
    awaiting: Literal["", "payment", "permission", "claim"] = ""
    note: Note = ""


class Issued(Answer, frozen=True):
    """A license that is there now. `key` is shown this once; empty where the license keeps the one it has."""

    license: LicenseView
    key: str = ""
    outcome: str = "issued"
    """`issued`, `converted`, `renewed` or `superseded`."""


class ValidateLicense(Message, frozen=True):
    """Asks whether a license is good for something. Needs no place of it. Exactly one of `key` and `id`."""

    key: KeyText = ""
    id: LicenseId | None = None
    pack: PackName | None = None
    version: Version | None = None
    domain: Domain = ""


class Validation(Answer, frozen=True):
    """The answer: the way from a key to its license."""

    valid: bool
    id: LicenseId | None = None
    pack: str = ""
    status: str = ""
    code: str = ""
    """Why not."""
    ends_at: int | None = None
    features: list[str] = []


# Machines


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
    """A lease for one CI run: by a key, or by the CI's own token for licenses that name its repository."""

    device: DeviceKey
    key: KeyText = ""
    identity: SignedText = ""
    """The OIDC token of the CI."""
    pack: PackName | None = None
    run: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """What names the run where no identity does."""


class CiLeases(Answer, frozen=True):
    """The leases of a run."""

    leases: list[Activated]


# Persons


class AssignSeat(Message, frozen=True):
    """Gives a person a seat; having one already is fine."""

    id: LicenseId
    member: Person


class ReleaseSeat(Message, frozen=True):
    """Takes a person's seat back. Machines that they activated lose their place with it."""

    id: LicenseId
    member: Person


class ImportSeats(Message, frozen=True):
    """Seats for all persons of a CSV text, whose column `member` (or first column) names them: all or none."""

    id: LicenseId
    csv: Annotated[str, msgspec.Meta(max_length=64 * limits.KIB)]
    dry_run: bool = False


class SeatLine(Answer, frozen=True):
    """What becomes of one line."""

    line: int
    member: str
    outcome: str
    """`assigned`, `had-one`, or the code of what is wrong with it."""
    reason: str = ""


class SeatReport(Answer, frozen=True):
    """What became of an import. `done` false: nothing was changed."""

    done: bool
    assigned: int
    lines: list[SeatLine]
    persons: int
    persons_used: int


class Seats(Answer, frozen=True):
    """Who has a seat."""

    seats: list[SeatView]
    persons: int | None
    is_new: bool = True


# Reports and entitlements


class AskUse(Message, frozen=True):
    """Who used a license between two moments; 0 for `until`: now."""

    id: LicenseId
    since: Moment = 0
    until: Moment = 0


class UseReport(Answer, frozen=True):
    """The true-up report: every machine, run and seat of the time, and the most that were in use at once."""

    license: LicenseView
    since: int
    until: int
    machines_most: int
    ci_most: int
    persons_most: int
    activations: list[ActivationView]
    seats: list[SeatView]


class Entitlement(Answer, frozen=True):
    """What a license means to a resolver."""

    license: LicenseId
    pack: str
    status: str
    covers: list[str] = []
    versions: str = ""
    updates_until: int | None = None
    ends_at: int | None = None
    grace_s: int = 0
    features: list[str] = []
    machines_free: int = 0
    persons: int | None = None
    persons_free: int | None = None
    has_seat: bool = True
    """Whether the asker needs no seat, or has one."""


class Entitlements(Answer, frozen=True):
    """Everything that the asker may use, as of `at`."""

    at: int
    account: Account
    entitlements: list[Entitlement]


# Plans


class AskPlans(Message, frozen=True):
    """Which pack."""

    publisher: PublisherName
    name: PackPart

    @property
    def pack(self) -> PackName:
        """The pack's whole name."""
        return PackName.parse(f"{self.publisher}/{self.name}")


class SetPlan(Message, frozen=True):
    """A plan as it is sold from now on. What was sold keeps the plan that it has."""

    publisher: PublisherName
    name: PackPart
    plan: PlanId
    terms: Plan


class DropPlan(Message, frozen=True):
    """Sells a plan no more."""

    publisher: PublisherName
    name: PackPart
    plan: PlanId


class Plans(Answer, frozen=True):
    """The plans of a pack; with none it is free, or not for sale."""

    pack: PackName
    plans: list[Plan]


# Files


class AskDownload(Message, frozen=True):
    """The archive of a release that must be paid, for a device: license token and proof come as headers."""

    publisher: PublisherName
    name: PackPart
    version: Version

    @property
    def pack(self) -> PackName:
        """The pack's whole name."""
        return PackName.parse(f"{self.publisher}/{self.name}")


class Download(Answer, frozen=True):
    """Where the archive can be fetched, ranges included, and its tree, until `expires_at`. Both are addresses, or paths of the registry."""

    url: str
    tree: str
    expires_at: int


_ONE = "/api/v1/licenses/{id}"
_PLANS = "/api/v1/packs/{publisher}/{name}/plans"

ISSUE = Endpoint(
    "POST", "/api/v1/licenses", IssueLicense, Issued, Effect.WRITE,
    action="license.issue", scope="", status=201, summary="Issue a license: an admin any, a publisher for packs of its own",
)  # fmt: skip
LIST = Endpoint(
    "GET", "/api/v1/licenses", ListLicenses, LicenseList, Effect.READ,
    action="license.see", scope="license", body=Body.QUERY, summary="Licenses, newest first",
)  # fmt: skip
SHOW = Endpoint(
    "GET", _ONE, AskLicense, LicenseDetail, Effect.READ,
    action="license.see", scope="license", body=Body.QUERY, summary="A license, who uses it, and its history",
)  # fmt: skip
VALIDATE = Endpoint(
    "POST", "/api/v1/licenses/validate", ValidateLicense, Validation, Effect.READ,
    action="license.validate", summary="Whether a license is good for something; the way from a key to its id",
)  # fmt: skip
ACTIVATE = Endpoint(
    "POST", f"{_ONE}/activations", Activate, Activated, Effect.WRITE,
    action="license.activate", summary="Take a place of a license for a device, or get the same one again",
)  # fmt: skip
REFRESH = Endpoint(
    "POST", "/api/v1/activations/{id}/refresh", Refresh, Activated, Effect.NONE,
    action="license.activate", summary="A new token for an activation",
)  # fmt: skip
DEACTIVATE = Endpoint(
    "DELETE", "/api/v1/activations/{id}", Deactivate, Deactivated, Effect.WRITE,
    action="license.activate", body=Body.QUERY, summary="Give a place back",
)  # fmt: skip
SIGN_FILE = Endpoint(
    "POST", f"{_ONE}/files", SignRequest, LicenseFile, Effect.WRITE,
    action="license.use", scope="license", summary="Answer the request file of a machine without network",
)  # fmt: skip
HAND_IN_RECEIPT = Endpoint(
    "POST", "/api/v1/licenses/receipts", HandInReceipt, Deactivated, Effect.WRITE,
    action="license.activate", summary="Hand in the receipt of a machine that gave its place back without network",
)  # fmt: skip
MAKE_POOL = Endpoint(
    "POST", f"{_ONE}/pools", MakePool, PoolFile, Effect.WRITE,
    action="license.use", scope="license", summary="Places for the machines of a closed network",
)  # fmt: skip
LEASE_CI = Endpoint(
    "POST", "/api/v1/ci/leases", LeaseCi, CiLeases, Effect.WRITE,
    action="license.activate", summary="A lease for one CI run",
)  # fmt: skip
SEATS = Endpoint(
    "GET", f"{_ONE}/seats", AskLicense, Seats, Effect.READ,
    action="license.see", scope="license", body=Body.QUERY, summary="Who has a seat",
)  # fmt: skip
ASSIGN_SEAT = Endpoint(
    "PUT", f"{_ONE}/seats/{{member}}", AssignSeat, Seats, Effect.WRITE,
    action="license.seats", scope="license", summary="Give a person a seat",
)  # fmt: skip
RELEASE_SEAT = Endpoint(
    "DELETE", f"{_ONE}/seats/{{member}}", ReleaseSeat, Seats, Effect.WRITE,
    action="license.seats", scope="license", body=Body.QUERY, summary="Take a person's seat back",
)  # fmt: skip
IMPORT_SEATS = Endpoint(
    "POST", f"{_ONE}/seats:import", ImportSeats, SeatReport, Effect.WRITE,
    action="license.seats", scope="license", summary="Seats for all persons of a CSV text, all or none",
)  # fmt: skip
RENEW = Endpoint(
    "POST", f"{_ONE}/renew", RenewLicense, LicenseView, Effect.WRITE,
    action="license.issue", scope="", summary="More time, from the old end",
)  # fmt: skip
RESIZE = Endpoint(
    "POST", f"{_ONE}/resize", ResizeLicense, LicenseView, Effect.WRITE,
    action="license.issue", scope="", summary="Another quantity", external=True,
)  # fmt: skip
CANCEL = Endpoint(
    "POST", f"{_ONE}/cancel", ChangeLicense, LicenseView, Effect.WRITE,
    action="license.use", scope="license", summary="Let a license end when its time is over", external=True,
)  # fmt: skip
RESUME = Endpoint(
    "POST", f"{_ONE}/resume", ChangeLicense, LicenseView, Effect.WRITE,
    action="license.use", scope="license", summary="Take a cancellation back", external=True,
)  # fmt: skip
TRANSFER = Endpoint(
    "POST", f"{_ONE}/transfer", TransferLicense, Issued, Effect.WRITE,
    action="license.use", scope="license", summary="Give a license to another account",
)  # fmt: skip
SUSPEND = Endpoint(
    "POST", f"{_ONE}/suspend", ChangeLicense, LicenseView, Effect.WRITE,
    action="license.judge", scope="admin", summary="Stop a license for a while",
)  # fmt: skip
UNSUSPEND = Endpoint(
    "POST", f"{_ONE}/unsuspend", ChangeLicense, LicenseView, Effect.WRITE,
    action="license.judge", scope="admin", summary="Let a suspended license go on",
)  # fmt: skip
REVOKE = Endpoint(
    "POST", f"{_ONE}/revoke", ChangeLicense, LicenseView, Effect.WRITE,
    action="license.judge", scope="admin", summary="End a license for ever, with all that uses it",
)  # fmt: skip
USE = Endpoint(
    "GET", f"{_ONE}/use", AskUse, UseReport, Effect.READ,
    action="license.see", scope="license", body=Body.QUERY, summary="Who used which machine and seat when: the true-up report",
)  # fmt: skip
ENTITLEMENTS = Endpoint(
    "GET", "/api/v1/me/entitlements", Nothing, Entitlements, Effect.READ,
    action="license.see", scope="license", body=Body.QUERY, summary="What the asker may use, as a resolver reads it",
)  # fmt: skip
PLANS = Endpoint(
    "GET", _PLANS, AskPlans, Plans, Effect.READ,
    action="catalog.browse", body=Body.QUERY, summary="The plans of a pack",
)  # fmt: skip
SET_PLAN = Endpoint(
    "PUT", f"{_PLANS}/{{plan}}", SetPlan, Plans, Effect.WRITE,
    action="plan.edit", scope="publish", summary="Sell a plan as it is from now on", external=True,
)  # fmt: skip
DROP_PLAN = Endpoint(
    "DELETE", f"{_PLANS}/{{plan}}", DropPlan, Plans, Effect.WRITE,
    action="plan.edit", scope="publish", body=Body.QUERY, summary="Sell a plan no more", external=True,
)  # fmt: skip
DOWNLOAD = Endpoint(
    "GET", "/api/v1/packs/{publisher}/{name}/releases/{version}/download", AskDownload, Download, Effect.FILES,
    action="license.activate", body=Body.QUERY, status=302, summary="Where the archive of a paid release lies, for who may use it",
)  # fmt: skip
