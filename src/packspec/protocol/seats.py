"""Rows of the room `licensing` about persons: seats, who used what, and what somebody may use."""

from typing import Annotated

import msgspec

from packspec import limits
from packspec.moments import Moment
from packspec.protocol.endpoint import Body, Effect, Endpoint, Nothing
from packspec.protocol.licenses import (
    Account,
    ActivationView,
    AskLicense,
    LicenseId,
    LicenseView,
    Person,
    SeatView,
)
from packspec.wire import Answer, Message


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


class AskUse(Message, frozen=True):
    """Who used a license between two moments; 0 for `until`: now."""

    id: LicenseId
    since: Moment = 0
    until: Moment = 0


class Copied(Answer, frozen=True):
    """A machine whose key another one used, too: whose state was copied or restored. Told once an hour at most."""

    activation: str
    machine: str
    at: int


class UseReport(Answer, frozen=True):
    """The true-up report: every machine, run and seat of the time, the most that were in use at once, and which machines were copied."""

    license: LicenseView
    since: int
    until: int
    machines_most: int
    ci_most: int
    persons_most: int
    activations: list[ActivationView]
    seats: list[SeatView]
    copied: list[Copied] = []


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
    signed: str = ""
    """The same, signed by a license key of the registry, for whoever keeps it: `packctl-entitlements+jwt` (docs/spec/licenses.md)."""


_ONE = "/api/v1/licenses/{id}"

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
USE = Endpoint(
    "GET", f"{_ONE}/use", AskUse, UseReport, Effect.READ,
    action="license.see", scope="license", body=Body.QUERY, summary="Who used which machine and seat when: the true-up report",
)  # fmt: skip
ENTITLEMENTS = Endpoint(
    "GET", "/api/v1/me/entitlements", Nothing, Entitlements, Effect.READ,
    action="license.see", scope="license", body=Body.QUERY, summary="What the asker may use, as a resolver reads it",
)  # fmt: skip
