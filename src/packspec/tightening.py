"""Tightening: how the policies of a user and a project become one that allows only what both allow (docs/spec/policy.md).

A project's file is written by strangers, so it may add to the user's demands and not take from them: `refuse_loosening` says so with the
line. `tighter` takes the tighter value of each key.
"""

from collections.abc import Callable
from typing import Any

from packspec.durations import Duration
from packspec.money import Money
from packspec.policy import AgesWithin, LoosensTrust, MaxPrice, Packs, Policy, Safety


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
