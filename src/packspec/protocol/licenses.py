"""Rows of the room `licensing`: licenses, and what happens to them (docs/spec/licenses.md).

A license key travels in bodies only. Each refusal about a license is of kind `unlicensed`; its code says which. Rows about machines are in
`activations`, about persons in `seats`, about what is sold in `plans`.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec

from packspec import limits
from packspec.licenses.plans import Plan, PlanId, Pool
from packspec.moments import Moment
from packspec.names import PackName
from packspec.protocol.endpoint import Body, Effect, Endpoint, GivenOnce
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
Line: TypeAlias = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
"""A text without line feeds or other control characters."""
Domain: TypeAlias = Annotated[str, msgspec.Meta(max_length=253)]
Note: TypeAlias = Annotated[str, msgspec.Meta(max_length=limits.TEXT_CHARACTERS)]
SignedText: TypeAlias = Annotated[str, msgspec.Meta(max_length=64 * limits.KIB)]
"""A JWS in compact form."""
Quantity: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


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
    ends_at: Moment | None = None
    """The end that the asker saw. Asked again after a lost answer, the time is not added twice."""
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


class Issued(GivenOnce, frozen=True):
    """A license that is there now. `key` is shown this once; empty where the license keeps the one it has."""

    license: LicenseView
    key: str = ""
    outcome: str = "issued"
    """`issued`, `converted`, `renewed` or `superseded`."""

    @property
    def made(self) -> str:
        """The license's id."""
        return self.license.id


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


_ONE = "/api/v1/licenses/{id}"

ISSUE = Endpoint(
    "POST", "/api/v1/licenses", IssueLicense, Issued, Effect.WRITE,
    action="license.issue", scope="", status=201, summary="Issue a license: an admin any, a publisher for packs of its own",
    if_lost=(
        "whoever holds it needs no key: packctl login, then packctl license activate {made}",
        "or take it back and issue another one: packctl admin license revoke {made}",
    ),
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
    if_lost=("whoever holds it now needs no key: packctl login, then packctl license activate {made}",),
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
