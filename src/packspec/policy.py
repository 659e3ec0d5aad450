"""Policy: what a user, project or organization demands beyond the four statements; policies only ever tighten (docs/spec/policy.md).

Each rule is absent (it demands nothing) or present. Whether a release meets a rule is asked rule by rule, as a pure question; who asks
decides what to do with a no. How two policies become one is in `packspec.tightening`.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal, Self, TypeAlias

from msgspec import Meta

from packspec.digests import Digest
from packspec.durations import Duration
from packspec.errors import Invalid, Where
from packspec.facts import Ages
from packspec.money import Currency, Money
from packspec.names import PackName, PublisherName
from packspec.terms import Terms
from packspec.toml import Faults, Path, Table


class Safety(StrEnum):
    """How far a release's safety was looked at; each level includes the ones before it."""

    NONE = "none"
    PENDING = "pending"
    ATTESTED = "attested"
    CERTIFIED = "certified"

    @property
    def rank(self) -> int:
        """Its place in the order: 0 for none, 3 for certified."""
        return tuple(Safety).index(self)


class Packs(str):
    """Some packs: `acme/*` for all of a publisher, `acme/farm-animals` for one."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `publisher/*` or `publisher/name`. Raises ValueError."""
        publisher, _slash, name = text.partition("/")
        if name == "*":
            PublisherName.parse(publisher)
        else:
            PackName.parse(text)
        return cls(text)

    def includes(self, pack: str) -> bool:
        """Whether `pack`, a PackName or Packs, is among them."""
        return self == pack or (self.endswith("/*") and pack.startswith(self[:-1]))


class LicenseId(str):
    """One license, as it stands in an SPDX expression: `MIT`, `LicenseRef-acme`, also `GPL-2.0-only WITH Classpath-exception-2.0`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads one license. Raises ValueError, also for an expression of several."""
        terms = Terms.parse(text)
        if re.search(r" (?:AND|OR) |\(", terms):
            raise ValueError(f"not one license: {text[:80]!r} (list each license by itself)")
        return cls(text)


class MaxPrice(Table, frozen=True, kw_only=True):
    """The highest price that is allowed, and the only currency. Free packs are always allowed."""

    amount: Annotated[str, Meta(min_length=1, max_length=20)]
    currency: Currency

    @property
    def money(self) -> Money:
        """As money. `policy_faults` has made sure that it can be read."""
        return Money.parse(self.amount, self.currency)


class AgesWithin(Table, frozen=True, kw_only=True):
    """The ages of packs must lie within these, in whole years, both included.

    `min` above `max` allows none: it comes from two policies that exclude each other.
    """

    min: Annotated[int, Meta(ge=0, le=18)]
    max: Annotated[int, Meta(ge=0, le=18)]


Demand: TypeAlias = Literal["license", "grant"]


class Policy(Table, frozen=True, kw_only=True):
    """`[policy]`. None: the rule is absent. Sets keep no order and no doubles once they went through `tighter`."""

    require: tuple[Demand, ...] | None = None
    """What `verify` and `install` require besides the four statements."""
    witnesses: Annotated[int, Meta(ge=0, le=100)] | None = None
    """How many witnesses must have signed the checkpoint."""
    max_index_age: Duration | None = None
    """CURRENT means: not older than this."""
    licenses: Annotated[tuple[LicenseId, ...], Meta(max_length=1_000)] | None = None
    """Allowed license terms."""
    min_age: Duration | None = None
    """How long a release must have been public."""
    min_safety: Safety | None = None
    allow: Annotated[tuple[Packs, ...], Meta(max_length=1_000)] | None = None
    deny: Annotated[tuple[Packs, ...], Meta(max_length=1_000)] | None = None
    max_price: MaxPrice | None = None
    ages: AgesWithin | None = None
    grant_keys: Annotated[tuple[Digest, ...], Meta(max_length=100)] | None = None
    """Key ids of an organization's grant keys; `sha256:` in front in the file."""

    def allows_pack(self, pack: PackName) -> bool:
        """Whether a pack of this name may be used at all: deny wins, and `allow`, where present, must name it."""
        if any(packs.includes(pack) for packs in self.deny or ()):
            return False
        return self.allow is None or any(packs.includes(pack) for packs in self.allow)

    def allows_terms(self, terms: Terms) -> bool:
        """Whether the license terms are allowed."""
        return self.licenses is None or terms.permitted_by(self.licenses)

    def allows_age_of_release(self, seconds: int) -> bool:
        """Whether a release that has been public for `seconds` is old enough."""
        return self.min_age is None or seconds >= self.min_age.seconds

    def allows_safety(self, safety: Safety) -> bool:
        """Whether a safety level is high enough."""
        return self.min_safety is None or safety.rank >= self.min_safety.rank

    def allows_ages(self, ages: Ages | None) -> bool:
        """Whether the ages a pack is made for lie within the allowed ones. A pack that names none is not allowed where ages are asked."""
        if self.ages is None:
            return True
        return ages is not None and self.ages.min <= ages.min and ages.max <= self.ages.max

    def allows_price(self, price: Money | None) -> bool:
        """Whether a price is low enough; None and zero are free. Another currency than the policy's cannot be compared and is refused."""
        if self.max_price is None or price is None or price.minor == 0:
            return True
        most = self.max_price.money
        return price.currency == most.currency and price.minor <= most.minor

    def allows_index_age(self, seconds: int) -> bool:
        """Whether an index that is `seconds` old is new enough."""
        return self.max_index_age is None or seconds <= self.max_index_age.seconds


NO_POLICY = Policy()
"""Demands nothing."""


class LoosensTrust(Invalid):
    """A project's file demands less than its user, or changes what the user has pinned."""

    key: str
    users: str
    projects: str
    file: str = "pack.toml"
    line: int = 0

    code = "project.loosens-trust"

    def what(self) -> str:
        return f"{self.file} asks for less than you do: {self.key}"

    def facts(self) -> dict[str, str]:
        place = f" ({self.file} line {self.line})" if self.line else f" ({self.file})"
        return {"yours": self.users, "project": self.projects + place}

    def why(self) -> str:
        return "a project may demand more than its user, never less; files of a project are written by others"

    def fix(self) -> list[str]:
        return [f"take {self.key} out of {self.file}, or change your own with packctl config edit"]

    def where(self) -> Where:
        return Where(self.file, self.line)


def policy_faults(policy: Policy, path: Path, faults: Faults) -> None:
    """Adds what several keys of `[policy]` decide together; `path` is where the table stands."""
    if policy.max_price is not None:
        try:
            Money.parse(policy.max_price.amount, policy.max_price.currency)
        except ValueError as error:
            faults.add((*path, "max-price", "amount"), str(error))
    if policy.ages is not None and policy.ages.max < policy.ages.min:
        faults.add((*path, "ages", "max"), f"is {policy.ages.max}, less than min, which is {policy.ages.min}")
