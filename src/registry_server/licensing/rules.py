"""Values of licenses and their places, and what is decided about places without a database."""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice

import msgspec

from packspec.licenses.plans import Plan, Pool
from packspec.licenses.status import LicenseFacts, Status, status_of
from packspec.licenses.use import domain_allowed

AIRGAP_LEASE_SECONDS = 10 * 366 * 86_400
"""Lease of a license file for a plan that needs no freshness and has no end."""
NONCE_BYTES = 16
CLONED = "device_cloned"
"""In a license's history: a machine's key was used by two."""


class License(msgspec.Struct, frozen=True, kw_only=True):
    """A license as it is kept, without its key."""

    id: int
    key_hint: str
    plan: Plan
    pack_key: str
    holder_id: int
    """The account."""
    quantity: int
    issued_at: int
    facts: LicenseFacts
    reason: str
    status_index: int
    seq: int

    @property
    def holder_key(self) -> str:
        """The holder as a text that is never null."""
        return f"account:{self.holder_id}"

    @property
    def stream(self) -> str:
        """The stream of the trail that its changes belong to."""
        return f"account/{self.holder_id}"

    @property
    def is_barred(self) -> bool:
        """Whether its bit in the status list is set: for ever, or for a while."""
        return self.facts.revoked_at is not None or self.facts.suspended_at is not None

    def status(self, now: int) -> Status:
        """The status at `now`."""
        return status_of(self.facts, now)

    def places(self, pool: Pool) -> int:
        """How many places a pool has now."""
        return self.plan.places(pool, self.quantity)

    @property
    def persons(self) -> int | None:
        """How many persons may have a seat; None: nobody needs one."""
        return self.plan.persons(self.quantity)

    @property
    def pool(self) -> Pool:
        """The pool of its machines."""
        return "floating" if self.plan.floating else "machine"

    @property
    def needs_seat(self) -> bool:
        """Whether only persons with a seat may activate. In a family the children's number is limited, and not who sits where."""
        return self.persons is not None and self.plan.unit != "family"

    def __str__(self) -> str:
        return f"L-{self.id}"


class Activation(msgspec.Struct, frozen=True, kw_only=True):
    """A place of a machine or a CI run, as it is kept."""

    id: int
    license_id: int
    pool: Pool
    slot: int
    instance_id: str
    label: str
    host_hash: str
    domain: str
    member_id: int | None
    ci_run: str
    request_id: str
    nonce: str
    nonce_before: str
    activated_at: int
    seen_at: int
    expires_at: int
    ended_at: int | None
    ended_reason: str

    @property
    def kind(self) -> str:
        """Which places it counts among: machines and floating ones together, CI runs by themselves."""
        return kind_of(self.pool)

    @property
    def called(self) -> str:
        """What people call it: its label, else the beginning of its device's name."""
        return self.label or self.ci_run or self.instance_id[:8]

    def __str__(self) -> str:
        return f"A-{self.id}"


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """A person's seat, as it is kept."""

    id: int
    license_id: int
    member_id: int
    slot: int
    assigned_by: str
    assigned_at: int
    released_at: int | None


class Extent(msgspec.Struct, frozen=True):
    """How much is taken of the places of one kind: how many, the highest number of them, and when the first of their leases ends."""

    number: int
    highest: int | None
    first_end: int


NOTHING_TAKEN = Extent(0, None, 0)


def kind_of(pool: Pool) -> str:
    """Which places a pool counts among."""
    return "ci" if pool == "ci" else "device"


def free_slots(taken: int, highest: int | None, places: int, slots: Callable[[], Iterable[int]]) -> Iterator[int]:
    """The numbers below `places` that may be taken, lowest first. Places above the limit count as in use.

    `slots` gives the numbers that are taken, and is asked only if one below `highest` is free: of places that were taken one after the
    other none is.
    """
    if highest is None or taken == highest + 1:
        yield from range(taken, places)
        return
    there = set(slots())
    yield from islice((slot for slot in range(places) if slot not in there), max(0, places - taken))


def lease_end(license: License, pool: Pool, now: int, seconds: int | None = None) -> int:
    """When a lease that is given now ends: never after the license stops to be usable."""
    until = license.facts.usable_until
    end = now + (license.plan.pool_seconds(pool) if seconds is None else seconds)
    return end if until is None else max(now, min(end, until))


def file_lease_seconds(license: License) -> int:
    """How long a license file counts: as a lease, or for plans that need no freshness as long as the license."""
    if license.plan.freshness == "airgap":
        return AIRGAP_LEASE_SECONDS
    return license.plan.pool_seconds("machine")


def follows(activation: Activation, nonce: str) -> bool:
    """Whether the nonce that a device shows continues its chain.

    It is the last one that it was given; or the one before, if the answer with the last one was lost. Whoever shows another one holds a
    copy of an older state: of two machines with one key the second to come back is told apart here.
    """
    return nonce in (activation.nonce, activation.nonce_before) and nonce != ""


def domain_fits(plan: Plan, domain: str) -> bool:
    """Whether an activation may declare `domain`. A plan with domains wants one."""
    return domain_allowed(plan.domains, domain) if domain or plan.domains else True


def most_at_once(times: Collection[tuple[int, int | None]]) -> int:
    """The most of these spans (begin, end or None) that overlap. A span that ends in a second frees its place for one that begins in it."""
    steps = sorted([(begin, 1) for begin, _ in times] + [(end, -1) for _, end in times if end is not None])
    most = now = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most
