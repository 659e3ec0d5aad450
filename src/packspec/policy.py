"""Policy: what a user, project or organization demands beyond the four statements; policies only ever tighten (docs/spec/policy.md).

Each rule is absent (it demands nothing) or present. A project's file is written by strangers, so it may add to the user's demands and
not take from them: `refuse_loosening` says so with the line. `tighter` takes the tighter value of each key, so that what the result
allows, both allow. Whether a release meets a rule is asked rule by rule, as a pure question; who asks decides what to do with a no.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeAlias

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


def refuse_loosening(
    users: Policy, projects: Policy, line_of: Callable[[str], int] = lambda key: 0, file: str = "pack.toml"
) -> None:
    """Raises LoosensTrust if the project drops a maximum or minimum of the user below it.

    Only a rule that both have, and that has an order, can loosen: ages, levels, numbers, prices. Sets are united or cut by `tighter`, so no
    value of a project can widen them. `line_of` gives the line of a key as it is written in `file`, such as `max-index-age`.
    """
    for key in _ORDERED:
        own, other = getattr(users, key), getattr(projects, key)
        if own is not None and other is not None and _same(_COMBINE[key](own, other)) != _same(other):
            written = key.replace("_", "-")
            raise LoosensTrust(f"policy.{written}", _shown(own), _shown(other), file, line_of(written))


def _same(value: Any) -> Any:
    """`24h` and `1d` are one length of time. Any: a value is of the type that its key has."""
    return value.seconds if isinstance(value, Duration) else value


def _shown(value: Any) -> str:
    return str(value.money) if isinstance(value, MaxPrice) else str(value)


def policy_faults(policy: Policy, path: Path, faults: Faults) -> None:
    """Adds what several keys of `[policy]` decide together; `path` is where the table stands."""
    if policy.max_price is not None:
        try:
            Money.parse(policy.max_price.amount, policy.max_price.currency)
        except ValueError as error:
            faults.add((*path, "max-price", "amount"), str(error))
    if policy.ages is not None and policy.ages.max < policy.ages.min:
        faults.add((*path, "ages", "max"), f"is {policy.ages.max}, less than min, which is {policy.ages.min}")


def tighter(a: Policy, b: Policy) -> Policy:
    """The policy that allows what both allow, key by key. Commutative, associative, idempotent; `NO_POLICY` changes nothing."""
    return Policy(**{key: _tighter(key, getattr(a, key), getattr(b, key)) for key in _COMBINE})


def _tighter(key: str, a: Any, b: Any) -> Any:
    """Any: a value is of the type that the key has. A value alone is combined with itself, so that every result has one form."""
    if a is None and b is None:
        return None
    return _COMBINE[key](b if a is None else a, a if b is None else b)


def _union(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*a, *b}))


def _intersection(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*a} & {*b}))


def _common_packs(a: tuple[Packs, ...], b: tuple[Packs, ...]) -> tuple[Packs, ...]:
    """Of two sets of packs what stands in both: of `acme/*` and `acme/cows` that is `acme/cows`. What another entry includes is dropped."""
    common = {one for one in a if any(other.includes(one) for other in b)} | {
        one for one in b if any(other.includes(one) for other in a)
    }
    return tuple(sorted(one for one in common if not any(one != other and other.includes(one) for other in common)))


def _all_packs(a: tuple[Packs, ...], b: tuple[Packs, ...]) -> tuple[Packs, ...]:
    either = {*a, *b}
    return tuple(sorted(one for one in either if not any(one != other and other.includes(one) for other in either)))


def _shorter(a: Duration, b: Duration) -> Duration:
    return min(a, b, key=lambda duration: (duration.seconds, duration))


def _longer(a: Duration, b: Duration) -> Duration:
    return max(a, b, key=lambda duration: (duration.seconds, duration))


def _cheaper(a: MaxPrice, b: MaxPrice) -> MaxPrice:
    """The lower price. Two currencies exclude each other, so only what is free remains: zero of the first currency in the alphabet."""
    if a.currency == b.currency:
        return min(a, b, key=lambda price: price.money.minor)
    currency = min(a.currency, b.currency)
    return MaxPrice(amount=Money(0, currency).amount, currency=currency)


def _within_both(a: AgesWithin, b: AgesWithin) -> AgesWithin:
    return AgesWithin(min=max(a.min, b.min), max=min(a.max, b.max))


def _higher(a: Safety, b: Safety) -> Safety:
    return max(a, b, key=lambda safety: safety.rank)


_COMBINE: dict[str, Callable[[Any, Any], Any]] = {
    "require": _union,
    "witnesses": max,
    "max_index_age": _shorter,
    "licenses": _intersection,
    "min_age": _longer,
    "min_safety": _higher,
    "allow": _common_packs,
    "deny": _all_packs,
    "max_price": _cheaper,
    "ages": _within_both,
    "grant_keys": _intersection,
}
"""How two values of a key become one. Every key of Policy has a row."""

_ORDERED = ("witnesses", "max_index_age", "min_age", "min_safety", "max_price")
"""Keys whose values are more or less, not sets."""
