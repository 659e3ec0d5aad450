"""Incompatibility: terms that cannot all hold, and why: a fact from outside, or two incompatibilities that it follows from.

Pure logic over names and states (docs/spec/resolver.md); what a fact says is known only to those who made it.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeAlias, runtime_checkable

from packctl.resolve.terms import States


@runtime_checkable
class Fact(Protocol):
    """Something known from outside that forbids terms, with its own words for it."""

    def tell(self) -> str:
        """The fact as a clause that can follow "Because"."""
        ...


class Derived:
    """The cause of an incompatibility that follows from two others."""

    __slots__ = ("conflict", "other")

    def __init__(self, conflict: "Incompatibility", other: "Incompatibility") -> None:
        self.conflict = conflict
        self.other = other

    def __iter__(self) -> Iterator["Incompatibility"]:
        return iter((self.conflict, self.other))


Cause: TypeAlias = Fact | Derived


class Incompatibility:
    """Terms, at most one per name, that cannot hold together. No terms: nothing can hold, there is no solution.

    A term that always holds says nothing and is left out by who makes the incompatibility.
    """

    __slots__ = ("cause", "terms")

    def __init__(self, terms: Iterable[tuple[str, States]], cause: Cause) -> None:
        self.terms: tuple[tuple[str, States], ...] = tuple(terms)
        self.cause = cause


def resolve(conflict: Incompatibility, other: Incompatibility, pivot: str, everything: States) -> Incompatibility:
    """What follows from both, without the assignment of `pivot` that `other` caused: the rule of resolution.

    Of two sets of states of `pivot` one makes the first incompatible and one the second, so all of their union is; of every other name both
    terms must hold. `everything` is all states of `pivot`: a union of all of them says nothing.
    """
    merged = dict(conflict.terms)
    for name, states in other.terms:
        if name == pivot:
            merged[name] |= states
        else:
            merged[name] = merged.get(name, states) & states
    if merged[pivot] == everything:
        del merged[pivot]
    return Incompatibility(merged.items(), Derived(conflict, other))
